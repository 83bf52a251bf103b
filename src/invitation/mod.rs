//! What was offered: invitations and the states they go through.

mod token;
mod transition;

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::address::EmailAddress;
use crate::id::{GroupId, UserId};
use crate::role::Roles;
use crate::time::Timestamp;
use crate::user::Affiliation;

pub use token::{Token, TokenDigest};
pub use transition::{Cancellation, InvitationState, Transition};

/// Who answers for an invitation: the last who invited, resent or changed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Inviter {
    /// The host itself. Always authorised, exempt from the list of domains.
    Operator,
    /// A user.
    User(UserId),
}

/// What an invitation offers, and who answers for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Offer {
    /// The roles the person will hold.
    pub roles: Roles,
    /// The groups they will join.
    pub groups: BTreeSet<GroupId>,
    /// Who answers for it.
    pub inviter: Inviter,
}

/// One sending of an invitation: its secret and how long it is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sending {
    /// The digest of the token; the token itself is never kept.
    pub digest: TokenDigest,
    /// When it was sent.
    pub sent_at: Timestamp,
    /// The first moment at which it is good no more.
    pub expires_at: Timestamp,
}

/// An invitation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Invitation {
    /// To whom it was sent.
    pub email: EmailAddress,
    /// Of the organisation or from outside.
    pub affiliation: Affiliation,
    /// What it offers.
    pub offer: Offer,
    /// Its latest sending.
    pub sending: Sending,
    /// Where it stands, but for the clock: see [`status`](Self::status).
    pub state: InvitationState,
}

/// Where an invitation stands at a given time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InvitationStatus {
    /// Live: can be accepted.
    Pending,
    /// Pending, at or past its expiry: can be resent or cancelled.
    Expired,
    /// Was accepted.
    Accepted,
    /// Was declined.
    Declined,
    /// Was cancelled.
    Cancelled,
}

impl Invitation {
    /// Where it stands at `now`. Looking never changes it.
    #[must_use]
    pub fn status(&self, now: Timestamp) -> InvitationStatus {
        match self.state {
            InvitationState::Pending if now < self.sending.expires_at => InvitationStatus::Pending,
            InvitationState::Pending => InvitationStatus::Expired,
            InvitationState::Accepted { .. } => InvitationStatus::Accepted,
            InvitationState::Declined => InvitationStatus::Declined,
            InvitationState::Cancelled { .. } => InvitationStatus::Cancelled,
        }
    }

    /// Whether it is pending and not expired.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.status(now) == InvitationStatus::Pending
    }

    /// Whether it is pending, expired or not.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.state == InvitationState::Pending
    }
}

impl fmt::Display for InvitationStatus {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Pending => "pending",
            Self::Expired => "expired",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Cancelled => "cancelled",
        })
    }
}
