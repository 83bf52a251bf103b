//! What this package asks of a world beside its rule.

use crate::world::generate::{ADMIN, GROUP, Grant, Query, World};

impl World {
    /// Whether the query is allowed, by the slow rule that every engine must agree with.
    pub fn allows(&self, query: &Query) -> bool {
        self.expected(*query).allowed()
    }

    /// Whether the user is an Admin.
    pub fn is_admin(&self, user: u32) -> bool {
        self.users[user as usize].roles().contains(&ADMIN)
    }

    /// The user, and the groups of the user.
    pub fn subjects(&self, user: u32) -> impl Iterator<Item = u32> + '_ {
        let groups = self.users[user as usize].groups().iter();
        std::iter::once(user).chain(groups.map(|group| GROUP | group))
    }

    /// The grants that give the bit on the resource.
    pub fn sources<'w>(&'w self, query: &Query) -> impl Iterator<Item = &'w Grant> {
        let (chain, bit) = (self.chain(query.resource), query.bit);
        let gives = move |grant: &&Grant| grant.bits & bit != 0 && chain.contains(&grant.resource);
        self.subjects(query.user)
            .flat_map(|subject| self.grants_of(subject))
            .filter(gives)
    }
}

#[cfg(test)]
mod tests {
    use crate::world::form;
    use crate::world::generate::{Features, Kind, Query, Spec, World};
    use crate::world::{NOW, events};
    use rolebook::{Author, Commit, State};

    fn world(size: &str, features: Features) -> World {
        World::new(Spec::named(size, features).expect("a size"))
    }

    fn share(queries: &[Query], of: impl Fn(&&Query) -> bool) -> usize {
        queries.iter().filter(of).count() * 100 / queries.len()
    }

    #[test]
    fn half_is_allowed_and_half_is_on_versions() {
        for (size, zipf) in [("S", false), ("M", false), ("S", true), ("1", false)] {
            let world = world(size, Features::PEERS);
            let queries = world.queries(1 << 13, zipf);
            assert!(
                (47..=53).contains(&share(&queries, |query| world.allows(query))),
                "{size}"
            );
            let on_version = |query: &&Query| world.kind(query.resource) == Kind::Version;
            assert!((47..=53).contains(&share(&queries, on_version)), "{size}");
        }
    }

    #[test]
    fn the_serialised_form_is_the_organisation_that_the_events_make() {
        let world = world("S", Features::ALL);
        let events = events(&world).collect();
        let mut state = State::new();
        state
            .apply(&Commit {
                revision: 1,
                at: NOW,
                author: Author::Operator,
                events,
            })
            .expect("they fit");
        assert!(form::loaded(&world) == state);
    }

    /// Figures of different days are of the same worlds.
    #[test]
    fn worlds_and_queries_stay_as_they_are() {
        let drawn = [Features::PEERS, Features::ALL].map(|features| {
            let world = world("S", features);
            let grants = world
                .grants
                .iter()
                .map(|it| u64::from(it.subject ^ it.resource) ^ it.bits);
            let restrictions = world
                .restrictions
                .iter()
                .map(|it| u64::from(it.resource) ^ it.bits);
            let queries = world
                .queries(1_000, true)
                .into_iter()
                .chain(world.queries(1_000, false));
            let queries = queries.map(|it| u64::from(it.user ^ it.resource) ^ it.bit);
            let all = grants.chain(restrictions).chain(queries);
            all.fold(0, |all: u64, one| all.rotate_left(7) ^ one)
        });
        assert_eq!(drawn, [0xeb85_201f_b25a_0af1, 0x6701_67ee_e7b0_c7de]);
    }
}
