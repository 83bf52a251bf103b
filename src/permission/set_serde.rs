//! The serialised form of a set: sorted names where people read, 64 bits where they do not.

use std::fmt;

use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Permission, PermissionSet};

impl Serialize for PermissionSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_seq(self.sorted_names())
        } else {
            serializer.serialize_u64(self.bits())
        }
    }
}

impl<'de> Deserialize<'de> for PermissionSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            return deserializer.deserialize_seq(NamesVisitor);
        }
        let bits = u64::deserialize(deserializer)?;
        Self::from_bits(bits).ok_or_else(|| D::Error::custom("unknown permission bit"))
    }
}

struct NamesVisitor;

impl<'de> Visitor<'de> for NamesVisitor {
    type Value = PermissionSet;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of permission names")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut names: A) -> Result<PermissionSet, A::Error> {
        let mut set = PermissionSet::EMPTY;
        while let Some(permission) = names.next_element::<Permission>()? {
            if set.holds(permission) {
                return Err(A::Error::custom(format_args!(
                    "{permission} is named twice"
                )));
            }
            set = set.union(permission.into());
        }
        Ok(set)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::permission::{ModelPermissions, VersionPermissions};

    #[test]
    fn names_in_json_and_bits_in_binary() {
        let set = VersionPermissions::READ | PermissionSet::from(ModelPermissions::READ);
        let json = serde_json::to_string(&set).unwrap();
        assert_eq!(json, r#"["model.read","version.read"]"#);
        assert_eq!(serde_json::from_str::<PermissionSet>(&json).unwrap(), set);
        let bytes = postcard::to_stdvec(&set).unwrap();
        assert_eq!(postcard::from_bytes::<PermissionSet>(&bytes).unwrap(), set);
    }

    #[test]
    fn what_is_unknown_or_doubled_is_refused() {
        assert!(serde_json::from_str::<PermissionSet>(r#"["model.reed"]"#).is_err());
        assert!(serde_json::from_str::<PermissionSet>(r#"["model.read","model.read"]"#).is_err());
        let stray = postcard::to_stdvec(&(1u64 << 33)).unwrap();
        assert!(postcard::from_bytes::<PermissionSet>(&stray).is_err());
    }
}
