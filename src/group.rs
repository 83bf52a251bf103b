//! Groups: users of one role who share grants and restrictions.

use serde::{Deserialize, Serialize};

use crate::id::RoleId;
use crate::name::Name;

/// A group. Its members hold its role; its grants count while they act under it, its restrictions always.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Its name, unique among the groups of the organisation.
    pub name: Name,
    /// The role that its members hold.
    pub role: RoleId,
}
