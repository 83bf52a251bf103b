//! The commands, argument by argument.

use std::collections::BTreeMap;
use std::time::Duration;

use rolebook::{
    Actor, Affiliation, Command, GrantRequest, GroupId, InvitationRequest, PermissionSet, Resource,
    Subject, UserId,
};

use super::generator::Generator;
use super::universe::{closed, resources};
use crate::model::{Acting, Group, Identity, User, at_or_below, of_kind, parent_fits};

const ROLE_NAMES: &[&str] = &["Steward", "Maker", "Lead", "Clerk of Works", "Admin"];
const GROUP_NAMES: &[&str] = &["North", "South side", "East"];

impl Generator {
    pub(crate) fn found(&mut self) -> Command {
        Command::Found {
            name: self.name(&["Acme"]),
            first_admin: self.new_address(),
            invitation: self.new_invitation(),
            token: self.digest(),
        }
    }

    pub(crate) fn set_security(&mut self) -> Command {
        let mut maybe = |percent, yes| {
            let set = self.random.chance(percent);
            let value = self.random.chance(yes);
            set.then_some(value)
        };
        let (require_sso, require_mfa) = (maybe(40, 30), maybe(40, 30));
        let allow_external_admins = maybe(40, 60);
        let domains: &[&[&str]] = &[
            &[],
            &[],
            &["acme.test"],
            &["ACME.test", "*.other.test"],
            &["*.test"],
            &["sub.other.test", "other.test"],
        ];
        let domains = self
            .random
            .pick(domains)
            .iter()
            .map(|text| (*text).to_owned())
            .collect();
        Command::SetSecurity {
            require_sso,
            require_mfa,
            allowed_domains: self.random.chance(45).then_some(domains),
            allow_external_admins,
        }
    }

    pub(crate) fn set_limits(&mut self) -> Command {
        let mut seats = BTreeMap::new();
        for _ in 0..self.random.below(3) {
            let limit = self.random.chance(70).then_some(self.random.below(5));
            seats.insert(
                self.any_role(),
                limit.map(|limit| u32::try_from(limit).unwrap()),
            );
        }
        let number = |it: &mut Self, most| {
            it.random
                .chance(30)
                .then(|| u32::try_from(it.random.below(most)).unwrap())
        };
        Command::SetLimits {
            seats,
            open_invitations: number(self, 8),
            custom_roles: number(self, 9),
            resend_cooldown: self
                .random
                .chance(45)
                .then(|| Duration::from_millis(self.random.pick(&[0, 1, 5_000, 60_000]))),
        }
    }

    pub(crate) fn define_role(&mut self, actor: &Actor) -> Command {
        let name = self.name(ROLE_NAMES);
        Command::DefineRole {
            role: self.new_role(),
            definition: self.definition_for(self.acting(actor), name),
        }
    }

    pub(crate) fn redefine_role(&mut self, actor: &Actor) -> Command {
        let role = self.custom_role_for(actor);
        let name = self.name(ROLE_NAMES);
        let mut definition = self.definition_for(self.acting(actor), name);
        if let Some(old) = self
            .model
            .roles
            .get(&role)
            .filter(|_| self.random.chance(30))
        {
            definition.name = old.name.clone();
            definition.scope = old.scope.clone();
            if self.random.chance(50) {
                definition.defaults = old.defaults;
                definition.ceiling = Some(old.ceiling);
            }
        }
        Command::RedefineRole { role, definition }
    }

    pub(crate) fn clone_role(&mut self, actor: &Actor) -> Command {
        Command::CloneRole {
            role: self.new_role(),
            from: self.role_for(self.acting(actor)),
            name: self.name(ROLE_NAMES),
        }
    }

    pub(crate) fn delete_role(&mut self, actor: &Actor) -> Command {
        let replaced = self.random.chance(65);
        Command::DeleteRole {
            role: self.custom_role_for(actor),
            replacement: replaced.then(|| self.role_for(self.acting(actor))),
        }
    }

    pub(crate) fn assign_roles(&mut self, actor: &Actor) -> Command {
        let user = self.target(actor, |_| true);
        let acting = self.acting(actor);
        let mut roles = self.roles_for(acting);
        if let Some(registered) = self
            .model
            .users
            .get(&user)
            .filter(|_| self.random.chance(40))
        {
            let old = registered.roles.clone();
            let place = self.random.below(roles.len() as u64 + 1);
            roles.splice(usize::try_from(place).unwrap().., old);
        }
        Command::AssignRoles { user, roles }
    }

    pub(crate) fn suspend(&mut self, actor: &Actor) -> Command {
        let user = self.target(actor, |user| !user.suspended);
        Command::Suspend { user }
    }

    pub(crate) fn reinstate(&mut self, actor: &Actor) -> Command {
        let suspended = self.model.users.values().any(|user| user.suspended);
        if !suspended && self.random.chance(80) {
            return self.suspend(actor);
        }
        let user = self.target(actor, |user| user.suspended);
        Command::Reinstate { user }
    }

    pub(crate) fn remove(&mut self, actor: &Actor) -> Command {
        let user = self.target(actor, |_| true);
        Command::Remove { user }
    }

    /// A user of whom this holds and whom the actor outranks, mostly.
    fn target(&mut self, actor: &Actor, holds: impl Fn(&User) -> bool) -> UserId {
        let Some(acting) = self.acting(actor).filter(|_| self.random.chance(75)) else {
            return self.any_user();
        };
        let outranked = |user: &User| {
            let beyond = self.model.beyond_for_roles(acting, &user.roles);
            beyond.is_nothing() && holds(user)
        };
        let others = self
            .model
            .users
            .iter()
            .filter(|(id, _)| Some(**id) != acting.user());
        let fitting: Vec<_> = others
            .filter(|(_, user)| outranked(user))
            .map(|(id, _)| *id)
            .collect();
        let any = self.any_user();
        self.random.maybe(&fitting).unwrap_or(any)
    }

    pub(crate) fn add_service_user(&mut self, actor: &Actor) -> Command {
        Command::AddServiceUser {
            user: self.new_user(),
            name: self.name(&["Robot"]),
            roles: self.roles_for(self.acting(actor)),
        }
    }

    pub(crate) fn change_email(&mut self, actor: &Actor) -> Command {
        let user = self.target(actor, |_| true);
        let own = match self.model.users.get(&user).map(|user| &user.identity) {
            Some(Identity::Person { email, .. }) => Some(email.clone()),
            _ => None,
        };
        let email = match own {
            Some(own) if self.random.chance(15) => self.varied(own),
            _ => self.new_address(),
        };
        Command::ChangeEmail { user, email }
    }

    pub(crate) fn create_group(&mut self, actor: &Actor) -> Command {
        let free = super::universe::groups().into_iter();
        let free: Vec<_> = free
            .filter(|group| !self.model.groups.contains_key(group))
            .collect();
        if free.is_empty() && self.random.chance(80) {
            return self.delete_group();
        }
        let some = self.any_group();
        Command::CreateGroup {
            group: self.random.maybe(&free).unwrap_or(some),
            name: self.name(GROUP_NAMES),
            role: self.role_for(self.acting(actor)),
        }
    }

    pub(crate) fn rename_group(&mut self) -> Command {
        Command::RenameGroup {
            group: self.any_group(),
            name: self.name(GROUP_NAMES),
        }
    }

    pub(crate) fn delete_group(&mut self) -> Command {
        Command::DeleteGroup {
            group: self.any_group(),
        }
    }

    /// A group and a user of whom this holds, mostly.
    fn membership(&mut self, holds: impl Fn(&Group, UserId, &User) -> bool) -> (GroupId, UserId) {
        let mut fitting = Vec::new();
        for (id, group) in &self.model.groups {
            let users = self.model.users.iter();
            let users = users.filter(|(user, registered)| holds(group, **user, registered));
            fitting.extend(users.map(|(user, _)| (*id, *user)));
        }
        let any = (self.any_group(), self.any_user());
        let fitting = self.random.maybe(&fitting).unwrap_or(any);
        if self.random.chance(80) { fitting } else { any }
    }

    pub(crate) fn add_to_group(&mut self) -> Command {
        let (group, user) = self.membership(|group, user, registered| {
            registered.roles.contains(&group.role) && !group.members.contains(&user)
        });
        Command::AddToGroup { group, user }
    }

    pub(crate) fn remove_from_group(&mut self) -> Command {
        let (group, user) = self.membership(|group, user, _| group.members.contains(&user));
        Command::RemoveFromGroup { group, user }
    }

    pub(crate) fn register(&mut self, actor: &Actor) -> Command {
        let all: Vec<_> = resources()
            .into_iter()
            .map(|(resource, _)| resource)
            .collect();
        let allowed = self.registrable(actor, &all);
        if let Some((resource, parent)) = self.random.maybe(&allowed)
            && self.random.chance(85)
        {
            return Command::Register { resource, parent };
        }
        let parented = self.random.chance(60);
        Command::Register {
            resource: self.random.pick(&all),
            parent: parented.then(|| self.any_resource()),
        }
    }

    /// Resources that the actor may register, with a parent.
    fn registrable(
        &self,
        actor: &Actor,
        resources: &[Resource],
    ) -> Vec<(Resource, Option<Resource>)> {
        let Some(acting) = self.acting(actor) else {
            return Vec::new();
        };
        let mut allowed = Vec::new();
        let free = resources
            .iter()
            .filter(|resource| !self.model.is_registered(**resource));
        for resource in free.copied() {
            for parent in self.model.parents.keys().copied().map(Some).chain([None]) {
                let may = self.model.may_register(acting, resource, parent, self.now);
                if may && parent_fits(resource, parent) {
                    allowed.push((resource, parent));
                }
            }
        }
        allowed
    }

    pub(crate) fn unregister(&mut self) -> Command {
        Command::Unregister {
            resource: self.any_resource(),
        }
    }

    pub(crate) fn grant(&mut self, actor: &Actor) -> Command {
        let acting = self.acting(actor);
        let (to, on) = (self.subject(), self.place_for(acting));
        let mut request = GrantRequest {
            cascade: self.random.chance(85),
            expires_at: self.end(),
            role: self.random.chance(30).then(|| self.any_role()),
            ..GrantRequest::new(to, on)
        };
        let known = match to {
            Subject::User(user) => self.model.users.contains_key(&user),
            Subject::Group(group) => self.model.groups.contains_key(&group),
        };
        if known && self.random.chance(88) {
            self.aim(&mut request, acting);
        } else {
            request.extend = self.random.some_of(at_or_below(on), 15);
            request.narrow = self.random.some_of(at_or_below(on), 10);
        }
        if self.random.chance(3) {
            request.extend = self.random.some_of(PermissionSet::ALL, 10);
        }
        Command::Grant(request)
    }

    /// Extends and narrows so that the bits are closed, within the ceiling and mostly in hand.
    fn aim(&mut self, request: &mut GrantRequest, acting: Option<Acting>) {
        let on = request.on;
        let kinds = if request.cascade {
            at_or_below(on)
        } else {
            of_kind(on.kind())
        };
        let mut candidates = self.model.ceiling_of(request.to).intersection(kinds);
        if self.random.chance(85) {
            candidates = candidates.intersection(self.held_by(acting, on));
        }
        let percent = self.random.pick(&[15, 50, 90, 100]);
        let mut bits = closed(self.random.some_of(candidates, percent));
        if bits.is_empty() {
            bits = closed(candidates);
        }
        if bits.is_empty() {
            bits = closed(self.model.ceiling_of(request.to).intersection(kinds));
        }
        let base = request
            .role
            .unwrap_or_else(|| self.model.base_role(request.to));
        let given = self
            .model
            .roles
            .get(&base)
            .map(|role| role.defaults.intersection(kinds));
        let given = given.unwrap_or_default();
        let old = self.model.grants.get(&(request.to, on)).cloned();
        let bits = match old.filter(|_| self.random.chance(50)) {
            Some(old) => {
                request.expires_at = old.expires_at.filter(|_| self.random.chance(80));
                closed(old.bits.symmetric_difference(self.random.some_of(bits, 30)))
            }
            None => bits,
        };
        request.extend = bits.without(given).intersection(kinds);
        request.narrow = given.without(bits);
    }

    pub(crate) fn revoke(&mut self, actor: &Actor) -> Command {
        let acting = self.acting(actor);
        let places: Vec<_> = self.model.grants.keys().copied().collect();
        let (from, on) = self.place_among(&places, acting);
        Command::Revoke { from, on }
    }

    pub(crate) fn restrict(&mut self, actor: &Actor) -> Command {
        let acting = self.acting(actor);
        let (from, on) = (self.subject(), self.place_for(acting));
        let mut candidates = at_or_below(on);
        if self.random.chance(80) {
            candidates = candidates.intersection(self.held_by(acting, on));
        }
        if candidates.is_empty() {
            candidates = at_or_below(on);
        }
        let percent = self.random.pick(&[4, 8, 15, 60]);
        let mut permissions = self.random.some_of(candidates, percent);
        if permissions.is_empty() {
            let one: Vec<_> = candidates.iter().collect();
            permissions = self.random.maybe(&one).map_or(candidates, Into::into);
        }
        if let Some(old) = self.model.restrictions.get(&(from, on))
            && self.random.chance(50)
        {
            permissions = old.symmetric_difference(self.random.some_of(permissions, 40));
        }
        if self.random.chance(3) {
            permissions = self.random.some_of(PermissionSet::ALL, 10);
        }
        Command::Restrict {
            from,
            on,
            permissions,
        }
    }

    pub(crate) fn unrestrict(&mut self, actor: &Actor) -> Command {
        let acting = self.acting(actor);
        let places: Vec<_> = self.model.restrictions.keys().copied().collect();
        let (from, on) = self.place_among(&places, acting);
        Command::Unrestrict { from, on }
    }

    /// One of these over which the actor has authority, mostly.
    fn place_among(
        &mut self,
        places: &[(Subject, Resource)],
        acting: Option<Acting>,
    ) -> (Subject, Resource) {
        let within = |on| acting.is_some_and(|it| self.model.has_authority_on(it, on, self.now));
        let within: Vec<_> = places
            .iter()
            .copied()
            .filter(|(_, on)| within(*on))
            .collect();
        let other = (self.subject(), self.place_for(acting));
        let any = self.random.maybe(places).unwrap_or(other);
        let place = self.random.maybe(&within).unwrap_or(any);
        if self.random.chance(88) { place } else { other }
    }

    fn invitation(&mut self, actor: &Actor) -> InvitationRequest {
        let roles = self.roles_for(self.acting(actor));
        let external = self.random.chance(25);
        InvitationRequest {
            invitation: self.new_invitation(),
            email: self.new_address(),
            groups: self.groups_for(&roles),
            roles,
            affiliation: if external {
                Affiliation::External
            } else {
                Affiliation::Internal
            },
            token: self.digest(),
            ttl: self.ttl(),
        }
    }

    pub(crate) fn invite(&mut self, actor: &Actor) -> Command {
        Command::Invite(self.invitation(actor))
    }

    pub(crate) fn invite_many(&mut self, actor: &Actor) -> Command {
        let count = self.random.below(4);
        let entries = (0..count).map(|_| self.invitation(actor)).collect();
        Command::InviteMany { entries }
    }

    pub(crate) fn resend(&mut self) -> Command {
        let invitation = self.any_invitation();
        let old = self
            .model
            .invitations
            .get(&invitation)
            .map(|old| old.digest);
        let fresh = self.digest();
        let reused = self.random.chance(12);
        Command::Resend {
            invitation,
            token: old.filter(|_| reused).unwrap_or(fresh),
            ttl: self.ttl(),
        }
    }

    pub(crate) fn change_invitation(&mut self, actor: &Actor) -> Command {
        let invitation = self.any_invitation();
        let mut roles = self.roles_for(self.acting(actor));
        let mut groups = self.groups_for(&roles);
        if let Some(old) = self.model.invitations.get(&invitation)
            && self.random.chance(35)
        {
            (roles, groups) = (old.roles.clone(), old.groups.clone());
        }
        Command::ChangeInvitation {
            invitation,
            roles,
            groups,
        }
    }

    pub(crate) fn cancel_invitation(&mut self) -> Command {
        Command::CancelInvitation {
            invitation: self.any_invitation(),
        }
    }

    pub(crate) fn accept(&mut self) -> Command {
        let invitation = self.any_invitation();
        let invited = self.model.invitations.get(&invitation).cloned();
        let accepted = invited.as_ref().and_then(|invited| invited.accepted_by());
        let user = match accepted {
            Some(user) if self.random.chance(80) => user,
            _ => self.new_user(),
        };
        let email = match invited {
            Some(invited) if self.random.chance(94) => self.varied(invited.email),
            _ => self.new_address(),
        };
        let affiliation = self.random.pick(&[
            None,
            None,
            None,
            Some(Affiliation::Internal),
            Some(Affiliation::External),
        ]);
        Command::Accept {
            token: self.token_of(invitation),
            invitation,
            user,
            email,
            affiliation,
        }
    }

    pub(crate) fn decline(&mut self) -> Command {
        let invitation = self.any_invitation();
        let email = match self
            .model
            .invitations
            .get(&invitation)
            .map(|it| it.email.clone())
        {
            Some(email) if self.random.chance(90) => self.varied(email),
            _ => self.new_address(),
        };
        Command::Decline {
            token: self.token_of(invitation),
            invitation,
            email,
        }
    }
}
