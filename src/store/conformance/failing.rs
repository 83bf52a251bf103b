//! A store that fails when it is told to.

use std::error::Error;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::id::OrganisationId;
use crate::store::{AppendError, LogEntry, SnapshotEntry, Store};

/// Where a call fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Nothing took effect.
    BeforeEffect,
    /// The effect took place, and the answer got lost.
    AfterEffect,
}

/// The error of a [`FailingStore`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FailingError<E: Error + 'static> {
    /// It was told to fail.
    #[error("told to fail")]
    Injected,
    /// The store within failed by itself.
    #[error(transparent)]
    Store(E),
}

/// A store that fails at certain calls, counted from 0 over all methods, and else does what the store
/// within does.
#[derive(Debug)]
pub struct FailingStore<S> {
    inner: S,
    calls: AtomicU64,
    fails: Range<u64>,
    failure: Failure,
}

impl<S> FailingStore<S> {
    /// A store that fails at these calls.
    #[must_use]
    pub const fn new(inner: S, fails: Range<u64>, failure: Failure) -> Self {
        Self {
            inner,
            calls: AtomicU64::new(0),
            fails,
            failure,
        }
    }

    /// The store within.
    #[must_use]
    pub const fn inner(&self) -> &S {
        &self.inner
    }

    /// Whether a call has failed because it was told to.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.calls.load(Ordering::SeqCst) > self.fails.start
    }
}

impl<S: Store> FailingStore<S> {
    fn call<T, E>(
        &self,
        injected: impl Fn() -> E,
        effect: impl FnOnce(&S) -> Result<T, E>,
    ) -> Result<T, E> {
        let call = self.calls.fetch_add(1, Ordering::SeqCst);
        let fails = self.fails.contains(&call);
        if fails && self.failure == Failure::BeforeEffect {
            return Err(injected());
        }
        let result = effect(&self.inner);
        if fails { Err(injected()) } else { result }
    }
}

impl<S: Store> Store for FailingStore<S> {
    type Error = FailingError<S::Error>;

    fn append(&self, entry: &LogEntry) -> Result<(), AppendError<Self::Error>> {
        let injected = || AppendError::Failed(FailingError::Injected);
        self.call(injected, |inner| {
            inner.append(entry).map_err(|error| match error {
                AppendError::Conflict => AppendError::Conflict,
                AppendError::Failed(error) => AppendError::Failed(FailingError::Store(error)),
            })
        })
    }

    fn read(&self, organisation: OrganisationId, after: u64) -> Result<Vec<LogEntry>, Self::Error> {
        self.call(
            || FailingError::Injected,
            |inner| inner.read(organisation, after).map_err(FailingError::Store),
        )
    }

    fn load_snapshot(
        &self,
        organisation: OrganisationId,
    ) -> Result<Option<SnapshotEntry>, Self::Error> {
        self.call(
            || FailingError::Injected,
            |inner| {
                inner
                    .load_snapshot(organisation)
                    .map_err(FailingError::Store)
            },
        )
    }

    fn save_snapshot(&self, snapshot: &SnapshotEntry) -> Result<(), Self::Error> {
        self.call(
            || FailingError::Injected,
            |inner| inner.save_snapshot(snapshot).map_err(FailingError::Store),
        )
    }
}
