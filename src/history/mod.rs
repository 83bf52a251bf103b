//! What was: past states, who could do what then, and the audit trail.
//!
//! The committed events are the whole of it. A log is any iterator of [`Commit`](crate::Commit)s in
//! the order of their revisions; a snapshot spares the commits before it.

mod audit;
mod names;
mod past;
mod sentence;
mod topics;
mod values;

use crate::state::Corrupt;
use crate::time::Timestamp;

pub use audit::{AuditActor, AuditEntry, AuditFilter, EventKind, audit};
pub use names::LoggedNames;
pub use past::Past;
pub use values::Values;

pub(crate) use sentence::deed_with_values;

/// Why there is no answer about the past.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HistoryError {
    /// The snapshot is of a later revision than the one asked for.
    #[error("the snapshot is of revision {snapshot}, behind revision {asked}")]
    SnapshotTooLate {
        /// The revision of the snapshot.
        snapshot: u64,
        /// The revision asked for.
        asked: u64,
    },
    /// The snapshot is from after the time asked for.
    #[error("the snapshot is from {snapshot}, after {asked}")]
    SnapshotTooRecent {
        /// The time of the snapshot.
        snapshot: Timestamp,
        /// The time asked for.
        asked: Timestamp,
    },
    /// The commits end, or leave one out, before the revision asked for.
    #[error("the commits reach revision {reached}, not {asked}")]
    NotReached {
        /// The last revision that they reach.
        reached: u64,
        /// The revision asked for.
        asked: u64,
    },
    /// A commit does not fit the state before it.
    #[error(transparent)]
    Corrupt(#[from] Corrupt),
}
