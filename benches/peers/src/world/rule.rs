//! The rule, written to be read: the oracle that every engine must agree with.

use super::{GROUP, Grant, Query, Role, World};

impl World {
    /// Whether the query is allowed: an Admin, or a grant on the chain of the resource, own or of a group.
    pub fn allows(&self, query: &Query) -> bool {
        self.users[query.user as usize].role == Role::Admin || self.sources(query).next().is_some()
    }

    /// The grants that give the bit on the resource.
    pub fn sources<'w>(&'w self, query: &Query) -> impl Iterator<Item = &'w Grant> {
        let (chain, bit) = (self.chain(query.resource), query.bit);
        let gives = move |grant: &&Grant| grant.bits & bit != 0 && chain.contains(&grant.resource);
        self.subjects(query.user).flat_map(|subject| self.grants_of(subject)).filter(gives)
    }

    /// The user, and the groups of the user.
    pub fn subjects(&self, user: u32) -> impl Iterator<Item = u32> + '_ {
        let groups = self.users[user as usize].groups().iter();
        std::iter::once(user).chain(groups.map(|group| GROUP | group))
    }
}
