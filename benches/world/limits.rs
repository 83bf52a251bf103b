//! Hand-written limits: dense ids, grants only; no ids to resolve, no expiry, restriction, ceiling or role.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use super::generate::{GROUP, NONE, World};

/// What a check by dense ids reads first: the groups of a user, the chain of a resource.
struct Heads {
    groups: Vec<[u32; 4]>,
    chain: Vec<[u32; 3]>,
}

impl Heads {
    fn new(world: &World) -> Self {
        let groups = world.users.iter().map(|user| {
            let mut groups = [user.groups().len() as u32, 0, 0, 0];
            groups[1..]
                .iter_mut()
                .zip(user.groups())
                .for_each(|(to, from)| *to = *from);
            groups
        });
        Self {
            groups: groups.collect(),
            chain: (0..world.resources.len() as u32)
                .map(|r| world.chain(r))
                .collect(),
        }
    }
}

/// One table (subject, resource) -> bits; groups and the parent are resolved at the check.
///
/// Chains are cut after the parent: frameworks beneath versions are too few to pay for a third look.
pub struct Raw {
    table: HashMap<(u32, u32), u32, FixedState>,
    heads: Heads,
}

impl Raw {
    pub fn new(world: &World) -> Self {
        let mut table =
            HashMap::with_capacity_and_hasher(world.grants.len(), FixedState::default());
        for grant in &world.grants {
            table.insert((grant.subject, grant.resource), (grant.bits >> 10) as u32);
        }
        Self {
            table,
            heads: Heads::new(world),
        }
    }

    #[inline]
    fn of(&self, subject: u32, resource: u32) -> u32 {
        self.table.get(&(subject, resource)).copied().unwrap_or(0)
    }

    #[inline]
    pub fn check(&self, user: u32, resource: u32, bits: u32) -> bool {
        let [_, parent, _] = self.heads.chain[resource as usize];
        let groups = &self.heads.groups[user as usize];
        let of = |subject: u32| {
            let own = self.of(subject, resource);
            if parent == NONE {
                own
            } else {
                own | self.of(subject, parent)
            }
        };
        let groups = groups[1..=(groups[0] as usize & 3)].iter();
        let all = groups.fold(of(user), |all, group| all | of(GROUP | group));
        all & bits == bits
    }
}

#[derive(Clone, Copy)]
#[repr(align(64))]
struct Line([u64; 8]);

/// Lines of 64 bytes per user, flattened over groups; a version and its model in one line.
pub struct Bucket {
    starts: Vec<u32>,
    lines: Vec<Line>,
    chain: Vec<[u32; 3]>,
}

impl Bucket {
    pub fn new(world: &World) -> Self {
        let chain: Vec<[u32; 3]> = (0..world.resources.len() as u32)
            .map(|resource| {
                let chain = world.chain(resource);
                let root = *chain.iter().rev().find(|link| **link != NONE).unwrap();
                chain.map(|link| if link == NONE { root } else { link })
            })
            .collect();
        let (mut starts, mut lines) = (vec![0], Vec::new());
        for user in 0..world.users.len() as u32 {
            let mut all: HashMap<u32, u32, FixedState> = HashMap::default();
            let groups = world.users[user as usize].groups().iter();
            for subject in std::iter::once(user).chain(groups.map(|group| GROUP | group)) {
                for grant in world.grants_of(subject) {
                    *all.entry(grant.resource).or_default() |= (grant.bits >> 10) as u32;
                }
            }
            let at = lines.len();
            let count = (all.len() * 10).div_ceil(42).max(1);
            lines.resize(at + count, Line([u64::MAX; 8]));
            for (resource, bits) in all {
                let mut line = home(chain[resource as usize][2], count);
                let word = u64::from(resource) << 32 | u64::from(bits);
                while !place(&mut lines[at + line], word) {
                    line = (line + 1) % count;
                }
            }
            starts.push(lines.len() as u32);
        }
        Self {
            starts,
            lines,
            chain,
        }
    }

    #[inline]
    pub fn check(&self, user: u32, resource: u32, bits: u32) -> bool {
        let (start, end) = (self.starts[user as usize], self.starts[user as usize + 1]);
        let row = &self.lines[start as usize..end as usize];
        let [own, parent, root] = self.chain[resource as usize];
        let (mut line, mut all) = (home(root, row.len()), 0);
        loop {
            for word in row[line].0 {
                let on = (word >> 32) as u32;
                let hit = (on == own) | (on == parent) | (on == root);
                all |= if hit { word as u32 } else { 0 };
            }
            if row[line].0[7] == u64::MAX {
                return all & bits == bits;
            }
            line = if line + 1 == row.len() { 0 } else { line + 1 };
        }
    }
}

fn place(line: &mut Line, word: u64) -> bool {
    let free = line.0.iter_mut().find(|cell| **cell == u64::MAX);
    free.map(|cell| *cell = word).is_some()
}

fn home(key: u32, lines: usize) -> usize {
    ((u64::from(key.wrapping_mul(0x9e37_79b1)) * lines as u64) >> 32) as usize
}
