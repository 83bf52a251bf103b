//! Arguments: mostly things that exist, mostly within the actor's reach.

use std::collections::BTreeSet;

use rolebook::{
    Actor, GroupId, InvitationId, PermissionSet, Resource, ResourceKind, RoleDefinition, RoleId,
    Scope, Subject, TokenDigest, UserId,
};

use super::generator::Generator;
use super::universe::{
    self, address, closed, custom_roles, groups, invitations, resources, token, tokens, users,
};
use crate::model::{Acting, Identity, all_permissions, at_or_below, named, of_kind};

impl Generator {
    pub(crate) fn any_role(&mut self) -> RoleId {
        let known: Vec<_> = self.model.roles.keys().copied().collect();
        if self.random.chance(96) {
            self.random.pick(&known)
        } else {
            self.random.pick(&custom_roles())
        }
    }

    /// A role that the actor could confer, mostly.
    pub(crate) fn role_for(&mut self, acting: Option<Acting>) -> RoleId {
        let Some(acting) = acting.filter(|_| self.random.chance(65)) else {
            return self.any_role();
        };
        let known = self.model.roles.keys().copied();
        let within = |role: &RoleId| self.model.beyond_for_role(acting, *role).is_nothing();
        let conferrable: Vec<_> = known.filter(within).collect();
        self.random.maybe(&conferrable).unwrap_or(RoleId::REVIEWER)
    }

    pub(crate) fn roles_for(&mut self, acting: Option<Acting>) -> Vec<RoleId> {
        let count = self.random.weighted(&[(2, 0), (60, 1), (30, 2), (8, 3)]);
        (0..count).map(|_| self.role_for(acting)).collect()
    }

    /// A custom role that the actor does not hold and could confer, mostly.
    pub(crate) fn custom_role_for(&mut self, actor: &Actor) -> RoleId {
        let Some(acting) = self.acting(actor).filter(|_| self.random.chance(75)) else {
            return self.custom_role();
        };
        let held = acting
            .user()
            .map_or(Vec::new(), |user| self.model.users[&user].roles.clone());
        let custom = self
            .model
            .roles
            .keys()
            .copied()
            .filter(|role| !role.is_built_in());
        let fitting = custom.filter(|role| {
            !held.contains(role) && self.model.beyond_for_role(acting, *role).is_nothing()
        });
        let fitting: Vec<_> = fitting.collect();
        let any = self.custom_role();
        self.random.maybe(&fitting).unwrap_or(any)
    }

    pub(crate) fn custom_role(&mut self) -> RoleId {
        let known: Vec<_> = self.model.roles.keys().copied().collect();
        let custom: Vec<_> = known
            .into_iter()
            .filter(|role| !role.is_built_in())
            .collect();
        match self.random.below(100) {
            0..92 => self.random.maybe(&custom).unwrap_or(RoleId::REVIEWER),
            92..96 => self.random.pick(&custom_roles()),
            _ => self.random.pick(&RoleId::BUILT_IN),
        }
    }

    pub(crate) fn new_role(&mut self) -> RoleId {
        let free = custom_roles().into_iter();
        let free: Vec<_> = free
            .filter(|role| !self.model.roles.contains_key(role))
            .collect();
        let some = self.random.pick(&custom_roles());
        let free = self.random.maybe(&free).unwrap_or(some);
        if self.random.chance(93) { free } else { some }
    }

    pub(crate) fn any_user(&mut self) -> UserId {
        let known: Vec<_> = self.model.users.keys().copied().collect();
        let some = self.random.pick(&users());
        if self.random.chance(95) {
            self.random.maybe(&known).unwrap_or(some)
        } else {
            some
        }
    }

    pub(crate) fn new_user(&mut self) -> UserId {
        let free = users().into_iter();
        let free: Vec<_> = free
            .filter(|user| !self.model.users.contains_key(user))
            .collect();
        let some = self.random.pick(&users());
        let free = self.random.maybe(&free).unwrap_or(some);
        if self.random.chance(90) { free } else { some }
    }

    pub(crate) fn any_group(&mut self) -> GroupId {
        let known: Vec<_> = self.model.groups.keys().copied().collect();
        let some = self.random.pick(&groups());
        if self.random.chance(95) {
            self.random.maybe(&known).unwrap_or(some)
        } else {
            some
        }
    }

    /// Groups of these roles, mostly.
    pub(crate) fn groups_for(&mut self, roles: &[RoleId]) -> BTreeSet<GroupId> {
        let fitting = self
            .model
            .groups
            .iter()
            .filter(|(_, group)| roles.contains(&group.role));
        let fitting: Vec<_> = fitting.map(|(id, _)| *id).collect();
        let mut chosen: BTreeSet<_> = fitting
            .into_iter()
            .filter(|_| self.random.chance(45))
            .collect();
        if self.random.chance(6) {
            chosen.insert(self.any_group());
        }
        if self.random.chance(3) {
            chosen.insert(self.random.pick(&groups()));
        }
        chosen
    }

    pub(crate) fn any_resource(&mut self) -> Resource {
        let known: Vec<_> = self.model.parents.keys().copied().collect();
        let all: Vec<_> = resources()
            .into_iter()
            .map(|(resource, _)| resource)
            .collect();
        match self.random.below(100) {
            0..93 => self.random.maybe(&known).unwrap_or(Resource::Organisation),
            93..96 => self.random.pick(&all),
            96..98 => universe::framework(9),
            _ => Resource::Organisation,
        }
    }

    pub(crate) fn subject(&mut self) -> Subject {
        if self.random.chance(60) {
            Subject::User(self.any_user())
        } else {
            Subject::Group(self.any_group())
        }
    }

    /// Registered resources over whose grants and restrictions the actor has authority.
    pub(crate) fn places(&self, acting: Acting) -> Vec<Resource> {
        let known = self.model.parents.keys().copied();
        known
            .filter(|on| self.model.has_authority_on(acting, *on, self.now))
            .collect()
    }

    pub(crate) fn place_for(&mut self, acting: Option<Acting>) -> Resource {
        let places = acting.map_or(Vec::new(), |acting| self.places(acting));
        let other = self.any_resource();
        let place = self.random.maybe(&places).unwrap_or(other);
        if self.random.chance(92) { place } else { other }
    }

    /// What the actor could hand on throughout a resource.
    pub(crate) fn held_by(&self, acting: Option<Acting>, on: Resource) -> PermissionSet {
        let all = at_or_below(on);
        let Some(acting) = acting else {
            return all;
        };
        all.without(self.model.not_held(acting, all, on, self.now))
    }

    pub(crate) fn any_invitation(&mut self) -> InvitationId {
        let known: Vec<_> = self.model.invitations.keys().copied().collect();
        let open = known.iter().copied();
        let open: Vec<_> = open
            .filter(|id| self.model.invitations[id].is_open())
            .collect();
        let live = known.iter().copied();
        let live: Vec<_> = live
            .filter(|id| self.model.invitations[id].is_live(self.now))
            .collect();
        match self.random.below(100) {
            0..60 if !live.is_empty() => self.random.pick(&live),
            0..80 if !open.is_empty() => self.random.pick(&open),
            0..98 => self.random.maybe(&known).unwrap_or(1_u64.into()),
            _ => self.random.pick(&invitations()),
        }
    }

    pub(crate) fn new_invitation(&mut self) -> InvitationId {
        let free = invitations().into_iter();
        let free: Vec<_> = free
            .filter(|id| !self.model.invitations.contains_key(id))
            .collect();
        let fresh = u64::try_from(self.model.invitations.len()).unwrap() + 100;
        let some = self.random.pick(&invitations());
        let free = self.random.maybe(&free).unwrap_or(fresh.into());
        if self.random.chance(96) { free } else { some }
    }

    pub(crate) fn digest(&mut self) -> TokenDigest {
        token(self.random.next()).digest()
    }

    /// The token of an invitation, mostly.
    pub(crate) fn token_of(&mut self, id: InvitationId) -> rolebook::Token {
        let digest = self
            .model
            .invitations
            .get(&id)
            .map(|invitation| invitation.digest);
        let right = tokens()
            .into_iter()
            .find(|token| Some(token.digest()) == digest);
        match right {
            Some(right) if self.random.chance(95) => right,
            _ => token(self.random.next()),
        }
    }

    /// An address that nobody has, mostly.
    pub(crate) fn new_address(&mut self) -> String {
        let identities = self.model.users.values().map(|user| &user.identity);
        let taken: Vec<_> = identities
            .filter_map(|identity| match identity {
                Identity::Person { email, .. } => Some(email.to_ascii_lowercase()),
                Identity::Service { .. } => None,
            })
            .collect();
        let free = (1..=8).map(address);
        let free: Vec<_> = free.filter(|address| !taken.contains(address)).collect();
        let some = address(self.random.below(9));
        let chosen = self.random.maybe(&free).unwrap_or(some.clone());
        let chosen = if self.random.chance(90) { chosen } else { some };
        self.varied(chosen)
    }

    /// The same in another case, or spoilt.
    pub(crate) fn varied(&mut self, address: String) -> String {
        match self.random.below(40) {
            0..4 => address.to_uppercase(),
            4 | 5 => format!(" {address}\t"),
            6 => self
                .random
                .pick(&["", "a@b", "a b@acme.test", "a@b@acme.test"])
                .to_owned(),
            _ => address,
        }
    }

    pub(crate) fn name(&mut self, words: &[&str]) -> String {
        match self.random.below(60) {
            0 => String::new(),
            1 => "a\u{7}b".to_owned(),
            2 => self.random.pick(words).to_uppercase(),
            3 => format!("  {} ", self.random.pick(words)),
            4 => self.random.pick(words).replace(' ', "   "),
            5 => "x".repeat(65),
            6 => "Data  architect".to_owned(),
            7..12 => self.random.pick(words).to_owned(),
            _ => format!("{} {}", self.random.pick(words), self.random.below(1_000)),
        }
    }

    pub(crate) fn scope(&mut self) -> Scope {
        let known: Vec<_> = self.model.parents.keys().copied().collect();
        let mut selected = BTreeSet::new();
        for _ in 0..self.random.below(3) {
            selected.extend(self.random.maybe(&known));
        }
        match self.random.below(100) {
            0..40 => Scope::All,
            40..70 => Scope::Granted,
            70..72 => Scope::Selected(BTreeSet::from([self.any_resource(), self.any_resource()])),
            72..74 => Scope::Selected(BTreeSet::new()),
            _ if selected.is_empty() => Scope::Granted,
            _ => Scope::Selected(selected),
        }
    }

    /// The permissions of random levels.
    fn levels(&mut self, low: u64) -> PermissionSet {
        let below = at_or_below(universe::model(1));
        let percent = low + self.random.below(100 - low);
        closed(self.random.some_of(below, percent))
    }

    /// A definition from scratch.
    pub(crate) fn definition(&mut self, name: String) -> RoleDefinition {
        let organisation = of_kind(ResourceKind::Organisation);
        let percent = self.random.pick(&[0, 20, 50, 80, 100]);
        let organisation = closed(self.random.some_of(organisation, percent));
        let mut defaults = self.levels(20).union(organisation);
        if self.random.chance(40) {
            defaults = defaults.union(named(&["model.read", "model.users_update"]));
        }
        if self.random.chance(5) {
            defaults = defaults.union(self.random.some_of(all_permissions(), 5));
        }
        let ceiling = match self.random.below(10) {
            0..4 => None,
            4..7 => Some(defaults.union(at_or_below(universe::model(1)))),
            7 => Some(all_permissions()),
            8 => Some(defaults.union(self.levels(30))),
            _ => Some(closed(self.random.some_of(all_permissions(), 85))),
        };
        let description = self.random.pick(&["", "", "what for"]).to_owned();
        let scope = self.scope();
        RoleDefinition {
            name,
            description,
            defaults,
            ceiling,
            scope,
        }
    }

    /// A definition within what the actor could confer, mostly.
    pub(crate) fn definition_for(
        &mut self,
        acting: Option<Acting>,
        name: String,
    ) -> RoleDefinition {
        let wild = self.definition(name);
        let Some(Acting::User { user, role }) = acting.filter(|_| self.random.chance(70)) else {
            return wild;
        };
        let own = self.model.roles[&role].clone();
        let within = own.defaults.without(self.model.restricted_anywhere(user));
        let source = if wild.scope == Scope::Granted {
            own.ceiling
        } else {
            within
        };
        let organisation = of_kind(ResourceKind::Organisation).without(own.defaults);
        let defaults = closed(wild.defaults.intersection(source).without(organisation));
        let ceiling = wild
            .ceiling
            .map(|wild| closed(wild.intersection(own.ceiling)));
        let scope = match (&wild.scope, &own.scope) {
            (Scope::All | Scope::Selected(_), Scope::Selected(_)) => own.scope.clone(),
            (Scope::All, Scope::Granted) => Scope::Granted,
            (scope, _) => scope.clone(),
        };
        RoleDefinition {
            defaults,
            ceiling: ceiling.map(|ceiling| ceiling.union(defaults)),
            scope,
            ..wild
        }
    }
}
