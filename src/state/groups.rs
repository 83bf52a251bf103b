//! The groups of an organisation and their members.

use std::sync::Arc;

use imbl::{OrdMap, OrdSet};

use super::State;
use crate::group::Group;
use crate::id::{GroupId, RoleId, UserId};
use crate::name::Name;

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Groups {
    groups: OrdMap<GroupId, Arc<Group>>,
    by_name: OrdMap<String, GroupId>,
    members: OrdSet<(GroupId, UserId)>,
    memberships: OrdSet<(UserId, GroupId)>,
}

impl Groups {
    /// Puts a group in place of the one with this id. Members stay.
    pub(super) fn put(&mut self, id: GroupId, group: Group) {
        self.remove(id);
        self.by_name.insert(group.name.folded(), id);
        self.groups.insert(id, Arc::new(group));
    }

    pub(super) fn remove(&mut self, id: GroupId) {
        if let Some(group) = self.groups.remove(&id) {
            self.by_name.remove(&group.name.folded());
        }
    }

    pub(super) fn join(&mut self, group: GroupId, user: UserId) {
        self.members.insert((group, user));
        self.memberships.insert((user, group));
    }

    pub(super) fn memberships(&self) -> impl Iterator<Item = (GroupId, UserId)> + '_ {
        self.members.iter().copied()
    }

    pub(super) fn leave(&mut self, group: GroupId, user: UserId) {
        self.members.remove(&(group, user));
        self.memberships.remove(&(user, group));
    }
}

impl State {
    /// A group.
    #[must_use]
    pub fn group(&self, id: GroupId) -> Option<&Group> {
        self.groups.groups.get(&id).map(Arc::as_ref)
    }

    /// The groups, in the order of their ids.
    pub fn groups(&self) -> impl Iterator<Item = (GroupId, &Group)> + '_ {
        self.groups
            .groups
            .iter()
            .map(|(id, group)| (*id, group.as_ref()))
    }

    /// The group with this name, as names are compared.
    #[must_use]
    pub fn group_named(&self, name: &Name) -> Option<GroupId> {
        self.groups.by_name.get(&name.folded()).copied()
    }

    /// The groups whose role is this one, in the order of their ids.
    pub fn groups_for(&self, role: RoleId) -> impl Iterator<Item = (GroupId, &Group)> + '_ {
        self.groups().filter(move |(_, group)| group.role == role)
    }

    /// The members of a group, in the order of their ids.
    pub fn members(&self, group: GroupId) -> impl Iterator<Item = UserId> + '_ {
        let members = self.groups.members.range((group, UserId::new(0))..);
        members
            .take_while(move |(one, _)| *one == group)
            .map(|(_, user)| *user)
    }

    /// The groups a user is in, under whatever role, in the order of their ids.
    pub fn groups_of(&self, user: UserId) -> impl Iterator<Item = GroupId> + '_ {
        let groups = self.groups.memberships.range((user, GroupId::new(0))..);
        groups
            .take_while(move |(one, _)| *one == user)
            .map(|(_, group)| *group)
    }

    /// Whether a user is in a group.
    #[must_use]
    pub fn is_member(&self, group: GroupId, user: UserId) -> bool {
        self.groups.members.contains(&(group, user))
    }
}
