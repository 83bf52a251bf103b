//! `invite`, `invite_many`, `resend`, `change_invitation` and `cancel_invitation`.

use std::collections::BTreeSet;
use std::time::Duration;

use super::arguments::{self, known_group, known_invitation, known_roles};
use super::draft::Draft;
use super::guard::Guard;
use super::invite_checks::{self, Sendable};
use crate::address::EmailAddress;
use crate::command::InvitationRequest;
use crate::id::{GroupId, InvitationId, RoleId};
use crate::invitation::{
    Cancellation, Invitation, InvitationState, InvitationStatus, Offer, Sending, TokenDigest,
};
use crate::permission::OrganisationPermissions;
use crate::refusal::Refusal;
use crate::role::Roles;
use crate::state::State;
use crate::time::Timestamp;

const RIGHT: OrganisationPermissions = OrganisationPermissions::USERS_INVITE;

/// How long an invitation is good for unless it says otherwise: 48 hours.
const DEFAULT_TTL: Duration = Duration::from_secs(48 * 60 * 60);

pub(super) fn invite(guard: &Guard<'_>, request: &InvitationRequest) -> Result<Draft, Refusal> {
    guard.require(RIGHT)?;
    let email = arguments::email(&request.email)?;
    invite_address(guard, request, email)
}

fn invite_address(
    guard: &Guard<'_>,
    request: &InvitationRequest,
    email: EmailAddress,
) -> Result<Draft, Refusal> {
    let state = guard.state();
    let offer = read_offer(guard, &request.roles, &request.groups)?;
    let sending = send(guard.now(), request.token, request.ttl)?;
    if state.invitation(request.invitation).is_some() {
        return Err(Refusal::DuplicateId);
    }
    let affiliation = request.affiliation;
    let invitation = Invitation {
        email,
        affiliation,
        offer,
        sending,
        state: InvitationState::Pending,
    };
    let cleared = guard.invited(request.invitation, invitation.clone())?;
    Sendable {
        invitation: &invitation,
        own: None,
    }
    .check(guard)?;
    let mut draft = Draft::new();
    let expired = state.open_invitations_for(&invitation.email);
    expired.for_each(|(id, _)| draft.invitation_cancelled(id, Cancellation::Superseded));
    draft.confer(cleared);
    Ok(draft)
}

fn read_offer(
    guard: &Guard<'_>,
    roles: &[RoleId],
    groups: &BTreeSet<GroupId>,
) -> Result<Offer, Refusal> {
    let state = guard.state();
    let roles = known_roles(state, roles)?;
    groups
        .iter()
        .try_for_each(|group| known_group(state, *group).map(drop))?;
    groups
        .iter()
        .try_for_each(|group| require_role_of(state, *group, &roles))?;
    Ok(Offer {
        roles,
        groups: groups.clone(),
        inviter: guard.inviter(),
    })
}

fn require_role_of(state: &State, id: GroupId, roles: &Roles) -> Result<(), Refusal> {
    let group = known_group(state, id)?;
    if roles.contains(group.role) {
        Ok(())
    } else {
        Err(Refusal::GroupRoleMismatch { group: id })
    }
}

fn send(now: Timestamp, digest: TokenDigest, ttl: Option<Duration>) -> Result<Sending, Refusal> {
    let expires_at = now
        .checked_add(ttl.unwrap_or(DEFAULT_TTL))
        .ok_or(Refusal::InvalidTtl)?;
    if expires_at == now {
        return Err(Refusal::InvalidTtl);
    }
    Ok(Sending {
        digest,
        sent_at: now,
        expires_at,
    })
}

pub(super) fn invite_many(
    guard: &Guard<'_>,
    entries: &[InvitationRequest],
) -> Result<Draft, Refusal> {
    guard.require(RIGHT)?;
    if entries.is_empty() {
        return Err(Refusal::EmptyBatch);
    }
    let mut draft = Draft::new();
    let mut state = guard.state().clone();
    let mut addresses = BTreeSet::new();
    for entry in entries {
        match invite_entry(&guard.on(&state), entry, &mut addresses) {
            Ok(good) => {
                state = good.applied_to(&state);
                draft.append(good);
                draft.push_result(Ok(()));
            }
            Err(refusal) => draft.push_result(Err(refusal)),
        }
    }
    Ok(draft)
}

/// An address stands once in a batch, whether or not the first was good.
fn invite_entry(
    guard: &Guard<'_>,
    entry: &InvitationRequest,
    addresses: &mut BTreeSet<String>,
) -> Result<Draft, Refusal> {
    let email = arguments::email(&entry.email)?;
    if !addresses.insert(email.folded()) {
        return Err(Refusal::DuplicateInBatch);
    }
    invite_address(guard, entry, email)
}

pub(super) fn resend(
    guard: &Guard<'_>,
    id: InvitationId,
    token: TokenDigest,
    ttl: Option<Duration>,
) -> Result<Draft, Refusal> {
    guard.require(RIGHT)?;
    let state = guard.state();
    let invitation = known_invitation(state, id)?;
    let sending = send(guard.now(), token, ttl)?;
    if !invitation.is_open() {
        return Err(Refusal::NotPending);
    }
    let since = guard.now().saturating_since(invitation.sending.sent_at);
    if since < state.limits().resend_cooldown {
        return Err(Refusal::ResendTooSoon);
    }
    if invitation.sending.digest == token {
        return Err(Refusal::TokenReused);
    }
    let cleared = guard.resent(id, invitation, sending)?;
    Sendable {
        invitation,
        own: Some(id),
    }
    .check(guard)?;
    Ok(Draft::of(cleared))
}

pub(super) fn change(
    guard: &Guard<'_>,
    id: InvitationId,
    roles: &[RoleId],
    groups: &BTreeSet<GroupId>,
) -> Result<Draft, Refusal> {
    guard.require(RIGHT)?;
    let state = guard.state();
    let before = known_invitation(state, id)?;
    let offer = read_offer(guard, roles, groups)?;
    if !before.is_live(guard.now()) {
        return Err(Refusal::NotPending);
    }
    let cleared = guard.offer_changed(id, &before.offer, offer.clone())?;
    let after = Invitation {
        offer,
        ..before.clone()
    };
    let offered = after.offer.roles.iter();
    invite_checks::require_no_external_admin(state, after.affiliation, offered)?;
    Sendable {
        invitation: &after,
        own: Some(id),
    }
    .require_seats(guard)?;
    Ok(if after == *before {
        Draft::new()
    } else {
        Draft::of(cleared)
    })
}

pub(super) fn cancel(guard: &Guard<'_>, id: InvitationId) -> Result<Draft, Refusal> {
    guard.require(RIGHT)?;
    let invitation = known_invitation(guard.state(), id)?;
    let mut draft = Draft::new();
    match invitation.status(guard.now()) {
        InvitationStatus::Cancelled => {}
        InvitationStatus::Accepted | InvitationStatus::Declined => return Err(Refusal::NotPending),
        InvitationStatus::Pending | InvitationStatus::Expired => {
            guard.outrank_roles(&invitation.offer.roles)?;
            draft.invitation_cancelled(id, Cancellation::Withdrawn);
        }
    }
    Ok(draft)
}
