//! The first hand-written limit: one hash table (subject, resource) -> bits; groups and parents at the check.

use crate::engine::{Engine, Entry, unbounded};
use crate::world::{GROUP, Grant, NONE, Query, Role, World, bits};
use foldhash::fast::FixedState;
use std::collections::HashMap;
use std::hash::{Hash, Hasher};

/// Enters the limit.
pub fn entry() -> Entry {
    Entry { name: "limit: raw", bound: unbounded, build: |world| Box::new(Raw::new(world)) }
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
        let mut table = HashMap::with_capacity_and_hasher(world.grants.len(), FixedState::with_seed(1));
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
        self.0.insert(Key(grant.subject, grant.resource), short(grant.bits));
    }
}

/// The permissions of resources in 32 bits.
pub fn short(set: u64) -> u32 {
    (set >> bits::FIRST) as u32
}

struct Subjects {
    groups: [u32; 3],
    admin: bool,
}

struct Raw {
    table: Table,
    users: Vec<Subjects>,
    parents: Vec<u32>,
}

impl Raw {
    fn new(world: &World) -> Raw {
        let users = world.users.iter().map(|user| {
            let mut groups = [NONE; 3];
            groups.iter_mut().zip(user.groups()).for_each(|(to, group)| *to = GROUP | group);
            Subjects { groups, admin: user.role == Role::Admin }
        });
        Raw {
            table: Table::new(world),
            users: users.collect(),
            parents: world.resources.iter().map(|resource| resource.parent).collect(),
        }
    }

    /// Whether one of the subjects has the bit on the resource or above it.
    fn any(&self, subjects: &[u32], resource: u32, bit: u32) -> bool {
        let mut on = resource;
        while on != NONE {
            if subjects.iter().any(|&subject| self.table.bits(subject, on) & bit != 0) {
                return true;
            }
            on = self.parents[on as usize];
        }
        false
    }
}

impl Engine for Raw {
    fn name(&self) -> &str {
        "limit: raw"
    }

    fn check(&mut self, query: &Query) -> bool {
        let subjects = &self.users[query.user as usize];
        let (resource, bit) = (query.resource, short(query.bit));
        subjects.admin || self.any(&[query.user], resource, bit) || self.any(&subjects.groups, resource, bit)
    }

    fn replace(&mut self, _: &World, grant: &Grant) -> bool {
        self.table.set(grant);
        true
    }
}
