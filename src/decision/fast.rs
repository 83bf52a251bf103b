//! The decision as fast as the table allows: one line of the user, one of each group, arithmetic.
//!
//! What is rare (the organisation itself, a role named by the request, a role of selected scope, a sign-in
//! that gives no session) goes the long way. [`reference`](super::reference) is the truth.

use super::{AllowReason, Decision, DenyReason, reference};
use crate::command::SignIn;
use crate::permission::PermissionSet;
use crate::resource::{Resource, ResourceKind};
use crate::session::Session;
use crate::settings::SignInProof;
use crate::state::{
    Found, Nature, ResourceEntry, RoleEntry, SUBJECT_TO_MFA, SUBJECT_TO_SSO, SUSPENDED, State,
    pack, unpack,
};
use crate::time::Timestamp;

/// Decides by ids.
#[inline]
pub(super) fn check(
    state: &State,
    sign_in: SignIn,
    permissions: PermissionSet,
    resource: Resource,
    now: Timestamp,
) -> Decision {
    let table = state.table();
    let (user, entry) = (table.user(sign_in.user), table.resource(resource));
    let (Some(user), Some(entry), None) = (user, entry, sign_in.role) else {
        return check_in_session(state, sign_in, permissions, resource, now);
    };
    match table.primary_role(user) {
        Some(role) if user.flags() & refusing(state, sign_in.proof) == 0 => {
            let found = table.found(user, user.role(), entry, now);
            decide(state, (permissions, entry), role, found)
        }
        _ => check_in_session(state, sign_in, permissions, resource, now),
    }
}

#[cold]
#[inline(never)]
fn check_in_session(
    state: &State,
    sign_in: SignIn,
    permissions: PermissionSet,
    resource: Resource,
    now: Timestamp,
) -> Decision {
    match state.session(sign_in) {
        Ok(session) => check_session(&session, permissions, resource, now),
        Err(refusal) => Decision::Deny(refusal.into()),
    }
}

/// The flags of a user that refuse a session under their primary role with this proof.
#[inline]
fn refusing(state: &State, proof: SignInProof) -> u32 {
    let security = state.security();
    let flag = |holds: bool, flag: u32| u32::from(holds).wrapping_neg() & flag;
    let sso = flag(security.require_sso & !proof.sso, SUBJECT_TO_SSO);
    let mfa = flag(security.require_mfa & !proof.mfa, SUBJECT_TO_MFA);
    SUSPENDED | sso | mfa
}

/// Decides for a session.
#[inline]
pub(super) fn check_session(
    session: &Session<'_>,
    permissions: PermissionSet,
    resource: Resource,
    now: Timestamp,
) -> Decision {
    let state = session.state();
    let Some(entry) = state.table().resource(resource) else {
        return reference::check_session(session, permissions, resource, now);
    };
    let holdings = session.holdings();
    let found = state.table().found_in(holdings, entry, now);
    decide(state, (permissions, entry), &holdings.definition, found)
}

/// Everything a session may do on a resource.
pub(super) fn effective(
    session: &Session<'_>,
    resource: Resource,
    now: Timestamp,
) -> PermissionSet {
    let state = session.state();
    let Some(entry) = state.table().resource(resource) else {
        return reference::effective(session, resource, now);
    };
    let of_kind = PermissionSet::of_kind(resource.kind());
    let holdings = session.holdings();
    let Found { own, groups, taken } = state.table().found_in(holdings, entry, now);
    let role = &holdings.definition;
    if role.nature == Nature::Admin {
        return of_kind;
    }
    let given = own | groups | scope(state, role, entry);
    unpack(given & !taken & role.ceiling).intersection(of_kind)
}

/// What the role gives on a resource without any grant.
fn scope(state: &State, role: &RoleEntry, resource: &ResourceEntry) -> u32 {
    if role.nature == Nature::Selected {
        return state.table().selected(role, resource);
    }
    role.everywhere
}

/// The permissions of each kind of resource, by the number of the kind.
const OF_KIND: [u64; 4] = [
    0,
    PermissionSet::of_kind(ResourceKind::Model).bits(),
    PermissionSet::of_kind(ResourceKind::Version).bits(),
    PermissionSet::of_kind(ResourceKind::Framework).bits(),
];

/// What each test says, the first that applies.
const ANSWERS: [Decision; 8] = {
    let mut answers = [Decision::Allow(AllowReason::RoleScope); 8];
    answers[0] = Decision::Deny(DenyReason::AboveCeiling);
    answers[1] = Decision::Deny(DenyReason::Restricted);
    answers[2] = Decision::Deny(DenyReason::NotGranted);
    answers[3] = Decision::Allow(AllowReason::Grant);
    answers[4] = Decision::Allow(AllowReason::GroupGrant);
    answers
};

/// Decides from what was found.
#[inline]
fn decide(
    state: &State,
    (permissions, resource): (PermissionSet, &ResourceEntry),
    role: &RoleEntry,
    found: Found,
) -> Decision {
    let of_kind = OF_KIND.get(resource.sort() & 3).copied().unwrap_or(0);
    let strange = u64::from(role.nature != Nature::Plain)
        | u64::from(permissions.is_empty())
        | permissions.bits() & !of_kind;
    if strange != 0 {
        return decide_strange(state, (permissions, resource), role, found);
    }
    weigh(permissions, role, found, role.everywhere)
}

/// What is asked amiss, by Admins, or under a role whose scope has to be looked at.
#[cold]
#[inline(never)]
fn decide_strange(
    state: &State,
    (permissions, resource): (PermissionSet, &ResourceEntry),
    role: &RoleEntry,
    found: Found,
) -> Decision {
    let of_kind = OF_KIND.get(resource.sort() & 3).copied().unwrap_or(0);
    if permissions.bits() & !of_kind != 0 {
        Decision::Deny(DenyReason::WrongKind)
    } else if permissions.is_empty() {
        Decision::Deny(DenyReason::NotGranted)
    } else if role.nature == Nature::Admin {
        Decision::Allow(AllowReason::Admin)
    } else {
        weigh(permissions, role, found, scope(state, role, resource))
    }
}

/// The tests of the rule side by side, a bit each: what the first of them says, without a branch on any.
#[inline]
fn weigh(permissions: PermissionSet, role: &RoleEntry, found: Found, scope: u32) -> Decision {
    let asked = pack(permissions);
    let Found { own, groups, taken } = found;
    let missing = |held: u32| u32::from(asked & !held != 0);
    let tests = missing(role.ceiling)
        | u32::from(asked & taken != 0) << 1
        | missing(own | groups | scope) << 2
        | (missing(own) ^ 1) << 3
        | (missing(own | groups) ^ 1) << 4
        | 1 << 5;
    let first = tests.trailing_zeros() as usize & 7;
    let answer = ANSWERS.get(first).copied();
    answer.unwrap_or(Decision::Deny(DenyReason::NotGranted))
}
