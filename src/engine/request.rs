//! One command on its way: judged at a revision, it is a commit to append or an answer as it stands.

use super::error::ExecuteError;
use crate::admin::Decided;
use crate::event::Commit;
use crate::id::OrganisationId;
use crate::refusal::Refusal;
use crate::state::State;
use crate::store::LogEntry;
use crate::time::Timestamp;

/// What came of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Executed {
    /// The revision that the organisation has with it.
    pub revision: u64,
    /// The commit; `None` where nothing had to change.
    pub commit: Option<Commit>,
    /// For `invite_many`, what came of each entry, in order; empty for every other command.
    pub results: Vec<Result<(), Refusal>>,
}

/// A command, how it is decided, and the revision it is bound to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Request<D> {
    pub(super) organisation: OrganisationId,
    pub(super) bound_to: Option<u64>,
    pub(super) now: Timestamp,
    pub(super) decide: D,
}

/// What a command comes to at one revision.
pub(super) enum Judged {
    /// Refused, or nothing to change.
    Settled(Result<Executed, Refusal>),
    /// A commit.
    Draft(Box<Draft>),
}

/// A commit that is not stored yet, and the state that it makes.
pub(super) struct Draft {
    pub(super) entry: LogEntry,
    pub(super) next: State,
    results: Vec<Result<(), Refusal>>,
}

impl<D> Request<D>
where
    D: Fn(&State) -> Result<Decided, Refusal>,
{
    /// Decides at this revision.
    pub(super) fn judge<E>(&self, state: &State) -> Result<Judged, ExecuteError<E>> {
        self.check_binding(state)?;
        match (self.decide)(state) {
            Ok(decided) => self.draft(state, decided),
            Err(refusal) => Ok(Judged::Settled(Err(refusal))),
        }
    }

    fn check_binding<E>(&self, state: &State) -> Result<(), ExecuteError<E>> {
        let revision = state.revision();
        match self.bound_to {
            Some(expected) if expected != revision => {
                Err(ExecuteError::Stale { expected, revision })
            }
            _ => Ok(()),
        }
    }

    /// Applies what was decided before it is stored: a commit that does not fit never gets into a log.
    fn draft<E>(&self, state: &State, mut decided: Decided) -> Result<Judged, ExecuteError<E>> {
        let results = std::mem::take(&mut decided.results);
        let Some(commit) = decided.into_commit(state.revision(), self.now) else {
            return Ok(Judged::Settled(Ok(Executed {
                revision: state.revision(),
                commit: None,
                results,
            })));
        };
        let mut next = state.clone();
        next.apply(&commit).map_err(ExecuteError::Defect)?;
        let entry = LogEntry {
            organisation: self.organisation,
            commit,
        };
        Ok(Judged::Draft(Box::new(Draft {
            entry,
            next,
            results,
        })))
    }
}

impl<D> Request<D> {
    /// Whether it is bound to a revision that is still to come.
    pub(super) fn awaits_revision_after(&self, state: &State) -> bool {
        self.bound_to
            .is_some_and(|expected| state.revision() < expected)
    }
}

impl Draft {
    /// What came of it, once it is stored, and the state to publish.
    pub(super) fn stored(self) -> (Executed, State) {
        let Self {
            entry,
            next,
            results,
        } = self;
        let executed = Executed {
            revision: next.revision(),
            commit: Some(entry.commit),
            results,
        };
        (executed, next)
    }
}
