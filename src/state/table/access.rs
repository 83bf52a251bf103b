//! Who has a permission on a resource by grants, and from whom restrictions take it: by slots.

use super::cell::Weight;
use super::group::Group;
use super::place::Place;
use super::resource::ResourceEntry;
use super::user::UserEntry;
use super::{Holder, Table, ahead, pack};
use crate::id::UserId;
use crate::permission::Permission;
use crate::resource::Resource;
use crate::time::Timestamp;

/// What grants and restrictions on a resource and above it come to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Access {
    /// Active users to whom a grant gives it, in no order, some more than once, some of them among those
    /// from whom it is taken.
    pub(crate) given: Vec<UserId>,
    /// Users from whom a restriction takes it, in order.
    pub(crate) taken: Vec<UserId>,
}

/// A question about everybody.
struct Question<'t> {
    table: &'t Table,
    resource: &'t ResourceEntry,
    now: Timestamp,
    /// The permission, packed as in lines.
    asked: u32,
}

impl Table {
    /// Who has a permission on a resource by grants, and from whom it is taken. `may` says of a user whose
    /// primary role cannot have it whether another role of theirs can.
    pub(crate) fn access(
        &self,
        resource: Resource,
        (permission, now): (Permission, Timestamp),
        may: impl Fn(UserId) -> bool,
    ) -> Access {
        let mut access = Access::default();
        let Some(entry) = self.resource(resource) else {
            return access;
        };
        let question = Question {
            table: self,
            resource: entry,
            now,
            asked: pack(permission.into()),
        };
        for link in entry.links() {
            question.add_users(link, &may, &mut access);
            question.add_groups(link, &mut access);
        }
        access.taken.sort_unstable();
        access
    }
}

impl Question<'_> {
    /// Adds what the entries of each user who holds anything on a link come to, on the whole chain.
    fn add_users(&self, link: u32, may: impl Fn(UserId) -> bool, access: &mut Access) {
        let users = self
            .table
            .holders_at(link)
            .filter_map(|holder| match holder {
                Holder::User(id, _) => Some((id, self.table.user(id)?)),
                Holder::Group(_) => None,
            });
        let users: Vec<_> = users.collect();
        let lines = users
            .iter()
            .map(|(_, entry)| self.table.line(entry.place(), self.resource));
        ahead::read(lines.map(|line| line.data[0]));
        for (id, entry) in users {
            self.add_user(id, entry, &may, access);
        }
    }

    fn add_groups(&self, link: u32, access: &mut Access) {
        for holder in self.table.holders_at(link) {
            if let Holder::Group(slot) = holder {
                let group = self.table.groups.at(slot);
                group
                    .into_iter()
                    .for_each(|it| self.add_group(slot, it, access));
            }
        }
    }

    fn add_user(
        &self,
        id: UserId,
        entry: &UserEntry,
        may: impl Fn(UserId) -> bool,
        access: &mut Access,
    ) {
        let Weight { given, taken } = self.weigh(entry.place());
        if taken & self.asked != 0 {
            access.taken.push(id);
        } else if given & self.asked != 0 && entry.is_active() && (self.may_have(entry) || may(id))
        {
            access.given.push(id);
        }
    }

    fn add_group(&self, slot: u32, group: &Group, access: &mut Access) {
        let Weight { given, taken } = self.weigh(group.place());
        let people = self.table.member_slots(slot);
        let people = people.filter_map(|slot| self.table.people.at(slot));
        if taken & self.asked != 0 {
            access.taken.extend(people.map(|it| it.id()));
        } else if given & self.asked != 0 && self.is_possible(group.role) {
            // Members of a group hold its role.
            let active = people.filter(|it| it.is_active());
            access.given.extend(active.map(|it| it.id()));
        }
    }

    fn weigh(&self, place: Place) -> Weight {
        self.table.weigh_row(place, self.resource, self.now)
    }

    /// Whether a user can have it under their primary role; no where that has to be looked up.
    fn may_have(&self, user: &UserEntry) -> bool {
        let role = self.table.primary_role(user);
        role.is_some_and(|role| role.ceiling & self.asked != 0)
    }

    /// Whether the holders of a role can have it at all.
    fn is_possible(&self, role: u32) -> bool {
        let role = self.table.roles.at(role);
        role.is_some_and(|role| role.ceiling & self.asked != 0)
    }
}
