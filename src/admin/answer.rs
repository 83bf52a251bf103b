//! `accept` and `decline`: the proof is the token and the address that the host has verified.

use super::draft::Draft;
use super::guard;
use super::invite_checks;
use super::user::require_seats_for_new;
use crate::address::EmailAddress;
use crate::command::Command;
use crate::id::{InvitationId, UserId};
use crate::invitation::{Invitation, InvitationState, InvitationStatus, Token};
use crate::refusal::Refusal;
use crate::state::State;
use crate::time::Timestamp;
use crate::user::{Affiliation, Identity, Status, User};

pub(super) fn decide(state: &State, command: &Command, now: Timestamp) -> Result<Draft, Refusal> {
    match command {
        Command::Accept {
            invitation,
            token,
            user,
            email,
            affiliation,
        } => {
            let proven = prove(state, *invitation, token)?;
            accept(
                state,
                (*invitation, proven),
                *user,
                (email, *affiliation),
                now,
            )
        }
        Command::Decline {
            invitation,
            token,
            email,
        } => {
            let proven = prove(state, *invitation, token)?;
            decline((*invitation, proven), email, now)
        }
        _ => Ok(Draft::new()),
    }
}

/// The invitation of this token. An unknown one and a wrong token read the same.
fn prove<'state>(
    state: &'state State,
    id: InvitationId,
    token: &Token,
) -> Result<&'state Invitation, Refusal> {
    // Digested whether or not there is one: the time it takes does not tell either.
    let digest = token.digest();
    let invitation = state.invitation(id);
    let proven = invitation.filter(|it| it.sending.digest.is(&digest));
    proven.ok_or(Refusal::Unavailable)
}

/// The verified address, if the invitation still waits for it.
fn require_live(
    invitation: &Invitation,
    email: &str,
    now: Timestamp,
) -> Result<EmailAddress, Refusal> {
    match invitation.status(now) {
        InvitationStatus::Pending => {}
        InvitationStatus::Expired => return Err(Refusal::InvitationExpired),
        InvitationStatus::Accepted => return Err(Refusal::Unavailable),
        InvitationStatus::Declined => return Err(Refusal::InvitationDeclined),
        InvitationStatus::Cancelled => return Err(Refusal::InvitationCancelled),
    }
    let email: EmailAddress = email.parse().map_err(|_| Refusal::EmailMismatch)?;
    if email.is_same_mailbox(&invitation.email) {
        Ok(email)
    } else {
        Err(Refusal::EmailMismatch)
    }
}

/// What accepting an invitation, by a new user with the address it was sent to, is refused with.
pub(crate) fn refusal_of_acceptance(
    state: &State,
    invitation: &Invitation,
    now: Timestamp,
) -> Option<Refusal> {
    let mut ids = (0..=u128::MAX).rev().map(UserId::new);
    let user = ids.find(|id| state.user(*id).is_none())?;
    // The id of the invitation is only what the events would name.
    let id = InvitationId::new(0);
    let answer = (invitation.email.as_str(), None);
    accept(state, (id, invitation), user, answer, now).err()
}

fn accept(
    state: &State,
    (id, invitation): (InvitationId, &Invitation),
    user: UserId,
    (email, affiliation): (&str, Option<Affiliation>),
    now: Timestamp,
) -> Result<Draft, Refusal> {
    if invitation.state == (InvitationState::Accepted { user }) {
        return accepted_before(state, user);
    }
    let email = require_live(invitation, email, now)?;
    if let Some(member) = state.user(user) {
        return consume(id, user, member);
    }
    if state.user_with_email(&email).is_some() {
        return Err(Refusal::AlreadyMember);
    }
    let affiliation = affiliation.unwrap_or(invitation.affiliation);
    join(
        state,
        (id, invitation),
        user,
        Identity::Person { email, affiliation },
        now,
    )
}

/// Accepting twice changes nothing, unless the membership is gone.
fn accepted_before(state: &State, user: UserId) -> Result<Draft, Refusal> {
    match state.user(user) {
        Some(_) => Ok(Draft::new()),
        None => Err(Refusal::MembershipRemoved),
    }
}

/// A member who accepts uses the invitation up and stays as they were.
fn consume(id: InvitationId, user: UserId, member: &User) -> Result<Draft, Refusal> {
    if !member.is_active() {
        return Err(Refusal::MemberSuspended);
    }
    let mut draft = Draft::new();
    draft.invitation_accepted(id, user);
    Ok(draft)
}

fn join(
    state: &State,
    (id, invitation): (InvitationId, &Invitation),
    user: UserId,
    identity: Identity,
    now: Timestamp,
) -> Result<Draft, Refusal> {
    let offer = &invitation.offer;
    let registration = User {
        identity,
        roles: offer.roles.clone(),
        status: Status::Active,
    };
    if let Identity::Person { email, affiliation } = &registration.identity {
        invite_checks::require_allowed_domain(state, offer.inviter, email)?;
        invite_checks::require_no_external_admin(state, *affiliation, offer.roles.iter())?;
    }
    let cleared = guard::answer(state, offer, user, registration.clone(), now)?;
    require_seats_for_new(state, &registration)?;
    let mut draft = Draft::new();
    draft.invitation_accepted(id, user);
    draft.confer_all(cleared);
    Ok(draft)
}

fn decline(
    (id, invitation): (InvitationId, &Invitation),
    email: &str,
    now: Timestamp,
) -> Result<Draft, Refusal> {
    require_live(invitation, email, now)?;
    let mut draft = Draft::new();
    draft.invitation_declined(id);
    Ok(draft)
}
