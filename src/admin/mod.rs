//! Writes: a command is decided against the state; events or a refusal come out.

use crate::command::{Actor, Command};
use crate::event::{Author, Commit, Event};
use crate::refusal::Refusal;
use crate::state::State;
use crate::time::Timestamp;

/// What a command comes to: events that are not committed yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// Who caused it.
    pub author: Author,
    /// What happens, in order. Empty where the command changes nothing: then there is no commit.
    pub events: Vec<Event>,
    /// For `invite_many`, what came of each entry, in order; empty for every other command.
    pub results: Vec<Result<(), Refusal>>,
}

impl Decided {
    /// The commit that makes the revision after `revision`; `None` where nothing changes.
    #[must_use]
    pub fn into_commit(self, revision: u64, at: Timestamp) -> Option<Commit> {
        let Self { author, events, .. } = self;
        let revision = revision.checked_add(1)?;
        (!events.is_empty()).then_some(Commit {
            revision,
            at,
            author,
            events,
        })
    }
}

/// Decides a command. Pure: the same arguments give the same result, and nothing is changed.
///
/// # Errors
/// The first [`Refusal`] that applies, in the order of the specification: the session, the right,
/// the arguments, rank, state.
pub fn decide(
    state: &State,
    actor: &Actor,
    command: &Command,
    now: Timestamp,
) -> Result<Decided, Refusal> {
    let _ = (state, actor, command, now);
    Err(Refusal::NotAllowed)
}
