//! On what: the organisation, models, model versions and frameworks.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::id::{FrameworkId, ModelId, VersionId};
use crate::permission::{
    FrameworkPermissions, ModelPermissions, OrganisationPermissions, PermissionSet,
    VersionPermissions,
};

/// A kind of resource. Each permission belongs to one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResourceKind {
    /// The organisation itself.
    Organisation,
    /// A model.
    Model,
    /// A version of a model.
    Version,
    /// A framework: of the organisation, of a model or of a version.
    Framework,
}

impl ResourceKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [
        Self::Organisation,
        Self::Model,
        Self::Version,
        Self::Framework,
    ];
}

impl fmt::Display for ResourceKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Organisation => "organisation",
            Self::Model => "model",
            Self::Version => "version",
            Self::Framework => "framework",
        })
    }
}

/// A resource: its kind and its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resource {
    /// The organisation itself, the root of every chain.
    Organisation,
    /// A model.
    Model(ModelId),
    /// A version of a model.
    Version(VersionId),
    /// A framework.
    Framework(FrameworkId),
}

impl Resource {
    /// Its kind.
    #[inline]
    #[must_use]
    pub const fn kind(self) -> ResourceKind {
        match self {
            Self::Organisation => ResourceKind::Organisation,
            Self::Model(_) => ResourceKind::Model,
            Self::Version(_) => ResourceKind::Version,
            Self::Framework(_) => ResourceKind::Framework,
        }
    }

    /// The number of its id, 0 for the organisation.
    #[inline]
    pub(crate) const fn number(self) -> u128 {
        match self {
            Self::Organisation => 0,
            Self::Model(id) => id.value(),
            Self::Version(id) => id.value(),
            Self::Framework(id) => id.value(),
        }
    }

    /// The resource of a kind whose id has this number; the organisation whatever the number.
    #[inline]
    pub(crate) const fn numbered(kind: ResourceKind, number: u128) -> Self {
        match kind {
            ResourceKind::Organisation => Self::Organisation,
            ResourceKind::Model => Self::Model(ModelId::new(number)),
            ResourceKind::Version => Self::Version(VersionId::new(number)),
            ResourceKind::Framework => Self::Framework(FrameworkId::new(number)),
        }
    }

    /// Whether a resource of this kind may stand directly beneath `parent`.
    #[must_use]
    pub const fn fits_beneath(self, parent: ResourceKind) -> bool {
        match self {
            Self::Organisation => false,
            Self::Model(_) => matches!(parent, ResourceKind::Organisation),
            Self::Version(_) => matches!(parent, ResourceKind::Model),
            Self::Framework(_) => !matches!(parent, ResourceKind::Framework),
        }
    }
}

impl fmt::Display for Resource {
    /// `organisation`, or kind and id: `model:0000...0001`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Organisation => formatter.write_str("organisation"),
            Self::Model(id) => write!(formatter, "model:{id}"),
            Self::Version(id) => write!(formatter, "version:{id}"),
            Self::Framework(id) => write!(formatter, "framework:{id}"),
        }
    }
}

/// The organisation as a typed resource: `session.can(OrganisationPermissions::USERS_READ, Organisation)`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Organisation;

/// A resource whose kind is known when the program is compiled, with the permissions of that kind.
///
/// It is what makes a permission of the wrong kind a compile error. Sealed: the kinds are those of
/// the catalogue.
pub trait TypedResource: Copy + Into<Resource> + sealed::Sealed {
    /// The permissions of this kind.
    type Permissions: Into<PermissionSet>;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! typed_resources {
    ($($id:ty => $permissions:ty, |$value:pat_param| $resource:expr;)*) => {$(
        impl sealed::Sealed for $id {}

        impl TypedResource for $id {
            type Permissions = $permissions;
        }

        impl From<$id> for Resource {
            fn from($value: $id) -> Self {
                $resource
            }
        }
    )*};
}

typed_resources! {
    Organisation => OrganisationPermissions, |_| Self::Organisation;
    ModelId => ModelPermissions, |id| Self::Model(id);
    VersionId => VersionPermissions, |id| Self::Version(id);
    FrameworkId => FrameworkPermissions, |id| Self::Framework(id);
}
