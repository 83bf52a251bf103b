//! The decision (4).

use rolebook::{PermissionSet, Resource, RoleId, Scope, SignIn, Subject, Timestamp, UserId};

use super::catalogue::of_kind;
use super::{Identity, Model, Refused, User, refuse};

/// What gives bits on a resource, by source, before restrictions and ceiling.
struct Sources {
    grant: PermissionSet,
    group_grant: PermissionSet,
    role_scope: PermissionSet,
}

impl Model {
    /// The role that a sign-in acts under, or why there is no session.
    pub(crate) fn sign_in(&self, sign_in: &SignIn) -> Result<RoleId, Refused> {
        let Some(user) = self.users.get(&sign_in.user) else {
            return refuse("unknown_user");
        };
        if user.suspended {
            return refuse("suspended");
        }
        let role = sign_in.role.unwrap_or(user.roles[0]);
        if !user.roles.contains(&role) {
            return refuse("role_not_held");
        }
        if self.security.require_sso && !sign_in.proof.sso && user.needs_sso() {
            return refuse("sso_required");
        }
        if self.security.require_mfa && !sign_in.proof.mfa && user.needs_mfa() {
            return refuse("mfa_required");
        }
        Ok(role)
    }

    /// Whether the session may do all of the set on the resource, and why.
    pub(crate) fn check(
        &self,
        sign_in: &SignIn,
        set: PermissionSet,
        on: Resource,
        now: Timestamp,
    ) -> (bool, &'static str) {
        let role = match self.sign_in(sign_in) {
            Ok(role) => role,
            Err(refused) => return (false, refused.code),
        };
        if !self.is_registered(on) {
            return (false, "unknown_resource");
        }
        if !set.is_within(of_kind(on.kind())) {
            return (false, "wrong_kind");
        }
        if set.is_empty() {
            return (false, "not_granted");
        }
        if role == RoleId::ADMIN {
            return (true, "admin");
        }
        self.check_non_admin(sign_in.user, role, set, on, now)
    }

    fn check_non_admin(
        &self,
        user: UserId,
        role: RoleId,
        set: PermissionSet,
        on: Resource,
        now: Timestamp,
    ) -> (bool, &'static str) {
        let sources = self.sources(user, role, on, now);
        let granted = sources
            .grant
            .union(sources.group_grant)
            .union(sources.role_scope);
        if !set.is_within(self.roles[&role].ceiling) {
            return (false, "above_ceiling");
        }
        if set.intersects(self.restricted(user, on)) {
            return (false, "restricted");
        }
        if !set.is_within(granted) {
            return (false, "not_granted");
        }
        if set.is_within(sources.grant) {
            (true, "grant")
        } else if set.is_within(sources.grant.union(sources.group_grant)) {
            (true, "group_grant")
        } else {
            (true, "role_scope")
        }
    }

    /// All bits of a user under a role on a resource. Nothing where it is not registered.
    pub(crate) fn effective(
        &self,
        user: UserId,
        role: RoleId,
        on: Resource,
        now: Timestamp,
    ) -> PermissionSet {
        if !self.is_registered(on) {
            return PermissionSet::EMPTY;
        }
        if role == RoleId::ADMIN {
            return of_kind(on.kind());
        }
        self.held_on_chain(user, role, on, now)
            .intersection(of_kind(on.kind()))
    }

    /// (granted - restricted), within the ceiling, of all kinds.
    pub(crate) fn held_on_chain(
        &self,
        user: UserId,
        role: RoleId,
        on: Resource,
        now: Timestamp,
    ) -> PermissionSet {
        let sources = self.sources(user, role, on, now);
        let granted = sources
            .grant
            .union(sources.group_grant)
            .union(sources.role_scope);
        granted
            .without(self.restricted(user, on))
            .intersection(self.roles[&role].ceiling)
    }

    fn sources(&self, user: UserId, role: RoleId, on: Resource, now: Timestamp) -> Sources {
        let chain = self.chain(on);
        let mut sources = Sources {
            grant: PermissionSet::EMPTY,
            group_grant: PermissionSet::EMPTY,
            role_scope: self.role_scope(role, &chain),
        };
        for ((subject, resource), grant) in &self.grants {
            if !chain.contains(resource) || !grant.is_live(now) {
                continue;
            }
            match subject {
                Subject::User(to) if *to == user => {
                    sources.grant = sources.grant.union(grant.bits);
                }
                Subject::Group(to) if self.is_member(*to, user) && self.groups[to].role == role => {
                    sources.group_grant = sources.group_grant.union(grant.bits);
                }
                _ => {}
            }
        }
        sources
    }

    /// What a role gives by itself to a resource with this chain.
    fn role_scope(&self, role: RoleId, chain: &[Resource]) -> PermissionSet {
        let organisation = of_kind(rolebook::ResourceKind::Organisation);
        let role = &self.roles[&role];
        let reached = match &role.scope {
            Scope::All => true,
            Scope::Selected(selected) => chain.iter().any(|resource| selected.contains(resource)),
            Scope::Granted => false,
        };
        if reached {
            role.defaults
        } else {
            role.defaults.intersection(organisation)
        }
    }

    /// What restrictions take from a user on a resource, under every role.
    fn restricted(&self, user: UserId, on: Resource) -> PermissionSet {
        let chain = self.chain(on);
        let restrictions = self.restrictions.iter();
        let here = restrictions.filter(|((_, resource), _)| chain.contains(resource));
        let of_user = here.filter(|((subject, _), _)| self.concerns(*subject, user));
        of_user.map(|(_, bits)| *bits).collect()
    }

    /// What restrictions take from a user on any resource.
    pub(crate) fn restricted_anywhere(&self, user: UserId) -> PermissionSet {
        let restrictions = self.restrictions.iter();
        let of_user = restrictions.filter(|((subject, _), _)| self.concerns(*subject, user));
        of_user.map(|(_, bits)| *bits).collect()
    }

    /// Whether the subject is the user, or a group that they are in under any role.
    pub(crate) fn concerns(&self, subject: Subject, user: UserId) -> bool {
        match subject {
            Subject::User(id) => id == user,
            Subject::Group(id) => self.is_member(id, user),
        }
    }
}

impl super::Grant {
    pub(crate) fn is_live(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|end| now < end)
    }

    /// The last moment at which it counts.
    pub(crate) fn last_moment(&self) -> Timestamp {
        match self.expires_at {
            Some(end) => Timestamp::from_milliseconds(end.milliseconds() - 1),
            None => Timestamp::END_OF_TIME,
        }
    }
}

impl User {
    pub(crate) fn is_service(&self) -> bool {
        matches!(self.identity, Identity::Service { .. })
    }

    pub(crate) fn is_external(&self) -> bool {
        matches!(self.identity, Identity::Person { external: true, .. })
    }

    pub(crate) fn needs_sso(&self) -> bool {
        !self.is_service() && !self.is_external()
    }

    pub(crate) fn needs_mfa(&self) -> bool {
        !self.is_service()
    }

    /// An active person of the organisation: takes a seat of each of their roles.
    pub(crate) fn takes_seats(&self) -> bool {
        !self.suspended && !self.is_service() && !self.is_external()
    }
}
