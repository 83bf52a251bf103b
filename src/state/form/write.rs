//! Writing the form: one list after the other, none of them held in memory.

use serde::ser::{SerializeSeq, SerializeStruct};
use serde::{Serialize, Serializer};

use super::super::State;
use super::super::invariants::by_slot;
use super::super::table::{Entry, Holder};
use super::Row;

/// As many items as it says, made when they are written.
struct List<F> {
    len: usize,
    items: F,
}

impl<F: Fn() -> I, I: Iterator<Item: Serialize>> Serialize for List<F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.len))?;
        for item in (self.items)() {
            list.serialize_element(&item)?;
        }
        list.end()
    }
}

fn list<I: Iterator>(items: impl Fn() -> I + Clone) -> List<impl Fn() -> I> {
    let len = items().count();
    List { len, items }
}

/// Where the users and the resources of a state stand in their lists, by their slots.
struct Positions {
    users: Vec<Option<u32>>,
    resources: Vec<Option<u32>>,
}

fn at(positions: &[Option<u32>], slot: u32) -> u32 {
    let position = positions.get(slot as usize).copied().flatten();
    position.unwrap_or(u32::MAX)
}

impl Positions {
    fn of(state: &State) -> Self {
        let users = state.users.slots().map(|(_, slot)| slot);
        let resources = state.resources();
        let resources = resources.filter_map(|it| state.table.resource_slot(it));
        Self {
            users: by_slot(users.zip(0..)),
            resources: by_slot(resources.zip(0..)),
        }
    }

    fn row(&self, state: &State, holder: Holder) -> Row {
        let mut row = Row::default();
        for (slot, entry) in state.table.held(holder) {
            let on = at(&self.resources, slot);
            match entry {
                Entry::Grant(grant) => row.grants.push((on, grant)),
                Entry::Restriction(permissions) => row.restrictions.push((on, permissions)),
            }
        }
        row.grants.sort_unstable_by_key(|(on, _)| *on);
        row.restrictions.sort_unstable_by_key(|(on, _)| *on);
        row
    }

    fn members(&self, state: &State, group: u32) -> Vec<u32> {
        let members = state.table.member_slots(group);
        let mut members: Vec<u32> = members.map(|slot| at(&self.users, slot)).collect();
        members.sort_unstable();
        members
    }
}

impl Serialize for State {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let positions = Positions::of(self);
        let groups = || self.groups.slots().map(|(_, slot)| slot);
        let members = || groups().map(|group| positions.members(self, group));
        let rows = || self.holders_of_rows().map(|it| positions.row(self, it));
        let mut form = serializer.serialize_struct("State", 11)?;
        form.serialize_field("revision", &self.revision)?;
        form.serialize_field("name", &self.name)?;
        form.serialize_field("security", &self.security)?;
        form.serialize_field("limits", &self.limits)?;
        form.serialize_field("roles", &list(|| self.custom_roles()))?;
        form.serialize_field("users", &list(|| self.users()))?;
        form.serialize_field("groups", &list(|| self.groups()))?;
        let len = groups().count();
        form.serialize_field(
            "members",
            &List {
                len,
                items: members,
            },
        )?;
        form.serialize_field("resources", &list(|| self.links()))?;
        let len = self.holders_of_rows().count();
        form.serialize_field("holdings", &List { len, items: rows })?;
        form.serialize_field("invitations", &list(|| self.invitations()))?;
        form.end()
    }
}
