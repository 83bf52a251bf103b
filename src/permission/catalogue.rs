//! The permission catalogue: every permission, its kind, its bit and its name.

use std::fmt;
use std::str::FromStr;

use bitflags::bitflags;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::PermissionSet;
use crate::resource::ResourceKind;

bitflags! {
    /// Permissions on the organisation.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub struct OrganisationPermissions: u64 {
        /// See the list of users.
        const USERS_READ = 1;
        /// Invite people.
        const USERS_INVITE = 1 << 1;
        /// Assign roles, suspend, reinstate, remove, add services, change addresses.
        const USERS_MANAGE = 1 << 2;
        /// Create, rename and delete groups and change their members.
        const GROUPS_MANAGE = 1 << 3;
        /// Define, redefine, clone and delete roles.
        const ROLES_MANAGE = 1 << 4;
        /// Admin authority over grants and restrictions, up to the ceilings.
        const PERMISSIONS_MANAGE = 1 << 5;
        /// Change security settings and limits.
        const SECURITY_MANAGE = 1 << 6;
        /// Read the audit trail.
        const AUDIT_READ = 1 << 7;
        /// Register models.
        const MODELS_CREATE = 1 << 8;
        /// Register frameworks of the organisation.
        const FRAMEWORKS_CREATE = 1 << 9;
    }

    /// Permissions on a model.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub struct ModelPermissions: u64 {
        /// See the model.
        const READ = 1 << 10;
        /// Change the model.
        const UPDATE = 1 << 11;
        /// Unregister the model.
        const DELETE = 1 << 12;
        /// Import a database as a separate version of the model.
        const IMPORT_DB = 1 << 13;
        /// Register versions of the model.
        const VERSION_CREATE = 1 << 14;
        /// See and edit the model's permission list: what makes a delegate.
        const USERS_UPDATE = 1 << 15;
    }

    /// Permissions on a model version.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub struct VersionPermissions: u64 {
        /// See the version.
        const READ = 1 << 16;
        /// Change the version.
        const UPDATE = 1 << 17;
        /// Unregister the version.
        const DELETE = 1 << 18;
        /// See the list of all users in the organisation.
        const USERS_READ = 1 << 19;
        /// See export tasks.
        const EXPORT_READ = 1 << 20;
        /// Export the version.
        const EXPORT_MANAGE = 1 << 21;
        /// See comments.
        const COMMENT_READ = 1 << 22;
        /// Write comments.
        const COMMENT_CREATE = 1 << 23;
        /// Change comments.
        const COMMENT_UPDATE = 1 << 24;
        /// Delete comments.
        const COMMENT_DELETE = 1 << 25;
    }

    /// Permissions on a framework.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub struct FrameworkPermissions: u64 {
        /// See the framework.
        const READ = 1 << 26;
        /// Change the framework.
        const UPDATE = 1 << 27;
        /// Unregister the framework.
        const DELETE = 1 << 28;
        /// See comments.
        const COMMENT_READ = 1 << 29;
        /// Write comments.
        const COMMENT_CREATE = 1 << 30;
        /// Change comments.
        const COMMENT_UPDATE = 1 << 31;
        /// Delete comments.
        const COMMENT_DELETE = 1 << 32;
    }
}

/// The names, in the order of the bits.
const NAMES: [&str; 33] = [
    "organisation.users_read",
    "organisation.users_invite",
    "organisation.users_manage",
    "organisation.groups_manage",
    "organisation.roles_manage",
    "organisation.permissions_manage",
    "organisation.security_manage",
    "organisation.audit_read",
    "organisation.models_create",
    "organisation.frameworks_create",
    "model.read",
    "model.update",
    "model.delete",
    "model.import_db",
    "model.version_create",
    "model.users_update",
    "version.read",
    "version.update",
    "version.delete",
    "version.users_read",
    "version.export_read",
    "version.export_manage",
    "version.comment_read",
    "version.comment_create",
    "version.comment_update",
    "version.comment_delete",
    "framework.read",
    "framework.update",
    "framework.delete",
    "framework.comment_read",
    "framework.comment_create",
    "framework.comment_update",
    "framework.comment_delete",
];

/// One permission of the catalogue: one bit, of one resource kind.
///
/// Ordered by bit, which is the order of the catalogue; serialised by name
/// (`version.read`) in human-readable formats and by bit in binary ones.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Permission(u8);

impl Permission {
    /// Every permission there is, in the order of the catalogue.
    pub fn all() -> impl Iterator<Item = Self> {
        PermissionSet::ALL.iter()
    }

    /// The permission of a set that holds it alone, or `None` where the set holds none, or several.
    ///
    /// ```
    /// use rolebook::{ModelPermissions, Permission};
    ///
    /// let update = Permission::only(ModelPermissions::UPDATE);
    /// assert_eq!(update, "model.update".parse().ok());
    /// assert_eq!(Permission::only(ModelPermissions::all()), None);
    /// ```
    #[must_use]
    pub fn only(set: impl Into<PermissionSet>) -> Option<Self> {
        let mut held = set.into().iter();
        held.next().filter(|_| held.next().is_none())
    }

    /// The permission of this bit, or `None` where the catalogue has none.
    #[must_use]
    pub fn from_bit(bit: u8) -> Option<Self> {
        (usize::from(bit) < NAMES.len()).then_some(Self(bit))
    }

    /// The number of its bit.
    #[must_use]
    pub const fn bit(self) -> u8 {
        self.0
    }

    /// Its stable name, `kind.name`.
    #[must_use]
    pub fn name(self) -> &'static str {
        NAMES.get(usize::from(self.0)).copied().unwrap_or_default()
    }

    /// The kind of resource it is a permission on.
    #[must_use]
    pub fn kind(self) -> ResourceKind {
        match self.0 {
            0..=9 => ResourceKind::Organisation,
            10..=15 => ResourceKind::Model,
            16..=25 => ResourceKind::Version,
            _ => ResourceKind::Framework,
        }
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

impl fmt::Debug for Permission {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// The error of naming a permission that the catalogue does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no permission called {0:?}")]
pub struct UnknownPermission(pub String);

impl FromStr for Permission {
    type Err = UnknownPermission;

    fn from_str(text: &str) -> Result<Self, UnknownPermission> {
        Self::all()
            .find(|permission| permission.name() == text)
            .ok_or_else(|| UnknownPermission(text.to_owned()))
    }
}

impl Serialize for Permission {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.serialize_str(self.name())
        } else {
            serializer.serialize_u8(self.0)
        }
    }
}

impl<'de> Deserialize<'de> for Permission {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        if deserializer.is_human_readable() {
            let name = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
            name.parse().map_err(Error::custom)
        } else {
            let bit = u8::deserialize(deserializer)?;
            Self::from_bit(bit).ok_or_else(|| Error::custom("unknown permission bit"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_named<F: bitflags::Flags<Bits = u64>>(kind: &str) {
        for flag in F::FLAGS {
            let bit = u8::try_from(flag.value().bits().trailing_zeros()).unwrap();
            let expected = format!("{kind}.{}", flag.name().to_lowercase());
            assert_eq!(Permission(bit).name(), expected);
            assert_eq!(Permission(bit).kind().to_string(), kind);
            assert_eq!(expected.parse(), Ok(Permission(bit)));
        }
    }

    #[test]
    fn names_are_those_of_the_flags() {
        assert_named::<OrganisationPermissions>("organisation");
        assert_named::<ModelPermissions>("model");
        assert_named::<VersionPermissions>("version");
        assert_named::<FrameworkPermissions>("framework");
        assert_eq!(Permission::all().count(), 33);
    }

    #[test]
    fn an_unknown_name_or_bit_is_an_error() {
        assert!("model.reed".parse::<Permission>().is_err());
        assert!(Permission::from_bit(33).is_none());
        assert!(serde_json::from_str::<Permission>("\"model.reed\"").is_err());
        assert!(postcard::from_bytes::<Permission>(&[33]).is_err());
    }
}
