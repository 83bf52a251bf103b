//! Who holds a grant or a restriction: a user or a group.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::group::Group;
use crate::id::{GroupId, RoleId, UserId};
use crate::user::User;

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

/// A user or a group that exists.
#[derive(Clone, Copy)]
pub(crate) enum Known<'state> {
    User(&'state User),
    Group(&'state Group),
}

impl<'state> Known<'state> {
    /// The role whose defaults a grant gives where it names none.
    pub(crate) fn primary_role(self) -> RoleId {
        match self {
            Self::User(user) => user.roles.primary(),
            Self::Group(group) => group.role,
        }
    }

    /// The roles whose ceilings bound what is granted.
    pub(crate) fn roles(self) -> impl Iterator<Item = RoleId> + 'state {
        let (user, group) = match self {
            Self::User(user) => (Some(user), None),
            Self::Group(group) => (None, Some(group.role)),
        };
        let of_user = user.into_iter().flat_map(|user| user.roles.iter());
        of_user.chain(group)
    }
}
