//! The conformance suite: good stores pass it, and each way to be wrong is caught.
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

use std::collections::BTreeMap;
use std::panic::catch_unwind;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use common::{Parker, Yielding};
use rolebook::store::conformance::{self, Blocking};
use rolebook::store::{AppendError, LogEntry, MemoryStore, SnapshotEntry, Store, read_log};
use rolebook::{Author, Commit, Event, ModelId, OrganisationId, Resource, Timestamp};

#[test]
fn a_store_in_memory_conforms() {
    conformance::run(|| Arc::new(MemoryStore::new()), Arc::clone);
}

#[test]
fn an_asynchronous_store_conforms() {
    let fresh = || Blocking {
        store: Yielding::default(),
        runtime: Parker,
    };
    conformance::run(fresh, Clone::clone);
}

#[test]
fn a_store_that_gives_its_log_in_pages_conforms() {
    conformance::run(|| Faulty::new(Fault::NoneButSmallPages), Faulty::another);
}

#[test]
fn a_log_is_read_to_its_end_whatever_the_pages() {
    read_from_everywhere(&MemoryStore::new());
    read_from_everywhere(&Faulty::new(Fault::NoneButSmallPages));
    // This one gives the last entry again and again.
    read_from_everywhere(&Faulty::new(Fault::ReadsFromTheRevisionAsked));
}

fn read_from_everywhere<S: Store>(store: &S) {
    let acme = OrganisationId::new(1);
    assert_eq!(read_log(store, acme, 0).unwrap(), []);
    let entry = |revision: u64| LogEntry {
        organisation: acme,
        commit: Commit {
            revision,
            at: Timestamp::from_milliseconds(revision),
            author: Author::Operator,
            events: vec![Event::ResourceRegistered {
                resource: ModelId::from(revision).into(),
                parent: Resource::Organisation,
            }],
        },
    };
    let entries: Vec<_> = (1..=9).map(entry).collect();
    entries.iter().for_each(|it| store.append(it).unwrap());
    for after in [0, 1, 2, 3, 8, 9, 10] {
        let expected = entries.iter().skip(after).cloned();
        let expected: Vec<_> = expected.collect();
        assert_eq!(read_log(store, acme, after as u64).unwrap(), expected);
    }
}

#[test]
fn every_way_to_be_wrong_is_caught() {
    for (fault, law) in FAULTS {
        let outcome = catch_unwind(|| conformance::run(|| Faulty::new(fault), Faulty::another));
        let panic = outcome.expect_err(&format!("{fault:?} is caught"));
        let message = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or(panic.downcast_ref::<&str>().copied());
        let message = message.expect("a panic with a message");
        assert!(message.contains(law), "{fault:?} is caught with: {message}");
    }
}

/// The ways to be wrong, and what the suite says of each.
const FAULTS: [(Fault, &str); 20] = [
    (Fault::AcceptsGaps, "a conflict, but it was stored"),
    (Fault::AcceptsAnything, "a conflict, but it was stored"),
    (Fault::Overwrites, "a conflict, but it was stored"),
    (Fault::TakesTheSameTwice, "a conflict, but it was stored"),
    (Fault::FailsInPlaceOfConflicts, "a conflict, not a failure"),
    (Fault::ChecksAndThenStores, "revision"),
    (Fault::SnapshotCutsTheLog, "the next revision"),
    (Fault::SnapshotDropsTheTail, "snapshot and tail make"),
    (Fault::ForgetsTheLastCommit, "an append adds one entry"),
    (Fault::ReadsFromTheRevisionAsked, "the next revision"),
    (Fault::ReadsBackwards, "the next revision"),
    (Fault::ReadsWithHoles, "an append adds one entry"),
    (Fault::ReadsLate, "can read what stands there"),
    (Fault::CrossesLogs, "the organisation asked for"),
    (Fault::CrossesSnapshots, "own"),
    (Fault::TruncatesOrganisations, "the organisation asked for"),
    (Fault::TruncatesTimes, "an entry is read as appended"),
    (Fault::KeepsTheFirstSnapshot, "the snapshot saved last"),
    (Fault::LosesSnapshots, "the snapshot saved last"),
    (Fault::KeepsToItself, "outlives the handle"),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    NoneButSmallPages,
    AcceptsGaps,
    AcceptsAnything,
    Overwrites,
    TakesTheSameTwice,
    FailsInPlaceOfConflicts,
    ChecksAndThenStores,
    SnapshotCutsTheLog,
    SnapshotDropsTheTail,
    ForgetsTheLastCommit,
    ReadsFromTheRevisionAsked,
    ReadsBackwards,
    ReadsWithHoles,
    ReadsLate,
    CrossesLogs,
    CrossesSnapshots,
    TruncatesOrganisations,
    TruncatesTimes,
    KeepsTheFirstSnapshot,
    LosesSnapshots,
    KeepsToItself,
}

/// A store with one fault.
struct Faulty {
    fault: Fault,
    stored: Arc<Mutex<BTreeMap<u128, Stored>>>,
}

#[derive(Default)]
struct Stored {
    log: Vec<LogEntry>,
    conflicted: bool,
    snapshot: Option<SnapshotEntry>,
}

#[derive(Debug, thiserror::Error)]
#[error("a unique key is violated")]
struct Violation;

impl Faulty {
    fn new(fault: Fault) -> Self {
        Self {
            fault,
            stored: Arc::default(),
        }
    }

    fn another(&self) -> Self {
        let stored = match self.fault {
            Fault::KeepsToItself => Arc::default(),
            _ => Arc::clone(&self.stored),
        };
        let fault = self.fault;
        Self { fault, stored }
    }

    fn with<T>(&self, organisation: OrganisationId, act: impl FnOnce(&mut Stored) -> T) -> T {
        let mut stored = self.stored.lock().unwrap_or_else(PoisonError::into_inner);
        let key = match self.fault {
            Fault::TruncatesOrganisations => organisation.value() & u128::from(u64::MAX),
            _ => organisation.value(),
        };
        act(stored.entry(key).or_default())
    }

    fn accepts(&self, log: &[LogEntry], entry: &LogEntry) -> Result<bool, Violation> {
        let (end, revision) = (log.len() as u64, entry.commit.revision);
        let taken = (1..=end).contains(&revision);
        Ok(match self.fault {
            Fault::AcceptsGaps => revision > end,
            Fault::AcceptsAnything => true,
            Fault::Overwrites => taken || revision == end + 1,
            Fault::TakesTheSameTwice => log.contains(entry) || revision == end + 1,
            Fault::FailsInPlaceOfConflicts if taken => return Err(Violation),
            _ => revision == end + 1,
        })
    }

    fn store(&self, stored: &mut Stored, mut entry: LogEntry) {
        let place = entry.commit.revision.saturating_sub(1) as usize;
        match self.fault {
            Fault::Overwrites if place < stored.log.len() => stored.log[place] = entry,
            Fault::TakesTheSameTwice if stored.log.contains(&entry) => {}
            Fault::ForgetsTheLastCommit if entry.commit.revision == 7 => {}
            Fault::TruncatesTimes => {
                let signed = entry.commit.at.milliseconds() & (i64::MAX as u64);
                entry.commit.at = Timestamp::from_milliseconds(signed);
                stored.log.push(entry);
            }
            _ => stored.log.push(entry),
        }
    }
}

impl Store for Faulty {
    type Error = Violation;

    fn append(&self, entry: &LogEntry) -> Result<(), AppendError<Violation>> {
        if self.fault == Fault::ChecksAndThenStores {
            let accepted = self.with(entry.organisation, |it| self.accepts(&it.log, entry));
            thread::sleep(Duration::from_micros(50));
            if !accepted.unwrap() {
                return Err(AppendError::Conflict);
            }
            self.with(entry.organisation, |it| it.log.push(entry.clone()));
            return Ok(());
        }
        self.with(entry.organisation, |stored| {
            match self.accepts(&stored.log, entry) {
                Ok(true) => {
                    self.store(stored, entry.clone());
                    Ok(())
                }
                Ok(false) => {
                    stored.conflicted = true;
                    Err(AppendError::Conflict)
                }
                Err(violation) => Err(AppendError::Failed(violation)),
            }
        })
    }

    fn read(&self, organisation: OrganisationId, after: u64) -> Result<Vec<LogEntry>, Violation> {
        let first = self.with(OrganisationId::new(1), |stored| stored.log.clone());
        let mut tail = match self.fault {
            Fault::CrossesLogs if !first.is_empty() => first,
            _ => self.with(organisation, |stored| stored.log.clone()),
        };
        match self.fault {
            Fault::ReadsFromTheRevisionAsked => tail.retain(|it| it.commit.revision >= after),
            _ => tail.retain(|it| it.commit.revision > after),
        }
        match self.fault {
            Fault::NoneButSmallPages => tail.truncate(3),
            Fault::ReadsBackwards => tail.reverse(),
            Fault::ReadsWithHoles => tail.retain(|it| it.commit.revision != 7),
            _ => {}
        }
        let late = self.with(organisation, |it| std::mem::take(&mut it.conflicted));
        if self.fault == Fault::ReadsLate && late {
            tail.pop();
        }
        Ok(tail)
    }

    fn load_snapshot(
        &self,
        organisation: OrganisationId,
    ) -> Result<Option<SnapshotEntry>, Violation> {
        let first = self.with(OrganisationId::new(1), |stored| stored.snapshot.clone());
        Ok(match self.fault {
            Fault::CrossesSnapshots if first.is_some() => first,
            _ => self.with(organisation, |stored| stored.snapshot.clone()),
        })
    }

    fn save_snapshot(&self, snapshot: &SnapshotEntry) -> Result<(), Violation> {
        let revision = snapshot.state.revision();
        self.with(snapshot.organisation, |stored| {
            match self.fault {
                Fault::LosesSnapshots => return,
                Fault::KeepsTheFirstSnapshot if stored.snapshot.is_some() => return,
                Fault::SnapshotCutsTheLog => {
                    stored.log.retain(|it| it.commit.revision > revision);
                }
                Fault::SnapshotDropsTheTail => {
                    stored.log.retain(|it| it.commit.revision <= revision);
                }
                _ => {}
            }
            stored.snapshot = Some(snapshot.clone());
        });
        Ok(())
    }
}
