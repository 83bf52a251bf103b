//! The first steps of a sequence: an organisation with everything in it.

use std::collections::{BTreeMap, BTreeSet};

use rolebook::{
    Actor, Affiliation, Command, InvitationRequest, Resource, RoleDefinition, RoleId, Scope,
    Subject, UserId,
};

use super::generator::Generator;
use super::universe::{self, address, closed, resources, token};
use crate::model::{all_permissions, at_or_below, named};

const NAMES: [&str; 4] = ["Steward", "Lead", "Clerk", "Maker"];

impl Generator {
    /// Plans the founding, an Admin, roles, users, groups, resources, grants and restrictions.
    pub(crate) fn plan_prologue(&mut self) {
        let mut plan = Vec::new();
        if self.random.chance(10) {
            plan.push((Actor::Operator, Command::Leave));
            plan.push((
                Actor::User(rolebook::SignIn::new(1_u64.into())),
                self.found(),
            ));
        }
        plan.push((
            Actor::Operator,
            Command::Found {
                name: "Acme".into(),
                first_admin: address(1),
                invitation: 0_u64.into(),
                token: token(0).digest(),
            },
        ));
        plan.push((Actor::Invitee, accept(0, 1)));
        self.plan_resources(&mut plan);
        for role in 1..=4 {
            let definition = self.first_definition(role);
            plan.push((
                Actor::Operator,
                Command::DefineRole {
                    role: role.into(),
                    definition,
                },
            ));
        }
        let held = self.plan_users(&mut plan);
        self.plan_groups(&held, &mut plan);
        self.plan_entitlements(&mut plan);
        plan.reverse();
        self.planned = plan;
    }

    fn plan_resources(&mut self, plan: &mut Vec<(Actor, Command)>) {
        let mut known = Vec::new();
        for (resource, parent) in resources() {
            let possible = parent.is_none_or(|parent| known.contains(&parent));
            if possible && (known.is_empty() || self.random.chance(90)) {
                known.push(resource);
                plan.push((Actor::Operator, Command::Register { resource, parent }));
            }
        }
    }

    /// A steward who may nearly everything, a lead who delegates, a clerk of some kind, any role.
    fn first_definition(&mut self, role: u64) -> RoleDefinition {
        let below = at_or_below(universe::model(1));
        let name = NAMES[usize::try_from(role - 1).unwrap()].to_owned();
        let wild = self.definition(name);
        let (defaults, ceiling) = match role {
            1 => {
                let mut gone = self.random.some_of(all_permissions(), 10);
                if self.random.chance(60) {
                    gone = gone.union(named(&["organisation.permissions_manage"]));
                }
                let kept = closed(all_permissions().without(gone));
                (kept, Some(kept.union(below)))
            }
            2 => {
                let lead = self.random.some_of(below, 80);
                let lead = closed(lead.union(named(&["model.read", "model.users_update"])));
                (lead.union(named(&["organisation.models_create"])), None)
            }
            3 => {
                let clerk = named(&[
                    "organisation.users_read",
                    "organisation.users_invite",
                    "organisation.users_manage",
                    "organisation.groups_manage",
                    "organisation.roles_manage",
                    "organisation.security_manage",
                ]);
                let some = self.random.some_of(clerk, 80);
                let defaults = closed(some.union(wild.defaults.intersection(below)));
                (
                    closed(defaults),
                    wild.ceiling.map(|ceiling| closed(ceiling).union(defaults)),
                )
            }
            _ => {
                let defaults = closed(wild.defaults);
                (
                    defaults,
                    wild.ceiling.map(|ceiling| closed(ceiling).union(defaults)),
                )
            }
        };
        let scope = match wild.scope {
            Scope::Selected(_) => Scope::Selected(BTreeSet::from([universe::model(1)])),
            other if role == 1 && self.random.chance(30) => other,
            _ if role == 1 => Scope::All,
            other => other,
        };
        RoleDefinition {
            defaults,
            ceiling,
            scope,
            ..wild
        }
    }

    /// The roles of each user, by id.
    fn plan_users(&mut self, plan: &mut Vec<(Actor, Command)>) -> BTreeMap<u64, Vec<RoleId>> {
        let mut all = BTreeMap::new();
        let roles: Vec<RoleId> = (1..=4_u64).map(RoleId::from).collect();
        for user in 2..=5 {
            let mut held = vec![self.random.pick(&roles)];
            if self.random.chance(50) {
                held.push(self.random.pick(&roles));
            }
            if self.random.chance(20) {
                held.push(self.random.pick(&RoleId::BUILT_IN));
            }
            let external = self.random.chance(15) && !held.contains(&RoleId::ADMIN);
            all.insert(user, held.clone());
            let request = InvitationRequest {
                invitation: user.into(),
                email: address(user),
                roles: held,
                groups: BTreeSet::new(),
                affiliation: if external {
                    Affiliation::External
                } else {
                    Affiliation::Internal
                },
                token: token(user).digest(),
                ttl: None,
            };
            plan.push((Actor::Operator, Command::Invite(request)));
            plan.push((Actor::Invitee, accept(user, user)));
        }
        if self.random.chance(50) {
            let user = UserId::from(1_u64);
            let roles = vec![self.random.pick(&roles), RoleId::ADMIN];
            all.insert(1, roles.clone());
            plan.push((Actor::Operator, Command::AssignRoles { user, roles }));
        }
        all
    }

    fn plan_groups(&mut self, held: &BTreeMap<u64, Vec<RoleId>>, plan: &mut Vec<(Actor, Command)>) {
        for group in universe::groups() {
            let role = RoleId::from(1 + self.random.below(4));
            let name = format!("Group {}", group.value());
            plan.push((Actor::Operator, Command::CreateGroup { group, name, role }));
            for (user, _) in held.iter().filter(|(_, roles)| roles.contains(&role)) {
                if self.random.chance(70) {
                    let user = UserId::from(*user);
                    plan.push((Actor::Operator, Command::AddToGroup { group, user }));
                }
            }
        }
    }

    fn plan_entitlements(&mut self, plan: &mut Vec<(Actor, Command)>) {
        let below = at_or_below(universe::model(1));
        for _ in 0..8 {
            let (resource, _) = self.random.pick(&registered(plan));
            let subject = if self.random.chance(50) {
                Subject::User((1 + self.random.below(5)).into())
            } else {
                Subject::Group((1 + self.random.below(3)).into())
            };
            if self.random.chance(30) {
                let permissions = self
                    .random
                    .some_of(below, 6)
                    .intersection(at_or_below(resource));
                plan.push((
                    Actor::Operator,
                    Command::Restrict {
                        from: subject,
                        on: resource,
                        permissions,
                    },
                ));
            } else {
                let mut request = rolebook::GrantRequest::new(subject, resource);
                request.expires_at = self.end();
                if let rolebook::Resource::Model(_) = resource {
                    request.extend = named(&["model.read", "model.users_update"]);
                }
                plan.push((Actor::Operator, Command::Grant(request)));
            }
        }
    }
}

fn accept(invitation: u64, user: u64) -> Command {
    let number = if invitation == 0 { 1 } else { user };
    Command::Accept {
        invitation: invitation.into(),
        token: token(invitation),
        user: user.into(),
        email: address(number),
        affiliation: None,
    }
}

/// What the plan registers.
fn registered(plan: &[(Actor, Command)]) -> Vec<(Resource, Option<Resource>)> {
    let registrations = plan.iter().filter_map(|(_, command)| match command {
        Command::Register { resource, parent } => Some((*resource, *parent)),
        _ => None,
    });
    registrations.collect()
}
