//! How much memory the tables of a state take.

use super::State;

/// How many bytes the tables of a state take, as if it shared nothing with other revisions.
///
/// What stands beside the tables is not counted: names, addresses, definitions, and the ordered lists of
/// ids.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Footprint {
    /// Users by id. A check reads one.
    pub users: usize,
    /// Resources by id. A check reads one.
    pub resources: usize,
    /// What users and groups hold, by holder. A check reads one line of a user.
    pub rows: usize,
    /// What groups hold, by tree of resources. A check reads one line of a tree.
    pub trees: usize,
    /// Groups and roles. A check reads a role.
    pub groups: usize,
    /// The way back from the tables to ids, for lists.
    pub ids: usize,
    /// Who holds anything on what, for lists.
    pub holders: usize,
    /// Who is in which group, for lists.
    pub members: usize,
}

impl Footprint {
    /// Bytes of the tables that checks read.
    #[must_use]
    pub fn checks(&self) -> usize {
        let parts = [
            self.users,
            self.resources,
            self.rows,
            self.trees,
            self.groups,
        ];
        parts.into_iter().fold(0, usize::saturating_add)
    }

    /// Bytes of all tables.
    #[must_use]
    pub fn total(&self) -> usize {
        let parts = [self.ids, self.holders, self.members];
        parts.into_iter().fold(self.checks(), usize::saturating_add)
    }
}

impl State {
    /// How many bytes the tables of this state take. Cost in proportion to the organisation.
    #[must_use]
    pub fn footprint(&self) -> Footprint {
        self.table.footprint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Author, Commit, Event};
    use crate::id::ModelId;
    use crate::resource::Resource;
    use crate::time::Timestamp;

    #[test]
    fn grows_with_what_is_registered() {
        let mut state = State::new();
        let name = "Acme".parse().unwrap();
        let founded = std::iter::once(Event::Founded { name });
        let models = (0..10_000_u64).map(|id| Event::ResourceRegistered {
            resource: ModelId::from(id).into(),
            parent: Resource::Organisation,
        });
        let events = founded.chain(models).collect();
        let commit = Commit {
            revision: 1,
            at: Timestamp::from_milliseconds(0),
            author: Author::Operator,
            events,
        };
        let before = state.footprint();
        state.apply(&commit).unwrap();
        let after = state.footprint();
        assert!(after.resources > before.resources + 10_000 * 32);
        assert!(after.ids > before.ids + 10_000 * 16);
        assert_eq!(after.users, before.users);
        assert_eq!(
            after.total() - after.checks(),
            after.ids + after.holders + after.members
        );
    }
}
