//! Storage: what a host plugs in, an in-memory store, and the suite that every store must pass.
//!
//! A host implements [`Store`], or [`AsyncStore`] where its storage is asynchronous, and runs
//! `conformance` (feature `conformance`) against it. The [`Engine`](crate::Engine) does the rest.
//!
//! One organisation has one log: its commits at revision 1, 2, 3 and so on, without gaps. The log is
//! the truth. A snapshot only saves reading it from the start.

#[cfg(feature = "conformance")]
pub mod conformance;
mod memory;

use std::error::Error;
use std::future::{Future, ready};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::event::Commit;
use crate::id::OrganisationId;
use crate::state::State;

pub use memory::MemoryStore;

/// One commit in the log of one organisation.
///
/// Store it whole: the organisation inside is what the engine checks when it reads the entry back, so
/// that a query without its `WHERE` clause, or a cache with the wrong key, shows up as an error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogEntry {
    /// Whose log it is in.
    pub organisation: OrganisationId,
    /// The commit; its place in the log is its revision.
    pub commit: Commit,
}

/// The state of one organisation at one revision, saved to spare reading the log from the start.
///
/// Store it whole, as a [`LogEntry`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SnapshotEntry {
    /// Whose state it is.
    pub organisation: OrganisationId,
    /// The state; it knows its revision.
    pub state: State,
}

/// Why a commit was not appended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AppendError<E> {
    /// The log does not end at the revision before the commit's. Nothing was stored by this call.
    #[error("the log does not end at the expected revision")]
    Conflict,
    /// The storage failed. The commit was stored whole, will still be, or never is: nobody knows yet.
    #[error("the storage failed")]
    Failed(#[source] E),
}

/// Storage of logs and snapshots. This page is its contract; `conformance` is the contract as tests.
///
/// Calls come from several threads, and from several engines on the same storage. Every organisation
/// is by itself: no call about one sees or changes another.
///
/// An implementation for a database is one table of entries with the primary key (organisation,
/// revision), and one of snapshots with the primary key (organisation).
pub trait Store: Send + Sync {
    /// How the storage fails.
    type Error: Error + Send + Sync + 'static;

    /// Puts a commit at the end of its organisation's log.
    ///
    /// The *expected revision* is the one before `entry.commit.revision`. One atomic, durable step:
    /// where the log ends at the expected revision (0: where it is empty), the entry is its new end;
    /// anywhere else nothing is stored. Of several calls for one revision exactly one succeeds.
    /// Once it has returned `Ok` or `Conflict`, every [`read`](Self::read) from any thread sees the
    /// entry that now stands at that revision.
    ///
    /// # Errors
    /// [`AppendError::Conflict`] where the log ends elsewhere, before or after: also where this very
    /// commit stands there already. Only when it is certain that this call stored nothing.
    /// [`AppendError::Failed`] where the storage failed; the entry may be stored or not, never in part.
    fn append(&self, entry: &LogEntry) -> Result<(), AppendError<Self::Error>>;

    /// The entries of the log with revisions above `after`, in order, without gaps.
    ///
    /// A store may return only the first of them: the caller asks again until it gets none. None means
    /// that the log ends at `after`, or before it.
    ///
    /// # Errors
    /// The storage failed, or holds something that cannot be read. Nothing is passed over.
    fn read(&self, organisation: OrganisationId, after: u64) -> Result<Vec<LogEntry>, Self::Error>;

    /// The snapshot saved last; `None` where there is none.
    ///
    /// # Errors
    /// The storage failed, or holds something that cannot be read.
    fn load_snapshot(
        &self,
        organisation: OrganisationId,
    ) -> Result<Option<SnapshotEntry>, Self::Error>;

    /// Saves a snapshot in place of the one before, in one atomic step. The log stays as it is.
    ///
    /// Where calls overlap, or an older one comes after a newer one, either may remain.
    ///
    /// # Errors
    /// The storage failed; the snapshot is saved or not, never in part.
    fn save_snapshot(&self, snapshot: &SnapshotEntry) -> Result<(), Self::Error>;
}

/// The entries of a log with revisions above `after`, all of them: a store may give its log in pages.
///
/// ```
/// # use rolebook::history::{AuditFilter, LoggedNames, audit};
/// # use rolebook::store::{MemoryStore, Store, read_log};
/// # use rolebook::{Commit, OrganisationId};
/// # fn example(store: &MemoryStore, acme: OrganisationId) -> Result<(), <MemoryStore as Store>::Error> {
/// let log = read_log(store, acme, 0)?;
/// let commits: Vec<&Commit> = log.iter().map(|entry| &entry.commit).collect();
/// let names = LoggedNames::of(commits.iter().copied());
/// for entry in audit(commits, &AuditFilter::default()) {
///     println!("{}", entry.sentence(&names));
/// }
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// The storage failed, or holds something that cannot be read.
pub fn read_log<S: Store>(
    store: &S,
    organisation: OrganisationId,
    after: u64,
) -> Result<Vec<LogEntry>, S::Error> {
    let mut log: Vec<LogEntry> = Vec::new();
    loop {
        let end = log.last().map_or(after, |entry| entry.commit.revision);
        let page = store.read(organisation, end)?;
        let before = log.len();
        // A store that gives the same page again must not keep anybody here for ever.
        let new = page.into_iter().filter(|it| it.commit.revision > end);
        log.extend(new);
        if log.len() == before {
            return Ok(log);
        }
    }
}

/// [`Store`] for asynchronous storage: the same calls, the same contract, on any runtime or none.
///
/// Write the methods as `async fn`. A future that is dropped before it is ready is a call that failed:
/// its effect may have taken place whole, or not at all. Every [`Store`] is an `AsyncStore` whose
/// futures are ready at once.
pub trait AsyncStore: Send + Sync {
    /// How the storage fails.
    type Error: Error + Send + Sync + 'static;

    /// As [`Store::append`].
    fn append(
        &self,
        entry: &LogEntry,
    ) -> impl Future<Output = Result<(), AppendError<Self::Error>>> + Send;

    /// As [`Store::read`].
    fn read(
        &self,
        organisation: OrganisationId,
        after: u64,
    ) -> impl Future<Output = Result<Vec<LogEntry>, Self::Error>> + Send;

    /// As [`Store::load_snapshot`].
    fn load_snapshot(
        &self,
        organisation: OrganisationId,
    ) -> impl Future<Output = Result<Option<SnapshotEntry>, Self::Error>> + Send;

    /// As [`Store::save_snapshot`].
    fn save_snapshot(
        &self,
        snapshot: &SnapshotEntry,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;
}

impl<S: Store> AsyncStore for S {
    type Error = <S as Store>::Error;

    fn append(
        &self,
        entry: &LogEntry,
    ) -> impl Future<Output = Result<(), AppendError<Self::Error>>> + Send {
        ready(Store::append(self, entry))
    }

    fn read(
        &self,
        organisation: OrganisationId,
        after: u64,
    ) -> impl Future<Output = Result<Vec<LogEntry>, Self::Error>> + Send {
        ready(Store::read(self, organisation, after))
    }

    fn load_snapshot(
        &self,
        organisation: OrganisationId,
    ) -> impl Future<Output = Result<Option<SnapshotEntry>, Self::Error>> + Send {
        ready(Store::load_snapshot(self, organisation))
    }

    fn save_snapshot(
        &self,
        snapshot: &SnapshotEntry,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send {
        ready(Store::save_snapshot(self, snapshot))
    }
}

macro_rules! stores_that_point_at_one {
    ($($pointer:ty),*) => {$(
        impl<S: Store> Store for $pointer {
            type Error = S::Error;

            fn append(&self, entry: &LogEntry) -> Result<(), AppendError<Self::Error>> {
                Store::append(&**self, entry)
            }

            fn read(
                &self,
                organisation: OrganisationId,
                after: u64,
            ) -> Result<Vec<LogEntry>, Self::Error> {
                Store::read(&**self, organisation, after)
            }

            fn load_snapshot(
                &self,
                organisation: OrganisationId,
            ) -> Result<Option<SnapshotEntry>, Self::Error> {
                Store::load_snapshot(&**self, organisation)
            }

            fn save_snapshot(&self, snapshot: &SnapshotEntry) -> Result<(), Self::Error> {
                Store::save_snapshot(&**self, snapshot)
            }
        }
    )*};
}

stores_that_point_at_one! { &S, Arc<S> }
