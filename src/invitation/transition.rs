//! The one table of what may happen to an invitation.

use serde::{Deserialize, Serialize};

use crate::id::UserId;

/// Where an invitation stands, but for the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InvitationState {
    /// Waiting for an answer.
    Pending,
    /// Accepted. Final.
    Accepted {
        /// The user that it made, or that consumed it.
        user: UserId,
    },
    /// Declined. Final.
    Declined,
    /// Cancelled. Final.
    Cancelled {
        /// Why.
        reason: Cancellation,
    },
}

/// Why an invitation was cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cancellation {
    /// Somebody withdrew it.
    Withdrawn,
    /// It had expired and a new one was sent to the address.
    Superseded,
    /// Its inviter left or was removed.
    InviterLeft,
}

/// What may happen to an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Transition {
    /// It is sent again, with a new token and expiry.
    Resend,
    /// What it offers, or who answers for it, changes.
    Change,
    /// It is accepted by this user.
    Accept(UserId),
    /// It is declined.
    Decline,
    /// It is cancelled.
    Cancel(Cancellation),
}

impl InvitationState {
    /// The state after a transition, or `None` where it cannot happen.
    ///
    /// Nothing ever leaves accepted, declined or cancelled.
    #[must_use]
    pub fn after(self, transition: Transition) -> Option<Self> {
        match (self, transition) {
            (Self::Pending, Transition::Resend | Transition::Change) => Some(Self::Pending),
            (Self::Pending, Transition::Accept(user)) => Some(Self::Accepted { user }),
            (Self::Pending, Transition::Decline) => Some(Self::Declined),
            (Self::Pending, Transition::Cancel(reason)) => Some(Self::Cancelled { reason }),
            (Self::Accepted { .. } | Self::Declined | Self::Cancelled { .. }, _) => None,
        }
    }
}
