//! Filling an empty table at once: rows as they come, then what follows from all of them together.

use super::cell::{Cell, Label};
use super::pairs::{Pairs, for_each_first};
use super::resource::{Link, ResourceEntry};
use super::{Entry, Holder, Table};
use crate::resource::Resource;

impl Table {
    /// All that a holder has, by the slots of the resources, in no order.
    pub(in crate::state) fn held(&self, holder: Holder) -> impl Iterator<Item = (u32, Entry)> + '_ {
        let cells = self.rows.cells(self.place(holder));
        cells.map(|cell| (cell.key, cell.entry()))
    }

    /// The slots of the members of a group.
    pub(in crate::state) fn member_slots(&self, group: u32) -> impl Iterator<Item = u32> + '_ {
        self.members.seconds(group)
    }

    /// Where a registered resource stands.
    pub(in crate::state) fn link(&self, resource: Resource) -> Option<Link> {
        self.resource(resource).map(ResourceEntry::link)
    }

    /// Puts all that a holder has who had nothing, on registered resources, no two entries of one sort on
    /// one; who holds anything on what is known [when all is there](Self::find_holders).
    pub(in crate::state) fn fill(&mut self, holder: Holder, entries: &[(Link, Entry)]) {
        let cells = entries.iter().map(|(link, entry)| {
            let label = Label::on(link.slot, entry.restricts());
            (Cell::new(label, *entry), link.homes())
        });
        let cells: Vec<_> = cells.collect();
        let place = self.rows.store(&cells);
        self.set_place(holder, place);
        if matches!(holder, Holder::User(..)) {
            return;
        }
        for (link, entry) in entries {
            let resource = self.family.resource(link.slot);
            if let Some(resource) = resource.and_then(|it| self.resource(it)).copied() {
                self.put_in_tree(holder, &resource, *entry);
            }
        }
    }

    /// Finds out who holds anything on what, by the rows of all holders in the order of their slots, groups
    /// after users.
    pub(in crate::state) fn find_holders(&mut self, holders: impl IntoIterator<Item = Holder>) {
        let pairs = holders.into_iter().flat_map(|holder| {
            let slots = self.held(holder).map(|(slot, _)| slot);
            slots.map(move |slot| (slot, holder.number()))
        });
        self.holders = Pairs::from_ascending_seconds(pairs);
    }

    /// Puts users, who are in no group, into groups: pairs of the slots of a group and a user, ascending.
    pub(in crate::state) fn fill_groups(&mut self, pairs: &[(u32, u32)]) {
        self.members = Pairs::from_sorted(pairs.iter().copied());
        let groups_of = pairs.iter().map(|(group, user)| (*user, *group));
        for_each_first(groups_of, |user, groups| {
            if let Some(id) = self.user_at(user) {
                self.set_groups(id, groups);
            }
        });
    }
}
