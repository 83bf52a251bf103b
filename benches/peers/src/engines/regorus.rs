//! regorus: a Rego policy over a data document, compiled for its virtual machine.
//!
//! The document is built for look-ups by key (users, subjects and resources are object keys, permissions members of a
//! set), which is what OPA's guide to policy performance asks for. Equal sets share one value.

use crate::engine::{Engine, Entry, memory_bound, one};
use crate::permissions;
use crate::world::generate::{GROUP, Grant, Query, World};
use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::vm::RegoVM;
use regorus::{Rc, Value};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Enters regorus.
pub fn entry() -> Entry {
    Entry {
        name: "regorus",
        bound: |spec| memory_bound(spec, 120, 8 << 30),
        build: |world| one(Regorus::new(world)),
    }
}

const POLICY: &str = r#"
package peers

default allow := false

allow if data.admins[input.user]

allow if {
    some resource in data.chains[input.resource]
    input.permission in data.grants[input.user][resource]
}

allow if {
    some group in data.groups[input.user]
    some resource in data.chains[input.resource]
    input.permission in data.grants[group][resource]
}
"#;
const ALLOW: &str = "data.peers.allow";

struct Regorus {
    vm: RegoVM,
    data: Value,
    names: Names,
    sets: HashMap<u64, Value>,
}

/// The ids as values, made once: a check only counts references.
struct Names {
    users: Vec<Value>,
    groups: Vec<Value>,
    resources: Vec<Value>,
    permissions: Vec<Value>,
    fields: [Value; 3],
}

impl Names {
    fn new(world: &World) -> Names {
        let all = |prefix: &str, n: usize| {
            (0..n)
                .map(|i| Value::from(format!("{prefix}{i}")))
                .collect()
        };
        Names {
            users: all("u", world.users.len()),
            groups: all("g", world.groups.len()),
            resources: all("r", world.resources.len()),
            permissions: permissions::NAMES
                .iter()
                .map(|&name| Value::from(name))
                .collect(),
            fields: ["user", "resource", "permission"].map(Value::from),
        }
    }

    fn subject(&self, subject: u32) -> Value {
        let place = (subject & !GROUP) as usize;
        if subject & GROUP == 0 {
            self.users[place].clone()
        } else {
            self.groups[place].clone()
        }
    }

    fn set(&self, set: u64) -> Value {
        let members =
            permissions::each(set).map(|bit| self.permissions[permissions::index(bit)].clone());
        Value::from(members.collect::<BTreeSet<_>>())
    }

    fn input(&self, query: &Query) -> Value {
        let values = [
            self.users[query.user as usize].clone(),
            self.resources[query.resource as usize].clone(),
            self.permissions[permissions::index(query.bit)].clone(),
        ];
        Value::from(
            self.fields
                .iter()
                .cloned()
                .zip(values)
                .collect::<BTreeMap<_, _>>(),
        )
    }
}

impl Regorus {
    fn new(world: &World) -> Regorus {
        let (names, mut sets) = (Names::new(world), HashMap::new());
        let data = data(world, &names, &mut sets);
        let mut vm = RegoVM::new();
        vm.load_program(program());
        vm.set_data(data.clone())
            .expect("no rule has the name of a document");
        Regorus {
            vm,
            data,
            names,
            sets,
        }
    }
}

fn program() -> std::sync::Arc<regorus::rvm::program::Program> {
    let mut engine = regorus::Engine::new();
    engine
        .add_policy("peers.rego".into(), POLICY.into())
        .expect("the policy parses");
    let compiled = engine
        .compile_with_entrypoint(&Rc::from(ALLOW))
        .expect("the policy compiles");
    Compiler::compile_from_policy(&compiled, &[ALLOW]).expect("the policy compiles for the machine")
}

fn data(world: &World, names: &Names, sets: &mut HashMap<u64, Value>) -> Value {
    let users = || world.users.iter().enumerate();
    let admins = users().filter(|(i, _)| world.is_admin(*i as u32));
    let groups =
        users().map(|(i, user)| (names.users[i].clone(), list(user.groups(), &names.groups)));
    let chains = (0..world.resources.len()).map(|i| {
        let chain = world.chain(i as u32);
        let known = chain.partition_point(|&r| (r as usize) < names.resources.len());
        (
            names.resources[i].clone(),
            list(&chain[..known], &names.resources),
        )
    });
    object([
        (
            Value::from("admins"),
            object(admins.map(|(i, _)| (names.users[i].clone(), Value::from(true)))),
        ),
        (Value::from("groups"), object(groups)),
        (Value::from("chains"), object(chains)),
        (Value::from("grants"), grants(world, names, sets)),
    ])
}

fn grants(world: &World, names: &Names, sets: &mut HashMap<u64, Value>) -> Value {
    let groups = (0..world.groups.len() as u32).map(|group| GROUP | group);
    object((0..world.spec.users).chain(groups).map(|subject| {
        let on = world.grants_of(subject).iter().map(|grant| {
            let set = sets
                .entry(grant.bits)
                .or_insert_with(|| names.set(grant.bits));
            (
                names.resources[grant.resource as usize].clone(),
                set.clone(),
            )
        });
        (names.subject(subject), object(on))
    }))
}

fn object(entries: impl IntoIterator<Item = (Value, Value)>) -> Value {
    Value::from(entries.into_iter().collect::<BTreeMap<_, _>>())
}

fn list(places: &[u32], names: &[Value]) -> Value {
    Value::from(
        places
            .iter()
            .map(|&place| names[place as usize].clone())
            .collect::<Vec<_>>(),
    )
}

impl Engine for Regorus {
    fn name(&self) -> &str {
        "regorus"
    }

    fn check(&mut self, query: &Query) -> bool {
        self.vm.set_input(self.names.input(query));
        let allowed = self.vm.execute().expect("the policy has no errors");
        *allowed.as_bool().expect("allow is a truth value")
    }

    /// The machine lets go of the document first, so that it is changed in place and not copied.
    fn replace(&mut self, _: &World, grant: &Grant) -> bool {
        let set = self
            .sets
            .entry(grant.bits)
            .or_insert_with(|| self.names.set(grant.bits))
            .clone();
        let path = [
            Value::from("grants"),
            self.names.subject(grant.subject),
            self.names.resources[grant.resource as usize].clone(),
        ];
        self.vm
            .set_data(Value::new_object())
            .expect("an empty document has no conflicts");
        let at = path.iter().fold(&mut self.data, |at, key| {
            at.as_object_mut()
                .expect("an object")
                .get_mut(key)
                .expect("the grant is there")
        });
        *at = set;
        self.vm
            .set_data(self.data.clone())
            .expect("no rule has the name of a document");
        true
    }
}
