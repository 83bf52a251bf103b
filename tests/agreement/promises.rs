//! What holds after every command, whoever gave it.

use std::collections::BTreeSet;

use rolebook::{Actor, Author, Commit, Event, RoleId, State, Timestamp};

use super::engine::Engine;
use super::step::Step;

/// Plays the steps and holds every promise after each.
pub(crate) fn hold(steps: &[Step]) {
    let mut engine = Engine::new();
    for step in steps {
        let before = engine.state.clone();
        let commits = engine.log.len();
        engine.execute(step);
        match engine.log.get(commits) {
            None => assert_eq!(
                engine.state, before,
                "without a commit nothing changes: {step}"
            ),
            Some(commit) => hold_commit(step, &before, commit, &engine.state),
        }
        let live = addresses(&engine.state, step.now);
        let distinct: BTreeSet<_> = live.iter().collect();
        assert_eq!(
            live.len(),
            distinct.len(),
            "one live invitation for an address: {step}"
        );
        assert_eq!(engine.state.check_invariants(), Ok(()), "{step}");
    }
    assert_eq!(State::replay(&engine.log).as_ref(), Ok(&engine.state));
    let bytes = postcard::to_stdvec(&engine.state).unwrap();
    assert_eq!(postcard::from_bytes::<State>(&bytes).unwrap(), engine.state);
    let log: Vec<u8> = postcard::to_stdvec(&engine.log).unwrap();
    assert_eq!(
        postcard::from_bytes::<Vec<Commit>>(&log).unwrap(),
        engine.log
    );
}

fn hold_commit(step: &Step, before: &State, commit: &Commit, after: &State) {
    assert_eq!(commit.revision, before.revision() + 1);
    assert_eq!(after.revision(), commit.revision);
    assert_eq!(commit.at, step.now);
    assert!(!commit.events.is_empty());
    match (step.actor, commit.author) {
        (Actor::Operator, Author::Operator) | (_, Author::Invitee) => {}
        (Actor::User(sign_in), Author::User { user, role }) => {
            assert_eq!(sign_in.user, user);
            let roles = &before.user(user).expect("whoever acts is registered").roles;
            assert_eq!(sign_in.role.unwrap_or(roles.primary()), role);
        }
        (actor, author) => panic!("{actor:?} is no {author:?}"),
    }
    if effective_admins(before) > 0 {
        assert!(
            effective_admins(after) > 0,
            "an effective Admin remains: {step}"
        );
    }
    for event in &commit.events {
        if let Event::InvitationAccepted { user, .. } = event {
            assert!(
                after.user(*user).is_some(),
                "who accepted is registered: {step}"
            );
        }
    }
}

fn effective_admins(state: &State) -> usize {
    let holders = state.holders(RoleId::ADMIN);
    holders
        .filter(|(_, user)| user.is_effective_admin())
        .count()
}

fn addresses(state: &State, now: Timestamp) -> Vec<String> {
    let invitations = state.invitations();
    let live = invitations.filter(|(_, invitation)| invitation.is_live(now));
    live.map(|(_, invitation)| invitation.email.folded())
        .collect()
}
