//! The decision as fast as the table allows: one line of the user, one of the tree, arithmetic.
//!
//! What is rare (the organisation itself, a role named by the request, a role of selected scope, a sign-in
//! that gives no session) goes the long way. [`reference`](super::reference) is the truth.
//!
//! The usual way is always inlined, so that what was looked up stays in registers, and leaves by calls that
//! take references alone: a processor holds but one check at a time, so that a detour of what it found
//! through memory costs a fifth of it.

use std::ops::ControlFlow;

use super::{AllowReason, Decision, DenyReason, reference};
use crate::command::SignIn;
use crate::permission::PermissionSet;
use crate::resource::{Resource, ResourceKind};
use crate::session::Session;
use crate::state::{
    Found, Fourfold, Look, Nature, ResourceEntry, RoleEntry, State, UserEntry, View,
    nothing_missing, pack, unpack,
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
    if let Some(user) = table.user(sign_in.user)
        && let Some(entry) = table.resource(resource)
    {
        let view = || table.view(user, entry);
        let usual = check_found(state, sign_in, (permissions, entry), user, view, now);
        if let Some(decision) = usual {
            return decision;
        }
    }
    check_in_session(state, sign_in, permissions, resource, now)
}

/// Goes on once user, resource and the two lines are found; `None` where that is not the usual way.
#[inline(always)]
fn check_found<'t>(
    state: &State,
    sign_in: SignIn,
    asked: Asked<'t>,
    user: &'t UserEntry,
    view: impl FnOnce() -> View<'t>,
    now: Timestamp,
) -> Option<Decision> {
    let table = state.table();
    let role = table.primary_role(user)?;
    if sign_in.role.is_some() | state.refuses(user, sign_in.proof) {
        return None;
    }
    let look = Look::new(user, user.role(), asked.1, view());
    Some(decide(state, asked, role, look, now))
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

/// Decides for a session.
#[inline]
pub(super) fn check_session(
    session: &Session<'_>,
    permissions: PermissionSet,
    resource: Resource,
    now: Timestamp,
) -> Decision {
    let table = session.state().table();
    match table.resource(resource) {
        Some(entry) => {
            let view = table.view_in(session.holdings(), entry);
            check_session_found(session, (permissions, entry), view, now)
        }
        None => reference::check_session(session, permissions, resource, now),
    }
}

/// Goes on once the resource and the two lines are found.
#[inline(always)]
fn check_session_found(
    session: &Session<'_>,
    asked: Asked<'_>,
    view: View<'_>,
    now: Timestamp,
) -> Decision {
    let (state, holdings) = (session.state(), session.holdings());
    let look = holdings.look(asked.1, view);
    decide(state, asked, &holdings.definition, look, now)
}

/// A question by ids.
pub(super) type Question = (SignIn, PermissionSet, Resource);

/// Decides a batch of at most [`BATCH`](crate::state::BATCH) questions by ids.
pub(super) fn check_batch(
    state: &State,
    batch: &[Question],
    now: Timestamp,
    mut answer: impl FnMut(Decision),
) {
    let table = state.table();
    let users = table.users(batch.iter().map(|(sign_in, ..)| sign_in.user));
    let resources = table.resources(batch.iter().map(|(.., resource)| *resource));
    let found = users.iter().copied().zip(resources.iter().copied());
    let views = table.views(found.clone().map(|(user, on)| user.zip(on)));
    for (((sign_in, asked, on), found), view) in batch.iter().zip(found).zip(views) {
        let usual = match (found, view) {
            ((Some(user), Some(entry)), Some(view)) => {
                check_found(state, *sign_in, (*asked, entry), user, || view, now)
            }
            _ => None,
        };
        answer(usual.unwrap_or_else(|| check_in_session(state, *sign_in, *asked, *on, now)));
    }
}

/// Decides a batch of at most [`BATCH`](crate::state::BATCH) questions for a session.
pub(super) fn check_session_batch(
    session: &Session<'_>,
    batch: &[(PermissionSet, Resource)],
    now: Timestamp,
    mut answer: impl FnMut(Decision),
) {
    let table = session.state().table();
    let resources = table.resources(batch.iter().map(|(_, resource)| *resource));
    let views = table.views_in(session.holdings(), resources.iter().copied());
    for (((asked, on), found), view) in batch.iter().zip(resources).zip(views) {
        answer(match found.zip(view) {
            Some((entry, view)) => check_session_found(session, (*asked, entry), view, now),
            None => reference::check_session(session, *asked, *on, now),
        });
    }
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
    let table = session.state().table();
    match table.resource(resource) {
        Some(entry) => {
            let view = table.view_in(session.holdings(), entry);
            access_found(session, (resource, entry), view, now)
        }
        None => access_without_entry(session, resource, now),
    }
}

/// The same of a batch of at most [`BATCH`](crate::state::BATCH) resources.
pub(super) fn access_batch(
    session: &Session<'_>,
    batch: &[Resource],
    now: Timestamp,
    mut answer: impl FnMut((PermissionSet, PermissionSet)),
) {
    let table = session.state().table();
    let entries = table.resources(batch.iter().copied());
    let views = table.views_in(session.holdings(), entries.iter().copied());
    for ((on, found), view) in batch.iter().zip(entries).zip(views) {
        answer(match found.zip(view) {
            Some((entry, view)) => access_found(session, (*on, entry), view, now),
            None => access_without_entry(session, *on, now),
        });
    }
}

/// Of the organisation, where nothing can be restricted, or of nothing at all.
fn access_without_entry(
    session: &Session<'_>,
    resource: Resource,
    now: Timestamp,
) -> (PermissionSet, PermissionSet) {
    let permissions = reference::effective(session, resource, now);
    (permissions, PermissionSet::EMPTY)
}

/// Goes on once the resource and the two lines are found.
fn access_found(
    session: &Session<'_>,
    (resource, entry): (Resource, &ResourceEntry),
    view: View<'_>,
    now: Timestamp,
) -> (PermissionSet, PermissionSet) {
    let (state, holdings) = (session.state(), session.holdings());
    let of_kind = PermissionSet::of_kind(resource.kind());
    let role = &holdings.definition;
    if role.nature == Nature::Admin {
        return (of_kind, PermissionSet::EMPTY);
    }
    let look = holdings.look(entry, view);
    let Found { own, groups, taken } = state.table().found(look, now);
    let given = (own | groups | scope(state, role, entry)) & role.ceiling;
    let cut = |word: u32| unpack(word).intersection(of_kind);
    (cut(given & !taken), cut(given & taken))
}

/// What the role gives on a resource without any grant.
fn scope(state: &State, role: &RoleEntry, resource: &ResourceEntry) -> u32 {
    if role.nature == Nature::Selected {
        return state.table().selected(role, resource);
    }
    role.everywhere
}

/// The permissions that no resource of a kind has, by the number of the kind.
const AMISS: [u64; 4] = [
    u64::MAX,
    !PermissionSet::of_kind(ResourceKind::Model).bits(),
    !PermissionSet::of_kind(ResourceKind::Version).bits(),
    !PermissionSet::of_kind(ResourceKind::Framework).bits(),
];

/// What each outcome of the tests says: a bit for each of [`nothing_missing`], and the highest where nothing
/// asked is taken.
#[allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "evaluated by the compiler"
)]
const ANSWERS: [Decision; 32] = {
    let mut answers = [Decision::Deny(DenyReason::AboveCeiling); 32];
    let mut tests: usize = 0;
    while tests < answers.len() {
        answers[tests] = match [tests & 8, tests & 16, tests & 4, tests & 2, tests & 1] {
            [0, ..] => Decision::Deny(DenyReason::AboveCeiling),
            [_, 0, ..] => Decision::Deny(DenyReason::Restricted),
            [_, _, 0, ..] => Decision::Deny(DenyReason::NotGranted),
            [.., 1] => Decision::Allow(AllowReason::Grant),
            [.., 2, _] => Decision::Allow(AllowReason::GroupGrant),
            _ => Decision::Allow(AllowReason::RoleScope),
        };
        tests += 1;
    }
    answers
};

/// What is asked of a resource.
type Asked<'t> = (PermissionSet, &'t ResourceEntry);

/// Permissions that no resource of the kind has.
#[inline]
fn amiss(resource: &ResourceEntry) -> u64 {
    AMISS.get(resource.sort() & 3).copied().unwrap_or(u64::MAX)
}

/// Decides what was looked up.
#[inline(always)]
fn decide(
    state: &State,
    asked: Asked<'_>,
    role: &RoleEntry,
    look: Look<'_>,
    now: Timestamp,
) -> Decision {
    let (permissions, resource) = asked;
    let mut scope = role.everywhere;
    if permissions.is_empty()
        || role.nature != Nature::Plain
        || permissions.bits() & amiss(resource) != 0
    {
        match decide_strange(state, asked, role) {
            ControlFlow::Break(decision) => return decision,
            ControlFlow::Continue(given) => scope = given,
        }
    } else if let Some(given) = look.glance() {
        return answer(permissions, given, 0, [role.everywhere, role.ceiling]);
    }
    let Found { own, groups, taken } = state.table().look_closer(look, now);
    let given = [own, groups].map(Fourfold::new);
    answer(permissions, given, taken, [scope, role.ceiling])
}

/// Decides what is asked amiss, or by Admins; otherwise says what the scope of the role gives.
#[cold]
#[inline(never)]
fn decide_strange(state: &State, asked: Asked<'_>, role: &RoleEntry) -> ControlFlow<Decision, u32> {
    let (permissions, resource) = asked;
    if permissions.bits() & amiss(resource) != 0 {
        ControlFlow::Break(Decision::Deny(DenyReason::WrongKind))
    } else if permissions.is_empty() {
        ControlFlow::Break(Decision::Deny(DenyReason::NotGranted))
    } else if role.nature == Nature::Admin {
        ControlFlow::Break(Decision::Allow(AllowReason::Admin))
    } else {
        ControlFlow::Continue(scope(state, role, resource))
    }
}

/// The tests of the rule side by side: what the first of them says, without a branch on any.
#[inline]
fn answer(
    permissions: PermissionSet,
    given: [Fourfold; 2],
    taken: u32,
    by_role: [u32; 2],
) -> Decision {
    let asked = pack(permissions);
    let tests = nothing_missing(asked, given, by_role);
    let tests = tests | u32::from(asked & taken == 0) << 4;
    let answer = ANSWERS.get(tests as usize & 31).copied();
    answer.unwrap_or(Decision::Deny(DenyReason::NotGranted))
}
