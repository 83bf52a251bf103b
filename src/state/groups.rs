//! The groups of an organisation and their members.

use std::sync::Arc;

use imbl::{OrdMap, OrdSet};

use super::State;
use super::roles::of_role;
use crate::group::Group;
use crate::id::{GroupId, RoleId, UserId};
use crate::name::Name;

#[derive(Clone, Debug)]
struct Created {
    group: Arc<Group>,
    slot: u32,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Groups {
    groups: OrdMap<GroupId, Created>,
    by_name: OrdMap<String, GroupId>,
    by_role: OrdSet<(RoleId, GroupId)>,
}

impl Groups {
    /// The slot of a group in the table.
    pub(super) fn slot(&self, id: GroupId) -> Option<u32> {
        self.groups.get(&id).map(|it| it.slot)
    }

    /// The groups with their slots, in the order of their ids.
    pub(super) fn slots(&self) -> impl Iterator<Item = (GroupId, u32)> + '_ {
        self.groups.iter().map(|(id, it)| (*id, it.slot))
    }

    fn put(&mut self, id: GroupId, group: Group, slot: u32) {
        self.remove(id);
        self.by_name.insert(group.name.folded(), id);
        self.by_role.insert((group.role, id));
        let group = Arc::new(group);
        self.groups.insert(id, Created { group, slot });
    }

    fn remove(&mut self, id: GroupId) {
        if let Some(Created { group, .. }) = self.groups.remove(&id) {
            self.by_name.remove(&group.name.folded());
            self.by_role.remove(&(group.role, id));
        }
    }
}

impl State {
    /// Puts a group in place of the one with this id, members stay; says whether there was a slot.
    pub(super) fn put_group(&mut self, id: GroupId, group: Group) -> bool {
        let known = self.groups.slot(id);
        let Some(slot) = known.or_else(|| self.table.add_group(id, group.role)) else {
            return false;
        };
        self.table.set_group_role(slot, group.role);
        self.groups.put(id, group, slot);
        true
    }

    /// Removes a group that holds nothing and has no members.
    pub(super) fn remove_group(&mut self, id: GroupId) {
        if let Some(slot) = self.groups.slot(id) {
            self.table.remove_group(slot);
            self.groups.remove(id);
        }
    }

    /// Puts a user into a group; says whether both exist.
    pub(super) fn join(&mut self, group: GroupId, user: UserId) -> bool {
        let slots = self.groups.slot(group).zip(self.users.slot(user));
        if let Some((group, slot)) = slots {
            self.table.join(group, user, slot);
        }
        slots.is_some()
    }

    /// Takes a user out of a group.
    pub(super) fn leave(&mut self, group: GroupId, user: UserId) {
        if let Some((group, slot)) = self.groups.slot(group).zip(self.users.slot(user)) {
            self.table.leave(group, user, slot);
        }
    }
}

impl State {
    /// A group.
    #[must_use]
    pub fn group(&self, id: GroupId) -> Option<&Group> {
        self.groups.groups.get(&id).map(|it| it.group.as_ref())
    }

    /// The groups, in the order of their ids.
    pub fn groups(&self) -> impl Iterator<Item = (GroupId, &Group)> + '_ {
        self.groups
            .groups
            .iter()
            .map(|(id, it)| (*id, it.group.as_ref()))
    }

    /// The group with this name, as names are compared.
    #[must_use]
    pub fn group_named(&self, name: &Name) -> Option<GroupId> {
        self.groups.by_name.get(&name.folded()).copied()
    }

    /// The groups whose role is this one, in the order of their ids.
    pub fn groups_for(&self, role: RoleId) -> impl Iterator<Item = (GroupId, &Group)> + '_ {
        let groups = of_role(&self.groups.by_role, role, GroupId::new(0));
        groups.filter_map(|id| Some((id, self.group(id)?)))
    }

    /// The members of a group, in the order of their ids.
    pub fn members(&self, group: GroupId) -> impl Iterator<Item = UserId> + '_ {
        let slot = self.groups.slot(group).into_iter();
        let members = slot.flat_map(|slot| self.table.members(slot));
        members.sorted()
    }

    /// The groups a user is in, under whatever role, in the order of their ids.
    pub fn groups_of(&self, user: UserId) -> impl Iterator<Item = GroupId> + '_ {
        self.groups_in_no_order(user).sorted()
    }

    /// The same in no order, for checks: it takes no memory.
    pub(crate) fn groups_in_no_order(&self, user: UserId) -> impl Iterator<Item = GroupId> + '_ {
        self.table.groups_of(user)
    }

    /// Whether a user is in a group.
    #[must_use]
    pub fn is_member(&self, group: GroupId, user: UserId) -> bool {
        let slots = self.groups.slot(group).zip(self.users.slot(user));
        slots.is_some_and(|(group, user)| self.table.is_member(group, user))
    }
}

trait Sorted: Iterator {
    fn sorted(self) -> std::vec::IntoIter<Self::Item>;
}

impl<I: Iterator<Item: Ord>> Sorted for I {
    fn sorted(self) -> std::vec::IntoIter<I::Item> {
        let mut all: Vec<I::Item> = self.collect();
        all.sort_unstable();
        all.into_iter()
    }
}
