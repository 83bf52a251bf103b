//! An asynchronous store as a synchronous one, so that one suite serves both.

use std::future::Future;

use crate::id::OrganisationId;
use crate::store::{AppendError, AsyncStore, LogEntry, SnapshotEntry, Store};

/// Waits for futures, on the host's runtime.
pub trait BlockOn: Send + Sync {
    /// Runs the future to its end. Called from threads that the runtime does not know.
    fn block_on<F: Future + Send>(&self, future: F) -> F::Output
    where
        F::Output: Send;
}

/// An [`AsyncStore`] as a [`Store`] that waits.
#[derive(Clone, Debug)]
pub struct Blocking<S, B> {
    /// The store.
    pub store: S,
    /// What waits for its futures.
    pub runtime: B,
}

impl<S: AsyncStore, B: BlockOn> Store for Blocking<S, B> {
    type Error = S::Error;

    fn append(&self, entry: &LogEntry) -> Result<(), AppendError<S::Error>> {
        self.runtime.block_on(self.store.append(entry))
    }

    fn read(&self, organisation: OrganisationId, after: u64) -> Result<Vec<LogEntry>, S::Error> {
        self.runtime.block_on(self.store.read(organisation, after))
    }

    fn load_snapshot(
        &self,
        organisation: OrganisationId,
    ) -> Result<Option<SnapshotEntry>, S::Error> {
        self.runtime
            .block_on(self.store.load_snapshot(organisation))
    }

    fn save_snapshot(&self, snapshot: &SnapshotEntry) -> Result<(), S::Error> {
        self.runtime.block_on(self.store.save_snapshot(snapshot))
    }
}
