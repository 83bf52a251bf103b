//! What holds of a store that one thread uses.

use super::sample::{ORGANISATION, ORGANISATIONS, entry, entry_by, log, snapshot_of};
use super::{must, read_log, told};
use crate::id::OrganisationId;
use crate::store::{AppendError, LogEntry, Store};

fn append_all<S: Store>(store: &S, entries: &[LogEntry]) {
    for entry in entries {
        must(store.append(entry), "append of the next revision succeeds");
    }
}

fn refuses<S: Store>(store: &S, entry: &LogEntry, why: &str) {
    let revision = entry.commit.revision;
    match store.append(entry) {
        Err(AppendError::Conflict) => {}
        Err(AppendError::Failed(error)) => {
            let error = told(&error);
            panic!("append of revision {revision} {why}: a conflict, not a failure: {error}")
        }
        Ok(()) => panic!("append of revision {revision} {why}: a conflict, but it was stored"),
    }
}

/// Nothing is read from a store that holds nothing.
///
/// # Panics
/// Where the store breaks the law.
pub fn starts_empty<S: Store>(store: &S) {
    for after in [0, 1, u64::MAX] {
        let tail = must(store.read(ORGANISATION, after), "read of an empty log");
        assert!(tail.is_empty(), "an empty log has no entries after {after}");
    }
    let snapshot = must(store.load_snapshot(ORGANISATION), "load without a snapshot");
    assert!(
        snapshot.is_none(),
        "there is no snapshot before one is saved"
    );
}

/// What is read is what was appended, bit for bit.
///
/// # Panics
/// Where the store breaks the law.
pub fn keeps_what_is_appended<S: Store>(store: &S) {
    let entries = log(ORGANISATION, 20);
    for (length, entry) in (1..).zip(&entries) {
        must(store.append(entry), "append of the next revision succeeds");
        let stored = read_log(store, ORGANISATION, 0);
        assert_eq!(stored.len(), length, "an append adds one entry");
        assert_eq!(stored.last(), Some(entry), "an entry is read as appended");
    }
    let stored = read_log(store, ORGANISATION, 0);
    assert_eq!(stored, entries, "entries are read as appended");
}

/// The next revision and no other is stored: no gap, no second time, nothing in place of another.
///
/// # Panics
/// Where the store breaks the law.
pub fn refuses_all_but_the_next_revision<S: Store>(store: &S) {
    refuses(store, &entry(ORGANISATION, 0), "to an empty log");
    refuses(store, &entry(ORGANISATION, 2), "to an empty log");
    let entries = log(ORGANISATION, 5);
    append_all(store, &entries);
    for again in &entries {
        refuses(store, again, "a second time, to a log that ends at 5");
        let revision = again.commit.revision;
        let tail = must(store.read(ORGANISATION, revision - 1), "read of a winner");
        assert_eq!(
            tail.first(),
            Some(again),
            "whoever is refused a revision can read what stands there"
        );
    }
    for revision in [0, 1, 4, 5, 7, 8, 1_000, u64::MAX] {
        let other = entry_by(ORGANISATION, revision, 1);
        refuses(store, &other, "to a log that ends at 5");
    }
    let stored = read_log(store, ORGANISATION, 0);
    assert_eq!(stored, entries, "a conflict leaves the log as it was");
    append_all(store, &[entry(ORGANISATION, 6)]);
}

/// A read gives what is above the revision asked for.
///
/// # Panics
/// Where the store breaks the law.
pub fn reads_the_tail<S: Store>(store: &S) {
    let entries = log(ORGANISATION, 30);
    append_all(store, &entries);
    for (after, length) in (0..=30).zip((0..=30).rev()) {
        let tail = read_log(store, ORGANISATION, after);
        assert_eq!(tail.len(), length, "the tail after {after} goes to the end");
        assert!(entries.ends_with(&tail), "the tail is that of the log");
    }
    for after in [31, 1_000, u64::MAX] {
        let tail = must(store.read(ORGANISATION, after), "read beyond the end");
        assert!(tail.is_empty(), "there is nothing beyond the end");
    }
}

/// No call about one organisation sees or changes another.
///
/// # Panics
/// Where the store breaks the law.
pub fn keeps_organisations_apart<S: Store>(store: &S) {
    let logs: Vec<_> = (1..)
        .zip(ORGANISATIONS)
        .map(|(end, organisation)| log(organisation, end))
        .collect();
    for (log, organisation) in logs.iter().zip(ORGANISATIONS) {
        holds_only(store, organisation, &[]);
        append_all(store, log);
        let snapshot = snapshot_of(organisation, log);
        must(store.save_snapshot(&snapshot), "save of a snapshot");
    }
    for (log, organisation) in logs.iter().zip(ORGANISATIONS) {
        holds_only(store, organisation, log);
        let snapshot = must(store.load_snapshot(organisation), "load of a snapshot");
        let expected = Some(snapshot_of(organisation, log));
        assert!(
            snapshot == expected,
            "each organisation has its own snapshot"
        );
    }
}

fn holds_only<S: Store>(store: &S, organisation: OrganisationId, log: &[LogEntry]) {
    let stored = read_log(store, organisation, 0);
    assert_eq!(stored, log, "each organisation has its own log");
    let snapshot = must(store.load_snapshot(organisation), "load of a snapshot");
    assert!(
        snapshot.is_none_or(|it| it.organisation == organisation && !log.is_empty()),
        "each organisation has its own snapshot"
    );
}

/// The snapshot saved last is loaded as it was saved; with the tail it makes the state of the log,
/// which a snapshot leaves as it is.
///
/// # Panics
/// Where the store breaks the law.
pub fn keeps_snapshots<S: Store>(store: &S) {
    let entries = log(ORGANISATION, 10);
    append_all(store, &entries);
    for end in [3, 7, 10] {
        let saved = snapshot_of(ORGANISATION, &log(ORGANISATION, end));
        must(store.save_snapshot(&saved), "save of a snapshot");
        let loaded = must(store.load_snapshot(ORGANISATION), "load of a snapshot");
        assert!(
            loaded.as_ref() == Some(&saved),
            "the snapshot saved last is loaded as it was saved"
        );
        let tail = read_log(store, ORGANISATION, end);
        let tail = tail.iter().map(|entry| &entry.commit);
        let state = must(saved.state.replay_tail(tail), "snapshot and tail replay");
        let whole = snapshot_of(ORGANISATION, &entries).state;
        assert!(
            state == whole,
            "snapshot and tail make the state of the log"
        );
        let stored = read_log(store, ORGANISATION, 0);
        assert_eq!(stored, entries, "a snapshot leaves the log as it is");
    }
}

/// What one handle stored is there for another one, when the first is gone.
///
/// # Panics
/// Where the store breaks the law.
pub fn outlives_its_handle<S: Store>(store: S, another: &S) {
    let entries = log(ORGANISATION, 5);
    append_all(&store, &entries);
    let snapshot = snapshot_of(ORGANISATION, &entries);
    must(store.save_snapshot(&snapshot), "save of a snapshot");
    drop(store);
    let stored = read_log(another, ORGANISATION, 0);
    assert_eq!(stored, entries, "the log outlives the handle that wrote it");
    let loaded = must(another.load_snapshot(ORGANISATION), "load of a snapshot");
    assert!(
        loaded == Some(snapshot),
        "the snapshot outlives the handle that wrote it"
    );
    append_all(another, &[entry(ORGANISATION, 6)]);
}
