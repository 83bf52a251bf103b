//! `found`, `set_security` and `set_limits`.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::Draft;
use super::guard::{Guard, not_allowed};
use super::{arguments, invitation};
use crate::command::{Command, InvitationRequest};
use crate::id::{InvitationId, RoleId};
use crate::invitation::TokenDigest;
use crate::permission::{OrganisationPermissions, PermissionSet};
use crate::refusal::Refusal;
use crate::user::Affiliation;

/// The operator creates the organisation and invites its first Admin.
pub(super) fn found(
    guard: &Guard<'_>,
    name: &str,
    first_admin: &str,
    (invitation, token): (InvitationId, TokenDigest),
) -> Result<Draft, Refusal> {
    if !guard.is_operator() {
        return Err(not_allowed(PermissionSet::EMPTY));
    }
    let name = arguments::name(name)?;
    arguments::email(first_admin)?;
    if guard.state().is_founded() {
        return Err(Refusal::AlreadyFounded);
    }
    let mut draft = Draft::new();
    draft.founded(name);
    let request = InvitationRequest {
        invitation,
        email: first_admin.to_owned(),
        roles: vec![RoleId::ADMIN],
        groups: BTreeSet::new(),
        affiliation: Affiliation::Internal,
        token,
        ttl: None,
    };
    draft.append(invitation::invite(guard, &request)?);
    Ok(draft)
}

pub(super) fn set_security(guard: &Guard<'_>, command: &Command) -> Result<Draft, Refusal> {
    guard.require(OrganisationPermissions::SECURITY_MANAGE)?;
    let Command::SetSecurity {
        require_sso,
        require_mfa,
        allowed_domains,
        allow_external_admins,
    } = command
    else {
        return Ok(Draft::new());
    };
    let before = guard.state().security();
    let mut after = before.clone();
    if let Some(domains) = allowed_domains {
        let read = |text: &String| {
            text.parse().map_err(|_| Refusal::InvalidDomain {
                domain: text.clone(),
            })
        };
        after.allowed_domains = domains.iter().map(read).collect::<Result<_, _>>()?;
    }
    after.require_sso = require_sso.unwrap_or(before.require_sso);
    after.require_mfa = require_mfa.unwrap_or(before.require_mfa);
    after.allow_external_admins = allow_external_admins.unwrap_or(before.allow_external_admins);
    if !guard.meets(&after) {
        return Err(Refusal::PostureNotMet);
    }
    let has_external_admin = || {
        guard
            .state()
            .holders(RoleId::ADMIN)
            .any(|(_, user)| user.is_external())
    };
    if !after.allow_external_admins && has_external_admin() {
        return Err(Refusal::ExternalAdmin);
    }
    let mut draft = Draft::new();
    draft.security_changed(before, after);
    Ok(draft)
}

pub(super) fn set_limits(guard: &Guard<'_>, command: &Command) -> Result<Draft, Refusal> {
    guard.require(OrganisationPermissions::SECURITY_MANAGE)?;
    let Command::SetLimits {
        seats,
        open_invitations,
        custom_roles,
        resend_cooldown,
    } = command
    else {
        return Ok(Draft::new());
    };
    seats
        .keys()
        .try_for_each(|role| arguments::known_role(guard.state(), *role).map(drop))?;
    let before = guard.state().limits();
    let mut after = before.clone();
    set_seats(&mut after.seats, seats);
    after.open_invitations = open_invitations.unwrap_or(before.open_invitations);
    after.custom_roles = custom_roles.unwrap_or(before.custom_roles);
    after.resend_cooldown = resend_cooldown.unwrap_or(before.resend_cooldown);
    let mut draft = Draft::new();
    draft.limits_changed(before, after);
    Ok(draft)
}

fn set_seats(seats: &mut BTreeMap<RoleId, u32>, changes: &BTreeMap<RoleId, Option<u32>>) {
    for (role, limit) in changes {
        match limit {
            Some(limit) => seats.insert(*role, *limit),
            None => seats.remove(role),
        };
    }
}
