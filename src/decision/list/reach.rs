//! Where a permission comes in for a session, and where it is taken.

use crate::permission::Permission;
use crate::resource::{Resource, ResourceKind};
use crate::role::Scope;
use crate::session::Session;
use crate::state::{self, State};
use crate::time::Timestamp;

/// The rule turned round, for one session and one permission on models, versions or frameworks:
/// allowed is what stands at or beneath where it is given, and not at or beneath where it is taken.
#[derive(Debug)]
pub(super) struct Reach<'state> {
    state: &'state State,
    is_everywhere: bool,
    reach: state::Reach,
}

impl<'state> Reach<'state> {
    pub(super) fn of(session: &Session<'state>, permission: Permission, now: Timestamp) -> Self {
        let state = session.state();
        let role = session.role_definition();
        let by_default = role.defaults.holds(permission);
        let mut reach = state::Reach::default();
        if !session.is_admin() && role.ceiling.holds(permission) {
            reach = state
                .table()
                .reach(session.holdings(), (permission.into(), now));
            let selected = role.scope.selected().filter(|_| by_default);
            let slot = |it| state.table().resource_slot(it);
            reach.given.extend(selected.filter_map(slot));
        }
        Self {
            state,
            is_everywhere: session.is_admin() || by_default && role.scope == Scope::All,
            reach,
        }
    }

    pub(super) const fn state(&self) -> &'state State {
        self.state
    }

    /// Whether it is given on every resource.
    pub(super) const fn is_everywhere(&self) -> bool {
        self.is_everywhere
    }

    /// Whether a restriction takes it on a resource or above it.
    pub(super) fn is_taken_at(&self, resource: Resource) -> bool {
        self.state.table().is_taken_at(&self.reach, resource)
    }

    /// The ids of what stands at or beneath where it is given and is not taken, in no order, some more
    /// than once.
    pub(super) fn ids(mut self, kind: ResourceKind) -> Vec<u128> {
        self.reach.given.sort_unstable();
        self.reach.given.dedup();
        self.state.table().ids_beneath(&self.reach, kind)
    }
}
