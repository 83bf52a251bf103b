//! The real engine, and its state in the words of the model.

use std::collections::BTreeSet;

use rolebook::{
    Affiliation, Cancellation, Commit, Identity, InvitationState, Inviter, Refusal, Resource,
    State, Subject, decide,
};

use super::step::Step;
use crate::model::{self, Facts, Model, Outcome, Refused};

pub(crate) struct Engine {
    pub(crate) state: State,
    pub(crate) log: Vec<Commit>,
}

impl Engine {
    pub(crate) fn new() -> Self {
        Self {
            state: State::new(),
            log: Vec::new(),
        }
    }

    pub(crate) fn execute(&mut self, step: &Step) -> Outcome {
        match decide(&self.state, &step.actor, &step.command, step.now) {
            Err(refusal) => Outcome::Refused(refused(&refusal)),
            Ok(decided) => {
                let results = decided
                    .results
                    .iter()
                    .map(|it| it.as_ref().copied().map_err(refused));
                let results = results.collect();
                let commit = decided.into_commit(self.state.revision(), step.now);
                let changed = commit.is_some();
                if let Some(commit) = commit {
                    self.state.apply(&commit).expect("what was decided applies");
                    self.log.push(commit);
                }
                Outcome::Done { changed, results }
            }
        }
    }
}

fn refused(refusal: &Refusal) -> Refused {
    let mut facts = Facts::default();
    match refusal {
        Refusal::ExceedsActor { excess, scope } => {
            facts.excess = *excess;
            facts.scope = *scope;
        }
        Refusal::ExceedsCeiling { excess } | Refusal::DefaultsExceedCeiling { excess } => {
            facts.excess = *excess;
        }
        Refusal::MissingPrerequisite { missing } => facts.missing = *missing,
        Refusal::RoleInUse {
            users,
            groups,
            invitations,
        } => {
            facts.counts = Some((*users, *groups, *invitations));
        }
        _ => {}
    }
    let code = refusal.code();
    Refused { code, facts }
}

/// The model before the first step. The specification does not say how built-in roles, and so
/// clones of them, are described: the model takes the words of the library.
pub(crate) fn new_model() -> Model {
    let (mut model, state) = (Model::new(), State::new());
    for (id, role) in &mut model.roles {
        role.description = state
            .role(*id)
            .expect("a built-in role")
            .description
            .clone();
    }
    model
}

/// The state as the model would have it.
pub(crate) fn observe(state: &State) -> Model {
    let mut seen = new_model();
    seen.name = state.name().map(ToString::to_string);
    seen.security = security(state);
    seen.limits = model::Limits {
        seats: state.limits().seats.clone(),
        open_invitations: state.limits().open_invitations,
        custom_roles: state.limits().custom_roles,
        resend_cooldown: state.limits().resend_cooldown,
    };
    seen.roles = state.roles().map(|(id, one)| (id, role(one))).collect();
    seen.users = state.users().map(|(id, one)| (id, user(one))).collect();
    seen.groups = state
        .groups()
        .map(|(id, one)| (id, group(state, id, one)))
        .collect();
    for resource in state
        .resources()
        .filter(|resource| *resource != Resource::Organisation)
    {
        let parent = state
            .parent(resource)
            .expect("a registered resource has a parent");
        seen.parents.insert(resource, parent);
    }
    observe_entitlements(state, &mut seen);
    seen.invitations = state
        .invitations()
        .map(|(id, one)| (id, invitation(one)))
        .collect();
    seen
}

fn security(state: &State) -> model::Security {
    let security = state.security();
    model::Security {
        require_sso: security.require_sso,
        require_mfa: security.require_mfa,
        allowed_domains: security
            .allowed_domains
            .iter()
            .map(ToString::to_string)
            .collect(),
        allow_external_admins: security.allow_external_admins,
    }
}

fn role(role: &rolebook::Role) -> model::Role {
    model::Role {
        name: role.name.to_string(),
        description: role.description.clone(),
        defaults: role.defaults,
        ceiling: role.ceiling,
        scope: role.scope.clone(),
    }
}

fn user(user: &rolebook::User) -> model::User {
    let identity = match &user.identity {
        Identity::Person { email, affiliation } => model::Identity::Person {
            email: email.to_string(),
            external: *affiliation == Affiliation::External,
        },
        Identity::Service { name } => model::Identity::Service {
            name: name.to_string(),
        },
    };
    model::User {
        identity,
        roles: user.roles.iter().collect(),
        suspended: !user.is_active(),
    }
}

fn group(state: &State, id: rolebook::GroupId, group: &rolebook::Group) -> model::Group {
    model::Group {
        name: group.name.to_string(),
        role: group.role,
        members: state.members(id).collect(),
    }
}

fn observe_entitlements(state: &State, seen: &mut Model) {
    let users = state.users().map(|(id, _)| Subject::User(id));
    let groups = state.groups().map(|(id, _)| Subject::Group(id));
    for subject in users.chain(groups) {
        for (on, grant) in state.grants_of(subject) {
            let grant = model::Grant {
                bits: grant.permissions,
                expires_at: grant.expires_at,
            };
            seen.grants.insert((subject, on), grant);
        }
        for (on, bits) in state.restrictions_of(subject) {
            seen.restrictions.insert((subject, on), bits);
        }
    }
}

fn invitation(invitation: &rolebook::Invitation) -> model::Invitation {
    let inviter = match invitation.offer.inviter {
        Inviter::Operator => None,
        Inviter::User(user) => Some(user),
    };
    let state = match invitation.state {
        InvitationState::Pending => model::InvitationState::Pending,
        InvitationState::Accepted { user } => model::InvitationState::Accepted(user),
        InvitationState::Declined => model::InvitationState::Declined,
        InvitationState::Cancelled { reason } => model::InvitationState::Cancelled(match reason {
            Cancellation::Withdrawn => "withdrawn",
            Cancellation::Superseded => "superseded",
            Cancellation::InviterLeft => "inviter_left",
        }),
    };
    model::Invitation {
        email: invitation.email.to_string(),
        external: invitation.affiliation == Affiliation::External,
        roles: invitation.offer.roles.iter().collect(),
        groups: invitation
            .offer
            .groups
            .iter()
            .copied()
            .collect::<BTreeSet<_>>(),
        inviter,
        digest: invitation.sending.digest,
        sent_at: invitation.sending.sent_at,
        expires_at: invitation.sending.expires_at,
        state,
    }
}
