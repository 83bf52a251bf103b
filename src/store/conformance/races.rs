//! What holds of a store that many threads use at once.

use std::panic::resume_unwind;
use std::sync::Barrier;
use std::thread::{self, ScopedJoinHandle};

use super::sample::{ORGANISATION, entry_by, log, snapshot_of, states};
use super::{must, read_log, told};
use crate::state::State;
use crate::store::{AppendError, LogEntry, Store};

const WRITERS: usize = 4;
const COMMITS_EACH: usize = 25;
const COMMITS: u64 = 60;

/// Of several threads that append, on one handle or on several, one wins each revision: what was
/// stored is in the log once, nothing else is, and whoever lost can read who won.
///
/// # Panics
/// Where the store breaks the law.
pub fn lets_one_writer_win<S: Store>(handles: &[&S]) {
    let start = Barrier::new(WRITERS);
    let mut won: Vec<LogEntry> = thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS as u64)
            .zip(handles.iter().cycle())
            .map(|(writer, store)| {
                let start = &start;
                scope.spawn(move || {
                    start.wait();
                    race(*store, writer)
                })
            })
            .collect();
        writers.into_iter().flat_map(join).collect()
    });
    won.sort_by_key(|entry| entry.commit.revision);
    for store in handles {
        let stored = read_log(*store, ORGANISATION, 0);
        assert_eq!(
            stored, won,
            "the log holds what was stored in a race, once, and nothing else"
        );
    }
}

/// Appends until this writer has won its share; what it won.
fn race<S: Store>(store: &S, writer: u64) -> Vec<LogEntry> {
    let (mut won, mut end) = (Vec::new(), 0);
    while won.len() < COMMITS_EACH {
        let entry = entry_by(ORGANISATION, end + 1, writer);
        match store.append(&entry) {
            Ok(()) => {
                end += 1;
                won.push(entry);
            }
            Err(AppendError::Conflict) => {
                let tail = read_log(store, ORGANISATION, end);
                let seen = tail.last().map(|entry| entry.commit.revision);
                assert!(
                    seen.is_some(),
                    "whoever loses revision {} can read who won it",
                    end + 1
                );
                end = seen.unwrap_or(end);
            }
            Err(AppendError::Failed(error)) => panic!("append in a race: {}", told(&error)),
        }
    }
    won
}

/// Readers beside a writer see whole entries and whole snapshots, and the log never gets shorter.
///
/// # Panics
/// Where the store breaks the law.
pub fn shows_readers_whole_revisions<S: Store>(writer: &S, reader: &S) {
    let entries = log(ORGANISATION, COMMITS);
    let states = states(&entries);
    thread::scope(|scope| {
        let readers = [reader, writer].map(|store| {
            let (entries, states) = (&entries, &states);
            scope.spawn(move || watch(store, entries, states))
        });
        write(writer, &entries);
        readers.into_iter().for_each(join);
    });
}

fn write<S: Store>(store: &S, entries: &[LogEntry]) {
    for (length, entry) in (1..).zip(entries) {
        must(store.append(entry), "append beside readers");
        let snapshot = snapshot_of(ORGANISATION, &log(ORGANISATION, length));
        must(store.save_snapshot(&snapshot), "save beside readers");
    }
}

/// Reads until the whole log is there.
fn watch<S: Store>(store: &S, entries: &[LogEntry], states: &[State]) {
    let mut seen = 0;
    while seen < entries.len() {
        let snapshot = must(store.load_snapshot(ORGANISATION), "load beside a writer");
        let tail = read_log(store, ORGANISATION, 0);
        assert!(
            entries.starts_with(&tail),
            "a reader beside a writer sees the log up to a revision"
        );
        assert!(tail.len() >= seen, "a log never gets shorter");
        seen = tail.len();
        if let Some(snapshot) = snapshot {
            let revision = snapshot.state.revision();
            let expected = (0..=seen as u64).zip(states).find(|it| it.0 == revision);
            assert!(
                expected.is_some_and(|(_, state)| *state == snapshot.state),
                "a reader beside a writer sees a snapshot of a revision in the log"
            );
        }
        thread::yield_now();
    }
}

/// What the thread made; its panic goes on in this one, with its message.
fn join<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| resume_unwind(panic))
}
