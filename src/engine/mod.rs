//! The engine: it ties state, decisions and storage together, for many organisations at once.

mod blocking;
mod error;
mod execution;
#[cfg(test)]
mod fixture;
mod published;
mod request;
#[cfg(test)]
mod tests;
mod turns;

use std::sync::Arc;

use arc_swap::ArcSwap;
use imbl::OrdMap;

use crate::admin::decide;
use crate::command::{Actor, Command};
use crate::id::OrganisationId;
use crate::state::State;
use crate::store::{AsyncStore, SnapshotEntry, Store};
use crate::time::Timestamp;

pub use error::{ExecuteError, LogError};
pub use published::{CachedReader, Reader, Snapshot};
pub use request::Executed;

use blocking::block_on;
use published::Published;
use request::Request;
use turns::Turns;

/// Organisations, each at its newest revision, over a host's storage.
///
/// Reads go to a [`snapshot`](Self::snapshot): one revision, as long as it is kept. Changes go through
/// [`execute`](Self::execute): the command is decided, its commit appended at the expected revision,
/// and only then published. Where another engine on the same storage was first, it is decided again
/// on what that one did. So every answer, refusals and "nothing to change" included, is right at a
/// revision at which the log ended while the call lasted.
///
/// Hosts with synchronous storage ([`Store`]) use the methods of that name; hosts with asynchronous
/// storage ([`AsyncStore`]) the same ones with `_async`, on any runtime. There is one copy of the logic.
///
/// - Readers never wait and write to nothing that threads share; a writer never waits for a reader.
/// - Writers of one organisation take turns in one engine; those of different ones do not meet. A
///   future of `execute_async` that is neither polled nor dropped keeps its turn.
/// - A storage error, a dropped future or a crash, between any two steps, leaves what the log says,
///   and nothing else.
/// - An organisation that was read stays in memory. Ids that have no log take none.
///
/// ```
/// use rolebook::store::MemoryStore;
/// use rolebook::{Actor, Command, Engine, InvitationId, OrganisationId, Timestamp, Token};
///
/// let engine = Engine::new(MemoryStore::new());
/// let acme = OrganisationId::new(1);
/// let found = Command::Found {
///     name: "Acme".into(),
///     first_admin: "ada@acme.example".into(),
///     invitation: InvitationId::new(1),
///     token: Token::new("32 random bytes, please").digest(),
/// };
/// let executed = engine.execute(acme, &Actor::Operator, &found, Timestamp::EPOCH)?;
/// assert_eq!(executed.revision, 1);
///
/// let snapshot = engine.snapshot(acme).expect("it is founded");
/// assert_eq!(snapshot.revision(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Engine<S> {
    store: S,
    organisations: ArcSwap<OrdMap<OrganisationId, Arc<Live>>>,
}

/// One organisation in memory.
#[derive(Debug)]
struct Live {
    published: Published,
    turns: Turns,
}

impl Live {
    fn new(state: State) -> Arc<Self> {
        Arc::new(Self {
            published: Published::new(state),
            turns: Turns::default(),
        })
    }
}

impl<S> Engine<S> {
    /// An engine on this storage. Reads nothing yet.
    #[must_use]
    pub fn new(store: S) -> Self {
        Self {
            store,
            organisations: ArcSwap::default(),
        }
    }

    /// The storage.
    #[must_use]
    pub const fn store(&self) -> &S {
        &self.store
    }

    /// The newest revision of an organisation, pinned; `None` where none was opened.
    ///
    /// Looks the organisation up: logarithmic in the number of open ones. A [`Reader`] spares that.
    #[must_use]
    pub fn snapshot(&self, organisation: OrganisationId) -> Option<Snapshot> {
        let organisations = self.organisations.load();
        Some(organisations.get(&organisation)?.published.snapshot())
    }

    /// A reader of an organisation, to keep; `None` where none was opened.
    #[must_use]
    pub fn reader(&self, organisation: OrganisationId) -> Option<Reader> {
        let organisations = self.organisations.load();
        Some(organisations.get(&organisation)?.published.reader())
    }

    /// The organisations that are open, in the order of their ids.
    #[must_use]
    pub fn organisations(&self) -> Vec<OrganisationId> {
        self.organisations.load().keys().copied().collect()
    }

    fn find(&self, organisation: OrganisationId) -> Option<Arc<Live>> {
        self.organisations.load().get(&organisation).cloned()
    }

    /// Makes a revision visible, with its organisation where that is new.
    fn publish(&self, organisation: OrganisationId, state: State) -> Arc<Live> {
        if let Some(live) = self.find(organisation) {
            live.published.publish(state);
            return live;
        }
        let live = Live::new(state.clone());
        self.organisations.rcu(|organisations| {
            let mut organisations = OrdMap::clone(organisations);
            organisations
                .entry(organisation)
                .or_insert_with(|| Arc::clone(&live));
            organisations
        });
        let live = self.find(organisation).unwrap_or(live);
        live.published.publish(state);
        live
    }
}

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

    /// The organisation in memory. One without a log is not kept there.
    async fn find_or_load(
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
}

impl<S: Store> Engine<S> {
    /// Decides a command, stores its commit and publishes the new revision.
    ///
    /// Opens the organisation where it is not open yet. A commit costs one append; a command that is
    /// refused, or changes nothing, one read of what was committed since. Where others commit at the
    /// same time it is decided again, a bounded number of times.
    ///
    /// # Errors
    /// [`ExecuteError::Refused`] with the refusal of [`decide`].
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
    /// an organisation is opened, and by [`State::check_invariants`] whenever the host likes.
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
