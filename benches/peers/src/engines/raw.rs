//! The first hand-written limit: one hash table (subject, resource) -> bits; groups and parents at the check.

use crate::engine::{Engine, Entry, one, unbounded};
use crate::permissions;
use crate::world::generate::{Grant, NONE, Query, World};
use foldhash::fast::FixedState;
use std::collections::HashMap;
use std::hash::{Hash, Hasher};

/// Enters the limit.
pub fn entry() -> Entry {
    Entry {
        name: "limit: raw",
        bound: unbounded,
        build: |world| {
            one(Raw {
                table: Table::new(world),
                heads: Heads::new(world),
            })
        },
    }
}

/// A subject and a resource; two halves so that an entry of the table takes 12 bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Key(u32, u32);

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(u64::from(self.0) << 32 | u64::from(self.1));
    }
}

/// The bits of every grant, by subject and resource.
pub struct Table(HashMap<Key, u32, FixedState>);

impl Table {
    /// The grants of a world.
    pub fn new(world: &World) -> Table {
        let mut table =
            HashMap::with_capacity_and_hasher(world.grants.len(), FixedState::with_seed(1));
        for grant in &world.grants {
            table.insert(Key(grant.subject, grant.resource), short(grant.bits));
        }
        Table(table)
    }

    /// What the subject has by a grant on the resource itself.
    pub fn bits(&self, subject: u32, resource: u32) -> u32 {
        self.0.get(&Key(subject, resource)).copied().unwrap_or(0)
    }

    /// Replaces a grant.
    pub fn set(&mut self, grant: &Grant) {
        self.0
            .insert(Key(grant.subject, grant.resource), short(grant.bits));
    }
}

/// The permissions of resources in 32 bits.
pub fn short(set: u64) -> u32 {
    (set >> permissions::FIRST) as u32
}

/// What a check by dense numbers reads first: the groups of a user, the parent of a resource.
pub struct Heads {
    users: Vec<Subjects>,
    parents: Vec<u32>,
}

struct Subjects {
    groups: [u32; 3],
    admin: bool,
}

impl Heads {
    /// The heads of a world.
    pub fn new(world: &World) -> Heads {
        let users = (0..world.spec.users).map(|user| {
            let mut groups = [NONE; 3];
            groups
                .iter_mut()
                .zip(world.subjects(user).skip(1))
                .for_each(|(to, group)| *to = group);
            Subjects {
                groups,
                admin: world.is_admin(user),
            }
        });
        let parents = world
            .resources
            .iter()
            .map(|resource| resource.parent)
            .collect();
        Heads {
            users: users.collect(),
            parents,
        }
    }

    /// Whether the user is an Admin, or has the bit on the resource or above it, themselves or by a group; `bits` is what
    /// a subject has on a resource itself.
    #[inline]
    pub fn allow(&self, query: &Query, bits: impl Fn(u32, u32) -> u32) -> bool {
        let subjects = &self.users[query.user as usize];
        let any = |all: &[u32]| self.any(all, query.resource, short(query.bit), &bits);
        subjects.admin || any(&[query.user]) || any(&subjects.groups)
    }

    #[inline]
    fn any(
        &self,
        subjects: &[u32],
        resource: u32,
        bit: u32,
        bits: impl Fn(u32, u32) -> u32,
    ) -> bool {
        let mut on = resource;
        while on != NONE {
            if subjects.iter().any(|&subject| bits(subject, on) & bit != 0) {
                return true;
            }
            on = self.parents[on as usize];
        }
        false
    }
}

struct Raw {
    table: Table,
    heads: Heads,
}

impl Engine for Raw {
    fn name(&self) -> &str {
        "limit: raw"
    }

    fn check(&mut self, query: &Query) -> bool {
        self.heads.allow(query, |subject, resource| {
            self.table.bits(subject, resource)
        })
    }

    fn replace(&mut self, _: &World, grant: &Grant) -> bool {
        self.table.set(grant);
        true
    }
}
