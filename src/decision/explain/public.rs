//! What a user may be told about a decision on their own request.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::phrase;
use crate::command::SignIn;
use crate::decision::{Decision, DenyReason};
use crate::id::RoleId;
use crate::permission::Permission;
use crate::resource::{Resource, ResourceKind};
use crate::session::{Session, SessionRefusal};
use crate::state::State;
use crate::time::Timestamp;

/// An answer that tells an outsider nothing they may not know.
///
/// A resource on which the session may do nothing at all reads exactly like one that does not exist.
/// Grants, groups and restrictions are not named. `Display` gives one sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicExplanation {
    /// What was asked for.
    pub permission: Permission,
    /// On what, as it was asked: nothing says that it exists.
    pub resource: Resource,
    /// The answer.
    pub answer: PublicAnswer,
}

/// What a user may be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PublicAnswer {
    /// They may.
    Allowed,
    /// Their sign-in is not enough.
    SignIn(SessionRefusal),
    /// There is no such thing for them: it does not exist, or they may do nothing on it.
    NotAvailable,
    /// The permission is not one on resources of this kind.
    WrongKind,
    /// Their role can never do it.
    NeverUnder(RoleId),
    /// They may do something there, but not this.
    NotPermitted,
}

impl State {
    /// Whether a user may do something on a resource, in words that they may be told themselves.
    #[must_use]
    pub fn explain_publicly(
        &self,
        sign_in: SignIn,
        permission: Permission,
        resource: impl Into<Resource>,
        now: Timestamp,
    ) -> PublicExplanation {
        let resource = resource.into();
        let answer = match self.session(sign_in) {
            Ok(session) => answer(&session, permission, resource, now),
            Err(refusal) => PublicAnswer::SignIn(refusal),
        };
        PublicExplanation {
            permission,
            resource,
            answer,
        }
    }
}

fn answer(
    session: &Session<'_>,
    permission: Permission,
    resource: Resource,
    now: Timestamp,
) -> PublicAnswer {
    // Everybody who is signed in knows the organisation.
    let is_known =
        resource == Resource::Organisation || !session.effective(resource, now).is_empty();
    if !is_known {
        return PublicAnswer::NotAvailable;
    }
    match session.check(permission, resource, now) {
        Decision::Allow(_) => PublicAnswer::Allowed,
        Decision::Deny(DenyReason::WrongKind) => PublicAnswer::WrongKind,
        Decision::Deny(DenyReason::AboveCeiling) => PublicAnswer::NeverUnder(session.role()),
        Decision::Deny(_) => PublicAnswer::NotPermitted,
    }
}

impl fmt::Display for PublicExplanation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let it = match self.resource.kind() {
            ResourceKind::Organisation => "the organisation",
            ResourceKind::Model => "this model",
            ResourceKind::Version => "this version",
            ResourceKind::Framework => "this framework",
        };
        let does = phrase(self.permission, it);
        match self.answer {
            PublicAnswer::Allowed => write!(formatter, "You may {does}."),
            PublicAnswer::SignIn(refusal) => formatter.write_str(sign_in_again(refusal)),
            PublicAnswer::NotAvailable => {
                formatter.write_str("This does not exist, or you have no access to it.")
            }
            PublicAnswer::WrongKind => write!(
                formatter,
                "{} is not something that can be done here.",
                self.permission
            ),
            PublicAnswer::NeverUnder(_) => {
                write!(formatter, "Your role does not allow you to {does}.")
            }
            PublicAnswer::NotPermitted => write!(
                formatter,
                "You are not permitted to {does}. Ask whoever decides about access to it."
            ),
        }
    }
}

const fn sign_in_again(refusal: SessionRefusal) -> &'static str {
    match refusal {
        SessionRefusal::UnknownUser => "You are not a member of this organisation.",
        SessionRefusal::Suspended => "Your access is suspended.",
        SessionRefusal::RoleNotHeld => "You do not hold the role you chose.",
        SessionRefusal::SsoRequired => "Sign in through single sign-on to go on.",
        SessionRefusal::MfaRequired => "Confirm your sign-in with a second factor to go on.",
    }
}
