//! How a command becomes a commit, and how a log is followed: the one copy of the logic.
//!
//! It is written against [`AsyncStore`]. On a [`Store`](crate::store::Store) every future is ready at
//! once, and the same code runs to its end on the thread that calls it.

use std::sync::Arc;

use super::error::{ExecuteError, LogError};
use super::request::{Executed, Judged, Request};
use super::{Engine, Live};
use crate::admin::Decided;
use crate::id::OrganisationId;
use crate::refusal::Refusal;
use crate::state::State;
use crate::store::{AppendError, AsyncStore, LogEntry, SnapshotEntry};

/// How often a command is decided before it gives up: each time, somebody else has committed.
///
/// Who lost must read and apply before deciding, and who won need not: under steady load from another
/// engine one loses dozens of times in a row. That is waiting, and no reason to fail; the bound only
/// makes the call end.
const ATTEMPTS: u32 = 1_024;

impl<S: AsyncStore> Engine<S> {
    /// Decide, append, publish; where others were first, again.
    pub(super) async fn run<D>(
        &self,
        request: Request<D>,
    ) -> Result<Executed, ExecuteError<S::Error>>
    where
        D: Fn(&State) -> Result<Decided, Refusal>,
    {
        let organisation = self.find_or_load(request.organisation).await?;
        let _turn = organisation.turns.take().await;
        let mut state = organisation.published.state();
        while request.awaits_revision_after(&state)
            && self.advance(request.organisation, &mut state).await?
        {}
        for _ in 0..ATTEMPTS {
            if let Some(executed) = self.attempt(&request, &mut state).await? {
                return Ok(executed);
            }
        }
        Err(ExecuteError::Contended { attempts: ATTEMPTS })
    }

    /// One round; `None` where the log went on in the meantime, and `state` with it.
    async fn attempt<D>(
        &self,
        request: &Request<D>,
        state: &mut State,
    ) -> Result<Option<Executed>, ExecuteError<S::Error>>
    where
        D: Fn(&State) -> Result<Decided, Refusal>,
    {
        let organisation = request.organisation;
        match request.judge(state)? {
            // What was decided on a state that is out of date may be wrong. An append would find out.
            Judged::Settled(answer) => match self.advance(organisation, state).await? {
                true => Ok(None),
                false => Ok(Some(answer?)),
            },
            Judged::Draft(draft) => match self.store.append(&draft.entry).await {
                Ok(()) => {
                    let (executed, next) = draft.stored();
                    self.publish(organisation, next);
                    Ok(Some(executed))
                }
                Err(AppendError::Conflict) => self.catch_up_with_winner(organisation, state).await,
                Err(AppendError::Failed(error)) => {
                    // For the readers' sake: the commit may be stored. That the append failed is
                    // what the host must hear, whether or not this succeeds.
                    let _ = self.advance(organisation, state).await;
                    Err(ExecuteError::Unsettled(error))
                }
            },
        }
    }

    async fn catch_up_with_winner(
        &self,
        organisation: OrganisationId,
        state: &mut State,
    ) -> Result<Option<Executed>, ExecuteError<S::Error>> {
        let revision = state.revision();
        match self.advance(organisation, state).await? {
            true => Ok(None),
            false => Err(LogError::Behind { revision }.into()),
        }
    }

    /// Reads on from `state`, and publishes; whether the log went on.
    async fn advance(
        &self,
        organisation: OrganisationId,
        state: &mut State,
    ) -> Result<bool, LogError<S::Error>> {
        let advanced = self.read_on(organisation, state).await?;
        if advanced {
            self.publish(organisation, state.clone());
        }
        Ok(advanced)
    }

    /// Applies what the store gives next, all of it or nothing; whether there was anything.
    async fn read_on(
        &self,
        organisation: OrganisationId,
        state: &mut State,
    ) -> Result<bool, LogError<S::Error>> {
        let tail = self.read(organisation, state.revision()).await?;
        let mut next = state.clone();
        for entry in &tail {
            next.apply(&entry.commit)?;
        }
        *state = next;
        Ok(!tail.is_empty())
    }

    async fn read(
        &self,
        organisation: OrganisationId,
        after: u64,
    ) -> Result<Vec<LogEntry>, LogError<S::Error>> {
        let tail = self.store.read(organisation, after).await;
        let tail = tail.map_err(LogError::Store)?;
        tail.iter()
            .try_for_each(|entry| check_owner(organisation, entry.organisation))?;
        Ok(tail)
    }

    /// The organisation in memory. One without a log is not kept there.
    pub(super) async fn find_or_load(
        &self,
        organisation: OrganisationId,
    ) -> Result<Arc<Live>, LogError<S::Error>> {
        if let Some(live) = self.find(organisation) {
            return Ok(live);
        }
        let state = self.load(organisation).await?;
        if state.revision() == 0 {
            return Ok(Live::new(state));
        }
        Ok(self.publish(organisation, state))
    }

    /// Reads on to the end of the log.
    pub(super) async fn follow(
        &self,
        organisation: OrganisationId,
        state: &mut State,
    ) -> Result<(), LogError<S::Error>> {
        while self.read_on(organisation, state).await? {}
        Ok(())
    }

    /// The state as stored: the snapshot, the log from there on, and every rule checked.
    async fn load(&self, organisation: OrganisationId) -> Result<State, LogError<S::Error>> {
        let snapshot = self.store.load_snapshot(organisation).await;
        let stored = match snapshot.map_err(LogError::Store)? {
            Some(snapshot) => self.check_snapshot(organisation, snapshot).await?,
            None => State::new(),
        };
        let mut state = self.hashed(stored);
        self.follow(organisation, &mut state).await?;
        state.check_invariants()?;
        Ok(state)
    }

    /// The state of a snapshot, which the log must have reached.
    async fn check_snapshot(
        &self,
        organisation: OrganisationId,
        snapshot: SnapshotEntry,
    ) -> Result<State, LogError<S::Error>> {
        check_owner(organisation, snapshot.organisation)?;
        let revision = snapshot.state.revision();
        let Some(before) = revision.checked_sub(1) else {
            return Ok(State::new());
        };
        let tail = self.read(organisation, before).await?;
        match tail.first().map(|entry| entry.commit.revision) {
            Some(first) if first == revision => Ok(snapshot.state),
            _ => Err(LogError::Behind { revision }),
        }
    }
}

fn check_owner<E>(asked: OrganisationId, found: OrganisationId) -> Result<(), LogError<E>> {
    if asked == found {
        Ok(())
    } else {
        Err(LogError::Foreign { asked, found })
    }
}
