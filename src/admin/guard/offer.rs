//! Invitations: what is offered is conferred, first when it is sent, again when it is accepted.

use super::{Cleared, Guard};
use crate::event::Event;
use crate::id::{InvitationId, UserId};
use crate::invitation::{Invitation, Inviter, Offer, Sending};
use crate::permission::OrganisationPermissions;
use crate::refusal::Refusal;
use crate::role::Roles;
use crate::state::State;
use crate::time::Timestamp;
use crate::user::User;

impl Guard<'_> {
    fn clear_offer(&self, offer: &Offer) -> Result<(), Refusal> {
        let groups = offer
            .groups
            .iter()
            .map(|group| self.excess_of_joining(*group))
            .collect();
        self.excess_of_roles(offer.roles.iter())
            .and(groups)
            .refuse()
    }

    pub(in crate::admin) fn invited(
        &self,
        invitation: InvitationId,
        sent: Invitation,
    ) -> Result<Cleared, Refusal> {
        self.clear_offer(&sent.offer)?;
        Ok(Cleared(Event::Invited {
            invitation,
            sent: Box::new(sent),
        }))
    }

    /// The resender answers for the invitation, so what it offers is conferred anew.
    pub(in crate::admin) fn resent(
        &self,
        id: InvitationId,
        invitation: &Invitation,
        after: Sending,
    ) -> Result<Cleared, Refusal> {
        self.clear_offer(&invitation.offer)?;
        Ok(Cleared(Event::InvitationResent {
            invitation: id,
            before: invitation.sending,
            after,
            offer_before: invitation.offer.clone(),
            offer_after: Offer {
                inviter: self.inviter(),
                ..invitation.offer.clone()
            },
        }))
    }

    /// Changing an offer takes one away and confers another.
    pub(in crate::admin) fn offer_changed(
        &self,
        invitation: InvitationId,
        before: &Offer,
        after: Offer,
    ) -> Result<Cleared, Refusal> {
        self.outrank_roles(&before.roles)?;
        self.clear_offer(&after)?;
        Ok(Cleared(Event::InvitationChanged {
            invitation,
            before: before.clone(),
            after,
        }))
    }
}

/// Whether the inviter could still offer these roles: the operator always; a user who is active and
/// under some role they hold may invite and could confer them.
pub(in crate::admin) fn is_answered_for(
    state: &State,
    inviter: Inviter,
    roles: &Roles,
    now: Timestamp,
) -> bool {
    let Inviter::User(inviter) = inviter else {
        return true;
    };
    let held = state
        .user(inviter)
        .into_iter()
        .flat_map(|user| user.roles.iter());
    let mut guards = held.filter_map(|role| Guard::of_absent(state, inviter, role, now));
    guards.any(|guard| {
        guard.holds(OrganisationPermissions::USERS_INVITE)
            && guard.excess_of_roles(roles.iter()).is_none()
    })
}

/// What accepting an invitation confers: a registration and the groups that still fit.
///
/// # Errors
/// [`Refusal::InviterNotAuthorised`] where nobody answers for it any more.
pub(in crate::admin) fn answer(
    state: &State,
    offer: &Offer,
    user: UserId,
    registration: User,
    now: Timestamp,
) -> Result<Vec<Cleared>, Refusal> {
    if !is_answered_for(state, offer.inviter, &registration.roles, now) {
        return Err(Refusal::InviterNotAuthorised);
    }
    let fits = |role| registration.roles.contains(role);
    let groups = offer.groups.iter().copied();
    let joining = groups.filter(|group| state.group(*group).is_some_and(|it| fits(it.role)));
    let joined: Vec<_> = joining
        .map(|group| Event::GroupJoined { group, user })
        .collect();
    let registered = Event::UserRegistered { user, registration };
    Ok([registered]
        .into_iter()
        .chain(joined)
        .map(Cleared)
        .collect())
}
