//! Cedar with grants as relationships: `principal in resource.version_read`, one policy per action, as in the
//! relationship pattern of its documentation and in its github example. Two shapes of the same policies:
//! the attribute is an entity that the holders are members of, or it is the set of the holders itself.

use super::cedar::{Names, Store, memberships, uid};
use crate::engine::{Engine, Entry, memory_bound, one};
use crate::permissions;
use crate::world::generate::{GROUP, Grant, Kind, Query, World};
use cedar_policy::{Entity, EntityUid, RestrictedExpression as Value};
use std::collections::{HashMap, HashSet};

/// Enters the shape with one entity per resource and permission.
pub fn by_relation() -> Entry {
    Entry {
        name: "cedar, relations",
        bound: |spec| memory_bound(spec, 3_600, 8 << 30),
        build: |world| one(Relations(by_relation_store(world))),
    }
}

/// Enters the shape with one set of holders per resource and permission.
pub fn by_set() -> Entry {
    Entry {
        name: "cedar, attribute sets",
        bound: |spec| memory_bound(spec, 1_300, 8 << 30),
        build: |world| one(Sets(by_set_store(world))),
    }
}

struct Relations(Store);
struct Sets(Store);

fn attribute(bit: u64) -> String {
    permissions::NAMES[permissions::index(bit)].replace('.', "_")
}

/// One policy per action, looking at the resource and at every ancestor that its kind can have.
fn policies() -> String {
    let admin = "permit(principal in Role::\"admin\", action, resource);\n".to_owned();
    permissions::each(u64::MAX).fold(admin, |all, bit| {
        let (name, attribute) = (permissions::NAMES[permissions::index(bit)], attribute(bit));
        let here = format!("principal in resource.{attribute}");
        let above = format!("(resource has parent && principal in resource.parent.{attribute})");
        let top = format!(
            "(resource has parent && resource.parent has parent && principal in resource.parent.parent.{attribute})"
        );
        let when = match bit {
            bit if bit & Kind::Model.bits() != 0 => here,
            bit if bit & Kind::Version.bits() != 0 => format!("{here} || {above}"),
            _ => format!("{here} || {above} || {top}"),
        };
        format!("{all}permit(principal, action == Action::\"{name}\", resource) when {{ {when} }};\n")
    })
}

/// A resource, each of its permissions an attribute.
fn resource(names: &Names, world: &World, on: u32, holders: impl Fn(u64) -> Value) -> Entity {
    let permissions =
        permissions::each(world.kind(on).at_or_below()).map(|bit| (attribute(bit), holders(bit)));
    let parent = names
        .parent(world, on)
        .map(|uid| ("parent".to_owned(), Value::new_entity_uid(uid)));
    let attributes: HashMap<String, Value> = permissions.chain(parent).collect();
    Entity::new(names.resource(on), attributes, HashSet::new()).expect("uids evaluate")
}

fn by_relation_store(world: &World) -> Store {
    let names = Names::new(world);
    let relations = |r| {
        resource(&names, world, r, |bit| {
            Value::new_entity_uid(relation(r, bit))
        })
    };
    let mut entities: Vec<Entity> = (0..world.resources.len() as u32).map(relations).collect();
    let groups = (0..world.groups.len() as u32).map(|group| GROUP | group);
    let subjects = (0..world.spec.users).chain(groups);
    entities.extend(subjects.map(|subject| holder(&names, world, subject, None)));
    Store::new(names, &policies(), entities)
}

fn relation(resource: u32, bit: u64) -> EntityUid {
    uid(
        "Relation",
        &format!("r{resource}.{}", permissions::index(bit)),
    )
}

/// A user or group as a member of every relation that a grant puts them in, one grant replaced.
fn holder(names: &Names, world: &World, subject: u32, replaced: Option<&Grant>) -> Entity {
    let same = |new: &&Grant, grant: &Grant| new.resource == grant.resource;
    let current = |grant| replaced.filter(|new| same(new, grant)).unwrap_or(grant);
    let grants = world.grants_of(subject).iter().map(current);
    let mut parents: HashSet<EntityUid> = grants
        .flat_map(|grant| permissions::each(grant.bits).map(|bit| relation(grant.resource, bit)))
        .collect();
    if subject & GROUP == 0 {
        parents.extend(memberships(names, world, subject));
    }
    Entity::new_no_attrs(names.subject(subject), parents)
}

fn by_set_store(world: &World) -> Store {
    let names = Names::new(world);
    let mut grants = vec![Vec::new(); world.resources.len()];
    for grant in &world.grants {
        grants[grant.resource as usize].push(*grant);
    }
    let sets = |(r, grants): (usize, &Vec<Grant>)| {
        resource(&names, world, r as u32, |bit| set(&names, grants, bit))
    };
    let mut entities: Vec<Entity> = grants.iter().enumerate().map(sets).collect();
    let member = |u| Entity::new_no_attrs(names.subject(u), memberships(&names, world, u));
    entities.extend((0..world.spec.users).map(member));
    Store::new(names, &policies(), entities)
}

fn set(names: &Names, grants: &[Grant], bit: u64) -> Value {
    let holders = grants.iter().filter(|grant| grant.bits & bit != 0);
    Value::new_set(holders.map(|grant| Value::new_entity_uid(names.subject(grant.subject))))
}

impl Engine for Relations {
    fn name(&self) -> &str {
        "cedar, relations"
    }

    fn check(&mut self, query: &Query) -> bool {
        self.0.check(query)
    }

    fn replace(&mut self, world: &World, grant: &Grant) -> bool {
        let entity = holder(&self.0.names, world, grant.subject, Some(grant));
        self.0.upsert(entity);
        true
    }
}

impl Engine for Sets {
    fn name(&self) -> &str {
        "cedar, attribute sets"
    }

    fn check(&mut self, query: &Query) -> bool {
        self.0.check(query)
    }

    fn replace(&mut self, world: &World, grant: &Grant) -> bool {
        let on = world
            .grants
            .iter()
            .filter(|other| other.resource == grant.resource);
        let current = on.map(|other| {
            if other.subject == grant.subject {
                *grant
            } else {
                *other
            }
        });
        let grants: Vec<Grant> = current.collect();
        let names = &self.0.names;
        let entity = resource(names, world, grant.resource, |bit| set(names, &grants, bit));
        self.0.upsert(entity);
        true
    }
}
