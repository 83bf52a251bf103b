//! Invitations (9) as seen by those who send them.

use std::collections::BTreeSet;
use std::time::Duration;

use rolebook::{
    Actor, Affiliation, GroupId, InvitationId, InvitationRequest, RoleId, Timestamp, TokenDigest,
};

use super::authority::{Acting, Beyond};
use super::refused::{Verdict, refuse, refuse_if};
use super::text::{domain_matches, read_address, same_address};
use super::{Invitation, InvitationState, Model, Refused, Results};

const RIGHT: &str = "organisation.users_invite";

/// When a sending ends: 48 hours later unless a ttl is given.
pub(crate) fn expiry(now: Timestamp, ttl: Option<Duration>) -> Result<Timestamp, Refused> {
    let milliseconds = ttl.unwrap_or(Duration::from_secs(48 * 3_600)).as_millis();
    let end = u128::from(now.milliseconds()) + milliseconds;
    match u64::try_from(end) {
        Ok(end) if milliseconds > 0 => Ok(Timestamp::from_milliseconds(end)),
        _ => refuse("invalid_ttl"),
    }
}

impl Invitation {
    pub(crate) fn is_live(&self, now: Timestamp) -> bool {
        self.is_open() && now < self.expires_at
    }
}

impl Model {
    pub(crate) fn domain_is_allowed(&self, address: &str) -> bool {
        let mut patterns = self.security.allowed_domains.iter();
        self.security.allowed_domains.is_empty()
            || patterns.any(|pattern| domain_matches(pattern, address))
    }

    pub(crate) fn invite(
        &mut self,
        actor: &Actor,
        request: &InvitationRequest,
        now: Timestamp,
    ) -> Verdict {
        let acting = self.need(actor, RIGHT)?;
        let Some(email) = read_address(&request.email) else {
            return refuse("invalid_email");
        };
        self.send_new(acting, request, email, now)
    }

    pub(crate) fn invite_many(
        &mut self,
        actor: &Actor,
        entries: &[InvitationRequest],
        now: Timestamp,
    ) -> Results {
        let acting = self.need(actor, RIGHT)?;
        refuse_if(entries.is_empty(), "empty_batch")?;
        let mut seen: Vec<String> = Vec::new();
        let mut results = Vec::new();
        for entry in entries {
            let result = match read_address(&entry.email) {
                None => refuse("invalid_email"),
                Some(email) if seen.iter().any(|other| same_address(other, &email)) => {
                    refuse("duplicate_in_batch")
                }
                Some(email) => {
                    seen.push(email.clone());
                    self.send_new(acting, entry, email, now)
                }
            };
            results.push(result);
        }
        Ok(results)
    }

    /// What `invite` judges after the address. Changes nothing where it refuses.
    fn send_new(
        &mut self,
        acting: Acting,
        request: &InvitationRequest,
        email: String,
        now: Timestamp,
    ) -> Verdict {
        let roles = self.read_roles(&request.roles)?;
        self.refuse_groups(&request.groups, &roles)?;
        let expires_at = expiry(now, request.ttl)?;
        refuse_if(
            self.invitations.contains_key(&request.invitation),
            "duplicate_id",
        )?;
        let new = Invitation {
            email,
            external: request.affiliation == Affiliation::External,
            roles,
            groups: request.groups.clone(),
            inviter: acting.user(),
            digest: request.token,
            sent_at: now,
            expires_at,
            state: InvitationState::Pending,
        };
        self.refuse_sending(acting, request.invitation, &new, now)?;
        for old in self.invitations.values_mut() {
            let open = old.is_open();
            if open && same_address(&old.email, &new.email) {
                old.state = InvitationState::Cancelled("superseded");
            }
        }
        self.invitations.insert(request.invitation, new);
        Ok(())
    }

    /// `unknown_group`, `group_role_mismatch`.
    fn refuse_groups(&self, groups: &BTreeSet<GroupId>, roles: &[RoleId]) -> Verdict {
        refuse_if(
            groups.iter().any(|group| !self.groups.contains_key(group)),
            "unknown_group",
        )?;
        let mismatched = |group: &GroupId| !roles.contains(&self.groups[group].role);
        refuse_if(groups.iter().any(mismatched), "group_role_mismatch")
    }

    /// How far conferring the roles and groups of an invitation goes beyond the actor.
    fn beyond_for_offer(&self, acting: Acting, offer: &Invitation, now: Timestamp) -> Beyond {
        let lacks = offer
            .groups
            .iter()
            .map(|group| self.lacks_for_adding(acting, *group, now));
        self.beyond_for_roles(acting, &offer.roles)
            .and(Beyond::bits(lacks.collect()))
    }

    /// From `exceeds_actor` on, for an invitation that is to be sent; its id is not counted itself.
    fn refuse_sending(
        &self,
        acting: Acting,
        id: InvitationId,
        new: &Invitation,
        now: Timestamp,
    ) -> Verdict {
        self.beyond_for_offer(acting, new, now).refuse()?;
        let exempt = acting == Acting::Operator;
        refuse_if(
            !exempt && !self.domain_is_allowed(&new.email),
            "domain_not_allowed",
        )?;
        self.refuse_external_admin(new.external, &new.roles)?;
        if let Some(holder) = self.holder_of_address(&new.email) {
            let suspended = self.users[&holder].suspended;
            return refuse(if suspended {
                "member_suspended"
            } else {
                "already_member"
            });
        }
        let others = self.other_live(id, now);
        let invited = others
            .iter()
            .any(|other| same_address(&other.email, &new.email));
        refuse_if(invited, "already_invited")?;
        let limit = self.limits.open_invitations as usize;
        refuse_if(others.len() >= limit, "too_many_invitations")?;
        self.refuse_reservation(id, new, now)
    }

    pub(crate) fn refuse_external_admin(&self, external: bool, roles: &[RoleId]) -> Verdict {
        let disallowed = external && !self.security.allow_external_admins;
        refuse_if(
            disallowed && roles.contains(&RoleId::ADMIN),
            "external_admin",
        )
    }

    fn other_live(&self, id: InvitationId, now: Timestamp) -> Vec<&Invitation> {
        let others = self.invitations.iter().filter(|(other, _)| **other != id);
        others
            .map(|(_, other)| other)
            .filter(|other| other.is_live(now))
            .collect()
    }

    /// Refuses an internal invitation where used and reserved seats reach the limit.
    fn refuse_reservation(&self, id: InvitationId, new: &Invitation, now: Timestamp) -> Verdict {
        let others = self.other_live(id, now);
        let full = |role: &RoleId| {
            let reserving = others
                .iter()
                .filter(|one| !one.external && one.roles.contains(role));
            let taken = self.seats_used(*role) + reserving.count();
            let limit = self.limits.seats.get(role);
            limit.is_some_and(|limit| taken >= *limit as usize)
        };
        refuse_if(!new.external && new.roles.iter().any(full), "seat_limit")
    }

    pub(crate) fn resend(
        &mut self,
        actor: &Actor,
        id: InvitationId,
        digest: TokenDigest,
        ttl: Option<Duration>,
        now: Timestamp,
    ) -> Verdict {
        let acting = self.need(actor, RIGHT)?;
        let Some(old) = self.invitations.get(&id) else {
            return refuse("unknown_invitation");
        };
        let expires_at = expiry(now, ttl)?;
        refuse_if(old.state != InvitationState::Pending, "not_pending")?;
        let passed = now
            .milliseconds()
            .saturating_sub(old.sent_at.milliseconds());
        let too_soon = Duration::from_millis(passed) < self.limits.resend_cooldown;
        refuse_if(too_soon, "resend_too_soon")?;
        refuse_if(old.digest == digest, "token_reused")?;
        let new = Invitation {
            inviter: acting.user(),
            digest,
            sent_at: now,
            expires_at,
            ..old.clone()
        };
        self.refuse_sending(acting, id, &new, now)?;
        self.invitations.insert(id, new);
        Ok(())
    }

    pub(crate) fn change_invitation(
        &mut self,
        actor: &Actor,
        id: InvitationId,
        roles: &[RoleId],
        groups: &BTreeSet<GroupId>,
        now: Timestamp,
    ) -> Verdict {
        let acting = self.need(actor, RIGHT)?;
        let Some(old) = self.invitations.get(&id) else {
            return refuse("unknown_invitation");
        };
        let new = Invitation {
            roles: self.read_roles(roles)?,
            groups: groups.clone(),
            inviter: acting.user(),
            ..old.clone()
        };
        self.refuse_groups(&new.groups, &new.roles)?;
        refuse_if(!old.is_live(now), "not_pending")?;
        self.refuse_outranked_offer(acting, old)?;
        self.beyond_for_offer(acting, &new, now).refuse()?;
        self.refuse_external_admin(new.external, &new.roles)?;
        self.refuse_reservation(id, &new, now)?;
        self.invitations.insert(id, new);
        Ok(())
    }

    fn refuse_outranked_offer(&self, acting: Acting, offer: &Invitation) -> Verdict {
        let beyond = self.beyond_for_roles(acting, &offer.roles);
        refuse_if(!beyond.is_nothing(), "target_outranks_actor")
    }

    pub(crate) fn cancel_invitation(&mut self, actor: &Actor, id: InvitationId) -> Verdict {
        let acting = self.need(actor, RIGHT)?;
        let Some(old) = self.invitations.get(&id) else {
            return refuse("unknown_invitation");
        };
        if matches!(old.state, InvitationState::Cancelled(_)) {
            return Ok(());
        }
        refuse_if(old.state != InvitationState::Pending, "not_pending")?;
        self.refuse_outranked_offer(acting, old)?;
        self.invitations.get_mut(&id).expect("known").state =
            InvitationState::Cancelled("withdrawn");
        Ok(())
    }
}
