//! What a state holds, shown and compared: in what order it came about does not matter.

use std::fmt;

use super::super::State;
use crate::subject::Subject;

/// Shows what a function gives, one after the other.
struct Each<F>(F);

impl<F: Fn() -> I, I: Iterator<Item: fmt::Debug>> fmt::Debug for Each<F> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries((self.0)()).finish()
    }
}

impl fmt::Debug for State {
    /// Its content: in what order it came about does not show.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let grants = |of: Subject| self.grants_of(of).map(move |(on, it)| (of, on, it));
        let restrictions = |of: Subject| self.restrictions_of(of).map(move |(on, it)| (of, on, it));
        formatter
            .debug_struct("State")
            .field("revision", &self.revision)
            .field("name", &self.name)
            .field("security", &self.security)
            .field("limits", &self.limits)
            .field("roles", &Each(|| self.custom_roles()))
            .field("users", &Each(|| self.users()))
            .field("groups", &Each(|| self.groups()))
            .field("members", &Each(|| self.memberships()))
            .field("resources", &Each(|| self.links()))
            .field("grants", &Each(|| self.subjects().flat_map(grants)))
            .field(
                "restrictions",
                &Each(|| self.subjects().flat_map(restrictions)),
            )
            .field("invitations", &Each(|| self.invitations()))
            .finish()
    }
}

impl PartialEq for State {
    /// Whether both hold the same, however it came about. Cost in proportion to the organisation.
    fn eq(&self, other: &Self) -> bool {
        let same_settings = self.revision == other.revision
            && self.name == other.name
            && self.security == other.security
            && self.limits == other.limits;
        same_settings
            && self.custom_roles().eq(other.custom_roles())
            && self.users().eq(other.users())
            && self.groups().eq(other.groups())
            && self.memberships().eq(other.memberships())
            && self.links().eq(other.links())
            && self.subjects().all(|it| self.holds_the_same(other, it))
            && self.invitations().eq(other.invitations())
    }
}

impl State {
    fn holds_the_same(&self, other: &Self, subject: Subject) -> bool {
        self.grants_of(subject).eq(other.grants_of(subject))
            && self
                .restrictions_of(subject)
                .eq(other.restrictions_of(subject))
    }
}
