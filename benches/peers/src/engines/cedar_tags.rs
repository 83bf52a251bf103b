//! Cedar with grants as tags: a user has a tag for each resource, its value the set of actions; one policy per class of
//! action. Tags are looked up by key, but Cedar cannot loop over groups, so that the grants of groups are flattened onto
//! their members when they are written.

use super::cedar::{Names, Store, memberships, uid};
use crate::engine::{Engine, Entry, memory_bound, one};
use crate::permissions;
use crate::world::generate::{Grant, Kind, NONE, Query, World};
use cedar_policy::{Entity, RestrictedExpression as Value};
use std::collections::HashMap;

/// Enters the mapping.
pub fn entry() -> Entry {
    Entry {
        name: "cedar, tags",
        bound: |spec| memory_bound(spec, 5_500, 8 << 30),
        build: |world| one(Tags(load(world))),
    }
}

const POLICIES: &str = r#"
permit(principal in Role::"admin", action, resource);
permit(principal, action in Action::"on_model", resource) when {
    principal.hasTag(resource.key) && principal.getTag(resource.key).contains(action)
};
permit(principal, action in Action::"on_version", resource) when {
    (principal.hasTag(resource.key) && principal.getTag(resource.key).contains(action)) ||
    (principal.hasTag(resource.parent) && principal.getTag(resource.parent).contains(action))
};
permit(principal, action in Action::"on_framework", resource) when {
    (principal.hasTag(resource.key) && principal.getTag(resource.key).contains(action)) ||
    (principal.hasTag(resource.parent) && principal.getTag(resource.parent).contains(action)) ||
    (principal.hasTag(resource.grandparent) && principal.getTag(resource.grandparent).contains(action))
};
"#;

struct Tags(Store);

fn load(world: &World) -> Store {
    let names = Names::new(world);
    let mut entities = actions(&names);
    entities.extend((0..world.resources.len() as u32).map(|r| resource(&names, world, r)));
    entities.extend((0..world.spec.users).map(|u| user(&names, world, u, None)));
    Store::new(names, POLICIES, entities)
}

fn actions(names: &Names) -> Vec<Entity> {
    let classes = [
        (Kind::Model, "on_model"),
        (Kind::Version, "on_version"),
        (Kind::Framework, "on_framework"),
    ];
    let of = |(kind, class): (Kind, &'static str)| {
        let parents = move || [uid("Action", class)].into();
        permissions::each(kind.bits())
            .map(move |bit| Entity::new_no_attrs(names.action(bit), parents()))
    };
    classes.into_iter().flat_map(of).collect()
}

fn key(resource: u32) -> String {
    if resource == NONE {
        String::new()
    } else {
        format!("r{resource}")
    }
}

fn resource(names: &Names, world: &World, resource: u32) -> Entity {
    let keys = world.chain(resource).map(|r| Value::new_string(key(r)));
    let attributes = ["key", "parent", "grandparent"]
        .map(String::from)
        .into_iter()
        .zip(keys);
    Entity::new_with_tags(names.resource(resource), attributes, [], []).expect("strings evaluate")
}

/// The user with a tag for each resource on which there is anything, one grant replaced.
fn user(names: &Names, world: &World, user: u32, replaced: Option<&Grant>) -> Entity {
    let mut flat: HashMap<u32, u64> = HashMap::new();
    for grant in world
        .subjects(user)
        .flat_map(|subject| world.grants_of(subject))
    {
        let same = |new: &&Grant| (new.subject, new.resource) == (grant.subject, grant.resource);
        *flat.entry(grant.resource).or_default() |= replaced.filter(same).unwrap_or(grant).bits;
    }
    let set = |set| {
        Value::new_set(permissions::each(set).map(|bit| Value::new_entity_uid(names.action(bit))))
    };
    let tags = flat
        .into_iter()
        .map(|(resource, bits)| (key(resource), set(bits)));
    let parents = memberships(names, world, user);
    Entity::new_with_tags(names.subject(user), [], parents, tags).expect("sets of uids evaluate")
}

impl Engine for Tags {
    fn name(&self) -> &str {
        "cedar, tags"
    }

    fn check(&mut self, query: &Query) -> bool {
        self.0.check(query)
    }

    fn replace(&mut self, world: &World, grant: &Grant) -> bool {
        let entity = user(&self.0.names, world, grant.subject, Some(grant));
        self.0.upsert(entity);
        true
    }
}
