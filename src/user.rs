//! Registered users: people who accepted an invitation, and services.

use serde::{Deserialize, Serialize};

use crate::address::EmailAddress;
use crate::id::RoleId;
use crate::name::Name;
use crate::role::Roles;

/// Whether a person belongs to the organisation or comes from outside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Affiliation {
    /// Of the organisation.
    #[default]
    Internal,
    /// From outside: exempt from single sign-on, takes no seat, no Admin unless settings say so.
    External,
}

/// What a registered user is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Identity {
    /// A person, who joined by accepting an invitation.
    Person {
        /// The verified address.
        email: EmailAddress,
        /// Of the organisation or from outside.
        affiliation: Affiliation,
    },
    /// A programmatic user, exempt from sign-in proof.
    Service {
        /// Its name.
        name: Name,
    },
}

/// Whether a registered user can do anything at present.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Can act.
    #[default]
    Active,
    /// Keeps everything and can do nothing.
    Suspended,
}

/// A registered user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    /// A person or a service.
    pub identity: Identity,
    /// The roles they hold, the primary one first.
    pub roles: Roles,
    /// Active or suspended.
    pub status: Status,
}

impl User {
    /// The address of a person; services have none.
    #[must_use]
    pub fn email(&self) -> Option<&EmailAddress> {
        match &self.identity {
            Identity::Person { email, .. } => Some(email),
            Identity::Service { .. } => None,
        }
    }

    /// Whether this is a service.
    #[must_use]
    pub fn is_service(&self) -> bool {
        matches!(self.identity, Identity::Service { .. })
    }

    /// Whether this is a person from outside.
    #[must_use]
    pub fn is_external(&self) -> bool {
        matches!(
            self.identity,
            Identity::Person {
                affiliation: Affiliation::External,
                ..
            }
        )
    }

    /// Whether this is a person of the organisation.
    #[must_use]
    pub fn is_internal(&self) -> bool {
        matches!(
            self.identity,
            Identity::Person {
                affiliation: Affiliation::Internal,
                ..
            }
        )
    }

    /// Whether they can act.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.status == Status::Active
    }

    /// Whether they take a seat of each of their roles: active people of the organisation do.
    #[must_use]
    pub fn takes_seats(&self) -> bool {
        self.is_active() && self.is_internal()
    }

    /// Whether they keep the organisation governed: an active person of it who holds Admin.
    #[must_use]
    pub fn is_effective_admin(&self) -> bool {
        self.takes_seats() && self.roles.contains(RoleId::ADMIN)
    }
}
