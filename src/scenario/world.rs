//! The world of a scenario: one organisation, its log, a clock, and the names of everything.

use super::START;
use super::names::Names;
use crate::admin::{Decided, decide};
use crate::command::{Actor, Command};
use crate::event::Commit;
use crate::refusal::Refusal;
use crate::state::{Corrupt, State};
use crate::time::Timestamp;

/// One organisation in memory, with its log, a clock that steps set, and the names seen so far.
///
/// Scenarios run in it one after the other; questions by name can be asked between and after them.
#[derive(Clone, Debug)]
pub struct World {
    names: Names,
    state: State,
    log: Vec<Commit>,
    now: Timestamp,
}

/// Why a command was not performed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotPerformed {
    /// It was refused.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// What was decided does not fit the state: a defect of the library.
    #[error(transparent)]
    Corrupt(#[from] Corrupt),
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

impl World {
    /// An organisation that is not founded yet, at the start of time.
    #[must_use]
    pub fn new() -> Self {
        Self {
            names: Names::new(),
            state: State::new(),
            log: Vec::new(),
            now: START,
        }
    }

    /// The names seen so far.
    #[must_use]
    pub const fn names(&self) -> &Names {
        &self.names
    }

    /// The names seen so far, to learn more.
    pub const fn names_mut(&mut self) -> &mut Names {
        &mut self.names
    }

    /// The organisation as it is.
    #[must_use]
    pub const fn state(&self) -> &State {
        &self.state
    }

    /// All commits, the first one first.
    #[must_use]
    pub fn log(&self) -> &[Commit] {
        &self.log
    }

    /// What the clock shows.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// Sets the clock. It may go back.
    pub const fn set_now(&mut self, now: Timestamp) {
        self.now = now;
    }

    /// Decides a command, commits what it comes to and applies it.
    ///
    /// # Errors
    /// [`NotPerformed::Refused`] where it is refused; nothing changes. [`NotPerformed::Corrupt`]
    /// where the commit does not apply.
    pub fn perform(
        &mut self,
        actor: &Actor,
        command: &Command,
    ) -> Result<Vec<Result<(), Refusal>>, NotPerformed> {
        let mut decided = decide(&self.state, actor, command, self.now)?;
        let results = std::mem::take(&mut decided.results);
        if let Some(commit) = self.commit_of(decided) {
            self.state.apply(&commit)?;
            self.log.push(commit);
        }
        Ok(results)
    }

    /// The state that a command would make; nothing changes.
    ///
    /// # Errors
    /// As [`perform`](Self::perform).
    pub fn foresee(&self, actor: &Actor, command: &Command) -> Result<State, NotPerformed> {
        let decided = decide(&self.state, actor, command, self.now)?;
        let mut state = self.state.clone();
        if let Some(commit) = self.commit_of(decided) {
            state.apply(&commit)?;
        }
        Ok(state)
    }

    fn commit_of(&self, decided: Decided) -> Option<Commit> {
        decided.into_commit(self.state.revision(), self.now)
    }
}
