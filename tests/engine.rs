//! The engine under many threads, on failing stores, and on synchronous and asynchronous ones.
#![cfg(feature = "conformance")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test that panics has failed, which is what it is for"
)]

mod common;

use std::convert::Infallible;
use std::iter;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use common::{Parker, Yielding};
use rolebook::store::conformance::{self, BlockOn, FailingError, FailingStore, Failure};
use rolebook::store::{AppendError, MemoryStore, Store};
use rolebook::{
    Actor, Command, Commit, Corrupt, Engine, Event, ExecuteError, Executed, InvitationId, LogError,
    ModelId, OrganisationId, Refusal, Resource, State, Timestamp, Token,
};

const ACME: OrganisationId = OrganisationId::new(1);
const UMBRA: OrganisationId = OrganisationId::new(2);
const NOW: Timestamp = Timestamp::EPOCH;
const THREADS: u128 = 4;
const MODELS: u128 = 40;

fn found(name: &str) -> Command {
    Command::Found {
        name: name.to_owned(),
        first_admin: "ada@acme.example".to_owned(),
        invitation: InvitationId::new(1),
        token: Token::new("a token of the tests").digest(),
    }
}

fn register(model: u128) -> Command {
    Command::Register {
        resource: Resource::Model(ModelId::new(model)),
        parent: None,
    }
}

fn execute<S: Store>(
    engine: &Engine<S>,
    organisation: OrganisationId,
    command: &Command,
) -> Result<Executed, ExecuteError<S::Error>> {
    engine.execute(organisation, &Actor::Operator, command, NOW)
}

fn log<S: Store>(store: &S, organisation: OrganisationId) -> Vec<Commit> {
    let entries = store.read(organisation, 0).unwrap();
    entries.into_iter().map(|entry| entry.commit).collect()
}

fn models(commits: &[Commit]) -> Vec<u128> {
    let events = commits.iter().flat_map(|commit| &commit.events);
    let mut models: Vec<_> = events
        .filter_map(|event| match event {
            Event::ResourceRegistered {
                resource: Resource::Model(id),
                ..
            } => Some(id.value()),
            _ => None,
        })
        .collect();
    models.sort_unstable();
    models
}

/// What is published is what the log says, and an engine that starts again finds the same.
fn published_equals_log<S: Store>(engine: &Engine<S>, organisation: OrganisationId) {
    let log = log(engine.store(), organisation);
    let revisions: Vec<u64> = log.iter().map(|commit| commit.revision).collect();
    let gapless: Vec<u64> = (1..=log.len() as u64).collect();
    assert_eq!(revisions, gapless);
    let replayed = State::replay(&log).unwrap();
    assert_eq!(*engine.snapshot(organisation).unwrap(), replayed);
    let restarted = Engine::new(engine.store());
    let reader = restarted.open(organisation).unwrap().unwrap();
    assert_eq!(*reader.snapshot(), replayed);
}

/// Every thread registers models of its own through these engines, by turns.
fn race<S: Store>(engines: &[&Engine<S>]) {
    thread::scope(|scope| {
        for (thread, engine) in (0..THREADS).zip(engines.iter().cycle()) {
            scope.spawn(move || {
                for model in (0..MODELS).map(|model| thread * MODELS + model) {
                    let executed = execute(engine, ACME, &register(model)).unwrap();
                    let seen = engine.snapshot(ACME).unwrap().revision();
                    assert!(seen >= executed.revision, "one sees what one has done");
                }
            });
        }
    });
}

#[test]
fn every_commit_of_a_race_is_there_once() {
    let engine = Engine::new(MemoryStore::new());
    execute(&engine, ACME, &found("Acme")).unwrap();
    race(&[&engine]);
    let registered = models(&log(engine.store(), ACME));
    assert_eq!(registered, (0..THREADS * MODELS).collect::<Vec<_>>());
    published_equals_log(&engine, ACME);
}

#[test]
fn engines_on_one_storage_lose_nothing_to_each_other() {
    let store = Arc::new(MemoryStore::new());
    let (one, two) = (Engine::new(Arc::clone(&store)), Engine::new(store));
    execute(&one, ACME, &found("Acme")).unwrap();
    race(&[&one, &two]);
    let registered = models(&log(one.store(), ACME));
    assert_eq!(registered, (0..THREADS * MODELS).collect::<Vec<_>>());
    for engine in [&one, &two] {
        engine.catch_up(ACME).unwrap();
        published_equals_log(engine, ACME);
    }
}

#[test]
fn one_of_many_founders_wins() {
    let store = Arc::new(MemoryStore::new());
    let engines = [(); 2].map(|()| Engine::new(Arc::clone(&store)));
    let won: usize = thread::scope(|scope| {
        let founders: Vec<_> = (0..8)
            .zip(engines.iter().cycle())
            .map(|(number, engine)| {
                let command = found(&format!("Acme {number}"));
                scope.spawn(move || match execute(engine, ACME, &command) {
                    Ok(_) => 1,
                    Err(ExecuteError::Refused(Refusal::AlreadyFounded)) => 0,
                    Err(error) => panic!("{error}"),
                })
            })
            .collect();
        founders.into_iter().map(|it| it.join().unwrap()).sum()
    });
    assert_eq!((won, log(&store, ACME).len()), (1, 1));
    published_equals_log(&engines[0], ACME);
}

#[test]
fn readers_never_see_time_go_back_nor_half_a_commit() {
    let engine = Engine::new(MemoryStore::new());
    execute(&engine, ACME, &found("Acme")).unwrap();
    let over = AtomicBool::new(false);
    let pinned = engine.snapshot(ACME).unwrap();
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let reader = engine.reader(ACME).unwrap();
                let (mut cached, mut seen) = (reader.cached(), 0);
                while !over.load(Ordering::Relaxed) {
                    let snapshot = reader.snapshot();
                    assert!(snapshot.revision() >= seen);
                    assert_eq!(
                        snapshot.resources().count() as u64,
                        2 * (snapshot.revision() - 1)
                    );
                    assert!(cached.state().revision() >= snapshot.revision());
                    seen = snapshot.revision();
                }
            });
        }
        for model in 0..200 {
            let commands = vec![register(2 * model), register(2 * model + 1)];
            execute(&engine, ACME, &Command::Batch { commands }).unwrap();
        }
        over.store(true, Ordering::Relaxed);
    });
    assert_eq!((pinned.revision(), pinned.resources().count()), (1, 0));
    published_equals_log(&engine, ACME);
}

#[test]
fn a_replica_follows() {
    let store = Arc::new(MemoryStore::new());
    let (leader, replica) = (Engine::new(Arc::clone(&store)), Engine::new(store));
    assert_eq!(replica.catch_up(ACME).unwrap(), 0);
    execute(&leader, ACME, &found("Acme")).unwrap();
    assert_eq!(replica.catch_up(ACME).unwrap(), 1);
    let reader = replica.reader(ACME).unwrap();
    execute(&leader, ACME, &register(1)).unwrap();
    leader.save_snapshot(ACME).unwrap();
    execute(&leader, ACME, &register(2)).unwrap();
    assert_eq!(reader.snapshot().revision(), 1);
    assert_eq!(replica.catch_up(ACME).unwrap(), 3);
    assert_eq!(*reader.snapshot(), *leader.snapshot(ACME).unwrap());
}

#[test]
fn organisations_do_not_cross() {
    let engine = Engine::new(MemoryStore::new());
    execute(&engine, ACME, &found("Acme")).unwrap();
    execute(&engine, UMBRA, &found("Umbra")).unwrap();
    thread::scope(|scope| {
        for (organisation, first) in [(ACME, 0), (UMBRA, 1_000)] {
            let engine = &engine;
            scope.spawn(move || {
                for model in first..first + MODELS {
                    execute(engine, organisation, &register(model)).unwrap();
                }
            });
        }
    });
    for (organisation, first, name) in [(ACME, 0, "Acme"), (UMBRA, 1_000, "Umbra")] {
        let registered = models(&log(engine.store(), organisation));
        assert_eq!(registered, (first..first + MODELS).collect::<Vec<_>>());
        let snapshot = engine.snapshot(organisation).unwrap();
        assert_eq!(snapshot.name().unwrap().as_str(), name);
        published_equals_log(&engine, organisation);
    }
}

#[test]
fn failures_before_and_after_the_effect_leave_the_log() {
    conformance::recovers_from_every_failure(MemoryStore::new);
}

#[test]
fn errors_are_told_apart() {
    let fails_at = |call, failure| {
        let engine = Engine::new(FailingStore::new(
            MemoryStore::new(),
            call..call + 1,
            failure,
        ));
        let outcome = execute(&engine, ACME, &found("Acme")).unwrap_err();
        (outcome, engine.snapshot(ACME).is_some())
    };
    let unread = ExecuteError::Log(LogError::Store(FailingError::Injected));
    let unsettled = ExecuteError::Unsettled(FailingError::Injected);
    let (before, after) = (Failure::BeforeEffect, Failure::AfterEffect);
    assert_eq!(fails_at(0, before), (unread.clone(), false));
    assert_eq!(fails_at(1, after), (unread, false));
    assert_eq!(fails_at(2, before), (unsettled.clone(), false));
    assert_eq!(fails_at(2, after), (unsettled, true));
}

/// An error and its sources.
fn told(error: &dyn std::error::Error) -> String {
    let sources = iter::successors(error.source(), |error| error.source());
    let own = iter::once(error.to_string());
    let chain: Vec<String> = own.chain(sources.map(ToString::to_string)).collect();
    chain.join("; ")
}

#[test]
fn an_error_and_its_sources_tell_everything_once() {
    type Failed = ExecuteError<FailingError<Infallible>>;
    let corrupt = || Corrupt::NoEvents { revision: 3 };
    let injected = || FailingError::Injected;
    let errors: [(Failed, &str); 5] = [
        (
            Refusal::AlreadyFounded.into(),
            "the organisation is founded already",
        ),
        (
            LogError::Store(injected()).into(),
            "the storage failed; told to fail",
        ),
        (
            LogError::Corrupt(corrupt()).into(),
            "the log is corrupt; commit 3 holds no event",
        ),
        (
            ExecuteError::Unsettled(injected()),
            "the storage failed, and the commit may be stored or not; told to fail",
        ),
        (
            ExecuteError::Defect(corrupt()),
            "what was decided does not fit the state; commit 3 holds no event",
        ),
    ];
    for (error, expected) in errors {
        assert_eq!(told(&error), expected);
    }
    let failed = AppendError::Failed(FailingError::<Infallible>::Injected);
    assert_eq!(told(&failed), "the storage failed; told to fail");
}

/// A story with commits, refusals, a stale command and an organisation that does not exist.
fn story() -> Vec<(OrganisationId, Option<u64>, Command)> {
    let unregister = Command::Unregister {
        resource: Resource::Model(ModelId::new(1)),
    };
    vec![
        (UMBRA, None, register(1)),
        (ACME, None, found("Acme")),
        (ACME, None, found("Acme")),
        (ACME, Some(1), register(1)),
        (ACME, Some(1), register(2)),
        (ACME, Some(9), register(2)),
        (ACME, None, register(1)),
        (ACME, None, Command::Leave),
        (ACME, None, unregister.clone()),
        (ACME, None, unregister),
        (ACME, None, register(1)),
    ]
}

#[test]
fn synchronous_and_asynchronous_hosts_get_the_same() {
    let (calm, yielding) = (
        Engine::new(MemoryStore::new()),
        Engine::new(Yielding::default()),
    );
    for (organisation, revision, command) in story() {
        let actor = Actor::Operator;
        let (sync, waited) = match revision {
            None => (
                calm.execute(organisation, &actor, &command, NOW),
                Parker.block_on(yielding.execute_async(organisation, &actor, &command, NOW)),
            ),
            Some(at) => (
                calm.execute_at(organisation, at, &actor, &command, NOW),
                Parker.block_on(yielding.execute_at_async(organisation, at, &actor, &command, NOW)),
            ),
        };
        assert_eq!(sync, waited, "{command:?}");
    }
    assert_eq!(log(calm.store(), ACME), log(&yielding.store().inner, ACME));
    assert_eq!(
        *calm.snapshot(ACME).unwrap(),
        *yielding.snapshot(ACME).unwrap()
    );
    assert_eq!(log(calm.store(), ACME).len(), 4);
    assert_eq!(calm.organisations(), [ACME]);
}

#[test]
fn futures_race_as_threads_do() {
    let engine = Engine::new(Yielding::default());
    let execute = |command: Command| {
        let outcome = Parker.block_on(engine.execute_async(ACME, &Actor::Operator, &command, NOW));
        outcome.unwrap();
    };
    execute(found("Acme"));
    thread::scope(|scope| {
        for thread in 0..THREADS {
            scope.spawn(move || {
                (0..MODELS).for_each(|model| execute(register(thread * MODELS + model)));
            });
        }
    });
    let registered = models(&log(&engine.store().inner, ACME));
    assert_eq!(registered, (0..THREADS * MODELS).collect::<Vec<_>>());
}
