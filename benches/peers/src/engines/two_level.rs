//! The third hand-written limit: a sorted row for each user and each group, searched by halves.

use super::raw::{Heads, short};
use crate::engine::{Engine, Entry, one, unbounded};
use crate::world::generate::{GROUP, Grant, NONE, Query, World};

/// Enters the limit.
pub fn entry() -> Entry {
    Entry {
        name: "limit: two-level",
        bound: unbounded,
        build: |world| {
            one(TwoLevel {
                rows: Rows::new(world),
                heads: Heads::new(world),
            })
        },
    }
}

struct TwoLevel {
    rows: Rows,
    heads: Heads,
}

/// One array of cells (resource, bits): a row for each user, then for each group.
struct Rows {
    starts: Vec<u32>,
    cells: Vec<(u32, u32)>,
    users: u32,
}

impl Rows {
    fn new(world: &World) -> Rows {
        let (users, groups) = (world.spec.users, world.spec.groups);
        let mut rows = Rows {
            starts: vec![0],
            cells: Vec::with_capacity(world.grants.len()),
            users,
        };
        for subject in (0..users).chain((0..groups).map(|group| GROUP | group)) {
            let start = rows.cells.len();
            let row = world
                .grants_of(subject)
                .iter()
                .map(|grant| (grant.resource, short(grant.bits)));
            rows.cells.extend(row);
            rows.cells[start..].sort_unstable();
            rows.starts.push(rows.cells.len() as u32);
        }
        rows
    }

    fn range(&self, subject: u32) -> std::ops::Range<usize> {
        let group = (subject & !GROUP) + self.users;
        let row = if subject & GROUP == 0 { subject } else { group } as usize;
        self.starts[row] as usize..self.starts[row + 1] as usize
    }

    /// What the subject has by a grant on the resource itself.
    fn bits(&self, subject: u32, resource: u32) -> u32 {
        if subject == NONE {
            return 0;
        }
        let row = &self.cells[self.range(subject)];
        row.binary_search_by_key(&resource, |cell| cell.0)
            .map_or(0, |place| row[place].1)
    }

    fn set(&mut self, grant: &Grant) {
        let range = self.range(grant.subject);
        let row = &mut self.cells[range];
        let place = row
            .binary_search_by_key(&grant.resource, |cell| cell.0)
            .expect("no grant is new");
        row[place].1 = short(grant.bits);
    }
}

impl Engine for TwoLevel {
    fn name(&self) -> &str {
        "limit: two-level"
    }

    fn check(&mut self, query: &Query) -> bool {
        self.heads
            .allow(query, |subject, resource| self.rows.bits(subject, resource))
    }

    fn replace(&mut self, _: &World, grant: &Grant) -> bool {
        self.rows.set(grant);
        true
    }
}
