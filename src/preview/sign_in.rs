//! Sign-ins that worked before and would fail after.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::event::Event;
use crate::id::{RoleId, UserId};
use crate::session::SessionRefusal;
use crate::settings::{MissingProof, SignInProof};
use crate::state::State;
use crate::user::User;

/// Sign-ins that work and would start to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignInFailure {
    /// The user who signs in.
    pub user: UserId,
    /// The role they would act under; `None` where it fails under all of them.
    pub role: Option<RoleId>,
    /// Why it would fail. A proof that is required now: for those who come without it.
    pub reason: SessionRefusal,
}

/// The sign-ins that fail in `after` and not in `before`, by user.
pub(super) fn failures(before: &State, after: &State, events: &[Event]) -> Vec<SignInFailure> {
    let tightened = events
        .iter()
        .any(|event| matches!(event, Event::SecurityChanged { .. }));
    if tightened {
        let users = before.users().map(|(id, _)| id);
        return users
            .flat_map(|id| failures_of(id, before, after))
            .collect();
    }
    let users: BTreeSet<_> = events.iter().filter_map(user_of).collect();
    let users = users.into_iter();
    users
        .flat_map(|id| failures_of(id, before, after))
        .collect()
}

fn user_of(event: &Event) -> Option<UserId> {
    match event {
        Event::UserRemoved { user, .. }
        | Event::RolesAssigned { user, .. }
        | Event::UserSuspended { user } => Some(*user),
        _ => None,
    }
}

fn failures_of(id: UserId, before: &State, after: &State) -> Vec<SignInFailure> {
    let Some(was) = before.user(id).filter(|user| user.is_active()) else {
        return Vec::new();
    };
    let failure = |role, reason| SignInFailure {
        user: id,
        role,
        reason,
    };
    match after.user(id) {
        None => vec![failure(None, SessionRefusal::UnknownUser)],
        Some(is) if !is.is_active() => vec![failure(None, SessionRefusal::Suspended)],
        Some(is) => {
            let lost = was.roles.iter().filter(|role| !is.roles.contains(*role));
            let lost = lost.map(|role| failure(Some(role), SessionRefusal::RoleNotHeld));
            let demanded = newly_demanded((before, was), (after, is));
            lost.chain(demanded.map(|proof| failure(None, proof.into())))
                .collect()
        }
    }
}

/// The proofs that a user needs in `after` and did not in `before`.
fn newly_demanded(
    before: (&State, &User),
    after: (&State, &User),
) -> impl Iterator<Item = MissingProof> + use<> {
    let all_but_one = [
        SignInProof {
            sso: false,
            ..SignInProof::FULL
        },
        SignInProof {
            mfa: false,
            ..SignInProof::FULL
        },
    ];
    let missing =
        |(state, user): (&State, &User), proof| state.security().missing_proof(user, proof);
    let demanded =
        all_but_one.map(|proof| missing(after, proof).filter(|_| missing(before, proof).is_none()));
    demanded.into_iter().flatten()
}
