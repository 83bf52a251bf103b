//! Sessions: a user acting under one of their roles, with proof of how they signed in.

use serde::{Deserialize, Serialize};

use crate::command::SignIn;
use crate::id::{RoleId, UserId};
use crate::permission::PermissionSet;
use crate::role::Role;
use crate::settings::{MissingProof, SignInProof};
use crate::state::{Holdings, SUBJECT_TO_MFA, SUBJECT_TO_SSO, SUSPENDED, State, UserEntry};
use crate::user::User;

/// Why a sign-in gives no session, the first that applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum SessionRefusal {
    /// The id was never seen, is invited only, or was removed.
    #[error("no registered user")]
    UnknownUser,
    /// The user is suspended.
    #[error("the user is suspended")]
    Suspended,
    /// The user does not hold the role they would act under.
    #[error("the user does not hold this role")]
    RoleNotHeld,
    /// The organisation requires single sign-on.
    #[error("single sign-on is required")]
    SsoRequired,
    /// The organisation requires a second factor.
    #[error("a second factor is required")]
    MfaRequired,
}

impl From<MissingProof> for SessionRefusal {
    fn from(missing: MissingProof) -> Self {
        match missing {
            MissingProof::Sso => Self::SsoRequired,
            MissingProof::Mfa => Self::MfaRequired,
        }
    }
}

/// A user acting under one of their roles. Only the sign-in check makes one: [`State::session`].
///
/// It belongs to one revision: what it answers is what was true there. What is registered of the user is
/// in [its state](State::user).
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
pub struct Session<'state> {
    // What a check reads stands in one cache line.
    state: &'state State,
    holdings: Holdings<'state>,
    definition: &'state Role,
    user: UserId,
    role: RoleId,
}

impl State {
    /// The session of a user under one of their roles. Under the primary one it costs about as much as a
    /// check, under another one some look-ups in ordered maps more.
    ///
    /// # Errors
    /// The first [`SessionRefusal`] that applies, in the order of its variants.
    pub fn session(&self, sign_in: SignIn) -> Result<Session<'_>, SessionRefusal> {
        match self.usual_session(sign_in) {
            Some(session) => Ok(session),
            None => self.session_by_rule(sign_in),
        }
    }

    /// The session of an active user under their primary role, named or not, who lacks no proof: from what
    /// checks know.
    #[inline]
    fn usual_session(&self, sign_in: SignIn) -> Option<Session<'_>> {
        let SignIn { user, role, proof } = sign_in;
        let entry = self.table().user(user)?;
        if self.refuses(entry, proof) {
            return None;
        }
        let (primary, holdings) = self.table().primary_holdings(entry)?;
        if role.is_some_and(|named| named != primary) {
            return None;
        }
        Some(Session {
            state: self,
            holdings,
            definition: self.role(primary)?,
            user,
            role: primary,
        })
    }

    /// Whether a user gets no session under their primary role with this proof.
    #[inline]
    pub(crate) fn refuses(&self, user: &UserEntry, proof: SignInProof) -> bool {
        const { assert!(SUBJECT_TO_MFA == SUBJECT_TO_SSO << 1, "side by side") };
        let security = self.security();
        let both = |sso: bool, mfa: bool| u32::from(sso) | u32::from(mfa) << 1;
        let demanded = both(security.require_sso, security.require_mfa);
        let missing = demanded & !both(proof.sso, proof.mfa);
        user.flags() & (SUSPENDED | missing.wrapping_mul(SUBJECT_TO_SSO)) != 0
    }

    /// The session as the rule is written.
    pub(crate) fn session_by_rule(&self, sign_in: SignIn) -> Result<Session<'_>, SessionRefusal> {
        let SignIn { user, role, proof } = sign_in;
        let registration = self.user(user).ok_or(SessionRefusal::UnknownUser)?;
        let session = self.session_of(user, registration, role)?;
        let missing = self.security().missing_proof(registration, proof);
        missing.map_or(Ok(session), |missing| Err(missing.into()))
    }

    /// The sessions that a user would have under each of their roles with every proof of sign-in, the
    /// primary role first; none where they are suspended or not registered.
    pub(crate) fn sessions_of(&self, user: UserId) -> impl Iterator<Item = Session<'_>> {
        let registration = self.user(user).into_iter();
        registration.flat_map(move |it| {
            let roles = it.roles.iter();
            roles.filter_map(move |role| self.session_of(user, it, Some(role)).ok())
        })
    }

    /// The session that a user would have under a role with every proof of sign-in: for lists of
    /// who may do something.
    pub(crate) fn session_without_proof(
        &self,
        user: UserId,
        role: Option<RoleId>,
    ) -> Result<Session<'_>, SessionRefusal> {
        let registration = self.user(user).ok_or(SessionRefusal::UnknownUser)?;
        self.session_of(user, registration, role)
    }

    /// The same of a user as they are registered.
    fn session_of(
        &self,
        user: UserId,
        registration: &User,
        role: Option<RoleId>,
    ) -> Result<Session<'_>, SessionRefusal> {
        if !registration.is_active() {
            return Err(SessionRefusal::Suspended);
        }
        let role = role.unwrap_or_else(|| registration.roles.primary());
        let held = registration
            .roles
            .contains(role)
            .then(|| self.role(role))
            .flatten();
        let definition = held.ok_or(SessionRefusal::RoleNotHeld)?;
        let holdings = self
            .holdings(user, role)
            .ok_or(SessionRefusal::RoleNotHeld)?;
        Ok(Session {
            state: self,
            holdings,
            definition,
            user,
            role,
        })
    }
}

impl<'state> Session<'state> {
    /// The organisation at the revision of this session.
    #[inline]
    #[must_use]
    pub const fn state(&self) -> &'state State {
        self.state
    }

    /// The user who acts.
    #[must_use]
    pub const fn user(&self) -> UserId {
        self.user
    }

    /// What is registered of the user: there always is something.
    pub(crate) fn registration(&self) -> Option<&'state User> {
        self.state.user(self.user)
    }

    /// The role they act under.
    #[must_use]
    pub const fn role(&self) -> RoleId {
        self.role
    }

    /// The definition of that role.
    #[must_use]
    pub const fn role_definition(&self) -> &'state Role {
        self.definition
    }

    /// Whether they act as Admin.
    #[must_use]
    pub fn is_admin(&self) -> bool {
        self.role == RoleId::ADMIN
    }

    /// What a check needs, found once.
    #[inline]
    pub(crate) const fn holdings(&self) -> &Holdings<'state> {
        &self.holdings
    }

    /// Their organisation permissions: those of the role's defaults, which nothing restricts.
    #[must_use]
    pub fn organisation_permissions(&self) -> PermissionSet {
        self.definition.organisation_defaults()
    }
}
