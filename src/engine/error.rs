//! What can go wrong, told apart by what it means for the host.

use crate::id::OrganisationId;
use crate::refusal::Refusal;
use crate::state::Corrupt;

/// Why the log of an organisation was not read. Nothing of it was published.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogError<E> {
    /// The storage failed. Try again.
    #[error("the storage failed")]
    Store(#[source] E),
    /// The log, or the snapshot, is one that no sequence of commands could have made.
    #[error("the log is corrupt")]
    Corrupt(#[source] Corrupt),
    /// The storage gave out what belongs to another organisation.
    #[error("asked for organisation {asked}, the storage answered with {found}")]
    Foreign {
        /// The organisation that was asked for.
        asked: OrganisationId,
        /// The organisation that the answer names.
        found: OrganisationId,
    },
    /// The log ends before a revision that it has had: commits were lost, or a read was stale.
    #[error("the log ends before revision {revision}, which it has had")]
    Behind {
        /// A revision that the log has had.
        revision: u64,
    },
}

impl<E> From<Corrupt> for LogError<E> {
    fn from(corrupt: Corrupt) -> Self {
        Self::Corrupt(corrupt)
    }
}

/// Why a command was not executed.
///
/// Nothing was stored by the call, with one exception: [`Unsettled`](Self::Unsettled).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExecuteError<E> {
    /// The command was refused, at the revision at which the log ended.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The organisation is not at the revision that the command was bound to.
    #[error("bound to revision {expected}, and it is {revision}")]
    Stale {
        /// The revision that the command was bound to.
        expected: u64,
        /// The revision of the organisation.
        revision: u64,
    },
    /// Others committed first, time after time. Try again.
    #[error("others committed first {attempts} times in a row")]
    Contended {
        /// How often the command was decided.
        attempts: u32,
    },
    /// The log was not read.
    #[error(transparent)]
    Log(#[from] LogError<E>),
    /// The storage failed while it appended: the commit was stored whole, or will be, or never is.
    ///
    /// Nothing is published that the log does not hold. Where the host gives the command again, it is
    /// decided on whatever the log holds by then.
    #[error("the storage failed, and the commit may be stored or not")]
    Unsettled(#[source] E),
    /// The events that were decided do not fit the state: a defect of this library.
    #[error("what was decided does not fit the state")]
    Defect(#[source] Corrupt),
}
