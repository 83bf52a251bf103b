//! The decision rule, written to be read.
//!
//! For a user *u* in a session under role *a*, and a resource *r* of kind *k*:
//!
//! ```text
//! granted    = union of the live grants of u, and of u's groups whose role is a, on the chain of r
//!            + defaults(a) where the scope of a reaches r
//!            + the organisation permissions of defaults(a)
//! restricted = union of the restrictions of u, and of all of u's groups, on the chain of r
//! effective  = granted - restricted, within ceiling(a), permissions of kind k
//! allow p    = p is in effective      (Admin: p is of kind k)
//! ```
//!
//! A grant adds, a restriction always wins, and the role's ceiling bounds everything. The fast path
//! must give what this gives; a property test holds them equal.

use super::{AllowReason, Decision, DenyReason};
use crate::command::SignIn;
use crate::id::GroupId;
use crate::permission::PermissionSet;
use crate::resource::{Resource, ResourceKind};
use crate::session::Session;
use crate::state::{Chain, State};
use crate::subject::Subject;
use crate::time::Timestamp;

/// What reaches a resource from each source, of all kinds at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sources {
    /// From live grants to the user.
    pub user_grants: PermissionSet,
    /// From live grants to the user's groups of the role acted under.
    pub group_grants: PermissionSet,
    /// From the defaults of the role.
    pub role_scope: PermissionSet,
    /// Taken by restrictions of the user and of all their groups.
    pub restricted: PermissionSet,
}

impl Sources {
    /// What is given and not taken, before the ceiling and of all kinds.
    #[must_use]
    pub fn remaining(self) -> PermissionSet {
        let granted = self
            .user_grants
            .union(self.group_grants)
            .union(self.role_scope);
        granted.without(self.restricted)
    }
}

/// Decides as the rule is written.
pub fn check(
    state: &State,
    sign_in: SignIn,
    permissions: PermissionSet,
    resource: Resource,
    now: Timestamp,
) -> Decision {
    match state.session_by_rule(sign_in) {
        Ok(session) => check_session(&session, permissions, resource, now),
        Err(refusal) => Decision::Deny(refusal.into()),
    }
}

/// Decides for a session as the rule is written.
pub fn check_session(
    session: &Session<'_>,
    permissions: PermissionSet,
    resource: Resource,
    now: Timestamp,
) -> Decision {
    let Some(chain) = session.state().chain(resource) else {
        return Decision::Deny(DenyReason::UnknownResource);
    };
    if !permissions.is_within(PermissionSet::of_kind(resource.kind())) {
        Decision::Deny(DenyReason::WrongKind)
    } else if permissions.is_empty() {
        Decision::Deny(DenyReason::NotGranted)
    } else if session.is_admin() {
        Decision::Allow(AllowReason::Admin)
    } else {
        judge(
            permissions,
            session.role_definition().ceiling,
            sources(session, &chain, now),
        )
    }
}

fn judge(permissions: PermissionSet, ceiling: PermissionSet, sources: Sources) -> Decision {
    let Sources {
        user_grants,
        group_grants,
        ..
    } = sources;
    if !permissions.is_within(ceiling) {
        Decision::Deny(DenyReason::AboveCeiling)
    } else if permissions.intersects(sources.restricted) {
        Decision::Deny(DenyReason::Restricted)
    } else if !permissions.is_within(sources.remaining()) {
        Decision::Deny(DenyReason::NotGranted)
    } else if permissions.is_within(user_grants) {
        Decision::Allow(AllowReason::Grant)
    } else if permissions.is_within(user_grants.union(group_grants)) {
        Decision::Allow(AllowReason::GroupGrant)
    } else {
        Decision::Allow(AllowReason::RoleScope)
    }
}

/// Everything the session may do on a resource; nothing where it is not registered.
#[must_use]
pub fn effective(session: &Session<'_>, resource: Resource, now: Timestamp) -> PermissionSet {
    let of_kind = PermissionSet::of_kind(resource.kind());
    effective_throughout(session, resource, now).intersection(of_kind)
}

/// What the session may do on a resource, with what its grants there carry for all that may yet
/// come beneath: the rule without the cut to the resource's own kind.
#[must_use]
pub fn effective_throughout(
    session: &Session<'_>,
    resource: Resource,
    now: Timestamp,
) -> PermissionSet {
    match session.state().chain(resource) {
        None => PermissionSet::EMPTY,
        Some(_) if session.is_admin() => PermissionSet::ALL,
        Some(chain) => {
            let ceiling = session.role_definition().ceiling;
            sources(session, &chain, now)
                .remaining()
                .intersection(ceiling)
        }
    }
}

/// What reaches a chain from each source.
#[must_use]
pub fn sources(session: &Session<'_>, chain: &Chain, now: Timestamp) -> Sources {
    let state = session.state();
    let user = Subject::User(session.user());
    let groups = || state.groups_in_no_order(session.user());
    let of_role = |group: &GroupId| {
        state
            .group(*group)
            .is_some_and(|it| it.role == session.role())
    };
    Sources {
        user_grants: granted(state, user, chain, now),
        group_grants: groups()
            .filter(of_role)
            .map(|group| granted(state, group.into(), chain, now))
            .collect(),
        role_scope: role_scope(session, chain),
        restricted: groups()
            .map(|group| restricted(state, group.into(), chain))
            .chain([restricted(state, user, chain)])
            .collect(),
    }
}

fn granted(state: &State, subject: Subject, chain: &Chain, now: Timestamp) -> PermissionSet {
    let grants = chain.iter().filter_map(|link| state.grant(subject, *link));
    grants.map(|grant| grant.permissions_at(now)).collect()
}

fn restricted(state: &State, subject: Subject, chain: &Chain) -> PermissionSet {
    chain
        .iter()
        .filter_map(|link| state.restriction(subject, *link))
        .collect()
}

pub(crate) fn role_scope(session: &Session<'_>, chain: &Chain) -> PermissionSet {
    let role = session.role_definition();
    if role.scope.reaches(chain.iter().copied()) {
        role.defaults
    } else {
        role.defaults
            .intersection(PermissionSet::of_kind(ResourceKind::Organisation))
    }
}
