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
    let sso = u32::from(security.require_sso & !proof.sso).wrapping_mul(SUBJECT_TO_SSO);
    let mfa = u32::from(security.require_mfa & !proof.mfa).wrapping_mul(SUBJECT_TO_MFA);
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
    access(session, resource, now).0
}

/// Everything a session may do on a resource, and what only restrictions withhold from it there.
pub(super) fn access(
    session: &Session<'_>,
    resource: Resource,
    now: Timestamp,
) -> (PermissionSet, PermissionSet) {
    let state = session.state();
    let Some(entry) = state.table().resource(resource) else {
        // The organisation, where nothing can be restricted, or nothing at all.
        let permissions = reference::effective(session, resource, now);
        return (permissions, PermissionSet::EMPTY);
    };
    let of_kind = PermissionSet::of_kind(resource.kind());
    let holdings = session.holdings();
    let role = &holdings.definition;
    if role.nature == Nature::Admin {
        return (of_kind, PermissionSet::EMPTY);
    }
    let Found { own, groups, taken } = state.table().found_in(holdings, entry, now);
    let given = (own | groups | scope(state, role, entry)) & role.ceiling;
    let cut = |word: u32| unpack(word).intersection(of_kind);
    (cut(given & !taken), cut(given & taken))
}

/// What the role gives on a resource without any grant.
#[inline]
fn scope(state: &State, role: &RoleEntry, resource: &ResourceEntry) -> u32 {
    if role.nature == Nature::Selected {
        return selected_scope(state, role, resource);
    }
    role.everywhere
}

#[cold]
#[inline(never)]
fn selected_scope(state: &State, role: &RoleEntry, resource: &ResourceEntry) -> u32 {
    let role = state.role(role.id());
    let reaching = role.filter(|role| role.scope.reaches(state.table().links(resource)));
    reaching.map_or(0, |role| pack(role.defaults))
}

/// The permissions of each kind of resource, by the number of the kind.
const OF_KIND: [u64; 4] = [
    0,
    PermissionSet::of_kind(ResourceKind::Model).bits(),
    PermissionSet::of_kind(ResourceKind::Version).bits(),
    PermissionSet::of_kind(ResourceKind::Framework).bits(),
];

/// What each test says, the first that applies.
const ANSWERS: [Decision; 16] = {
    let mut answers = [Decision::Allow(AllowReason::RoleScope); 16];
    answers[0] = Decision::Deny(DenyReason::WrongKind);
    answers[1] = Decision::Deny(DenyReason::NotGranted);
    answers[2] = Decision::Allow(AllowReason::Admin);
    answers[3] = Decision::Deny(DenyReason::AboveCeiling);
    answers[4] = Decision::Deny(DenyReason::Restricted);
    answers[5] = Decision::Deny(DenyReason::NotGranted);
    answers[6] = Decision::Allow(AllowReason::Grant);
    answers[7] = Decision::Allow(AllowReason::GroupGrant);
    answers
};

/// The tests of the rule side by side, a bit each: what the first of them says, without a branch on any.
#[inline]
fn decide(
    state: &State,
    (permissions, resource): (PermissionSet, &ResourceEntry),
    role: &RoleEntry,
    found: Found,
) -> Decision {
    let of_kind = OF_KIND.get(resource.sort() & 3).copied().unwrap_or(0);
    let asked = pack(permissions);
    let Found { own, groups, taken } = found;
    let scope = scope(state, role, resource);
    let tests = u32::from(permissions.bits() & !of_kind != 0)
        | u32::from(permissions.is_empty()) << 1
        | u32::from(role.nature == Nature::Admin) << 2
        | u32::from(asked & !role.ceiling != 0) << 3
        | u32::from(asked & taken != 0) << 4
        | u32::from(asked & !(own | groups | scope) != 0) << 5
        | u32::from(asked & !own == 0) << 6
        | u32::from(asked & !(own | groups) == 0) << 7
        | 1 << 8;
    let first = tests.trailing_zeros() as usize & 15;
    let answer = ANSWERS.get(first).copied();
    answer.unwrap_or(Decision::Deny(DenyReason::NotGranted))
}
