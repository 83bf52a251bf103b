//! Who holds a grant or a restriction: a user or a group.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::id::{GroupId, UserId};

/// The holder of a grant or a restriction.
///
/// An invited person has an [`InvitationId`](crate::InvitationId) only and cannot be named here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A registered user.
    User(UserId),
    /// A group.
    Group(GroupId),
}

impl From<UserId> for Subject {
    fn from(user: UserId) -> Self {
        Self::User(user)
    }
}

impl From<GroupId> for Subject {
    fn from(group: GroupId) -> Self {
        Self::Group(group)
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(id) => write!(formatter, "user:{id}"),
            Self::Group(id) => write!(formatter, "group:{id}"),
        }
    }
}
