//! The one door: who acts, by what right, and every rule against escalation.
//!
//! Admins and the operator may do everything that the state allows. For everyone else, nothing is
//! conferred that they do not have: `conferral` says so of roles, `holding` of permissions on
//! resources, `entitlement` and `membership` of grants, restrictions and groups. What passes gets a
//! [`Cleared`] event, a type that is made here alone and that the draft asks for.

mod conferral;
mod entitlement;
mod holding;
mod membership;
mod offer;
mod replacement;

use crate::command::Actor;
use crate::event::{Author, Event};
use crate::id::{RoleId, UserId};
use crate::invitation::Inviter;
use crate::permission::{OrganisationPermissions, PermissionSet};
use crate::refusal::Refusal;
use crate::resource::Resource;
use crate::session::Session;
use crate::settings::{SecuritySettings, SignInProof};
use crate::state::State;
use crate::time::Timestamp;

pub(crate) use holding::held_throughout;
pub(in crate::admin) use offer::answer;

/// An event that confers something and was found to confer no more than the actor has.
///
/// Only the guard makes one: the field is private to it, and a draft takes such events in no other
/// form.
#[derive(Debug)]
#[must_use]
pub(in crate::admin) struct Cleared(Event);

impl Cleared {
    pub(in crate::admin) fn into_event(self) -> Event {
        self.0
    }
}

/// Who gives the command: the operator, or a user whose sign-in was checked.
#[derive(Clone, Copy, Debug)]
enum Authority<'state> {
    Operator,
    User(Session<'state>, SignInProof),
}

/// The actor of one command, the state it is decided against, and the time.
#[derive(Clone, Copy, Debug)]
pub(in crate::admin) struct Guard<'state> {
    state: &'state State,
    authority: Authority<'state>,
    now: Timestamp,
}

impl<'state> Guard<'state> {
    /// Checks the session: class 1 of the refusals.
    pub(in crate::admin) fn open(
        state: &'state State,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Self, Refusal> {
        let authority = match actor {
            Actor::Operator => Authority::Operator,
            Actor::User(sign_in) => Authority::User(state.session(*sign_in)?, sign_in.proof),
            Actor::Invitee => return Err(Refusal::UnknownUser),
        };
        Ok(Self {
            state,
            authority,
            now,
        })
    }

    /// The same actor over the state that earlier entries of their command made. Entries of
    /// `invite_many` change neither users nor roles, so the session stays what it was.
    pub(in crate::admin) fn on<'next>(&self, state: &'next State) -> Guard<'next>
    where
        'state: 'next,
    {
        Guard { state, ..*self }
    }

    /// The guard of an inviter who is not here, under one of their roles; sign-in proof is ignored.
    fn of_absent(state: &'state State, user: UserId, role: RoleId, now: Timestamp) -> Option<Self> {
        let session = state.session_without_proof(user, Some(role)).ok()?;
        Some(Self {
            state,
            authority: Authority::User(session, SignInProof::FULL),
            now,
        })
    }

    pub(in crate::admin) const fn state(&self) -> &'state State {
        self.state
    }

    pub(in crate::admin) const fn now(&self) -> Timestamp {
        self.now
    }

    pub(in crate::admin) fn author(&self) -> Author {
        match self.authority {
            Authority::Operator => Author::Operator,
            Authority::User(session, _) => Author::User {
                user: session.user(),
                role: session.role(),
            },
        }
    }

    /// The actor as the one who answers for an invitation.
    pub(in crate::admin) fn inviter(&self) -> Inviter {
        self.user().map_or(Inviter::Operator, Inviter::User)
    }

    /// The acting user; `None` for the operator.
    pub(in crate::admin) fn user(&self) -> Option<UserId> {
        self.session().map(Session::user)
    }

    pub(in crate::admin) fn is_operator(&self) -> bool {
        matches!(self.authority, Authority::Operator)
    }

    fn session(&self) -> Option<&Session<'state>> {
        match &self.authority {
            Authority::Operator => None,
            Authority::User(session, _) => Some(session),
        }
    }

    /// The session where rules against escalation bind it: neither the operator nor an Admin.
    fn bound_session(&self) -> Option<&Session<'state>> {
        self.session().filter(|session| !session.is_admin())
    }

    /// Whether the actor has Admin authority: the operator, or an Admin.
    pub(in crate::admin) fn is_sovereign(&self) -> bool {
        self.bound_session().is_none()
    }

    /// Whether the actor holds an organisation permission.
    pub(in crate::admin) fn holds(&self, permission: OrganisationPermissions) -> bool {
        self.session().is_none_or(|session| {
            PermissionSet::from(permission).is_within(session.organisation_permissions())
        })
    }

    /// Whether the actor may do this on a resource. The operator, who is no user, may.
    fn may(&self, permissions: PermissionSet, on: Resource) -> bool {
        let check = |session: &Session<'_>| session.check(permissions, on, self.now).is_allowed();
        self.session().is_none_or(check)
    }

    /// The right that a command needs: class 2 of the refusals.
    pub(in crate::admin) fn require(
        &self,
        permission: OrganisationPermissions,
    ) -> Result<(), Refusal> {
        if self.holds(permission) {
            Ok(())
        } else {
            Err(not_allowed(permission))
        }
    }

    /// The same, of a right that is needed on a resource.
    pub(in crate::admin) fn require_on(
        &self,
        on: Resource,
        permission: impl Into<PermissionSet>,
    ) -> Result<(), Refusal> {
        let needed = permission.into();
        if self.may(needed, on) {
            Ok(())
        } else {
            Err(not_allowed(needed))
        }
    }

    /// Whether the actor's own sign-in would satisfy these settings.
    pub(in crate::admin) fn meets(&self, settings: &SecuritySettings) -> bool {
        match &self.authority {
            Authority::Operator => true,
            Authority::User(session, proof) => {
                let registration = session.registration();
                registration.is_some_and(|it| settings.missing_proof(it, *proof).is_none())
            }
        }
    }

    /// Whether the actor is this user and Admin authority does not excuse it.
    fn is_bound_self(&self, user: UserId) -> bool {
        self.bound_session()
            .is_some_and(|session| session.user() == user)
    }

    /// Nobody does this to themselves, Admin or not.
    pub(in crate::admin) fn require_other(&self, user: UserId) -> Result<(), Refusal> {
        if self.user() == Some(user) {
            Err(Refusal::SelfAdministration)
        } else {
            Ok(())
        }
    }
}

/// A refusal for want of one of these permissions.
pub(in crate::admin) fn not_allowed(needed: impl Into<PermissionSet>) -> Refusal {
    Refusal::NotAllowed {
        needed: needed.into(),
    }
}
