//! What things are called in text for people.

use crate::id::{GroupId, InvitationId, RoleId, UserId};
use crate::resource::Resource;
use crate::role::built_in;
use crate::state::State;
use crate::subject::Subject;
use crate::user::Identity;

/// What things are called in text for people. Hosts put their own names in.
///
/// A [`State`] knows the names of what it holds; [`PlainIds`] shows ids alone.
pub trait Names {
    /// A user.
    fn user(&self, id: UserId) -> String {
        format!("user {id}")
    }

    /// A group.
    fn group(&self, id: GroupId) -> String {
        format!("group {id}")
    }

    /// A role.
    fn role(&self, id: RoleId) -> String {
        built_in(id).map_or_else(|| format!("role {id}"), |role| role.name.to_string())
    }

    /// A resource.
    fn resource(&self, resource: Resource) -> String {
        match resource {
            Resource::Organisation => "the organisation".to_owned(),
            Resource::Model(id) => format!("model {id}"),
            Resource::Version(id) => format!("version {id}"),
            Resource::Framework(id) => format!("framework {id}"),
        }
    }

    /// An invitation.
    fn invitation(&self, id: InvitationId) -> String {
        format!("invitation {id}")
    }

    /// A user or a group.
    fn subject(&self, subject: Subject) -> String {
        match subject {
            Subject::User(user) => self.user(user),
            Subject::Group(group) => self.group(group),
        }
    }
}

/// Names that are ids.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PlainIds;

impl Names for PlainIds {}

impl Names for State {
    /// The address of a person, the name of a service.
    fn user(&self, id: UserId) -> String {
        self.user(id)
            .map_or_else(|| PlainIds.user(id), |user| identity(&user.identity))
    }

    fn group(&self, id: GroupId) -> String {
        self.group(id).map_or_else(
            || PlainIds.group(id),
            |group| format!("the group {}", group.name),
        )
    }

    fn role(&self, id: RoleId) -> String {
        self.role(id)
            .map_or_else(|| PlainIds.role(id), |role| role.name.to_string())
    }

    fn invitation(&self, id: InvitationId) -> String {
        self.invitation(id).map_or_else(
            || PlainIds.invitation(id),
            |it| format!("the invitation of {}", it.email),
        )
    }
}

/// The address of a person, the name of a service.
pub(crate) fn identity(identity: &Identity) -> String {
    match identity {
        Identity::Person { email, .. } => email.to_string(),
        Identity::Service { name } => format!("the service {name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_thing_is_called_by_its_id() {
        let state = State::new();
        let id = UserId::new(7);
        assert_eq!(Names::user(&state, id), PlainIds.user(id));
        assert_eq!(PlainIds.role(RoleId::ADMIN), "Admin");
    }
}
