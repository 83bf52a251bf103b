//! The second hand-written limit: 64-byte buckets per user, grants flattened over groups.
//!
//! Each user has a power of two of buckets, one cache line each, of eight pairs (resource, bits). The bucket is chosen by
//! the root of the resource's chain, so that a version, its frameworks and its model share a line. A user whose bucket
//! would overflow gets twice as many.

use super::raw::short;
use crate::engine::{Engine, Entry, one, unbounded};
use crate::world::generate::{Grant, NONE, Query, World};
use foldhash::fast::FixedState;
use std::collections::HashMap;

/// Bits by resource.
type Flat = HashMap<u32, u32, FixedState>;

const SLOTS: usize = 8;

/// Enters the limit.
pub fn entry() -> Entry {
    Entry {
        name: "limit: bucket",
        bound: unbounded,
        build: |world| one(Buckets::new(world)),
    }
}

#[derive(Clone, Copy)]
#[repr(align(64))]
struct Line {
    resources: [u32; SLOTS],
    bits: [u32; SLOTS],
}

const EMPTY: Line = Line {
    resources: [NONE; SLOTS],
    bits: [0; SLOTS],
};

impl Line {
    /// Adds bits on a resource; false when the line is full.
    fn add(&mut self, resource: u32, bits: u32) -> bool {
        let free = |r: &u32| *r == resource || *r == NONE;
        let Some(slot) = self.resources.iter().position(free) else {
            return false;
        };
        self.resources[slot] = resource;
        self.bits[slot] |= bits;
        true
    }

    /// The bits on any resource of the chain.
    fn on(&self, chain: [u32; 3]) -> u32 {
        self.resources
            .iter()
            .zip(&self.bits)
            .fold(0, |all, (&resource, &bits)| {
                let hit = (resource == chain[0]) | (resource == chain[1]) | (resource == chain[2]);
                all | (bits & u32::from(hit).wrapping_neg())
            })
    }
}

#[derive(Clone, Copy)]
struct User {
    start: u32,
    /// How far the hash of a root is shifted to choose a bucket.
    shift: u8,
    admin: bool,
}

struct Buckets {
    users: Vec<User>,
    lines: Vec<Line>,
    /// Parent and grandparent of each resource.
    ancestors: Vec<[u32; 2]>,
}

impl Buckets {
    fn new(world: &World) -> Buckets {
        let ancestors = (0..world.resources.len())
            .map(|r| world.chain(r as u32))
            .map(|c| [c[1], c[2]]);
        let mut all = Buckets {
            users: Vec::new(),
            lines: Vec::new(),
            ancestors: ancestors.collect(),
        };
        for user in 0..world.spec.users {
            let flat = flatten(world, user, None);
            let (lines, shift) = all.fill(&flat);
            let admin = world.is_admin(user);
            all.users.push(User {
                start: all.lines.len() as u32,
                shift,
                admin,
            });
            all.lines.extend(lines);
        }
        all.lines.shrink_to_fit();
        all
    }

    /// The lines of one user: as many as it takes for none to overflow.
    fn fill(&self, flat: &Flat) -> (Vec<Line>, u8) {
        let least = (flat.len() / 3).next_power_of_two().trailing_zeros();
        (least..32)
            .find_map(|log2| self.lay_out(flat, log2))
            .expect("fewer than 2^32 lines suffice")
    }

    fn lay_out(&self, flat: &Flat, log2: u32) -> Option<(Vec<Line>, u8)> {
        let (mut lines, shift) = (vec![EMPTY; 1 << log2], (32 - log2) as u8);
        let fits = flat.iter().all(|(&resource, &bits)| {
            let place = place(root(self.chain(resource)), shift);
            lines[place].add(resource, bits)
        });
        fits.then_some((lines, shift))
    }

    fn chain(&self, resource: u32) -> [u32; 3] {
        let [parent, grandparent] = self.ancestors[resource as usize];
        [resource, parent, grandparent]
    }
}

/// All that a user has, own or of a group, by resource; with one grant replaced.
fn flatten(world: &World, user: u32, replaced: Option<&Grant>) -> Flat {
    let mut flat = Flat::default();
    for grant in world
        .subjects(user)
        .flat_map(|subject| world.grants_of(subject))
    {
        let same = |new: &&Grant| (new.subject, new.resource) == (grant.subject, grant.resource);
        let bits = replaced.filter(same).unwrap_or(grant).bits;
        *flat.entry(grant.resource).or_default() |= short(bits);
    }
    flat
}

/// The highest resource of a chain.
fn root(chain: [u32; 3]) -> u32 {
    let upper = if chain[1] == NONE { chain[0] } else { chain[1] };
    if chain[2] == NONE { upper } else { chain[2] }
}

fn place(root: u32, shift: u8) -> usize {
    (u64::from(root.wrapping_mul(0x9e37_79b1)) >> shift) as usize
}

impl Engine for Buckets {
    fn name(&self) -> &str {
        "limit: bucket"
    }

    fn check(&mut self, query: &Query) -> bool {
        let user = self.users[query.user as usize];
        let chain = self.chain(query.resource);
        let line = &self.lines[user.start as usize + place(root(chain), user.shift)];
        user.admin | (line.on(chain) & short(query.bit) != 0)
    }

    fn replace(&mut self, world: &World, grant: &Grant) -> bool {
        let User { start, shift, .. } = self.users[grant.subject as usize];
        let flat = flatten(world, grant.subject, Some(grant));
        let (lines, _) = self
            .lay_out(&flat, 32 - u32::from(shift))
            .expect("no resource is new");
        self.lines[start as usize..start as usize + lines.len()].copy_from_slice(&lines);
        true
    }
}
