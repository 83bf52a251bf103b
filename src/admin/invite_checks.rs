//! What an invitation is checked for behind its arguments and rank.

use super::guard::Guard;
use crate::address::EmailAddress;
use crate::id::{InvitationId, RoleId};
use crate::invitation::{Invitation, Inviter};
use crate::refusal::Refusal;
use crate::state::State;
use crate::user::Affiliation;

/// An invitation as it would be sent; `own` is the one that is sent again, and counts as absent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sendable<'a> {
    pub(super) invitation: &'a Invitation,
    pub(super) own: Option<InvitationId>,
}

impl Sendable<'_> {
    /// The state class of `invite` and `resend`, in order.
    pub(super) fn check(self, guard: &Guard<'_>) -> Result<(), Refusal> {
        let state = guard.state();
        let Invitation { email, offer, .. } = self.invitation;
        require_allowed_domain(state, guard.inviter(), email)?;
        require_no_external_admin(state, self.invitation.affiliation, offer.roles.iter())?;
        require_no_member(state, email)?;
        self.require_uninvited(guard)?;
        self.require_room(guard)?;
        self.require_seats(guard)
    }

    fn require_uninvited(self, guard: &Guard<'_>) -> Result<(), Refusal> {
        let mut open = guard.state().open_invitations_for(&self.invitation.email);
        if open.any(|(id, it)| Some(id) != self.own && it.is_live(guard.now())) {
            return Err(Refusal::AlreadyInvited);
        }
        Ok(())
    }

    fn require_room(self, guard: &Guard<'_>) -> Result<(), Refusal> {
        let live = guard.state().live_invitations(guard.now());
        let others = live.filter(|(id, _)| Some(*id) != self.own).count();
        let limit = guard.state().limits().open_invitations;
        if others >= usize::try_from(limit).unwrap_or(usize::MAX) {
            return Err(Refusal::TooManyInvitations { limit });
        }
        Ok(())
    }

    /// Used and reserved seats of each role leave one free. External people take none.
    pub(super) fn require_seats(self, guard: &Guard<'_>) -> Result<(), Refusal> {
        if self.invitation.affiliation == Affiliation::External {
            return Ok(());
        }
        let mut roles = self.invitation.offer.roles.iter();
        roles.try_for_each(|role| self.require_seat(guard, role))
    }

    fn require_seat(self, guard: &Guard<'_>, role: RoleId) -> Result<(), Refusal> {
        let state = guard.state();
        let Some(limit) = state.limits().seats.get(&role) else {
            return Ok(());
        };
        let reserved = state.seats_reserved(role, guard.now(), self.own);
        let taken = state.seats_used(role).saturating_add(reserved);
        if taken >= usize::try_from(*limit).unwrap_or(usize::MAX) {
            return Err(Refusal::SeatLimit { role });
        }
        Ok(())
    }
}

/// The operator's invitations are exempt from the list of domains.
pub(super) fn require_allowed_domain(
    state: &State,
    inviter: Inviter,
    email: &EmailAddress,
) -> Result<(), Refusal> {
    if inviter == Inviter::Operator || state.security().allows(email) {
        return Ok(());
    }
    Err(Refusal::DomainNotAllowed)
}

pub(super) fn require_no_external_admin(
    state: &State,
    affiliation: Affiliation,
    mut roles: impl Iterator<Item = RoleId>,
) -> Result<(), Refusal> {
    let allowed = affiliation == Affiliation::Internal || state.security().allow_external_admins;
    if !allowed && roles.any(|role| role == RoleId::ADMIN) {
        return Err(Refusal::ExternalAdmin);
    }
    Ok(())
}

fn require_no_member(state: &State, email: &EmailAddress) -> Result<(), Refusal> {
    match state
        .user_with_email(email)
        .and_then(|holder| state.user(holder))
    {
        None => Ok(()),
        Some(member) if member.is_active() => Err(Refusal::AlreadyMember),
        Some(_) => Err(Refusal::MemberSuspended),
    }
}
