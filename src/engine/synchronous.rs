//! The engine's doors for synchronous storage: the asynchronous ones, waited for on the spot.

use super::blocking::block_on;
use super::{Engine, ExecuteError, Executed, LogError, Reader};
use crate::command::{Actor, Command};
use crate::id::OrganisationId;
use crate::store::Store;
use crate::time::Timestamp;

impl<S: Store> Engine<S> {
    /// Decides a command, stores its commit and publishes the new revision.
    ///
    /// Opens the organisation where it is not open yet. A commit costs one append; a command that is
    /// refused, or changes nothing, one read of what was committed since. Where others commit at the
    /// same time it is decided again, a bounded number of times.
    ///
    /// # Errors
    /// [`ExecuteError::Refused`] with the refusal of [`decide`](crate::decide).
    /// [`ExecuteError::Contended`] where others committed first time after time.
    /// [`ExecuteError::Log`] where the log could not be read, or is not the organisation's.
    /// [`ExecuteError::Unsettled`] where the storage failed while it appended: the only error after
    /// which the command may have taken effect.
    /// [`ExecuteError::Defect`] where the events decided do not fit, which never happens.
    pub fn execute(
        &self,
        organisation: OrganisationId,
        actor: &Actor,
        command: &Command,
        now: Timestamp,
    ) -> Result<Executed, ExecuteError<S::Error>> {
        block_on(self.execute_async(organisation, actor, command, now))
    }

    /// [`execute`](Self::execute) at this revision and no other: what was previewed is what happens.
    ///
    /// # Errors
    /// [`ExecuteError::Stale`] where the organisation is at another revision; else as
    /// [`execute`](Self::execute), but never [`ExecuteError::Contended`].
    pub fn execute_at(
        &self,
        organisation: OrganisationId,
        revision: u64,
        actor: &Actor,
        command: &Command,
        now: Timestamp,
    ) -> Result<Executed, ExecuteError<S::Error>> {
        block_on(self.execute_at_async(organisation, revision, actor, command, now))
    }

    /// Opens an organisation: its snapshot, the log from there on, and a check of every rule.
    ///
    /// `None` where its log is empty: it is not founded. Reads nothing where it is open already;
    /// [`catch_up`](Self::catch_up) does.
    ///
    /// # Errors
    /// [`LogError`]: nothing is opened.
    pub fn open(&self, organisation: OrganisationId) -> Result<Option<Reader>, LogError<S::Error>> {
        block_on(self.open_async(organisation))
    }

    /// Follows the log to its end, and returns the revision there: 0 where it is empty.
    ///
    /// This is what a replica does: time after time, or told by its storage, or up to the revision
    /// that a client has seen elsewhere. Opens the organisation where it is not open yet. Every event
    /// is checked against the state it is applied to; the rules on the whole state are checked when
    /// an organisation is opened, and by [`State::check_invariants`](crate::State::check_invariants) whenever the host likes.
    ///
    /// # Errors
    /// [`LogError`]: what was published stays.
    pub fn catch_up(&self, organisation: OrganisationId) -> Result<u64, LogError<S::Error>> {
        block_on(self.catch_up_async(organisation))
    }

    /// Saves the newest revision as a snapshot, and returns it; `None` where none was opened.
    ///
    /// When to do it is for the host to say: say, every thousand commits.
    ///
    /// # Errors
    /// The storage failed. The log holds everything all the same.
    pub fn save_snapshot(&self, organisation: OrganisationId) -> Result<Option<u64>, S::Error> {
        block_on(self.save_snapshot_async(organisation))
    }
}
