//! What is asked: half allowed, half denied, and of the denied half on a resource that a grant reaches.

use super::rng::Rng;
use super::{GROUP, Kind, Query, Role, World, bits};

impl World {
    /// `count` queries; users and resources uniform, or by Zipf (s = 1.0).
    pub fn queries(&self, count: usize, zipf: bool) -> Vec<Query> {
        let mut rng = self.query_stream(zipf);
        (0..count).map(|_| self.query(zipf, &mut rng)).collect()
    }

    fn query(&self, zipf: bool, rng: &mut Rng) -> Query {
        let kind = match rng.below(10) {
            0..5 => Kind::Version,
            5..8 => Kind::Model,
            _ => Kind::Framework,
        };
        let (allowed, reached) = (rng.chance(50), rng.chance(50));
        loop {
            let user = if zipf { rng.zipf(self.spec.users) } else { rng.below(self.spec.users) };
            let on = if allowed || reached { self.reached(user, kind, rng) } else { None };
            let resource = match on {
                Some(resource) => resource,
                None if allowed && self.users[user as usize].role != Role::Admin => continue,
                None => self.any(kind, zipf, rng),
            };
            let query = Query { user, resource, bit: asked(kind, rng) };
            if self.allows(&query) == allowed {
                return query;
            }
        }
    }

    fn any(&self, kind: Kind, zipf: bool, rng: &mut Rng) -> u32 {
        let (base, n) = self.spec.range(kind);
        base + if zipf { rng.zipf(n) } else { rng.below(n) }
    }

    /// A resource of the kind that a grant of the user reaches; own and group grants half and half.
    fn reached(&self, user: u32, kind: Kind, rng: &mut Rng) -> Option<u32> {
        let groups = self.users[user as usize].groups();
        let own = groups.is_empty() || rng.chance(50);
        let subject = if own { user } else { GROUP | groups[rng.below(groups.len() as u32) as usize] };
        let grants = self.grants_of(subject);
        if grants.is_empty() {
            return None;
        }
        (0..16).find_map(|_| {
            let on = grants[rng.below(grants.len() as u32) as usize].resource;
            self.at_or_beneath(on, kind, own, rng)
        })
    }

    fn at_or_beneath(&self, on: u32, kind: Kind, own: bool, rng: &mut Rng) -> Option<u32> {
        match (self.kind(on), kind) {
            (here, wanted) if here == wanted => Some(on),
            (Kind::Model, Kind::Version) if !own => {
                let per_model = self.spec.versions_per_model;
                Some(self.spec.models + on * per_model + rng.below(per_model))
            }
            (Kind::Model, Kind::Framework) => {
                let beneath = self.under_model.get(&on)?;
                Some(beneath[rng.below(beneath.len() as u32) as usize])
            }
            _ => None,
        }
    }
}

fn asked(kind: Kind, rng: &mut Rng) -> u64 {
    let versions = [bits::V_READ, bits::V_UPDATE, bits::V_COMMENT_CREATE, bits::V_EXPORT_READ];
    match kind {
        Kind::Version => versions[rng.below(4) as usize],
        Kind::Model => 1 << (10 + rng.below(6)),
        Kind::Framework => 1 << (26 + rng.below(7)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Spec;
    use super::*;

    fn share(queries: &[Query], of: impl Fn(&&Query) -> bool) -> usize {
        queries.iter().filter(of).count() * 100 / queries.len()
    }

    #[test]
    fn half_is_allowed_and_half_is_on_versions() {
        for (size, zipf) in [("S", false), ("M", false), ("S", true), ("3", false)] {
            let world = World::new(Spec::named(size).expect("a size"));
            let queries = world.queries(1 << 13, zipf);
            assert!((47..=53).contains(&share(&queries, |query| world.allows(query))), "{size}");
            let on_version = |query: &&Query| world.kind(query.resource) == Kind::Version;
            assert!((47..=53).contains(&share(&queries, on_version)), "{size}");
        }
    }

    #[test]
    fn every_grant_is_closed_and_within_the_ceiling() {
        let world = World::new(Spec::named("S").expect("a size"));
        for (user, grant) in (0..100).flat_map(|u| world.grants_of(u).iter().map(move |grant| (u, grant))) {
            let ceiling = world.users[user as usize].role.ceiling();
            assert_eq!(bits::closed(grant.bits) & ceiling, grant.bits);
        }
    }
}
