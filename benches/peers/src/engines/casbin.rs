//! casbin: RBAC with resource roles, and a superuser, as in its table of models.
//!
//! One `p` row for each permission of each grant, `g` puts users into groups, `g2` resources beneath their ancestors. Two
//! ways to load it: the whole policy in one enforcer, and one enforcer per user with the rows that can concern the user
//! ("policy subset loading" in its guide to performance).

use crate::engine::{Engine, Entry, grants, memory_bound, one};
use crate::permissions;
use crate::world::generate::{GROUP, Grant, NONE, Query, World};
use casbin::{CoreApi, DefaultModel, Enforcer, MgmtApi, NullAdapter};
use std::collections::HashSet;
use tokio::runtime::{Builder, Runtime};

/// Enters the whole policy in one enforcer.
pub fn whole() -> Entry {
    Entry {
        name: "casbin, whole policy",
        bound: |spec| {
            let slow = grants(spec) > 20_000;
            slow.then(|| {
                "time: a check walks all rows; 10,000 for the agreement would take hours".to_owned()
            })
        },
        build: |world| one(Whole::new(world)),
    }
}

/// Enters one enforcer per user.
pub fn per_user() -> Entry {
    Entry {
        name: "casbin, slice per user",
        bound: |spec| memory_bound(spec, 6_300, 6 << 30),
        build: |world| one(Sliced::new(world)),
    }
}

const MODEL: &str = r#"
[request_definition]
r = sub, obj, act
[policy_definition]
p = sub, obj, act
[role_definition]
g = _, _
g2 = _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = g(r.sub, "admin") || r.act == p.act && g2(r.obj, p.obj) && g(r.sub, p.sub)
"#;

type Rows = Vec<Vec<String>>;

fn subject(subject: u32) -> String {
    if subject & GROUP == 0 {
        format!("u{subject}")
    } else {
        format!("g{}", subject & !GROUP)
    }
}

fn resource(resource: u32) -> String {
    format!("r{resource}")
}

fn rows<'w>(grants: impl IntoIterator<Item = &'w Grant>) -> Rows {
    let row = |grant: &Grant, bit| {
        vec![
            subject(grant.subject),
            resource(grant.resource),
            permissions::NAMES[permissions::index(bit)].to_owned(),
        ]
    };
    grants
        .into_iter()
        .flat_map(|grant| permissions::each(grant.bits).map(move |bit| row(grant, bit)))
        .collect()
}

fn memberships(world: &World, user: u32) -> Rows {
    let admin = (world.is_admin(user)).then(|| vec![subject(user), "admin".to_owned()]);
    world
        .subjects(user)
        .skip(1)
        .map(|group| vec![subject(user), subject(group)])
        .chain(admin)
        .collect()
}

fn beneath(world: &World, on: u32) -> Option<Vec<String>> {
    let parent = world.resources[on as usize].parent;
    (parent != NONE).then(|| vec![resource(on), resource(parent)])
}

/// An enforcer over rows, and the runtime that its interface wants.
struct Loaded {
    enforcer: Enforcer,
    runtime: Runtime,
}

impl Loaded {
    fn new(policy: Rows, members: Rows, tree: Rows) -> Loaded {
        let runtime = Builder::new_current_thread().build().expect("a runtime");
        let enforcer = runtime.block_on(async {
            let model = DefaultModel::from_str(MODEL)
                .await
                .expect("the model parses");
            let mut enforcer = Enforcer::new(model, NullAdapter)
                .await
                .expect("an enforcer");
            enforcer.enable_auto_save(false);
            enforcer.add_policies(policy).await.expect("rows");
            enforcer
                .add_named_grouping_policies("g", members)
                .await
                .expect("memberships");
            enforcer
                .add_named_grouping_policies("g2", tree)
                .await
                .expect("resources");
            enforcer
        });
        Loaded { enforcer, runtime }
    }

    fn check(&self, names: &[String], query: &Query) -> bool {
        let act = permissions::NAMES[permissions::index(query.bit)];
        let object = names[query.resource as usize].as_str();
        self.enforcer
            .enforce((subject(query.user), object, act))
            .expect("the matcher evaluates")
    }

    fn replace(&mut self, world: &World, grant: &Grant) {
        let on = |old: &&Grant| old.resource == grant.resource;
        let old = rows(world.grants_of(grant.subject).iter().filter(on));
        self.runtime.block_on(async {
            for row in old {
                self.enforcer.remove_policy(row).await.expect("a row goes");
            }
            self.enforcer
                .add_policies(rows([grant]))
                .await
                .expect("rows come");
        });
    }
}

struct Whole {
    loaded: Loaded,
    names: Vec<String>,
}

impl Whole {
    fn new(world: &World) -> Whole {
        let resources = || 0..world.resources.len() as u32;
        let members = (0..world.spec.users)
            .flat_map(|user| memberships(world, user))
            .collect();
        let tree = resources().filter_map(|r| beneath(world, r)).collect();
        let loaded = Loaded::new(rows(&world.grants), members, tree);
        Whole {
            loaded,
            names: resources().map(resource).collect(),
        }
    }
}

struct Sliced {
    slices: Vec<Loaded>,
    names: Vec<String>,
}

impl Sliced {
    fn new(world: &World) -> Sliced {
        let mut children = vec![Vec::new(); world.resources.len()];
        for (child, resource) in world
            .resources
            .iter()
            .enumerate()
            .filter(|(_, r)| r.parent != NONE)
        {
            children[resource.parent as usize].push(child as u32);
        }
        let slices = (0..world.spec.users)
            .map(|user| slice(world, &children, user))
            .collect();
        Sliced {
            slices,
            names: (0..world.resources.len() as u32).map(resource).collect(),
        }
    }
}

/// The rows of a user and of the user's groups, and the tree beneath the resources in them.
fn slice(world: &World, children: &[Vec<u32>], user: u32) -> Loaded {
    let grants = || {
        world
            .subjects(user)
            .flat_map(|subject| world.grants_of(subject))
    };
    let (mut known, mut open) = (
        HashSet::new(),
        grants().map(|grant| grant.resource).collect::<Vec<_>>(),
    );
    while let Some(on) = open.pop() {
        if known.insert(on) {
            open.extend(&children[on as usize]);
        }
    }
    let tree = known
        .into_iter()
        .filter_map(|on| beneath(world, on))
        .collect();
    Loaded::new(rows(grants()), memberships(world, user), tree)
}

impl Engine for Whole {
    fn name(&self) -> &str {
        "casbin, whole policy"
    }

    fn check(&mut self, query: &Query) -> bool {
        self.loaded.check(&self.names, query)
    }

    fn replace(&mut self, world: &World, grant: &Grant) -> bool {
        self.loaded.replace(world, grant);
        true
    }
}

impl Engine for Sliced {
    fn name(&self) -> &str {
        "casbin, slice per user"
    }

    fn check(&mut self, query: &Query) -> bool {
        self.slices[query.user as usize].check(&self.names, query)
    }

    fn replace(&mut self, world: &World, grant: &Grant) -> bool {
        self.slices[grant.subject as usize].replace(world, grant);
        true
    }
}
