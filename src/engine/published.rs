//! The revision that readers see.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use super::sync::{ArcSwap, Cache, Guard};
use crate::state::State;

/// Where the newest revision of one organisation is published.
#[derive(Clone)]
pub(super) struct Published(Arc<ArcSwap<State>>);

impl Published {
    pub(super) fn new(state: State) -> Self {
        Self(Arc::new(ArcSwap::from_pointee(state)))
    }

    /// Makes a revision visible to all readers, unless they see it, or a newer one, already.
    ///
    /// All states at one revision are equal, the log being the truth, so the order in which writers
    /// come here does not matter.
    pub(super) fn publish(&self, state: State) {
        let next = Arc::new(state);
        self.0.rcu(|current| {
            let newest = if current.revision() < next.revision() {
                &next
            } else {
                current
            };
            Arc::clone(newest)
        });
    }

    /// The newest revision, to make the next one of. Shares structure.
    pub(super) fn state(&self) -> State {
        State::clone(&self.0.load())
    }

    #[inline]
    pub(super) fn snapshot(&self) -> Snapshot {
        Snapshot(self.0.load())
    }

    pub(super) fn reader(&self) -> Reader {
        Reader(self.clone())
    }
}

impl fmt::Debug for Published {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "revision {}", self.0.load().revision())
    }
}

/// One organisation at one revision, held as long as it is kept. Reads like a [`State`].
///
/// It never changes and blocks no writer. Taking one writes to nothing that threads share, as long as
/// a thread keeps few of them at a time; to keep many, or to keep one for long, take the [`Arc`] with
/// [`into_arc`](Self::into_arc). Where a newer revision came while one was kept, dropping it counts down a
/// reference; the last to go frees what only that revision held.
pub struct Snapshot(Guard<Arc<State>>);

impl Snapshot {
    /// The same as a counted reference.
    #[must_use]
    pub fn into_arc(self) -> Arc<State> {
        Guard::into_inner(self.0)
    }
}

impl Deref for Snapshot {
    type Target = State;

    #[inline]
    fn deref(&self) -> &State {
        &self.0
    }
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Snapshot(revision {})", self.revision())
    }
}

/// Reads one organisation of an [`Engine`](crate::Engine), always at its newest revision.
///
/// Hosts that serve many requests for one organisation keep one, to spare the look-up of the
/// organisation. It stays good however long it is kept.
#[derive(Clone, Debug)]
pub struct Reader(Published);

impl Reader {
    /// The newest revision, pinned.
    #[must_use]
    #[inline]
    pub fn snapshot(&self) -> Snapshot {
        self.0.snapshot()
    }

    /// A reader for one thread, which is faster still.
    #[must_use]
    pub fn cached(&self) -> CachedReader {
        CachedReader(Cache::new(Arc::clone(&self.0.0)))
    }
}

/// A [`Reader`] for one thread: it keeps the revision it read last, and looks only whether there is a
/// newer one.
#[derive(Clone)]
pub struct CachedReader(Cache<Arc<ArcSwap<State>>, Arc<State>>);

impl CachedReader {
    /// The newest revision.
    #[must_use]
    #[inline]
    pub fn state(&mut self) -> &State {
        self.0.load()
    }
}

impl fmt::Debug for CachedReader {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("CachedReader(..)")
    }
}
