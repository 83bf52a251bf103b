//! What is asked: half allowed, half denied, and of the denied half on a resource that a grant reaches.

use super::random::Rng;
use super::{ADMIN, GROUP, Kind, Query, World, bits};

impl World {
    /// `count` queries of the mix; `zipf` chooses the second stream.
    pub fn queries(&self, count: usize, zipf: bool) -> Vec<Query> {
        let mut rng = Rng(self.spec.seed ^ 0x5155_4552 ^ u64::from(zipf));
        (0..count).map(|i| self.query(i, zipf, &mut rng)).collect()
    }

    fn query(&self, i: usize, zipf: bool, rng: &mut Rng) -> Query {
        let kind = match rng.below(10) {
            0..5 => Kind::Version,
            5..8 => Kind::Model,
            _ => Kind::Framework,
        };
        let (allowed, reached) = (rng.chance(50), rng.chance(50));
        for attempt in 0.. {
            let user = if zipf {
                rng.zipf(self.spec.users)
            } else {
                rng.below(self.spec.users)
            };
            let on = if allowed || reached {
                self.reached(user, kind, rng)
            } else {
                None
            };
            let resource = match on {
                Some(r) => r,
                None if allowed && self.users[user as usize].roles[0] != ADMIN => continue,
                None => self.any(kind, zipf, rng),
            };
            let q = Query {
                user,
                resource,
                bit: Self::asked(kind, rng),
            };
            if self.expected(q).allowed() == allowed {
                return q;
            }
            assert!(attempt < 100_000, "query {i} cannot be drawn");
        }
        unreachable!()
    }

    fn asked(kind: Kind, rng: &mut Rng) -> u64 {
        match kind {
            Kind::Version => [
                bits::V_READ,
                bits::V_UPDATE,
                bits::V_COMMENT_CREATE,
                bits::V_EXPORT_READ,
            ][rng.below(4) as usize],
            Kind::Model => 1 << (10 + rng.below(6)),
            Kind::Framework => 1 << (26 + rng.below(7)),
        }
    }

    fn any(&self, kind: Kind, zipf: bool, rng: &mut Rng) -> u32 {
        let (base, n) = self.spec.range(kind);
        base + if zipf { rng.zipf(n) } else { rng.below(n) }
    }

    /// A resource of `kind` that a grant of the user reaches; own and group grants half and half.
    fn reached(&self, user: u32, kind: Kind, rng: &mut Rng) -> Option<u32> {
        let groups = self.users[user as usize].groups();
        let subject = if groups.is_empty() || rng.chance(50) {
            user
        } else {
            GROUP | groups[rng.below(groups.len() as u32) as usize]
        };
        let grants = self.grants_of(subject);
        for _ in 0..16 {
            if grants.is_empty() {
                return None;
            }
            let on = grants[rng.below(grants.len() as u32) as usize].resource;
            match (self.kind(on), kind) {
                (a, b) if a == b => return Some(on),
                (Kind::Model, Kind::Version) if subject & GROUP != 0 => {
                    return Some(self.version(on, rng));
                }
                (Kind::Model, Kind::Framework) => match self.under_model.get(&on) {
                    Some(list) => return Some(list[rng.below(list.len() as u32) as usize]),
                    None => continue,
                },
                _ => continue,
            }
        }
        None
    }
}
