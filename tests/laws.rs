//! The laws of the decision, over random organisations in a small universe.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test that panics has failed, which is what it is for"
)]

mod universe;

use proptest::prelude::*;
use rolebook::decision::reference;
use rolebook::{
    Actor, AllowReason, Command, Decision, DenyReason, PermissionSet, Resource, SessionRefusal,
    SignIn, SignInProof, State, Subject, Timestamp,
};
use universe::{NOW, execute, moments, organisations, places, questions, sign_ins};

/// Every decision of an organisation at a moment.
fn decisions(
    state: &State,
    now: Timestamp,
) -> impl Iterator<Item = (SignIn, Resource, PermissionSet, Decision)> + '_ {
    sign_ins().flat_map(move |sign_in| {
        places().into_iter().flat_map(move |place| {
            questions().into_iter().map(move |asked| {
                (
                    sign_in,
                    place,
                    asked,
                    state.check(sign_in, asked, place, now),
                )
            })
        })
    })
}

/// The effective set of every sign-in that gives a session, on every place.
fn effective_sets(state: &State, now: Timestamp) -> Vec<(SignIn, Resource, PermissionSet)> {
    let sessions = sign_ins().filter_map(|sign_in| Some((sign_in, state.session(sign_in).ok()?)));
    sessions
        .flat_map(|(sign_in, session)| {
            places()
                .into_iter()
                .map(move |place| (sign_in, place, session.effective(place, now)))
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..Default::default() })]

    #[test]
    fn the_fast_path_is_the_rule_as_written(state in organisations()) {
        for now in moments() {
            for (sign_in, place, asked, decision) in decisions(&state, now) {
                prop_assert_eq!(decision, reference::check(&state, sign_in, asked, place, now));
            }
            for (sign_in, place, effective) in effective_sets(&state, now) {
                let session = state.session(sign_in).unwrap();
                prop_assert_eq!(effective, reference::effective(&session, place, now));
            }
        }
    }

    #[test]
    fn a_session_is_of_who_signs_in_under_the_role_they_name(state in organisations()) {
        let proofs = [SignInProof::NONE, SignInProof::FULL];
        for sign_in in sign_ins().flat_map(|it| proofs.map(|proof| it.with_proof(proof))) {
            let Some(user) = state.user(sign_in.user) else {
                prop_assert_eq!(state.session(sign_in).unwrap_err(), SessionRefusal::UnknownUser);
                continue;
            };
            let role = sign_in.role.unwrap_or(user.roles.primary());
            let refusal = if !user.is_active() {
                Some(SessionRefusal::Suspended)
            } else if !user.roles.contains(role) {
                Some(SessionRefusal::RoleNotHeld)
            } else {
                let missing = state.security().missing_proof(user, sign_in.proof);
                missing.map(SessionRefusal::from)
            };
            match state.session(sign_in) {
                Err(refused) => prop_assert_eq!(Some(refused), refusal),
                Ok(session) => {
                    prop_assert_eq!(refusal, None);
                    prop_assert_eq!((session.user(), session.role()), (sign_in.user, role));
                    prop_assert_eq!(Some(session.role_definition()), state.role(role));
                }
            }
        }
    }

    #[test]
    fn nothing_given_is_nothing_allowed(state in organisations()) {
        for (sign_in, place, asked, decision) in decisions(&state, NOW) {
            let Decision::Allow(reason) = decision else { continue };
            prop_assert!(!asked.is_empty());
            let session = state.session(sign_in).unwrap();
            let sources = reference::sources(&session, &state.chain(place).unwrap(), NOW);
            let given = match reason {
                AllowReason::Admin => continue,
                AllowReason::Grant => sources.user_grants,
                AllowReason::GroupGrant => sources.user_grants | sources.group_grants,
                AllowReason::RoleScope => {
                    sources.user_grants | sources.group_grants | sources.role_scope
                }
            };
            prop_assert!(asked.is_within(given));
        }
    }

    #[test]
    fn a_restriction_trumps_and_a_ceiling_bounds(state in organisations()) {
        for (sign_in, place, asked, decision) in decisions(&state, NOW) {
            let Ok(session) = state.session(sign_in) else { continue };
            let Some(chain) = state.chain(place) else { continue };
            if session.is_admin() || asked.is_empty() || decision == Decision::Deny(DenyReason::WrongKind) {
                continue;
            }
            let above = !asked.is_within(session.role_definition().ceiling);
            let taken = asked.intersects(reference::sources(&session, &chain, NOW).restricted);
            let expected = if above {
                Some(DenyReason::AboveCeiling)
            } else {
                taken.then_some(DenyReason::Restricted)
            };
            if let Some(reason) = expected {
                prop_assert_eq!(decision, Decision::Deny(reason));
            } else {
                prop_assert!(!matches!(
                    decision,
                    Decision::Deny(DenyReason::AboveCeiling | DenyReason::Restricted)
                ));
            }
        }
    }

    #[test]
    fn effective_sets_are_closed_and_agree_with_checks(state in organisations()) {
        for (sign_in, place, effective) in effective_sets(&state, NOW) {
            prop_assert!(effective.is_closed());
            for asked in questions() {
                let allowed = state.check(sign_in, asked, place, NOW).is_allowed();
                prop_assert_eq!(allowed, !asked.is_empty() && asked.is_within(effective));
            }
        }
    }

    #[test]
    fn a_grant_never_takes_away(state in organisations(), grant in universe::grants()) {
        let before = effective_sets(&state, NOW);
        let old = state.grant(grant.to, grant.on).map(|it| it.permissions).unwrap_or_default();
        let mut next = state.clone();
        if execute(&mut next, Actor::Operator, &Command::Grant(grant.clone())).is_err() {
            return Ok(());
        }
        let new = next.grant(grant.to, grant.on).unwrap();
        prop_assume!(old.is_within(new.permissions) && new.is_live(NOW));
        for ((_, _, before), (_, _, after)) in before.into_iter().zip(effective_sets(&next, NOW)) {
            prop_assert!(before.is_within(after));
        }
    }

    #[test]
    fn a_restriction_never_adds(state in organisations(), restriction in universe::restrictions()) {
        let Command::Restrict { from, on, .. } = restriction else { return Ok(()) };
        prop_assume!(state.restriction(from, on).is_none());
        let before = effective_sets(&state, NOW);
        let mut next = state.clone();
        let _ = execute(&mut next, Actor::Operator, &restriction);
        for ((_, _, before), (_, _, after)) in before.into_iter().zip(effective_sets(&next, NOW)) {
            prop_assert!(after.is_within(before));
        }
    }

    #[test]
    fn order_and_repetition_do_not_matter(
        state in organisations(),
        moves in proptest::collection::vec(universe::restrictions(), 1..6),
    ) {
        let mut touched = std::collections::BTreeSet::new();
        let distinct: Vec<_> = moves.into_iter().filter(|it| match it {
            Command::Restrict { from, on, .. } => touched.insert((*from, *on)),
            _ => false,
        }).collect();
        let run = |commands: Vec<Command>| {
            let mut next = state.clone();
            for command in commands {
                let _ = execute(&mut next, Actor::Operator, &command);
            }
            effective_sets(&next, NOW)
        };
        let forwards = run(distinct.clone());
        let backwards = run(distinct.iter().rev().cloned().collect());
        let twice = run(distinct.iter().chain(&distinct).cloned().collect());
        prop_assert_eq!(&forwards, &backwards);
        prop_assert_eq!(&forwards, &twice);
    }

    #[test]
    fn what_expires_is_gone_at_that_moment(state in organisations()) {
        for subject in universe::users().map(Subject::User) {
            for (on, grant) in state.grants_of(subject) {
                let Some(end) = grant.expires_at else { continue };
                prop_assert!(grant.is_live(end.just_before()) && !grant.is_live(end));
                let mut without = state.clone();
                let revoke = Command::Revoke { from: subject, on };
                execute(&mut without, Actor::Operator, &revoke).unwrap();
                prop_assert_eq!(effective_sets(&state, end), effective_sets(&without, end));
            }
        }
    }

    #[test]
    fn states_go_through_their_serialised_form(state in organisations()) {
        let json = serde_json::to_string(&state).unwrap();
        prop_assert_eq!(&serde_json::from_str::<State>(&json).unwrap(), &state);
        let bytes = postcard::to_stdvec(&state).unwrap();
        prop_assert_eq!(&postcard::from_bytes::<State>(&bytes).unwrap(), &state);
        prop_assert_eq!(state.check_invariants(), Ok(()));
    }
}
