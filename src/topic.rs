//! What a finding or an entry of the audit trail is about.

use serde::{Deserialize, Serialize};

use crate::id::{GroupId, InvitationId, RoleId, UserId};
use crate::names::Names;
use crate::resource::Resource;
use crate::subject::Subject;

/// A thing of the organisation that something is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// A user.
    User(UserId),
    /// A group.
    Group(GroupId),
    /// A role.
    Role(RoleId),
    /// A resource.
    Resource(Resource),
    /// An invitation.
    Invitation(InvitationId),
}

impl Topic {
    /// What it is called.
    #[must_use]
    pub fn named(self, names: &dyn Names) -> String {
        match self {
            Self::User(user) => names.user(user),
            Self::Group(group) => names.group(group),
            Self::Role(role) => names.role(role),
            Self::Resource(resource) => names.resource(resource),
            Self::Invitation(invitation) => names.invitation(invitation),
        }
    }
}

impl From<Subject> for Topic {
    fn from(subject: Subject) -> Self {
        match subject {
            Subject::User(user) => Self::User(user),
            Subject::Group(group) => Self::Group(group),
        }
    }
}

macro_rules! from_ids {
    ($($variant:ident($id:ty)),*) => {$(
        impl From<$id> for Topic {
            fn from(id: $id) -> Self {
                Self::$variant(id)
            }
        }
    )*};
}

from_ids!(
    User(UserId),
    Group(GroupId),
    Role(RoleId),
    Resource(Resource),
    Invitation(InvitationId)
);
