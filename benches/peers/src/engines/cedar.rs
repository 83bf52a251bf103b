//! What the mappings to Cedar share: names, requests, the store of entities.

use crate::permissions;
use crate::world::generate::{GROUP, NONE, Query, World};
use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid,
    PolicySet, Request,
};
use std::collections::HashSet;

/// The entity uids of a world, made once: a check only counts references.
pub struct Names {
    users: Vec<EntityUid>,
    groups: Vec<EntityUid>,
    resources: Vec<EntityUid>,
    actions: Vec<EntityUid>,
}

impl Names {
    /// The uids of a world.
    pub fn new(world: &World) -> Names {
        let all = |kind, prefix: &str, n: usize| {
            (0..n).map(|i| uid(kind, &format!("{prefix}{i}"))).collect()
        };
        Names {
            users: all("User", "u", world.users.len()),
            groups: all("Group", "g", world.groups.len()),
            resources: all("Resource", "r", world.resources.len()),
            actions: permissions::NAMES
                .iter()
                .map(|name| uid("Action", name))
                .collect(),
        }
    }

    /// A user, or [`GROUP`] and a group.
    pub fn subject(&self, subject: u32) -> EntityUid {
        let place = (subject & !GROUP) as usize;
        if subject & GROUP == 0 {
            self.users[place].clone()
        } else {
            self.groups[place].clone()
        }
    }

    /// A resource.
    pub fn resource(&self, resource: u32) -> EntityUid {
        self.resources[resource as usize].clone()
    }

    /// The parent of a resource.
    pub fn parent(&self, world: &World, resource: u32) -> Option<EntityUid> {
        let parent = world.resources[resource as usize].parent;
        (parent != NONE).then(|| self.resource(parent))
    }

    /// The action that asks for a bit.
    pub fn action(&self, bit: u64) -> EntityUid {
        self.actions[permissions::index(bit)].clone()
    }
}

/// `kind::"id"`.
pub fn uid(kind: &str, id: &str) -> EntityUid {
    let kind: EntityTypeName = kind.parse().expect("a type name");
    EntityUid::from_type_name_and_id(kind, EntityId::new(id))
}

/// What a user is in: the groups, and the role if it is Admin.
pub fn memberships(names: &Names, world: &World, user: u32) -> HashSet<EntityUid> {
    let groups = world
        .subjects(user)
        .skip(1)
        .map(|group| names.subject(group));
    let admin = world.is_admin(user);
    groups.chain(admin.then(|| uid("Role", "admin"))).collect()
}

/// Policies, entities and names: all that a check reads.
pub struct Store {
    /// The uids.
    pub names: Names,
    policies: PolicySet,
    entities: Entities,
    authorizer: Authorizer,
}

impl Store {
    /// A store over policies and entities.
    pub fn new(names: Names, policies: &str, entities: Vec<Entity>) -> Store {
        Store {
            names,
            policies: policies.parse().expect("the policies parse"),
            entities: Entities::from_entities(entities, None).expect("no entity twice, no cycle"),
            authorizer: Authorizer::new(),
        }
    }

    /// Whether Cedar allows the query. The request is made anew, as a host would.
    pub fn check(&self, query: &Query) -> bool {
        let (principal, resource) = (
            self.names.subject(query.user),
            self.names.resource(query.resource),
        );
        let action = self.names.action(query.bit);
        let request = Request::new(principal, action, resource, Context::empty(), None)
            .expect("no schema, no error");
        let response = self
            .authorizer
            .is_authorized(&request, &self.policies, &self.entities);
        debug_assert_eq!(response.diagnostics().errors().count(), 0);
        response.decision() == Decision::Allow
    }

    /// Replaces one entity.
    pub fn upsert(&mut self, entity: Entity) {
        let entities = std::mem::replace(&mut self.entities, Entities::empty());
        self.entities = entities
            .upsert_entities([entity], None)
            .expect("the entity fits");
    }
}
