//! Identifiers: 128-bit `Copy` newtypes, one per kind of thing, chosen by the host.

use std::fmt;
use std::str::FromStr;

use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize, Serializer};

/// The error of reading an identifier from text that is not 32 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an identifier is written as 32 hexadecimal digits")]
pub struct InvalidId;

fn parse_hexadecimal(text: &str) -> Result<u128, InvalidId> {
    let digits_only = text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if text.len() != 32 || !digits_only {
        return Err(InvalidId);
    }
    u128::from_str_radix(text, 16).map_err(|_| InvalidId)
}

fn serialize<S: Serializer>(value: u128, serializer: S) -> Result<S::Ok, S::Error> {
    if serializer.is_human_readable() {
        serializer.collect_str(&format_args!("{value:032x}"))
    } else {
        serializer.serialize_u128(value)
    }
}

struct HexadecimalVisitor;

impl Visitor<'_> for HexadecimalVisitor {
    type Value = u128;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("32 hexadecimal digits")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<u128, E> {
        parse_hexadecimal(text).map_err(E::custom)
    }
}

fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u128, D::Error> {
    if deserializer.is_human_readable() {
        deserializer.deserialize_str(HexadecimalVisitor)
    } else {
        u128::deserialize(deserializer)
    }
}

macro_rules! identifiers {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        ///
        /// 128 bits, shown and serialised (human-readable formats) as 32 hexadecimal digits.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u128);

        impl $name {
            /// The identifier with this value.
            #[must_use]
            pub const fn new(value: u128) -> Self {
                Self(value)
            }

            /// The value of the identifier.
            #[must_use]
            pub const fn value(self) -> u128 {
                self.0
            }
        }

        impl From<u128> for $name {
            fn from(value: u128) -> Self {
                Self(value)
            }
        }

        impl From<u64> for $name {
            fn from(value: u64) -> Self {
                Self(value.into())
            }
        }

        #[cfg(feature = "uuid")]
        impl From<uuid::Uuid> for $name {
            fn from(value: uuid::Uuid) -> Self {
                Self(value.as_u128())
            }
        }

        #[cfg(feature = "uuid")]
        impl From<$name> for uuid::Uuid {
            fn from(id: $name) -> Self {
                Self::from_u128(id.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, "{:032x}", self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, concat!(stringify!($name), "({:x})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                parse_hexadecimal(text).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serialize(self.0, serializer)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserialize(deserializer).map(Self)
            }
        }
    )*};
}

identifiers! {
    /// The identifier of an organisation, one tenant of an [`Engine`](crate::Engine).
    OrganisationId;
    /// The identifier of a registered user, a person or a service.
    UserId;
    /// The identifier of a group of users.
    GroupId;
    /// The identifier of a role.
    RoleId;
    /// The identifier of an invitation. An invited person has no [`UserId`] and cannot be a subject.
    InvitationId;
    /// The identifier of a model.
    ModelId;
    /// The identifier of a model version.
    VersionId;
    /// The identifier of a framework.
    FrameworkId;
}

impl RoleId {
    /// The built-in role Admin.
    pub const ADMIN: Self = Self(u128::MAX);
    /// The built-in role Data Architect.
    pub const DATA_ARCHITECT: Self = Self(u128::MAX - 1);
    /// The built-in role Reviewer.
    pub const REVIEWER: Self = Self(u128::MAX - 2);
    /// The three built-in roles. Their ids are the highest, so that hosts count from below.
    pub const BUILT_IN: [Self; 3] = [Self::ADMIN, Self::DATA_ARCHITECT, Self::REVIEWER];

    /// Whether this is one of the three built-in roles.
    #[must_use]
    pub fn is_built_in(self) -> bool {
        Self::BUILT_IN.contains(&self)
    }
}
