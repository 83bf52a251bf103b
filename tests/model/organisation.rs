//! Founding (9), security settings and limits (10).

use std::collections::BTreeSet;

use rolebook::{Actor, Command, InvitationId, RoleId, Timestamp, TokenDigest};

use super::authority::Acting;
use super::refused::{Verdict, refuse, refuse_if};
use super::sending::expiry;
use super::text::{read_address, read_domain_pattern, read_name};
use super::{Invitation, InvitationState, Model, Security};

const RIGHT: &str = "organisation.security_manage";

impl Model {
    pub(crate) fn found(
        &mut self,
        actor: &Actor,
        (name, first_admin): (&str, &str),
        (invitation, digest): (InvitationId, TokenDigest),
        now: Timestamp,
    ) -> Verdict {
        let acting = self.session(actor)?;
        refuse_if(acting != Acting::Operator, "not_allowed")?;
        let Some(name) = read_name(name) else {
            return refuse("invalid_name");
        };
        let Some(email) = read_address(first_admin) else {
            return refuse("invalid_email");
        };
        let expires_at = expiry(now, None)?;
        refuse_if(self.name.is_some(), "already_founded")?;
        self.name = Some(name);
        let first = Invitation {
            email,
            external: false,
            roles: vec![RoleId::ADMIN],
            groups: BTreeSet::new(),
            inviter: None,
            digest,
            sent_at: now,
            expires_at,
            state: InvitationState::Pending,
        };
        self.invitations.insert(invitation, first);
        Ok(())
    }

    pub(crate) fn set_security(&mut self, actor: &Actor, command: &Command) -> Verdict {
        let Command::SetSecurity {
            require_sso,
            require_mfa,
            allowed_domains,
            allow_external_admins,
        } = command
        else {
            unreachable!("set_security");
        };
        let acting = self.need(actor, RIGHT)?;
        let old = self.security.clone();
        let domains = match allowed_domains {
            Some(domains) => read_domains(domains),
            None => Some(old.allowed_domains),
        };
        let Some(allowed_domains) = domains else {
            return refuse("invalid_domain");
        };
        let new = Security {
            require_sso: require_sso.unwrap_or(old.require_sso),
            require_mfa: require_mfa.unwrap_or(old.require_mfa),
            allowed_domains,
            allow_external_admins: allow_external_admins.unwrap_or(old.allow_external_admins),
        };
        self.refuse_posture(actor, acting, &new)?;
        let mut users = self.users.values();
        let external_admin =
            users.any(|user| user.is_external() && user.roles.contains(&RoleId::ADMIN));
        refuse_if(
            external_admin && !new.allow_external_admins,
            "external_admin",
        )?;
        self.security = new;
        Ok(())
    }

    /// Refuses where the actor's own session would not hold under the new settings.
    fn refuse_posture(&self, actor: &Actor, acting: Acting, new: &Security) -> Verdict {
        let (Actor::User(sign_in), Acting::User { user, .. }) = (actor, acting) else {
            return Ok(());
        };
        let user = &self.users[&user];
        let lacks_sso = new.require_sso && user.needs_sso() && !sign_in.proof.sso;
        let lacks_mfa = new.require_mfa && user.needs_mfa() && !sign_in.proof.mfa;
        refuse_if(lacks_sso || lacks_mfa, "posture_not_met")
    }

    pub(crate) fn set_limits(&mut self, actor: &Actor, command: &Command) -> Verdict {
        let Command::SetLimits {
            seats,
            open_invitations,
            custom_roles,
            resend_cooldown,
        } = command
        else {
            unreachable!("set_limits");
        };
        self.need(actor, RIGHT)?;
        refuse_if(
            seats.keys().any(|role| !self.roles.contains_key(role)),
            "unknown_role",
        )?;
        for (role, limit) in seats {
            match limit {
                Some(limit) => drop(self.limits.seats.insert(*role, *limit)),
                None => drop(self.limits.seats.remove(role)),
            }
        }
        let limits = &mut self.limits;
        limits.open_invitations = open_invitations.unwrap_or(limits.open_invitations);
        limits.custom_roles = custom_roles.unwrap_or(limits.custom_roles);
        limits.resend_cooldown = resend_cooldown.unwrap_or(limits.resend_cooldown);
        Ok(())
    }
}

fn read_domains(domains: &[String]) -> Option<BTreeSet<String>> {
    domains
        .iter()
        .map(|text| read_domain_pattern(text))
        .collect()
}
