//! Names as the log tells them, of what is gone too.

use std::collections::BTreeMap;

use crate::event::{Commit, Event};
use crate::id::{GroupId, InvitationId, RoleId, UserId};
use crate::names::{Names, PlainIds, identity};
use crate::role::built_in;

/// The last names that a log tells of users, groups, roles and invitations, gone ones included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoggedNames {
    users: BTreeMap<UserId, String>,
    groups: BTreeMap<GroupId, String>,
    roles: BTreeMap<RoleId, String>,
    invitations: BTreeMap<InvitationId, String>,
}

impl LoggedNames {
    /// The names in these commits, the last one of each thing.
    #[must_use]
    pub fn of<'log>(commits: impl IntoIterator<Item = &'log Commit>) -> Self {
        let mut names = Self::default();
        let events = commits.into_iter().flat_map(|commit| &commit.events);
        events.for_each(|event| names.learn(event));
        names
    }

    fn learn(&mut self, event: &Event) {
        match event {
            Event::UserRegistered { user, registration } => {
                self.users.insert(*user, identity(&registration.identity));
            }
            Event::EmailChanged { user, after, .. } => {
                self.users.insert(*user, after.to_string());
            }
            Event::GroupCreated { group, definition } => {
                self.groups.insert(*group, definition.name.to_string());
            }
            Event::GroupRenamed { group, after, .. } => {
                self.groups.insert(*group, after.to_string());
            }
            Event::RoleDefined { role, definition }
            | Event::RoleRedefined {
                role,
                after: definition,
                ..
            } => {
                self.roles.insert(*role, definition.name.to_string());
            }
            Event::Invited { invitation, sent } => {
                self.invitations.insert(*invitation, sent.email.to_string());
            }
            _ => {}
        }
    }
}

impl Names for LoggedNames {
    fn user(&self, id: UserId) -> String {
        let known = self.users.get(&id).cloned();
        known.unwrap_or_else(|| PlainIds.user(id))
    }

    fn group(&self, id: GroupId) -> String {
        let known = self.groups.get(&id);
        known.map_or_else(|| PlainIds.group(id), |name| format!("the group {name}"))
    }

    fn role(&self, id: RoleId) -> String {
        let built_in = built_in(id).map(|role| role.name.to_string());
        let known = built_in.or_else(|| self.roles.get(&id).cloned());
        known.unwrap_or_else(|| PlainIds.role(id))
    }

    fn invitation(&self, id: InvitationId) -> String {
        let known = self.invitations.get(&id);
        known.map_or_else(
            || PlainIds.invitation(id),
            |email| format!("the invitation of {email}"),
        )
    }
}
