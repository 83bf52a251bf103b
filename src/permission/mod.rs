//! What can be done: the catalogue of permissions, sets of them, prerequisites and levels.
//!
//! Callers name permissions by the typed set of one resource kind ([`ModelPermissions`],
//! [`VersionPermissions`], ...); inside, one 64-bit [`PermissionSet`] holds bits of all kinds.

mod catalogue;
mod level;
mod prerequisite;
mod set;
mod set_serde;

pub use catalogue::{
    FrameworkPermissions, ModelPermissions, OrganisationPermissions, Permission, UnknownPermission,
    VersionPermissions,
};
pub use level::{Level, Levels};
pub use set::{PermissionIter, PermissionSet};
