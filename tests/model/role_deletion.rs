//! Deleting a role (10), with or without a replacement.

use rolebook::{Actor, RoleId, UserId};

use super::Model;
use super::authority::{Acting, Beyond};
use super::refused::{Facts, Verdict, refuse_if, refuse_with};
use super::roles::{RIGHT, is_built_in};
use super::users::without_duplicates;

impl Model {
    pub(crate) fn delete_role(
        &mut self,
        actor: &Actor,
        role: RoleId,
        replacement: Option<RoleId>,
    ) -> Verdict {
        let acting = self.need(actor, RIGHT)?;
        refuse_if(!self.roles.contains_key(&role), "unknown_role")?;
        if let Some(replacement) = replacement {
            let known = self.roles.contains_key(&replacement) && replacement != role;
            refuse_if(!known, "unknown_role")?;
        }
        refuse_if(is_built_in(role), "built_in_role")?;
        self.refuse_own_role(acting, role)?;
        self.refuse_deletion_rank(acting, role, replacement)?;
        match replacement {
            None => self.refuse_role_in_use(role)?,
            Some(replacement) => {
                self.refuse_replacement(role, replacement)?;
                self.move_to(role, replacement);
            }
        }
        self.roles.remove(&role);
        self.limits.seats.remove(&role);
        Ok(())
    }

    /// Nobody but Admins redefines, deletes or replaces a role they hold.
    pub(crate) fn refuse_own_role(&self, acting: Acting, role: RoleId) -> Verdict {
        let held = acting
            .user()
            .is_some_and(|user| self.users[&user].roles.contains(&role));
        refuse_if(held && !acting.is_admin(), "self_administration")
    }

    fn holders(&self, role: RoleId) -> Vec<UserId> {
        let holders = self
            .users
            .iter()
            .filter(|(_, user)| user.roles.contains(&role));
        holders.map(|(id, _)| *id).collect()
    }

    fn refuse_deletion_rank(
        &self,
        acting: Acting,
        role: RoleId,
        replacement: Option<RoleId>,
    ) -> Verdict {
        let mut beyond = self.beyond_for_role(acting, role);
        if let Some(replacement) = replacement {
            for holder in self.holders(role) {
                self.refuse_outranked(acting, holder)?;
            }
            beyond = Beyond::and(beyond, self.beyond_for_role(acting, replacement));
        }
        beyond.refuse()
    }

    fn refuse_role_in_use(&self, role: RoleId) -> Verdict {
        let users = self.holders(role).len() as u64;
        let groups = self
            .groups
            .values()
            .filter(|group| group.role == role)
            .count() as u64;
        let open = self.invitations.values().filter(|one| one.is_open());
        let invitations = open.filter(|one| one.roles.contains(&role)).count() as u64;
        if (users, groups, invitations) == (0, 0, 0) {
            return Ok(());
        }
        let facts = Facts {
            counts: Some((users, groups, invitations)),
            ..Facts::default()
        };
        refuse_with("role_in_use", facts)
    }

    /// The checks of `assign_roles` on the result.
    fn refuse_replacement(&self, role: RoleId, replacement: RoleId) -> Verdict {
        let holders = self.holders(role).into_iter().map(|id| &self.users[&id]);
        let holders: Vec<_> = holders.collect();
        if replacement == RoleId::ADMIN {
            refuse_if(
                holders.iter().any(|user| user.is_service()),
                "service_admin",
            )?;
            let external = holders.iter().any(|user| user.is_external());
            refuse_if(
                external && !self.security.allow_external_admins,
                "external_admin",
            )?;
        }
        let taking = holders.iter().filter(|user| user.takes_seats());
        let newly = taking
            .filter(|user| !user.roles.contains(&replacement))
            .count();
        let limit = self
            .limits
            .seats
            .get(&replacement)
            .map(|limit| *limit as usize);
        let total = self.seats_used(replacement) + newly;
        refuse_if(
            newly > 0 && limit.is_some_and(|limit| total > limit),
            "seat_limit",
        )
    }

    fn move_to(&mut self, role: RoleId, replacement: RoleId) {
        let moved = |roles: &[RoleId]| {
            let each = roles
                .iter()
                .map(|one| if *one == role { replacement } else { *one });
            without_duplicates(each)
        };
        for user in self.users.values_mut() {
            user.roles = moved(&user.roles);
        }
        for group in self.groups.values_mut().filter(|group| group.role == role) {
            group.role = replacement;
        }
        for invitation in self.invitations.values_mut() {
            if invitation.is_open() {
                invitation.roles = moved(&invitation.roles);
            }
        }
        self.clip_all_of(replacement);
    }
}
