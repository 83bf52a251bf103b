//! Cedar, modelled as in the published evaluation: a permission entity for each level on each repository and organisation,
//! holders are members of it, levels cumulative by the hierarchy of actions.

use super::Engine;
use super::app::{App, Holder, LEVELS, ORGANISATION_LEVELS, Request};
use crate::engines::uid;
use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityUid, PolicySet, Request as CedarRequest,
    RestrictedExpression as Value,
};
use std::collections::{HashMap, HashSet};

const POLICIES: &str = r#"
permit(principal, action == Action::"read", resource) when { principal in resource.readers };
permit(principal, action in Action::"triage", resource) when { principal in resource.triagers };
permit(principal, action in Action::"write", resource) when { principal in resource.writers };
permit(principal, action in Action::"maintain", resource) when { principal in resource.maintainers };
permit(principal, action in Action::"admin", resource) when { principal in resource.admins };
permit(principal, action == Action::"read", resource) when { principal in resource.owner.readers };
permit(principal, action in Action::"write", resource) when { principal in resource.owner.writers };
permit(principal, action in Action::"admin", resource) when { principal in resource.owner.admins };
"#;
const HOLDERS: [&str; 5] = ["readers", "triagers", "writers", "maintainers", "admins"];

/// Cedar with a world loaded.
pub struct Cedar {
    policies: PolicySet,
    entities: Entities,
    authorizer: Authorizer,
    users: Vec<EntityUid>,
    repositories: Vec<EntityUid>,
    actions: Vec<EntityUid>,
}

impl Cedar {
    /// Loads a world.
    pub fn new(app: &App) -> Cedar {
        Cedar {
            policies: POLICIES.parse().expect("the policies parse"),
            entities: Entities::from_entities(entities(app), None)
                .expect("no entity twice, no cycle"),
            authorizer: Authorizer::new(),
            users: (0..app.n).map(|i| name(Holder::User(i))).collect(),
            repositories: (0..app.n)
                .map(|i| uid("Repository", &i.to_string()))
                .collect(),
            actions: LEVELS.iter().map(|level| uid("Action", level)).collect(),
        }
    }
}

fn entities(app: &App) -> Vec<Entity> {
    let parents = parents(app);
    let of = |holder| parents.get(&holder).cloned().unwrap_or_default();
    let owners = app.owners.iter().zip(0..);
    let repositories = owners.map(|(&owner, i)| {
        resource(
            "Repository",
            i,
            &[0, 1, 2, 3, 4],
            Some(owner),
            HashSet::new(),
        )
    });
    let organisation = |i| {
        resource(
            "Organization",
            i,
            &ORGANISATION_LEVELS,
            None,
            of(Holder::Organisation(i)),
        )
    };
    let members = (0..app.n).flat_map(|i| [Holder::Team(i), Holder::User(i)]);
    let members = members.map(|holder| Entity::new_no_attrs(name(holder), of(holder)));
    let resources = repositories.chain((0..app.n).map(organisation));
    actions()
        .into_iter()
        .chain(resources)
        .chain(members)
        .collect()
}

fn name(holder: Holder) -> EntityUid {
    match holder {
        Holder::User(user) => uid("User", &user.to_string()),
        Holder::Team(team) => uid("Team", &team.to_string()),
        Holder::Organisation(organisation) => uid("Organization", &organisation.to_string()),
    }
}

/// Each level is a member of the next, so that whoever has the next has it too.
fn actions() -> Vec<Entity> {
    let next = LEVELS
        .iter()
        .skip(1)
        .map(|level| HashSet::from([uid("Action", level)]));
    let parents = next.chain([HashSet::new()]);
    LEVELS
        .iter()
        .zip(parents)
        .map(|(level, parents)| Entity::new_no_attrs(uid("Action", level), parents))
        .collect()
}

fn permission(kind: &str, on: u32, level: u8) -> EntityUid {
    uid(
        &format!("{kind}Permission"),
        &format!("{on}_{}", HOLDERS[usize::from(level)]),
    )
}

/// A repository or organisation, each of its levels an attribute.
fn resource(
    kind: &str,
    i: u32,
    levels: &[u8],
    owner: Option<u32>,
    parents: HashSet<EntityUid>,
) -> Entity {
    let of = |&level: &u8| {
        (
            HOLDERS[usize::from(level)].to_owned(),
            Value::new_entity_uid(permission(kind, i, level)),
        )
    };
    let owner = owner.map(|owner| {
        (
            "owner".to_owned(),
            Value::new_entity_uid(name(Holder::Organisation(owner))),
        )
    });
    let attributes: HashMap<String, Value> = levels.iter().map(of).chain(owner).collect();
    Entity::new(uid(kind, &i.to_string()), attributes, parents).expect("uids evaluate")
}

/// What each holder is a member of: permissions, teams, organisations.
fn parents(app: &App) -> HashMap<Holder, HashSet<EntityUid>> {
    let mut parents: HashMap<Holder, HashSet<EntityUid>> = HashMap::new();
    for (kind, links) in [
        ("Repository", &app.on_repositories),
        ("Organization", &app.on_organisations),
    ] {
        for link in links {
            parents
                .entry(link.holder)
                .or_default()
                .insert(permission(kind, link.on, link.level));
        }
    }
    for i in 0..app.n {
        let teams = |of: &[Vec<u32>]| {
            of[i as usize]
                .iter()
                .map(|&team| name(Holder::Team(team)))
                .collect::<Vec<_>>()
        };
        let organisations = app.organisations_of_user[i as usize]
            .iter()
            .map(|&o| name(Holder::Organisation(o)));
        parents
            .entry(Holder::Team(i))
            .or_default()
            .extend(teams(&app.teams_of_team));
        let user = parents.entry(Holder::User(i)).or_default();
        user.extend(teams(&app.teams_of_user).into_iter().chain(organisations));
    }
    parents
}

impl Engine for Cedar {
    fn check(&mut self, request: &Request) -> bool {
        let principal = self.users[request.user as usize].clone();
        let action = self.actions[usize::from(request.level)].clone();
        let resource = self.repositories[request.repository as usize].clone();
        let request = CedarRequest::new(principal, action, resource, Context::empty(), None)
            .expect("no schema");
        self.authorizer
            .is_authorized(&request, &self.policies, &self.entities)
            .decision()
            == Decision::Allow
    }
}
