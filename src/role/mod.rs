//! By which role: named definitions of defaults, ceiling and scope.

mod built_in;
mod diff;
mod roles;
mod scope;
mod summary;

use serde::{Deserialize, Serialize};

use crate::name::Name;
use crate::permission::PermissionSet;

pub(crate) use built_in::built_in;
pub use diff::{Change, RoleDiff};
pub use roles::Roles;
pub use scope::Scope;
pub use summary::RoleSummary;
pub(crate) use summary::by_kind;

/// The definition of a role.
///
/// `defaults` lies within `ceiling`, both are closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// Its name, unique among the roles of the organisation.
    pub name: Name,
    /// What it is for, in the words of whoever defined it.
    pub description: String,
    /// What it gives: organisation permissions always, the others where its scope reaches.
    pub defaults: PermissionSet,
    /// The most its holders can ever have.
    pub ceiling: PermissionSet,
    /// Where its defaults hold without a grant.
    pub scope: Scope,
}

impl Role {
    /// The organisation permissions among its defaults. They hold always.
    #[must_use]
    pub fn organisation_defaults(&self) -> PermissionSet {
        self.defaults.intersection(PermissionSet::of_kind(
            crate::resource::ResourceKind::Organisation,
        ))
    }
}
