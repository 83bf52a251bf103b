//! Changes: users, groups, resources, roles, and what is granted and taken.

use super::cell::{Cell, Entry, Label};
use super::group::{Group, RoleEntry};
use super::ids::Key;
use super::people::Person;
use super::place::{Homes, Place};
use super::resource::{self, Link, ResourceEntry};
use super::tree::InTree;
use super::user::{SUBJECT_TO_MFA, SUBJECT_TO_SSO, SUSPENDED, UserEntry};
use super::{Table, line};
use crate::grant::Grant;
use crate::id::{GroupId, RoleId, UserId};
use crate::resource::Resource;
use crate::role::Role;
use crate::subject::Subject;
use crate::user::User;

/// Who holds a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::state) enum Holder {
    /// A user and their slot.
    User(UserId, u32),
    /// The slot of a group.
    Group(u32),
}

/// Set in the number of a holder that is a group.
const GROUP: u32 = line::SLOTS_END;

impl Holder {
    /// One number for users and groups.
    pub(super) fn number(self) -> u32 {
        match self {
            Self::User(_, slot) => slot,
            Self::Group(slot) => slot | GROUP,
        }
    }
}

fn flags(user: &User) -> u32 {
    let flag = |holds: bool, flag: u32| if holds { flag } else { 0 };
    flag(!user.is_active(), SUSPENDED)
        | flag(user.is_internal(), SUBJECT_TO_SSO)
        | flag(!user.is_service(), SUBJECT_TO_MFA)
}

/// Roles.
impl Table {
    /// Defines a role whose selected resources are registered.
    pub(in crate::state) fn set_role(&mut self, id: RoleId, role: &Role) {
        let slot = self.role_slot(id);
        self.release_selected(slot);
        let entry = RoleEntry::new(id, role).with_place(self.select(role));
        self.roles.set(slot, entry, RoleEntry::BLANK);
    }

    /// Removes a role that no user holds and no group is for.
    pub(in crate::state) fn remove_role(&mut self, id: RoleId) {
        if let Some(slot) = self.role_slots.remove(&id) {
            self.release_selected(slot);
            self.roles.set(slot, RoleEntry::BLANK, RoleEntry::BLANK);
            self.free_roles.give_back(slot);
        }
    }

    /// Gives the row of what a role selects back.
    fn release_selected(&mut self, slot: u32) {
        if let Some(before) = self.roles.at(slot) {
            self.rows.release(before.place());
        }
    }

    /// Stores the selected resources of a role, each with what the role gives there.
    fn select(&mut self, role: &Role) -> Place {
        let given = Entry::Grant(Grant::new(role.defaults));
        let selected = role.scope.selected().filter_map(|it| self.resource(it));
        let cells = selected.map(|resource| {
            let label = Label::on(resource.slot(), false);
            (Cell::new(label, given), resource.link().homes())
        });
        let cells: Vec<_> = cells.collect();
        self.rows.store(&cells)
    }
}

/// Users.
impl Table {
    /// Registers a user and gives the slot; `None` where there is none left.
    pub(in crate::state) fn add_user(&mut self, id: UserId) -> Option<u32> {
        let slot = self.free_users.take()?;
        let entry = UserEntry::new(Key::new(id.value(), 0));
        self.people
            .set(slot, Person::new(id, &entry), Person::NOBODY);
        self.users.put(entry);
        Some(slot)
    }

    /// Changes roles and status; groups, grants and restrictions stay.
    pub(in crate::state) fn describe_user(&mut self, id: UserId, slot: u32, user: &User) {
        let role = self.role_slot(user.roles.primary());
        if let Some(entry) = self.user(id) {
            let entry = entry.with_role(role, flags(user));
            self.people
                .set(slot, Person::new(id, &entry), Person::NOBODY);
            self.put_user(entry);
        }
    }

    /// Puts a user, and says whether all their groups are of the primary role.
    fn put_user(&mut self, entry: UserEntry) {
        self.users.put(self.acting(entry, entry.role()));
    }

    /// Removes a user who holds nothing and is in no group.
    pub(in crate::state) fn remove_user(&mut self, id: UserId, slot: u32) {
        if let Some(entry) = self.users.remove(Key::new(id.value(), 0)) {
            self.rows.release(entry.place());
            entry
                .list()
                .into_iter()
                .for_each(|it| self.rows.release(it.place));
            self.free_users.give_back(slot);
        }
    }
}

/// Groups and who is in them.
impl Table {
    /// Creates a group and gives the slot; `None` where there is none left.
    pub(in crate::state) fn add_group(&mut self, id: GroupId, role: RoleId) -> Option<u32> {
        let slot = self.free_groups.take()?;
        let role = self.role_slot(role);
        self.groups.set(slot, Group::new(id, role), Group::NONE);
        Some(slot)
    }

    /// Moves a group to another role.
    pub(in crate::state) fn set_group_role(&mut self, slot: u32, role: RoleId) {
        let role = self.role_slot(role);
        let Some(group) = self.groups.at(slot).copied() else {
            return;
        };
        if group.role == role {
            return;
        }
        self.groups.set(slot, group.with_role(role), Group::NONE);
        let members: Vec<UserId> = self.members(slot).collect();
        let members = members.into_iter().filter_map(|id| self.user(id).copied());
        let members: Vec<UserEntry> = members.collect();
        members.into_iter().for_each(|it| self.put_user(it));
    }

    /// Removes a group that holds nothing and has no members.
    pub(in crate::state) fn remove_group(&mut self, slot: u32) {
        if let Some(group) = self.groups.at(slot) {
            self.rows.release(group.place());
            self.groups.set(slot, Group::NONE, Group::NONE);
            self.free_groups.give_back(slot);
        }
    }

    pub(in crate::state) fn join(&mut self, group: u32, id: UserId, user: u32) {
        self.members.insert(group, user);
        let groups: Vec<u32> = self.group_slots(id).chain([group]).collect();
        self.set_groups(id, &groups);
    }

    pub(in crate::state) fn leave(&mut self, group: u32, id: UserId, user: u32) {
        self.members.remove(group, user);
        let groups: Vec<u32> = self.group_slots(id).filter(|it| *it != group).collect();
        self.set_groups(id, &groups);
    }

    pub(super) fn set_groups(&mut self, id: UserId, groups: &[u32]) {
        let Some(entry) = self.user(id).copied() else {
            return;
        };
        entry
            .list()
            .into_iter()
            .for_each(|it| self.rows.release(it.place));
        let near = entry.with_groups(groups);
        let entry = near.unwrap_or_else(|| entry.with_list(self.rows.store_list(groups)));
        self.put_user(entry);
    }

    /// The groups of a user, in no order.
    pub(super) fn group_slots(&self, user: UserId) -> impl Iterator<Item = u32> + '_ {
        let entry = self.user(user).into_iter();
        entry.flat_map(|entry| self.groups_in(entry))
    }

    /// The groups of a user, in no order.
    pub(in crate::state) fn groups_of(&self, user: UserId) -> impl Iterator<Item = GroupId> + '_ {
        self.group_slots(user)
            .filter_map(|slot| self.groups.at(slot).map(Group::id))
    }

    /// Whether a user is in a group.
    pub(in crate::state) fn is_member(&self, group: u32, user: u32) -> bool {
        self.members.contains(group, user)
    }

    /// The members of a group, in no order.
    pub(in crate::state) fn members(&self, group: u32) -> impl Iterator<Item = UserId> + '_ {
        let members = self.members.seconds(group);
        members.filter_map(|slot| self.user_at(slot))
    }
}

/// Resources.
impl Table {
    /// Registers a resource beneath another, or beneath the organisation; says whether there was a slot.
    pub(in crate::state) fn add_resource(&mut self, resource: Resource, parent: Resource) -> bool {
        let Some(slot) = self.free_resources.take() else {
            return false;
        };
        let parent = self.resource(parent).copied();
        let entry = match parent {
            Some(parent) => Some(ResourceEntry::beneath(&parent, resource, slot)),
            None => self
                .trees
                .plant()
                .map(|tree| ResourceEntry::root_of(tree, resource, slot)),
        };
        let Some(entry) = entry else {
            return false;
        };
        let parent = parent.map(|parent| parent.slot());
        self.family.add(slot, resource, parent);
        self.resources.put(entry);
        true
    }

    /// Unregisters a resource that nothing stands beneath and nobody holds anything on.
    pub(in crate::state) fn remove_resource(&mut self, resource: Resource) {
        if let Some(entry) = self.resources.remove(resource::key(resource)) {
            self.family.remove(entry.slot());
            self.free_resources.give_back(entry.slot());
            if entry.is_root() {
                self.trees.fell(entry.tree());
            }
        }
    }
}

/// Grants and restrictions.
impl Table {
    /// What a holder has on a resource.
    pub(in crate::state) fn entry(
        &self,
        holder: Holder,
        resource: Resource,
        restricts: bool,
    ) -> Option<Entry> {
        let resource = self.resource(resource)?;
        let label = Label::on(resource.slot(), restricts);
        let homes = resource.link().homes();
        let cell = self.rows.cell(self.place(holder), homes, label)?;
        Some(cell.entry())
    }

    /// All that a holder has, in no order.
    pub(in crate::state) fn entries(
        &self,
        holder: Holder,
    ) -> impl Iterator<Item = (Resource, Entry)> + '_ {
        let cells = self.rows.cells(self.place(holder));
        cells.filter_map(|cell| Some((self.family.resource(cell.key)?, cell.entry())))
    }

    /// Whether a holder has anything at all.
    pub(in crate::state) fn holds_anything(&self, holder: Holder) -> bool {
        self.rows.cells(self.place(holder)).next().is_some()
    }

    /// Puts an entry on a registered resource in place of the one of its sort.
    pub(in crate::state) fn put(&mut self, holder: Holder, resource: Resource, entry: Entry) {
        let Some(resource) = self.resource(resource).copied() else {
            return;
        };
        let label = Label::on(resource.slot(), entry.restricts());
        let (place, homes) = (self.place(holder), resource.link().homes());
        let cell = Cell::new(label, entry);
        if place != Place::NONE {
            self.rows.remove(place, homes, label);
        }
        if !self.rows.put(place, homes, cell) {
            let before = self.rows.cells(place);
            let all = before.chain([cell]).map(|cell| (cell, self.homes(cell)));
            let all: Vec<_> = all.collect();
            let place = self.rows.regrow(place, &all);
            self.set_place(holder, place);
        }
        self.put_in_tree(holder, &resource, entry);
        self.holders.insert(label.key, holder.number());
    }

    pub(super) fn homes(&self, cell: Cell) -> Homes {
        let slot = cell.key;
        let root = self.family.root(slot).unwrap_or(slot);
        Link { slot, root }.homes()
    }

    /// What groups hold stands in the tree as well.
    pub(super) fn put_in_tree(&mut self, holder: Holder, resource: &ResourceEntry, entry: Entry) {
        if let Holder::Group(group) = holder {
            let at = InTree::new(group, resource, entry.restricts());
            let cell = Cell::new(at.label, entry);
            self.trees.put(&mut self.rows, at, cell);
        }
    }

    /// Takes an entry away.
    pub(in crate::state) fn take(&mut self, holder: Holder, resource: Resource, restricts: bool) {
        let Some(entry) = self.resource(resource).copied() else {
            return;
        };
        let label = Label::on(entry.slot(), restricts);
        let homes = entry.link().homes();
        self.rows.remove(self.place(holder), homes, label);
        if let Holder::Group(group) = holder {
            let at = InTree::new(group, &entry, restricts);
            self.trees.take(&mut self.rows, at);
        }
        if self.entry(holder, resource, !restricts).is_none() {
            self.holders.remove(label.key, holder.number());
        }
    }

    /// Whether anybody holds anything on a resource.
    pub(in crate::state) fn is_held(&self, resource: Resource) -> bool {
        self.holders_on(resource).next().is_some()
    }

    /// Everybody who holds anything on a resource, in no order.
    pub(in crate::state) fn holders_on(
        &self,
        resource: Resource,
    ) -> impl Iterator<Item = (Subject, Holder)> + '_ {
        let slot = self.resource(resource).map(ResourceEntry::slot);
        let numbers = slot.into_iter().flat_map(|slot| self.holders.seconds(slot));
        numbers.filter_map(|number| self.holder_at(number))
    }

    /// Everybody who holds anything on the resource at a slot, in no order.
    pub(super) fn holders_at(&self, slot: u32) -> impl Iterator<Item = Holder> + '_ {
        let numbers = self.holders.seconds(slot);
        numbers.filter_map(|number| Some(self.holder_at(number)?.1))
    }

    fn holder_at(&self, number: u32) -> Option<(Subject, Holder)> {
        if number & GROUP == 0 {
            let id = self.user_at(number)?;
            return Some((id.into(), Holder::User(id, number)));
        }
        let slot = number & !GROUP;
        let id = self.groups.at(slot)?.id();
        Some((id.into(), Holder::Group(slot)))
    }

    pub(super) fn user_at(&self, slot: u32) -> Option<UserId> {
        self.people.at(slot).map(Person::id)
    }

    pub(super) fn set_place(&mut self, holder: Holder, place: Place) {
        match holder {
            Holder::User(id, _) => {
                if let Some(entry) = self.user(id) {
                    self.users.put(entry.with_place(place));
                }
            }
            Holder::Group(slot) => {
                if let Some(group) = self.groups.at(slot) {
                    self.groups.set(slot, group.with_place(place), Group::NONE);
                }
            }
        }
    }
}
