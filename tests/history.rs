//! The past as it was, and the audit trail.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test that panics has failed, which is what it is for"
)]

mod looking;

use std::collections::BTreeSet;

use looking::{ADA, BEN, CLEO, DAN, Step, World, actor, at, model, set, steps, version};
use proptest::prelude::*;
use rolebook::history::{
    AuditActor, AuditEntry, AuditFilter, EventKind, HistoryError, LoggedNames, Past, audit,
};
use rolebook::preview::{AccessTriple, gained, lost};
use rolebook::{
    AccessChange, Affiliation, Author, Command, Corrupt, GrantRequest, GroupId, Permission,
    Resource, RoleId, SignIn, SignInProof, State, Timestamp, Topic,
};

/// Every state there was, the one before the founding first, with the time of its commit.
fn states(world: &World) -> Vec<(State, Timestamp)> {
    let mut state = State::new();
    let mut states = vec![(state.clone(), Timestamp::EPOCH)];
    for commit in &world.log {
        state.apply(commit).unwrap();
        states.push((state.clone(), commit.at));
    }
    states
}

fn everything(state: &State, now: Timestamp) -> BTreeSet<AccessTriple> {
    let mut held = BTreeSet::new();
    for (user, _) in state.users() {
        let sign_in = SignIn::new(user).with_proof(SignInProof::FULL);
        let session = state.session(sign_in);
        for resource in state.resources().chain([Resource::Organisation]) {
            let set = session
                .map(|it| it.effective(resource, now))
                .unwrap_or_default();
            held.extend(set.iter().map(|permission| (user, resource, permission)));
        }
    }
    held
}

fn played(steps: &[Step]) -> World {
    let mut world = World::entitled();
    world.play(steps);
    world
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 100 } else { 1_000 }))]

    #[test]
    fn the_past_is_as_it_was(steps in steps(30), snapshot in any::<prop::sample::Index>(),
                             asked in any::<prop::sample::Index>()) {
        let world = played(&steps);
        let states = states(&world);
        let (snapshot, asked) = (snapshot.index(states.len()), asked.index(states.len()));
        let (state, time) = states[snapshot].clone();
        // Whenever the snapshot is looked at, a revision has the time of its commit.
        let looked_at = if asked == 0 { time } else { world.now };
        let past = Past::new(state, looked_at).at_revision(&world.log, asked as u64);
        if snapshot > asked {
            let late = HistoryError::SnapshotTooLate { snapshot: snapshot as u64, asked: asked as u64 };
            prop_assert_eq!(past, Err(late));
        } else {
            let past = past.unwrap();
            prop_assert_eq!(past.state(), &states[asked].0);
            prop_assert_eq!(past.at(), states[asked].1);
            let from_scratch = Past::beginning().at_revision(&world.log[..asked], asked as u64);
            prop_assert_eq!(from_scratch.unwrap(), past);
        }
    }

    #[test]
    fn a_time_has_the_last_revision_up_to_it(steps in steps(30), second in 0_u64..100_000) {
        let world = played(&steps);
        let past = Past::beginning().at_time(&world.log, at(second)).unwrap();
        let before = world.log.iter().filter(|commit| commit.at <= at(second)).count();
        prop_assert_eq!(past.state(), &states(&world)[before].0);
        prop_assert_eq!(past.at(), at(second));
    }

    /// Grants that end between the two included, in both directions.
    #[test]
    fn a_difference_is_that_of_everything(steps in steps(40), one in any::<prop::sample::Index>(),
                                          other in any::<prop::sample::Index>()) {
        let world = played(&steps);
        let states = states(&world);
        let [one, other] = [one, other].map(|it| states[it.index(states.len())].clone());
        let [was, is] = [&one, &other].map(|(state, time)| everything(state, *time));
        let [one, other] = [one, other].map(|(state, time)| Past::new(state, time));
        let difference = one.difference(&other, &world.log).unwrap();
        let gained: BTreeSet<_> = gained(&difference).collect();
        let lost: BTreeSet<_> = lost(&difference).collect();
        prop_assert_eq!(gained, is.difference(&was).copied().collect());
        prop_assert_eq!(lost, was.difference(&is).copied().collect());
        let back = other.difference(&one, &world.log).unwrap();
        let swapped = difference.into_iter().map(|it| AccessChange { gained: it.lost, lost: it.gained, ..it });
        prop_assert_eq!(back, swapped.collect::<Vec<_>>());
    }

    #[test]
    fn a_filter_lets_through_what_meets_it(steps in steps(30), kind in any::<prop::sample::Index>()) {
        let world = played(&steps);
        let all: Vec<_> = audit(&world.log, &AuditFilter::default()).collect();
        let events: Vec<_> = world.log.iter().flat_map(|commit| &commit.events).collect();
        prop_assert_eq!(all.iter().map(|it| it.event).collect::<Vec<_>>(), events);
        let filter = AuditFilter {
            actor: Some(AuditActor::Operator),
            subject: Some(CLEO.into()),
            resource: None,
            kinds: vec![EventKind::ALL[kind.index(EventKind::ALL.len())], EventKind::Granted],
            since: Some(at(100)),
            until: Some(at(50_000)),
        };
        let met: Vec<_> = audit(&world.log, &filter).collect();
        let expected = all.iter().filter(|it| {
            it.author == Author::Operator
                && it.event.topics().contains(&Topic::User(CLEO))
                && filter.kinds.contains(&it.event.kind())
                && (at(100)..at(50_000)).contains(&it.at)
        });
        prop_assert_eq!(&met, &expected.copied().collect::<Vec<_>>());
        prop_assert!(all.iter().all(|it| filter.is_met_by(it) == met.contains(it)));
        for entry in &all {
            prop_assert!(entry.to_string().ends_with('.'));
            let value = serde_json::to_value(entry.event).unwrap();
            let name = value.as_object().unwrap().keys().next().unwrap().clone();
            prop_assert_eq!(name, entry.event.kind().name());
        }
    }
}

#[test]
fn who_could_do_this_then() {
    let mut world = World::peopled();
    let read: Permission = "model.read".parse().unwrap();
    let start = world.state.revision();
    let end = at(100);
    world.operator(Command::Grant(GrantRequest {
        expires_at: Some(end),
        ..GrantRequest::new(DAN, model(1))
    }));
    world.operator(Command::Remove { user: BEN });
    let then = |seconds| {
        let past = Past::beginning().at_time(&world.log, at(seconds)).unwrap();
        past.users_for(read, model(1)).collect::<Vec<_>>()
    };
    assert_eq!(then(99), [ADA, DAN]);
    assert_eq!(then(100), [ADA]);
    let before = Past::beginning().at_revision(&world.log, start).unwrap();
    assert_eq!(
        before.users_for(read, model(1)).collect::<Vec<_>>(),
        [ADA, BEN]
    );
}

#[test]
fn what_ended_by_the_clock_alone_is_a_difference() {
    let mut world = World::peopled();
    world.operator(Command::Grant(GrantRequest {
        expires_at: Some(at(100)),
        ..GrantRequest::new(DAN, version(1))
    }));
    let [early, late] = [at(99), at(100)].map(|time| Past::new(world.state.clone(), time));
    let difference = early.difference(&late, &world.log).unwrap();
    assert_eq!(difference[0].user, DAN);
    assert_eq!(
        difference[0].lost,
        set([
            "version.read",
            "version.comment_read",
            "version.comment_create"
        ])
    );
    assert!(early.difference(&early, &[]).unwrap().is_empty());
}

#[test]
fn a_log_with_a_hole_is_no_history() {
    let world = World::peopled();
    let mut holed = world.log.clone();
    holed.remove(3);
    let revision = world.state.revision();
    let corrupt = Corrupt::Revision {
        revision: 3,
        found: 5,
    };
    let past = Past::beginning().at_revision(&holed, revision);
    assert_eq!(past, Err(corrupt.into()));
    let now = Past::new(world.state.clone(), world.now);
    let missing = HistoryError::NotReached {
        reached: 3,
        asked: revision,
    };
    assert_eq!(Past::beginning().difference(&now, &holed), Err(missing));
    let future = Past::beginning().at_revision(&world.log, revision + 1);
    let missing = HistoryError::NotReached {
        reached: revision,
        asked: revision + 1,
    };
    assert_eq!(future, Err(missing));
    let early = Past::new(world.state, at(10)).at_time(&world.log, at(9));
    assert_eq!(
        early,
        Err(HistoryError::SnapshotTooRecent {
            snapshot: at(10),
            asked: at(9)
        })
    );
}

#[test]
fn nothing_behind_a_later_commit_counts() {
    let mut world = World::peopled();
    world.now = at(50);
    world.register(model(7), None);
    world.now = at(20);
    world.register(model(8), None);
    let past = Past::beginning().at_time(&world.log, at(30)).unwrap();
    assert!(!past.state().is_registered(model(7)) && !past.state().is_registered(model(8)));
    let past = Past::beginning().at_time(&world.log, at(50)).unwrap();
    assert!(past.state().is_registered(model(7)) && past.state().is_registered(model(8)));
}

fn sentences(world: &World, filter: &AuditFilter) -> Vec<String> {
    let names = LoggedNames::of(&world.log);
    audit(&world.log, filter)
        .map(|entry| entry.sentence(&names))
        .collect()
}

#[test]
fn the_trail_of_a_removed_user_still_has_their_name() {
    let mut world = World::peopled();
    world.now = at(60);
    world.grant(DAN, model(1));
    let remove = Command::Remove { user: DAN };
    world.run(actor(BEN), &remove).unwrap();
    let filter = AuditFilter {
        subject: Some(DAN.into()),
        since: Some(at(1)),
        ..AuditFilter::default()
    };
    let gives = "models: read; versions: read, comment read, comment create; \
                 frameworks: read, comment read, comment create";
    let m1 = "model 00000000000000000000000000000001";
    assert_eq!(
        sentences(&world, &filter),
        [
            format!("2026-01-05T09:01:00Z the operator granted dan@acme.test on {m1}: {gives}."),
            format!(
                "2026-01-05T09:01:00Z ben@acme.test (as Admin) revoked the grant of \
                 dan@acme.test on {m1}; before: {gives}."
            ),
            "2026-01-05T09:01:00Z ben@acme.test (as Admin) removed dan@acme.test; \
             before: Reviewer."
                .to_owned(),
        ]
    );
}

#[test]
fn the_trail_of_a_resource_has_what_stood_beneath_it() {
    let mut world = World::peopled();
    world.operator(Command::Unregister { resource: model(1) });
    let filter = AuditFilter {
        resource: Some(model(1)),
        ..AuditFilter::default()
    };
    let kinds: Vec<_> = audit(&world.log, &filter)
        .map(|it| it.event.kind())
        .collect();
    use EventKind as K;
    let expected = [
        K::ResourceRegistered,
        K::ResourceRegistered,
        K::ResourceRegistered,
        K::RoleDefined,
        K::RoleScopeNarrowed,
        K::ResourceUnregistered,
        K::ResourceUnregistered,
        K::ResourceUnregistered,
    ];
    let sorted = |mut kinds: Vec<K>| {
        kinds.sort();
        kinds
    };
    assert_eq!(sorted(kinds), sorted(expected.to_vec()));
}

#[test]
fn before_and_after_are_told() {
    let mut world = World::peopled();
    world.operator(Command::AssignRoles {
        user: DAN,
        roles: vec![RoleId::new(1), RoleId::REVIEWER],
    });
    world.operator(Command::RenameGroup {
        group: GroupId::from(1_u64),
        name: "Builders".into(),
    });
    let filter = AuditFilter {
        kinds: vec![EventKind::RolesAssigned, EventKind::GroupRenamed],
        ..AuditFilter::default()
    };
    let entries: Vec<AuditEntry<'_>> = audit(&world.log, &filter).collect();
    let [assigned, renamed] = [entries[0], entries[1]].map(|it| it.event.values(&world.state));
    assert_eq!(assigned.before.as_deref(), Some("Reviewer"));
    assert_eq!(assigned.after.as_deref(), Some("Maker, Reviewer"));
    assert_eq!(renamed.before.as_deref(), Some("Group 1"));
    assert_eq!(renamed.after.as_deref(), Some("Builders"));
}

#[test]
fn those_who_answer_an_invitation_are_no_users_yet() {
    let mut world = World::peopled();
    world.invite(
        Affiliation::External,
        "fay@acme.test",
        &[RoleId::REVIEWER],
        actor(BEN),
    );
    world.accept(6, 6_u64.into(), "fay@acme.test");
    let filter = AuditFilter {
        actor: Some(AuditActor::Invitee),
        subject: Some(Topic::User(6_u64.into())),
        ..AuditFilter::default()
    };
    let told = sentences(&world, &filter);
    assert_eq!(
        told,
        [
            "2026-01-05T09:00:00Z the person invited accepted the invitation of fay@acme.test \
             as fay@acme.test: accepted; before: pending.",
            "2026-01-05T09:00:00Z the person invited made fay@acme.test a member: \
             Reviewer, from outside.",
        ]
    );
}
