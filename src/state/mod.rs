//! All that one organisation knows. Changed only by applying events; takes no decisions.
//!
//! Cloning a [`State`] shares structure: it costs the same however large the organisation is, and a
//! change to one copy costs in proportion to the change.

mod apply;
mod author;
mod entitlements;
mod footprint;
mod form;
mod groups;
mod invariants;
mod invitations;
mod resources;
mod roles;
mod table;
mod users;

use crate::event::Commit;
use crate::id::{RoleId, UserId};
use crate::name::Name;
use crate::settings::{Limits, SecuritySettings};

pub use footprint::Footprint;
pub use resources::Chain;

use groups::Groups;
use invitations::Invitations;
use resources::Resources;
use roles::CustomRoles;
pub(crate) use table::{
    Access, BATCH, Entry, Found, Fourfold, Holding, Holdings, Look, Nature, Reach, ResourceEntry,
    RoleEntry, SUBJECT_TO_MFA, SUBJECT_TO_SSO, SUSPENDED, Table, UserEntry, View, nothing_missing,
    pack, unpack,
};
use users::Users;

/// The state of one organisation at one revision.
#[derive(Clone, Default)]
pub struct State {
    revision: u64,
    name: Option<Name>,
    security: SecuritySettings,
    limits: Limits,
    roles: CustomRoles,
    users: Users,
    groups: Groups,
    resources: Resources,
    table: Table,
    invitations: Invitations,
}

/// Why a log or a serialised state was not taken: no sequence of commands could have made it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Corrupt {
    /// A commit is not the next one.
    #[error("commit {found} follows revision {revision}")]
    Revision {
        /// The revision of the state.
        revision: u64,
        /// The revision that the commit names.
        found: u64,
    },
    /// A commit holds no event.
    #[error("commit {revision} holds no event")]
    NoEvents {
        /// The revision that the commit names.
        revision: u64,
    },
    /// Whoever a commit says caused it could not act then: nobody of this id was registered and active with
    /// this role.
    #[error("the author of commit {revision} could not act")]
    Author {
        /// The revision that the commit names.
        revision: u64,
    },
    /// An event does not fit the state it is applied to, or is none that its author causes.
    #[error("event {index} of commit {revision} does not fit the state")]
    Event {
        /// The revision that the commit names.
        revision: u64,
        /// The position of the event, from 0.
        index: usize,
    },
    /// A rule that holds in every state does not hold.
    #[error("{rule}: {what}")]
    Invariant {
        /// The rule.
        rule: &'static str,
        /// The thing that breaks it.
        what: String,
    },
}

impl State {
    /// The state of an organisation before it is founded, at revision 0.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same, with ids hashed by a seed of the host's: 64 bits drawn at random, for small numbers part ids badly.
    ///
    /// The library has no randomness: without a seed the hash is the same everywhere, and whoever
    /// chooses ids can make them collide. Colliding ids are still found, in logarithmic time. The seed
    /// is no part of the content, and a state that is read back has the common one: see
    /// [`hashed_with`](Self::hashed_with), and [`Engine::with_hash_seed`](crate::Engine::with_hash_seed).
    #[must_use]
    pub fn with_hash_seed(seed: u64) -> Self {
        Self {
            table: Table::new(seed),
            ..Self::default()
        }
    }

    /// The same state, with ids hashed by a seed of the host's, 64 bits drawn at random. Cost in proportion to
    /// users and resources.
    #[must_use]
    pub fn hashed_with(self, seed: u64) -> Self {
        Self {
            table: self.table.hashed_with(seed),
            ..self
        }
    }

    /// How many commits have made it.
    #[must_use]
    pub const fn revision(&self) -> u64 {
        self.revision
    }

    /// The name of the organisation; `None` before it is founded.
    #[must_use]
    pub const fn name(&self) -> Option<&Name> {
        self.name.as_ref()
    }

    /// Whether the organisation is founded.
    #[must_use]
    pub const fn is_founded(&self) -> bool {
        self.name.is_some()
    }

    /// The security settings.
    #[must_use]
    pub const fn security(&self) -> &SecuritySettings {
        &self.security
    }

    /// The limits.
    #[must_use]
    pub const fn limits(&self) -> &Limits {
        &self.limits
    }

    #[inline]
    pub(crate) const fn table(&self) -> &Table {
        &self.table
    }

    /// What a session of a user under a role needs for its checks.
    pub(crate) fn holdings(&self, user: UserId, role: RoleId) -> Option<Holdings<'_>> {
        let (slot, definition) = self.table.role(role)?;
        Some(
            self.table
                .holdings(self.table.user(user)?, slot, *definition),
        )
    }

    /// The state that these commits make, from the first one on.
    ///
    /// # Errors
    /// [`Corrupt`] where no sequence of commands could have made the log.
    pub fn replay<'a>(commits: impl IntoIterator<Item = &'a Commit>) -> Result<Self, Corrupt> {
        Self::new().replay_tail(commits)
    }

    /// The state that these commits make of this one.
    ///
    /// # Errors
    /// [`Corrupt`] where no sequence of commands could have made the log.
    pub fn replay_tail<'a>(
        mut self,
        commits: impl IntoIterator<Item = &'a Commit>,
    ) -> Result<Self, Corrupt> {
        for commit in commits {
            self.apply(commit)?;
        }
        self.check_invariants()?;
        Ok(self)
    }
}
