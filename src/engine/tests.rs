//! What the engine does where others commit in between, and where the storage is not as it should be.

mod published;
mod turns;

use std::convert::Infallible;
use std::future::{Future, pending};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Waker};

use super::blocking::block_on;
use super::fixture::{commit, founded, registered, state_at};
use super::request::Request;
use super::{Engine, ExecuteError, Executed, LogError, Reader, Snapshot};
use crate::admin::Decided;
use crate::command::{Actor, Command};
use crate::event::{Author, Event};
use crate::id::OrganisationId;
use crate::refusal::Refusal;
use crate::state::{Corrupt, State};
use crate::store::{AppendError, AsyncStore, LogEntry, MemoryStore, SnapshotEntry, Store};
use crate::time::Timestamp;

const ACME: OrganisationId = OrganisationId::new(1);
const OTHER: OrganisationId = OrganisationId::new(2);

type Outcome = Result<Executed, ExecuteError<Infallible>>;

fn engine_at(revision: u64) -> Engine<Arc<MemoryStore>> {
    let engine = Engine::new(Arc::new(MemoryStore::new()));
    (1..=revision).for_each(|revision| append(engine.store(), revision));
    engine
}

/// What somebody else commits.
fn append(store: &MemoryStore, revision: u64) {
    let entry = LogEntry {
        organisation: ACME,
        commit: commit(revision),
    };
    Store::append(store, &entry).unwrap();
}

fn decided(events: Vec<Event>) -> Result<Decided, Refusal> {
    Ok(Decided {
        author: Author::Operator,
        events,
        results: Vec::new(),
    })
}

fn run<S: Store>(
    engine: &Engine<S>,
    bound_to: Option<u64>,
    decide: impl Fn(&State) -> Result<Decided, Refusal>,
) -> Result<Executed, ExecuteError<S::Error>> {
    block_on(engine.run(Request {
        organisation: ACME,
        bound_to,
        now: Timestamp::EPOCH,
        decide,
    }))
}

fn revision<S>(engine: &Engine<S>) -> Option<u64> {
    engine.snapshot(ACME).map(|snapshot| snapshot.revision())
}

#[test]
fn a_command_that_lost_a_race_is_decided_again() {
    let engine = engine_at(1);
    let outcome = run(&engine, None, |state| {
        if state.revision() < 3 {
            append(engine.store(), state.revision() + 1);
        }
        decided(vec![registered(100)])
    });
    assert_eq!(outcome.unwrap().revision, 4);
    assert_eq!(revision(&engine), Some(4));
    assert_eq!(Store::read(engine.store(), ACME, 0).unwrap().len(), 4);
}

#[test]
fn a_refusal_holds_where_the_log_ends() {
    let engine = engine_at(1);
    let outcome = run(&engine, None, |state| {
        if state.revision() > 1 {
            return decided(vec![registered(100)]);
        }
        append(engine.store(), 2);
        Err(Refusal::EmptyBatch)
    });
    assert_eq!(outcome.unwrap().revision, 3);
    let refused = run(&engine, None, |_| Err(Refusal::EmptyBatch));
    assert_eq!(refused, Err(ExecuteError::Refused(Refusal::EmptyBatch)));
}

#[test]
fn nothing_to_change_holds_where_the_log_ends() {
    let engine = engine_at(1);
    let outcome = run(&engine, None, |state| {
        if state.revision() > 1 {
            return Err(Refusal::EmptyBatch);
        }
        append(engine.store(), 2);
        decided(Vec::new())
    });
    assert_eq!(outcome, Err(ExecuteError::Refused(Refusal::EmptyBatch)));
    let unchanged = run(&engine, None, |_| decided(Vec::new())).unwrap();
    assert_eq!((unchanged.revision, unchanged.commit), (2, None));
}

#[test]
fn losing_every_race_ends() {
    let engine = engine_at(1);
    let outcome = run(&engine, None, |state| {
        append(engine.store(), state.revision() + 1);
        decided(vec![registered(10_000)])
    });
    assert_eq!(outcome, Err(ExecuteError::Contended { attempts: 1_024 }));
    assert_eq!(revision(&engine), Some(1_025));
}

#[test]
fn a_command_outlasts_a_burst_of_others() {
    let engine = engine_at(1);
    let outcome = run(&engine, None, |state| {
        if state.revision() <= 200 {
            append(engine.store(), state.revision() + 1);
        }
        decided(vec![registered(10_000)])
    });
    assert_eq!(outcome.unwrap().revision, 202);
}

#[test]
fn a_bound_command_runs_at_its_revision_or_not_at_all() {
    let stale = |expected, revision| Outcome::Err(ExecuteError::Stale { expected, revision });
    let register = |_: &State| decided(vec![registered(100)]);
    let engine = engine_at(2);
    assert_eq!(run(&engine, Some(1), register), stale(1, 2));
    assert_eq!(run(&engine, Some(3), register), stale(3, 2));
    append(engine.store(), 3);
    let raced = run(&engine, Some(3), |_| {
        append(engine.store(), 4);
        decided(vec![registered(100)])
    });
    assert_eq!(raced, stale(3, 4));
    append(engine.store(), 5);
    assert_eq!(run(&engine, Some(5), register).unwrap().revision, 6);
}

#[test]
fn what_does_not_fit_is_never_stored() {
    let engine = engine_at(2);
    let outcome = run(&engine, None, |_| {
        decided(vec![registered(100), registered(100)])
    });
    let misfit = Corrupt::Event {
        revision: 3,
        index: 1,
    };
    assert_eq!(outcome, Err(ExecuteError::Defect(misfit)));
    assert_eq!(revision(&engine), Some(2));
    assert_eq!(engine.catch_up(ACME), Ok(2));
}

#[test]
fn a_corrupt_log_is_not_loaded_half() {
    let engine = engine_at(2);
    let mut misfit = commit(3);
    misfit.events = vec![founded()];
    let entry = LogEntry {
        organisation: ACME,
        commit: misfit,
    };
    let corrupt = LogError::Corrupt(Corrupt::Event {
        revision: 3,
        index: 0,
    });
    engine.open(ACME).unwrap();
    Store::append(engine.store(), &entry).unwrap();
    assert_eq!(engine.catch_up(ACME), Err(corrupt.clone()));
    assert_eq!(revision(&engine), Some(2));
    let again = Engine::new(Arc::clone(engine.store()));
    assert_eq!(again.open(ACME).unwrap_err(), corrupt);
    assert!(again.snapshot(ACME).is_none());
}

#[test]
fn a_snapshot_spares_the_log_and_is_never_ahead_of_it() {
    let engine = engine_at(4);
    assert_eq!(engine.save_snapshot(ACME), Ok(None));
    engine.open(ACME).unwrap();
    assert_eq!(engine.save_snapshot(ACME), Ok(Some(4)));
    append(engine.store(), 5);
    let restarted = Engine::new(Arc::clone(engine.store()));
    let reader = restarted.open(ACME).unwrap().unwrap();
    assert_eq!(*reader.snapshot(), state_at(5));
    let ahead = SnapshotEntry {
        organisation: ACME,
        state: state_at(6),
    };
    Store::save_snapshot(engine.store(), &ahead).unwrap();
    let restarted = Engine::new(Arc::clone(engine.store()));
    let behind = LogError::Behind { revision: 6 };
    assert_eq!(restarted.open(ACME).unwrap_err(), behind);
}

#[test]
fn every_organisation_is_hashed_by_the_seed_of_the_engine() {
    let engine = engine_at(4);
    let opened = |snapshot: bool| {
        let seeded = Engine::with_hash_seed(Arc::clone(engine.store()), 77);
        let reader = seeded.open(ACME).unwrap().unwrap();
        assert_eq!(*reader.snapshot(), state_at(if snapshot { 5 } else { 4 }));
        assert_eq!(reader.snapshot().table().hash_seeds(), [77; 2]);
    };
    opened(false);
    engine.open(ACME).unwrap();
    engine.save_snapshot(ACME).unwrap();
    append(engine.store(), 5);
    opened(true);
    let new = Engine::with_hash_seed(MemoryStore::new(), 77);
    run(&new, None, |_| decided(vec![founded()])).unwrap();
    let snapshot = new.snapshot(ACME).unwrap();
    assert_eq!(snapshot.table().hash_seeds(), [77; 2]);
}

#[test]
fn an_organisation_without_a_log_takes_no_memory() {
    let engine = engine_at(0);
    assert!(engine.open(ACME).unwrap().is_none());
    assert_eq!(engine.catch_up(ACME), Ok(0));
    let refused = run(&engine, None, |_| Err(Refusal::NotFounded));
    assert_eq!(refused, Err(ExecuteError::Refused(Refusal::NotFounded)));
    assert!(engine.organisations().is_empty());
    let executed = run(&engine, None, |_| decided(vec![founded()])).unwrap();
    assert_eq!(executed.revision, 1);
    assert_eq!(engine.organisations(), [ACME]);
}

/// A store that does not do as it should, once it is told to.
#[derive(Debug, Default)]
struct Odd {
    inner: MemoryStore,
    says_it_is_of: Option<OrganisationId>,
    conflicts: AtomicBool,
    hangs_after_append: AtomicBool,
    appends: AtomicU64,
}

impl AsyncStore for Odd {
    type Error = Infallible;

    async fn append(&self, entry: &LogEntry) -> Result<(), AppendError<Infallible>> {
        self.appends.fetch_add(1, Ordering::SeqCst);
        if self.conflicts.load(Ordering::SeqCst) {
            return Err(AppendError::Conflict);
        }
        Store::append(&self.inner, entry)?;
        if self.hangs_after_append.load(Ordering::SeqCst) {
            pending::<()>().await;
        }
        Ok(())
    }

    async fn read(
        &self,
        organisation: OrganisationId,
        after: u64,
    ) -> Result<Vec<LogEntry>, Infallible> {
        let mut tail = Store::read(&self.inner, organisation, after)?;
        for entry in &mut tail {
            entry.organisation = self.says_it_is_of.unwrap_or(organisation);
        }
        Ok(tail)
    }

    async fn load_snapshot(&self, _: OrganisationId) -> Result<Option<SnapshotEntry>, Infallible> {
        Ok(None)
    }

    async fn save_snapshot(&self, _: &SnapshotEntry) -> Result<(), Infallible> {
        Ok(())
    }
}

fn odd(says_it_is_of: Option<OrganisationId>) -> Engine<Odd> {
    let odd = Odd {
        says_it_is_of,
        ..Odd::default()
    };
    append(&odd.inner, 1);
    Engine::new(odd)
}

fn request(model: u64) -> Request<impl Fn(&State) -> Result<Decided, Refusal>> {
    Request {
        organisation: ACME,
        bound_to: None,
        now: Timestamp::EPOCH,
        decide: move |_: &State| decided(vec![registered(model)]),
    }
}

#[test]
fn another_organisations_commits_are_never_applied() {
    let engine = odd(Some(OTHER));
    let foreign = LogError::Foreign {
        asked: ACME,
        found: OTHER,
    };
    let opened = block_on(engine.open_async(ACME));
    assert_eq!(opened.unwrap_err(), foreign);
    assert!(engine.organisations().is_empty());
}

#[test]
fn a_conflict_that_nobody_won_means_that_commits_were_lost() {
    let engine = odd(None);
    engine.store().conflicts.store(true, Ordering::SeqCst);
    let outcome = block_on(engine.run(request(2)));
    let behind = ExecuteError::Log(LogError::Behind { revision: 1 });
    assert_eq!(outcome, Err(behind));
    assert_eq!(engine.store().appends.load(Ordering::SeqCst), 1);
}

#[test]
fn a_dropped_future_leaves_its_turn_and_what_it_stored() {
    let engine = odd(None);
    engine
        .store()
        .hangs_after_append
        .store(true, Ordering::SeqCst);
    {
        let mut dropped = pin!(engine.run(request(2)));
        let mut context = Context::from_waker(Waker::noop());
        assert!(dropped.as_mut().poll(&mut context).is_pending());
    }
    assert_eq!(revision(&engine), Some(1));
    engine
        .store()
        .hangs_after_append
        .store(false, Ordering::SeqCst);
    let executed = block_on(engine.run(request(3))).unwrap();
    assert_eq!(executed.revision, 3);
    let snapshot = engine.snapshot(ACME).unwrap();
    assert_eq!(*snapshot, state_at(3));
}

#[test]
fn futures_go_to_other_threads() {
    fn sent<T: Send>(_: T) {}
    fn shared<T: Send + Sync>() {}
    let (engine, actor, command) = (odd(None), Actor::Operator, Command::Leave);
    sent(engine.execute_async(ACME, &actor, &command, Timestamp::EPOCH));
    sent(engine.execute_at_async(ACME, 1, &actor, &command, Timestamp::EPOCH));
    sent(engine.open_async(ACME));
    sent(engine.catch_up_async(ACME));
    sent(engine.save_snapshot_async(ACME));
    shared::<Engine<Odd>>();
    shared::<Snapshot>();
    shared::<Reader>();
    sent(engine.reader(ACME).map(|reader| reader.cached()));
}
