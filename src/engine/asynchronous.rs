//! The engine's doors for asynchronous storage, on any runtime.

use super::request::Request;
use super::{Engine, ExecuteError, Executed, LogError, Reader};
use crate::admin::decide;
use crate::command::{Actor, Command};
use crate::id::OrganisationId;
use crate::state::State;
use crate::store::{AsyncStore, SnapshotEntry};
use crate::time::Timestamp;

impl<S: AsyncStore> Engine<S> {
    /// As [`execute`](Engine::execute), for asynchronous storage.
    ///
    /// Where the future is dropped early, the commit may be stored or not, as in
    /// [`ExecuteError::Unsettled`].
    ///
    /// # Errors
    /// As [`execute`](Engine::execute).
    pub async fn execute_async(
        &self,
        organisation: OrganisationId,
        actor: &Actor,
        command: &Command,
        now: Timestamp,
    ) -> Result<Executed, ExecuteError<S::Error>> {
        let request = Request {
            organisation,
            bound_to: None,
            now,
            decide: |state: &State| decide(state, actor, command, now),
        };
        self.run(request).await
    }

    /// As [`execute_at`](Engine::execute_at), for asynchronous storage.
    ///
    /// # Errors
    /// As [`execute_at`](Engine::execute_at).
    pub async fn execute_at_async(
        &self,
        organisation: OrganisationId,
        revision: u64,
        actor: &Actor,
        command: &Command,
        now: Timestamp,
    ) -> Result<Executed, ExecuteError<S::Error>> {
        let request = Request {
            organisation,
            bound_to: Some(revision),
            now,
            decide: |state: &State| decide(state, actor, command, now),
        };
        self.run(request).await
    }

    /// As [`open`](Engine::open), for asynchronous storage.
    ///
    /// # Errors
    /// As [`open`](Engine::open).
    pub async fn open_async(
        &self,
        organisation: OrganisationId,
    ) -> Result<Option<Reader>, LogError<S::Error>> {
        self.find_or_load(organisation).await?;
        Ok(self.reader(organisation))
    }

    /// As [`catch_up`](Engine::catch_up), for asynchronous storage.
    ///
    /// # Errors
    /// As [`catch_up`](Engine::catch_up).
    pub async fn catch_up_async(
        &self,
        organisation: OrganisationId,
    ) -> Result<u64, LogError<S::Error>> {
        let Some(live) = self.find(organisation) else {
            let live = self.find_or_load(organisation).await?;
            return Ok(live.published.snapshot().revision());
        };
        let mut state = live.published.state();
        self.follow(organisation, &mut state).await?;
        let revision = state.revision();
        live.published.publish(state);
        Ok(revision)
    }

    /// As [`save_snapshot`](Engine::save_snapshot), for asynchronous storage.
    ///
    /// # Errors
    /// As [`save_snapshot`](Engine::save_snapshot).
    pub async fn save_snapshot_async(
        &self,
        organisation: OrganisationId,
    ) -> Result<Option<u64>, S::Error> {
        let Some(live) = self.find(organisation) else {
            return Ok(None);
        };
        let state = live.published.state();
        let revision = state.revision();
        let snapshot = SnapshotEntry {
            organisation,
            state,
        };
        self.store.save_snapshot(&snapshot).await?;
        Ok(Some(revision))
    }
}
