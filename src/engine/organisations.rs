//! Organisations, each at its newest revision, and the finding of one among them.

use std::sync::Arc;

use imbl::OrdMap;

use super::published::{Published, Reader, Snapshot};
use super::sync::ArcSwap;
use super::turns::Turns;
use crate::id::OrganisationId;
use crate::state::State;

/// Organisations, each at its newest revision, over a host's storage.
///
/// Reads go to a [`snapshot`](Self::snapshot): one revision, as long as it is kept. Changes go through
/// [`execute`](Self::execute): the command is decided, its commit appended at the expected revision,
/// and only then published. Where another engine on the same storage was first, it is decided again
/// on what that one did. So every answer, refusals and "nothing to change" included, is right at a
/// revision at which the log ended while the call lasted.
///
/// Hosts with synchronous storage ([`Store`](crate::store::Store)) use the methods of that name; hosts with asynchronous
/// storage ([`AsyncStore`](crate::store::AsyncStore)) the same ones with `_async`, on any runtime. There is one copy of the logic.
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
    pub(super) store: S,
    seed: Option<u64>,
    organisations: ArcSwap<OrdMap<OrganisationId, Arc<Live>>>,
}

/// One organisation in memory.
#[derive(Debug)]
pub(super) struct Live {
    pub(super) published: Published,
    pub(super) turns: Turns,
}

impl Live {
    pub(super) fn new(state: State) -> Arc<Self> {
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
            seed: None,
            organisations: ArcSwap::default(),
        }
    }

    /// The same, with the ids of every organisation hashed by a seed of the host's, 64 bits drawn at random, so
    /// that nobody can choose ids that collide: see [`State::with_hash_seed`].
    #[must_use]
    pub fn with_hash_seed(store: S, seed: u64) -> Self {
        Self {
            seed: Some(seed),
            ..Self::new(store)
        }
    }

    /// A state as this engine hashes it.
    pub(super) fn hashed(&self, state: State) -> State {
        match self.seed {
            Some(seed) => state.hashed_with(seed),
            None => state,
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

    pub(super) fn find(&self, organisation: OrganisationId) -> Option<Arc<Live>> {
        self.organisations.load().get(&organisation).cloned()
    }

    /// Makes a revision visible, with its organisation where that is new.
    pub(super) fn publish(&self, organisation: OrganisationId, state: State) -> Arc<Live> {
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
