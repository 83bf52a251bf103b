//! Commits made by hand. Any log of them in order is one that commands could have made.

use crate::event::{Author, Commit, Event};
use crate::id::{ModelId, OrganisationId};
use crate::resource::Resource;
use crate::state::State;
use crate::store::{LogEntry, SnapshotEntry};
use crate::time::Timestamp;

/// Organisations whose ids are easily taken for each other: they differ in the highest bits only.
pub(super) const ORGANISATIONS: [OrganisationId; 3] = [
    OrganisationId::new(1),
    OrganisationId::new(1 << 64 | 1),
    OrganisationId::new(1 << 127 | 1),
];

/// The organisation of laws that need one.
pub(super) const ORGANISATION: OrganisationId = ORGANISATIONS[2];

/// A name that an encoding may stumble over.
const NAME: &str = "Öl & \"Gas\"; 組織 \u{1F3E2} 'x' \\ %s";

/// What this writer would commit at this revision: different for each of both.
pub(super) fn entry_by(organisation: OrganisationId, revision: u64, writer: u64) -> LogEntry {
    let model = ModelId::new(u128::from(revision) << 64 | u128::from(writer));
    let registered = Event::ResourceRegistered {
        resource: Resource::Model(model),
        parent: Resource::Organisation,
    };
    let events = match (revision, NAME.parse()) {
        (1, Ok(name)) => vec![Event::Founded { name }, registered],
        _ => vec![registered],
    };
    let at = Timestamp::from_milliseconds(u64::MAX - revision);
    let commit = Commit {
        revision,
        at,
        author: Author::Operator,
        events,
    };
    LogEntry {
        organisation,
        commit,
    }
}

pub(super) fn entry(organisation: OrganisationId, revision: u64) -> LogEntry {
    entry_by(organisation, revision, 0)
}

/// The entries up to this revision.
pub(super) fn log(organisation: OrganisationId, end: u64) -> Vec<LogEntry> {
    (1..=end)
        .map(|revision| entry(organisation, revision))
        .collect()
}

pub(super) fn snapshot_of(organisation: OrganisationId, log: &[LogEntry]) -> SnapshotEntry {
    let state = super::must(
        State::replay(log.iter().map(|entry| &entry.commit)),
        "a log replays to a state",
    );
    SnapshotEntry {
        organisation,
        state,
    }
}

/// The states at every revision from 0 to the last, by revision.
pub(super) fn states(log: &[LogEntry]) -> Vec<State> {
    let mut state = State::new();
    let mut states = vec![state.clone()];
    for entry in log {
        super::must(state.apply(&entry.commit), "a log replays to a state");
        states.push(state.clone());
    }
    states
}
