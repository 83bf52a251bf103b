//! What a user and their groups have on a chain, as it is told: who, on which link, and until when.

use smallvec::SmallVec;

use super::cell::{Cell, HERE};
use super::line::Line;
use super::tree;
use super::user::UserEntry;
use super::{Entry, ResourceEntry, Table};
use crate::id::{GroupId, RoleId, UserId};

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

type Cells = SmallVec<[Cell; 4]>;

impl Table {
    /// What a user and their groups have on a resource and on what it stands beneath, of that which is
    /// `wanted`: first the user's, then group by group in the order of ids, each from the resource upwards.
    pub(crate) fn held_on(
        &self,
        user: UserId,
        resource: &ResourceEntry,
        wanted: impl Fn(Entry) -> bool,
    ) -> Held {
        let Some(user) = self.user(user) else {
            return Held::new();
        };
        let own = self.own_cells(user, resource).into_iter();
        let own = own.map(|cell| (None, cell.key, cell.entry()));
        let groups = self.group_cells(user, resource).into_iter();
        let groups = groups.map(|cell| {
            let on = if cell.on == HERE {
                resource.root()
            } else {
                cell.on
            };
            (Some(cell.key), on, cell.entry())
        });
        let held = own.chain(groups).filter(|(.., entry)| wanted(*entry));
        let mut held: Held = held
            .filter_map(|(group, on, entry)| {
                let group = match group {
                    None => None,
                    Some(slot) => Some(self.group_and_role(slot)?),
                };
                let link = resource.links().position(|link| link == on)?;
                Some(Holding { group, link, entry })
            })
            .collect();
        held.sort_by_key(|it| (it.group, it.link));
        held
    }

    fn group_and_role(&self, slot: u32) -> Option<(GroupId, RoleId)> {
        let group = self.groups.at(slot)?;
        Some((group.id(), *self.role_ids.at(group.role)?))
    }

    /// The cells of a user on a chain, each once.
    fn own_cells(&self, user: &UserEntry, resource: &ResourceEntry) -> Cells {
        let place = user.place();
        let homes = place.homes_on(resource.chain);
        let lines = homes.flat_map(|home| self.rows.path(place, home));
        each_once(lines, |cell| resource.chain.contains(&cell.key))
    }

    /// The cells of a user's groups on a chain, each once.
    fn group_cells(&self, user: &UserEntry, resource: &ResourceEntry) -> Cells {
        let groups: SmallVec<[u32; 8]> = self.groups_in(user).collect();
        let rest = self.trees.rest(resource.tree());
        let is_short = rest.lines() <= tree::SHORT;
        let short = is_short.then(|| self.rows.lines(rest));
        let long = groups.iter().filter(|_| !is_short);
        let long = long.flat_map(|group| self.rest_of(*group, rest, resource.chain));
        let first = self.trees.line(resource.tree());
        let lines = std::iter::once(first).chain(short.into_iter().flatten());
        each_once(lines.chain(long), |cell| {
            let on_chain = cell.on == HERE || resource.chain.contains(&cell.on);
            on_chain && groups.contains(&cell.key)
        })
    }
}

fn each_once<'l>(lines: impl Iterator<Item = &'l Line>, wanted: impl Fn(&Cell) -> bool) -> Cells {
    let mut all = Cells::new();
    for cell in lines.flat_map(Line::cells).filter(wanted) {
        if all.iter().all(|it| it.label() != cell.label()) {
            all.push(cell);
        }
    }
    all
}
