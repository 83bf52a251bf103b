//! Reads: the decision, why it is so, and what may be listed.

mod batch;
mod check;
pub mod explain;
mod fast;
mod list;
pub mod reference;

pub use explain::{Explanation, PublicAnswer, PublicExplanation};
pub use list::{AccessCell, AccessMatrix, Listing, Page, Visible, VisibleListing};

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::session::SessionRefusal;

/// Why a request is allowed: the first of these that gives the permission.
///
/// For a set of permissions, the weakest (last in this order) over its members.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AllowReason {
    /// The session acts as Admin.
    Admin,
    /// A live grant to the user.
    Grant,
    /// A live grant to a group of the role acted under.
    GroupGrant,
    /// The defaults of the role, where its scope reaches.
    RoleScope,
}

/// Why a request is denied: the first of these that applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DenyReason {
    /// The user's id was never seen, is invited only, or was removed.
    UnknownUser,
    /// The user is suspended.
    Suspended,
    /// The user does not hold the role of the session.
    RoleNotHeld,
    /// The organisation requires single sign-on.
    SsoRequired,
    /// The organisation requires a second factor.
    MfaRequired,
    /// The resource is not registered.
    UnknownResource,
    /// A permission asked for is not of the resource's kind.
    WrongKind,
    /// The ceiling of the role does not hold a permission asked for.
    AboveCeiling,
    /// A restriction takes a permission asked for.
    Restricted,
    /// Nothing gives a permission asked for, or none was asked for.
    NotGranted,
}

/// The answer to "may this user do this to that?". Never an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[must_use]
pub enum Decision {
    /// Yes.
    Allow(AllowReason),
    /// No.
    Deny(DenyReason),
}

impl Decision {
    /// Whether it is a yes.
    #[must_use]
    pub const fn is_allowed(self) -> bool {
        matches!(self, Self::Allow(_))
    }

    /// The stable name of the reason.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Allow(AllowReason::Admin) => "admin",
            Self::Allow(AllowReason::Grant) => "grant",
            Self::Allow(AllowReason::GroupGrant) => "group_grant",
            Self::Allow(AllowReason::RoleScope) => "role_scope",
            Self::Deny(DenyReason::UnknownUser) => "unknown_user",
            Self::Deny(DenyReason::Suspended) => "suspended",
            Self::Deny(DenyReason::RoleNotHeld) => "role_not_held",
            Self::Deny(DenyReason::SsoRequired) => "sso_required",
            Self::Deny(DenyReason::MfaRequired) => "mfa_required",
            Self::Deny(DenyReason::UnknownResource) => "unknown_resource",
            Self::Deny(DenyReason::WrongKind) => "wrong_kind",
            Self::Deny(DenyReason::AboveCeiling) => "above_ceiling",
            Self::Deny(DenyReason::Restricted) => "restricted",
            Self::Deny(DenyReason::NotGranted) => "not_granted",
        }
    }
}

impl From<SessionRefusal> for DenyReason {
    fn from(refusal: SessionRefusal) -> Self {
        match refusal {
            SessionRefusal::UnknownUser => Self::UnknownUser,
            SessionRefusal::Suspended => Self::Suspended,
            SessionRefusal::RoleNotHeld => Self::RoleNotHeld,
            SessionRefusal::SsoRequired => Self::SsoRequired,
            SessionRefusal::MfaRequired => Self::MfaRequired,
        }
    }
}

impl fmt::Display for Decision {
    /// `allow (grant)`, `deny (restricted)`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = if self.is_allowed() { "allow" } else { "deny" };
        write!(formatter, "{word} ({})", self.reason())
    }
}
