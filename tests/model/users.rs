//! Members (10).

use rolebook::{Actor, GroupId, RoleId, Subject, Timestamp, UserId};

use super::authority::{Acting, Beyond};
use super::refused::{Verdict, refuse, refuse_if};
use super::text::{read_address, read_name, same_address};
use super::{Identity, InvitationState, Model, Refused, User};

const RIGHT: &str = "organisation.users_manage";

/// The roles in their order, each once.
pub(crate) fn without_duplicates(roles: impl IntoIterator<Item = RoleId>) -> Vec<RoleId> {
    let mut kept = Vec::new();
    for role in roles {
        if !kept.contains(&role) {
            kept.push(role);
        }
    }
    kept
}

impl Model {
    /// Reads a list of roles: `unknown_role`, `no_roles`.
    pub(crate) fn read_roles(&self, roles: &[RoleId]) -> Result<Vec<RoleId>, Refused> {
        refuse_if(
            roles.iter().any(|role| !self.roles.contains_key(role)),
            "unknown_role",
        )?;
        refuse_if(roles.is_empty(), "no_roles")?;
        Ok(without_duplicates(roles.iter().copied()))
    }

    /// Active people of the organisation who hold a role.
    pub(crate) fn seats_used(&self, role: RoleId) -> usize {
        let holding = self
            .users
            .values()
            .filter(|user| user.roles.contains(&role));
        holding.filter(|user| user.takes_seats()).count()
    }

    /// Refuses where a role has no seat left beside those used.
    pub(crate) fn refuse_seats(&self, roles: impl IntoIterator<Item = RoleId>) -> Verdict {
        let full = |role: RoleId| {
            let limit = self.limits.seats.get(&role);
            limit.is_some_and(|limit| self.seats_used(role) >= *limit as usize)
        };
        refuse_if(roles.into_iter().any(full), "seat_limit")
    }

    /// Refuses where Admin would go to a service, or to an external user against the settings.
    pub(crate) fn refuse_admin_for(&self, user: &User, roles: &[RoleId]) -> Verdict {
        let admin = roles.contains(&RoleId::ADMIN);
        refuse_if(admin && user.is_service(), "service_admin")?;
        let disallowed = user.is_external() && !self.security.allow_external_admins;
        refuse_if(admin && disallowed, "external_admin")
    }

    /// Refuses a change that takes the organisation from one or more effective Admins to none.
    fn refuse_last_admin(&self, after: &Model) -> Verdict {
        let lost = self.seats_used(RoleId::ADMIN) > 0 && after.seats_used(RoleId::ADMIN) == 0;
        refuse_if(lost, "last_admin")
    }

    fn refuse_unregistered(&self, user: UserId) -> Verdict {
        refuse_if(!self.users.contains_key(&user), "not_registered")
    }

    pub(crate) fn assign_roles(
        &mut self,
        actor: &Actor,
        user: UserId,
        roles: &[RoleId],
        now: Timestamp,
    ) -> Verdict {
        let acting = self.need(actor, RIGHT)?;
        self.refuse_unregistered(user)?;
        let roles = self.read_roles(roles)?;
        self.refuse_self(acting, Subject::User(user))?;
        self.refuse_outranked(acting, user)?;
        let leaves = self.groups_left(user, &roles);
        let lacks = leaves
            .iter()
            .map(|group| self.lacks_for_removing(acting, *group, now));
        let of_groups = Beyond::bits(lacks.collect());
        self.beyond_for_roles(acting, &roles)
            .and(of_groups)
            .refuse()?;
        self.refuse_admin_for(&self.users[&user], &roles)?;
        let after = self.with_roles(user, &roles, &leaves);
        self.refuse_last_admin(&after)?;
        let old = &self.users[&user];
        let newly = roles
            .iter()
            .copied()
            .filter(|role| !old.roles.contains(role));
        if old.takes_seats() {
            self.refuse_seats(newly)?;
        }
        *self = after;
        Ok(())
    }

    /// The groups of a user whose role is not among these.
    fn groups_left(&self, user: UserId, roles: &[RoleId]) -> Vec<GroupId> {
        let groups = self
            .groups
            .iter()
            .filter(|(_, group)| group.members.contains(&user));
        let left = groups.filter(|(_, group)| !roles.contains(&group.role));
        left.map(|(id, _)| *id).collect()
    }

    fn with_roles(&self, user: UserId, roles: &[RoleId], leaves: &[GroupId]) -> Model {
        let mut after = self.clone();
        after.users.get_mut(&user).expect("registered").roles = roles.to_vec();
        for group in leaves {
            after
                .groups
                .get_mut(group)
                .expect("known")
                .members
                .remove(&user);
        }
        after.clip(Subject::User(user));
        after
    }

    /// Refusals of classes 1 to 4 for acting on a user. Nobody, Admin or not, acts on themselves.
    fn act_on(&self, actor: &Actor, user: UserId) -> Result<Acting, Refused> {
        let acting = self.need(actor, RIGHT)?;
        self.refuse_unregistered(user)?;
        refuse_if(acting.user() == Some(user), "self_administration")?;
        self.refuse_outranked(acting, user)?;
        Ok(acting)
    }

    pub(crate) fn suspend(&mut self, actor: &Actor, user: UserId) -> Verdict {
        self.act_on(actor, user)?;
        refuse_if(self.users[&user].suspended, "already_suspended")?;
        let mut after = self.clone();
        after.users.get_mut(&user).expect("registered").suspended = true;
        self.refuse_last_admin(&after)?;
        *self = after;
        Ok(())
    }

    pub(crate) fn reinstate(&mut self, actor: &Actor, user: UserId) -> Verdict {
        self.act_on(actor, user)?;
        let mut reinstated = self.users[&user].clone();
        refuse_if(!reinstated.suspended, "not_suspended")?;
        reinstated.suspended = false;
        if reinstated.takes_seats() {
            self.refuse_seats(reinstated.roles.clone())?;
        }
        self.users.insert(user, reinstated);
        Ok(())
    }

    pub(crate) fn remove(&mut self, actor: &Actor, user: UserId) -> Verdict {
        self.act_on(actor, user)?;
        self.offboard(user)
    }

    pub(crate) fn leave(&mut self, actor: &Actor) -> Verdict {
        match self.session(actor)? {
            Acting::Operator => refuse("not_allowed"),
            Acting::User { user, .. } => self.offboard(user),
        }
    }

    fn offboard(&mut self, user: UserId) -> Verdict {
        let mut after = self.clone();
        after.users.remove(&user);
        after
            .grants
            .retain(|(subject, _), _| *subject != Subject::User(user));
        after
            .restrictions
            .retain(|(subject, _), _| *subject != Subject::User(user));
        for group in after.groups.values_mut() {
            group.members.remove(&user);
        }
        for invitation in after.invitations.values_mut() {
            if invitation.inviter == Some(user) && invitation.is_open() {
                invitation.state = InvitationState::Cancelled("inviter_left");
            }
        }
        self.refuse_last_admin(&after)?;
        *self = after;
        Ok(())
    }

    pub(crate) fn add_service_user(
        &mut self,
        actor: &Actor,
        user: UserId,
        name: &str,
        roles: &[RoleId],
    ) -> Verdict {
        let acting = self.need(actor, RIGHT)?;
        refuse_if(
            roles.iter().any(|role| !self.roles.contains_key(role)),
            "unknown_role",
        )?;
        let Some(name) = read_name(name) else {
            return refuse("invalid_name");
        };
        let roles = self.read_roles(roles)?;
        self.beyond_for_roles(acting, &roles).refuse()?;
        refuse_if(self.users.contains_key(&user), "duplicate_id")?;
        let service = User {
            identity: Identity::Service { name },
            roles,
            suspended: false,
        };
        self.refuse_admin_for(&service, &service.roles)?;
        self.users.insert(user, service);
        Ok(())
    }

    pub(crate) fn change_email(
        &mut self,
        actor: &Actor,
        user: UserId,
        email: &str,
        now: Timestamp,
    ) -> Verdict {
        let acting = self.need(actor, RIGHT)?;
        self.refuse_unregistered(user)?;
        let Some(new) = read_address(email).filter(|_| !self.users[&user].is_service()) else {
            return refuse("invalid_email");
        };
        self.refuse_outranked(acting, user)?;
        let holder = self.holder_of_address(&new);
        refuse_if(
            holder.is_some_and(|holder| holder != user),
            "already_member",
        )?;
        let mut live = self.invitations.values().filter(|one| one.is_live(now));
        refuse_if(
            live.any(|one| same_address(&one.email, &new)),
            "already_invited",
        )?;
        refuse_if(!self.domain_is_allowed(&new), "domain_not_allowed")?;
        if let Identity::Person { email, .. } =
            &mut self.users.get_mut(&user).expect("registered").identity
        {
            *email = new;
        }
        Ok(())
    }

    /// The registered person with an address.
    pub(crate) fn holder_of_address(&self, address: &str) -> Option<UserId> {
        let mut users = self.users.iter();
        let has = |user: &User| match &user.identity {
            Identity::Person { email, .. } => same_address(email, address),
            Identity::Service { .. } => false,
        };
        users.find(|(_, user)| has(user)).map(|(id, _)| *id)
    }
}
