//! A store in memory.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{AppendError, LogEntry, SnapshotEntry, Store};
use crate::id::OrganisationId;

/// A store in memory: for tests, for examples, and to read when writing another one.
///
/// Wrap it in an [`Arc`](std::sync::Arc) to give several engines the same storage.
#[derive(Debug, Default)]
pub struct MemoryStore {
    organisations: Mutex<BTreeMap<OrganisationId, Stored>>,
}

/// What is stored of one organisation.
#[derive(Debug, Default)]
struct Stored {
    log: BTreeMap<u64, LogEntry>,
    snapshot: Option<SnapshotEntry>,
}

impl Stored {
    fn end(&self) -> u64 {
        self.log.last_key_value().map_or(0, |(end, _)| *end)
    }
}

impl MemoryStore {
    /// A store that holds nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Every critical section is a single insertion, so that a panic in one leaves nothing half done.
    fn lock(&self) -> MutexGuard<'_, BTreeMap<OrganisationId, Stored>> {
        self.organisations
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for MemoryStore {
    type Error = Infallible;

    fn append(&self, entry: &LogEntry) -> Result<(), AppendError<Infallible>> {
        let mut organisations = self.lock();
        let stored = organisations.entry(entry.organisation).or_default();
        let revision = entry.commit.revision;
        if stored.end().checked_add(1) != Some(revision) {
            return Err(AppendError::Conflict);
        }
        stored.log.insert(revision, entry.clone());
        Ok(())
    }

    fn read(&self, organisation: OrganisationId, after: u64) -> Result<Vec<LogEntry>, Infallible> {
        let organisations = self.lock();
        let (Some(stored), Some(first)) = (organisations.get(&organisation), after.checked_add(1))
        else {
            return Ok(Vec::new());
        };
        Ok(stored
            .log
            .range(first..)
            .map(|(_, it)| it.clone())
            .collect())
    }

    fn load_snapshot(
        &self,
        organisation: OrganisationId,
    ) -> Result<Option<SnapshotEntry>, Infallible> {
        let organisations = self.lock();
        let stored = organisations.get(&organisation);
        Ok(stored.and_then(|stored| stored.snapshot.clone()))
    }

    fn save_snapshot(&self, snapshot: &SnapshotEntry) -> Result<(), Infallible> {
        let mut organisations = self.lock();
        let stored = organisations.entry(snapshot.organisation).or_default();
        stored.snapshot = Some(snapshot.clone());
        Ok(())
    }
}
