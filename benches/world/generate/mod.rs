//! The worlds as plain data, their query mixes, and a slow rule to draw queries by.
//!
//! Everything is drawn from a fixed seed by splitmix64: the same `Spec` gives the same world, bit for bit.

pub mod bits;
mod draw;
mod entitlements;
mod queries;
mod random;
mod rule;
mod spec;

use std::collections::HashMap;

pub use random::{Rng, group_id, resource_id, user_id};
pub use spec::{Features, Spec};

/// "No parent" / "no expiry".
pub const NONE: u32 = u32::MAX;
/// Set in `Grant::subject` and `Restriction::subject` when the subject is a group.
pub const GROUP: u32 = 1 << 31;
/// The instant all queries are asked at, ms.
pub const NOW: u64 = 1_800_000_000_000;
pub const ADMIN: u8 = 0;
pub const DATA_ARCHITECT: u8 = 1;
pub const REVIEWER: u8 = 2;
pub const CUSTOM_ALL: u8 = 3;
pub const CUSTOM_SELECTED: u8 = 4;

#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Kind {
    Model = 1,
    Version = 2,
    Framework = 3,
}

impl Kind {
    pub fn bits(self) -> u64 {
        match self {
            Kind::Model => bits::MODEL,
            Kind::Version => bits::VERSION,
            Kind::Framework => bits::FRAMEWORK,
        }
    }

    /// What a grant on a resource of the kind can carry.
    pub fn at_or_below(self) -> u64 {
        match self {
            Kind::Model => bits::MODEL | bits::VERSION | bits::FRAMEWORK,
            Kind::Version => bits::VERSION | bits::FRAMEWORK,
            Kind::Framework => bits::FRAMEWORK,
        }
    }
}

#[derive(Clone, Debug)]
pub enum Scope {
    All,
    /// Dense resource indexes, ascending.
    Selected(Vec<u32>),
    Granted,
}

#[derive(Clone, Debug)]
pub struct Role {
    pub name: &'static str,
    pub defaults: u64,
    pub ceiling: u64,
    pub scope: Scope,
}

#[derive(Clone, Debug)]
pub struct User {
    /// Roles held; the first is primary and the one every query acts under.
    pub roles: [u8; 2],
    pub role_count: u8,
    pub group_count: u8,
    pub groups: [u32; 3],
}

impl User {
    pub fn roles(&self) -> &[u8] {
        &self.roles[..self.role_count as usize]
    }
    pub fn groups(&self) -> &[u32] {
        &self.groups[..self.group_count as usize]
    }
}

#[derive(Clone, Copy, Debug)]
pub struct Resource {
    pub kind: Kind,
    /// Dense index of the parent, or `NONE` (the organisation).
    pub parent: u32,
}

#[derive(Clone, Copy, Debug)]
pub struct Grant {
    /// User index, or `GROUP | group index`.
    pub subject: u32,
    pub resource: u32,
    pub bits: u64,
    expiry: u64,
}

impl Grant {
    pub fn expires_at(&self) -> Option<u64> {
        (self.expiry != u64::MAX).then_some(self.expiry)
    }
    pub fn live(&self, now: u64) -> bool {
        now < self.expiry
    }
}

#[derive(Clone, Copy, Debug)]
pub struct Restriction {
    pub subject: u32,
    pub resource: u32,
    pub bits: u64,
}

#[derive(Clone, Debug)]
pub struct World {
    pub spec: Spec,
    pub roles: Vec<Role>,
    pub users: Vec<User>,
    /// Role of each group.
    pub groups: Vec<u8>,
    /// Models, then versions (model-major), then frameworks (half top-level, a quarter each under a model / a version).
    pub resources: Vec<Resource>,
    /// Users in order, then groups in order.
    pub grants: Vec<Grant>,
    pub restrictions: Vec<Restriction>,
    starts: Vec<u32>,
    restricted: HashMap<u32, (u32, u64)>,
    under_model: HashMap<u32, Vec<u32>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Query {
    pub user: u32,
    pub resource: u32,
    /// The one bit asked for.
    pub bit: u64,
}

impl World {
    pub fn kind(&self, resource: u32) -> Kind {
        self.resources[resource as usize].kind
    }

    /// The grants of a user index or of `GROUP | group`.
    pub fn grants_of(&self, subject: u32) -> &[Grant] {
        let i = if subject & GROUP == 0 {
            subject
        } else {
            (subject & !GROUP) + self.spec.users
        } as usize;
        &self.grants[self.starts[i] as usize..self.starts[i + 1] as usize]
    }

    /// The restriction of a user index or of `GROUP | group`: at most one each.
    pub fn restriction_of(&self, subject: u32) -> Option<(u32, u64)> {
        self.restricted.get(&subject).copied()
    }

    /// The resource and its ancestors without the organisation, `NONE` filled.
    pub fn chain(&self, resource: u32) -> [u32; 3] {
        let up = |r: u32| {
            if r == NONE {
                NONE
            } else {
                self.resources[r as usize].parent
            }
        };
        [resource, up(resource), up(up(resource))]
    }
}
