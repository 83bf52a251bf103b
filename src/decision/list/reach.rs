//! Where a permission comes in for a session, and where it is taken.

use crate::id::GroupId;
use crate::permission::Permission;
use crate::resource::Resource;
use crate::role::Scope;
use crate::session::Session;
use crate::state::State;
use crate::subject::Subject;
use crate::time::Timestamp;

/// The rule turned round, for one session and one permission on models, versions or frameworks:
/// allowed is what stands at or beneath a root, and not at or beneath a resource where it is taken.
#[derive(Debug)]
pub(super) struct Reach<'state> {
    state: &'state State,
    roots: Roots,
    /// Where a restriction takes the permission, in order.
    taken: Vec<Resource>,
}

#[derive(Debug)]
enum Roots {
    Everything,
    These(Vec<Resource>),
}

impl<'state> Reach<'state> {
    pub(super) fn of(session: &Session<'state>, permission: Permission, now: Timestamp) -> Self {
        let state = session.state();
        let role = session.role_definition();
        let (roots, taken) = if session.is_admin() {
            (Roots::Everything, Vec::new())
        } else if role.ceiling.holds(permission) {
            (roots(session, permission, now), taken(session, permission))
        } else {
            (Roots::These(Vec::new()), Vec::new())
        };
        Self {
            state,
            roots,
            taken,
        }
    }

    pub(super) const fn state(&self) -> &'state State {
        self.state
    }

    /// Where it comes in; `None` where that is everywhere.
    pub(super) fn roots(&self) -> Option<&[Resource]> {
        match &self.roots {
            Roots::Everything => None,
            Roots::These(roots) => Some(roots),
        }
    }

    /// Whether a restriction takes it on this very resource.
    pub(super) fn is_taken_on(&self, resource: Resource) -> bool {
        !self.taken.is_empty() && self.taken.binary_search(&resource).is_ok()
    }

    /// Whether a restriction takes it on a resource or above it.
    pub(super) fn is_taken_at(&self, resource: Resource) -> bool {
        let is_taken = |link: &Resource| self.is_taken_on(*link);
        let chain = || self.state.chain(resource);
        !self.taken.is_empty() && chain().is_none_or(|chain| chain.iter().any(is_taken))
    }
}

fn roots(session: &Session<'_>, permission: Permission, now: Timestamp) -> Roots {
    let state = session.state();
    let role = session.role_definition();
    let by_default = role.defaults.holds(permission);
    if by_default && role.scope == Scope::All {
        return Roots::Everything;
    }
    let of_role = |group: &GroupId| {
        state
            .group(*group)
            .is_some_and(|it| it.role == session.role())
    };
    let groups = state.groups_of(session.user()).filter(of_role);
    let giving = subjects(session, groups).flat_map(|subject| state.grants_of(subject));
    let granted = giving.filter(|(_, grant)| grant.permissions_at(now).holds(permission));
    let selected = role.scope.selected().filter(|_| by_default);
    Roots::These(granted.map(|(on, _)| on).chain(selected).collect())
}

fn taken(session: &Session<'_>, permission: Permission) -> Vec<Resource> {
    let state = session.state();
    let all = subjects(session, state.groups_of(session.user()));
    let restrictions = all.flat_map(|subject| state.restrictions_of(subject));
    let taking = restrictions.filter(|(_, set)| set.holds(permission));
    let mut taken: Vec<Resource> = taking.map(|(on, _)| on).collect();
    taken.sort_unstable();
    taken
}

fn subjects<'a>(
    session: &Session<'_>,
    groups: impl Iterator<Item = GroupId> + 'a,
) -> impl Iterator<Item = Subject> + 'a {
    std::iter::once(Subject::User(session.user())).chain(groups.map(Subject::Group))
}
