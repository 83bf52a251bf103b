//! What a user and their groups have on a chain, as it is told: who, on which link, and until when.

use smallvec::SmallVec;

use super::cell::{Cell, HERE};
use super::line::Line;
use super::place::Place;
use super::user::UserEntry;
use super::{Entry, ResourceEntry, Table, pack};
use crate::id::{GroupId, RoleId, UserId};
use crate::permission::PermissionSet;

/// What somebody has on a link of a chain.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Holding {
    /// The group that has it, and its role; `None` where the user has it.
    pub(crate) group: Option<(GroupId, RoleId)>,
    /// The link, from the resource upwards.
    pub(crate) link: usize,
    pub(crate) entry: Entry,
}

/// As many as there are as a rule.
pub(crate) type Held = SmallVec<[Holding; 4]>;

impl Table {
    /// What a user and their groups have on a resource and on what it stands beneath, of that which holds any
    /// of these permissions, each once: first the user's, then group by group in the order of ids, each from the
    /// resource upwards.
    pub(crate) fn held_on(
        &self,
        user: UserId,
        resource: &ResourceEntry,
        asked: PermissionSet,
    ) -> Held {
        let mut held = Held::new();
        let Some(user) = self.user(user) else {
            return held;
        };
        let search = Search {
            table: self,
            user,
            resource,
            asked: pack(asked),
        };
        search.add_own(&mut held);
        search.add_of_groups(&mut held);
        // Several homes may lead to one line.
        let label = |it: &Holding| (it.group, it.link, it.entry.restricts());
        held.sort_by_key(label);
        held.dedup_by_key(|it| label(it));
        held
    }

    fn group_and_role(&self, slot: u32) -> Option<(GroupId, RoleId)> {
        let group = self.groups.at(slot)?;
        Some((group.id(), *self.role_ids.at(group.role)?))
    }
}

/// Whose cells are looked for, on what, and which permissions, packed as in lines.
struct Search<'t> {
    table: &'t Table,
    user: &'t UserEntry,
    resource: &'t ResourceEntry,
    asked: u32,
}

impl Search<'_> {
    /// Adds the cells of the user.
    fn add_own(&self, held: &mut Held) {
        let (place, chain) = (self.user.place(), self.resource.chain);
        for home in place.homes_on(chain) {
            for line in self.table.rows.path(place, home) {
                for cell in line.cells_at(line.hits(chain)) {
                    self.add(held, cell, None, cell.key);
                }
            }
        }
    }

    /// Adds the cells of the groups.
    fn add_of_groups(&self, held: &mut Held) {
        let first = self.table.trees.line(self.resource.tree());
        let (short, long) = self.table.beyond(first, self.resource);
        self.add_of_line(held, first);
        short.iter().for_each(|line| self.add_of_line(held, line));
        if let Some(rest) = long {
            self.add_of_long(held, rest);
        }
    }

    fn add_of_line(&self, held: &mut Held, line: &Line) {
        match self.table.hits_of_all(self.user, line) {
            Ok(hits) => {
                let hits = line.on_chain(hits, self.resource.chain);
                self.add_of_tree(held, line.cells_at(hits));
            }
            Err(list) => {
                let chain = self.resource.chain;
                let on_chain = |cell: &Cell| cell.on == HERE || chain.contains(&cell.on);
                let cells = line.cells().filter(on_chain);
                self.add_of_tree(held, cells.filter(|cell| list.holds(cell.key)));
            }
        }
    }

    #[cold]
    #[inline(never)]
    fn add_of_long(&self, held: &mut Held, rest: Place) {
        let chain = self.resource.chain;
        for group in self.table.groups_in(self.user) {
            for line in self.table.rest_of(group, rest, chain) {
                let hits = line.on_chain(line.hits([group; 3]), chain);
                self.add_of_tree(held, line.cells_at(hits));
            }
        }
    }

    fn add_of_tree(&self, held: &mut Held, cells: impl Iterator<Item = Cell>) {
        for cell in cells {
            let root = self.resource.root();
            let on = if cell.on == HERE { root } else { cell.on };
            self.add(held, cell, Some(cell.key), on);
        }
    }

    /// Adds a cell where it holds what is asked.
    fn add(&self, held: &mut Held, cell: Cell, group: Option<u32>, on: u32) {
        if !cell.holds(self.asked) {
            return;
        }
        let link = self.resource.links().position(|link| link == on);
        let group = match group {
            None => Some(None),
            Some(slot) => self.table.group_and_role(slot).map(Some),
        };
        if let (Some(group), Some(link)) = (group, link) {
            let entry = cell.entry();
            held.push(Holding { group, link, entry });
        }
    }
}
