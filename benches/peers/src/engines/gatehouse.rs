//! gatehouse: policies as Rust code over a map of the host's.
//!
//! One policy for each way to be allowed, built with `PolicyBuilder` from synchronous predicates, as its documentation
//! has it for data in memory. The future is polled in place: none of the policies ever waits.

use super::raw::{Table, short};
use crate::engine::{Engine, Entry, one, unbounded};
use crate::world::generate::{GROUP, Grant, NONE, Query, World};
use gatehouse::{EvaluationSession, PermissionChecker, PolicyBuilder, PolicyDomain};
use std::pin::pin;
use std::sync::{Arc, RwLock};
use std::task::{Context, Poll, Waker};

/// Enters gatehouse.
pub fn entry() -> Entry {
    Entry {
        name: "gatehouse",
        bound: unbounded,
        build: |world| one(Gatehouse::new(world)),
    }
}

struct Models;

#[derive(Clone)]
struct Subject {
    id: u32,
    admin: bool,
    groups: [u32; 3],
}

#[derive(Clone, Copy)]
struct Resource {
    chain: [u32; 3],
}

struct Permission(u32);

impl PolicyDomain for Models {
    type Subject = Subject;
    type Action = Permission;
    type Resource = Resource;
    type Context = ();
}

type Grants = Arc<RwLock<Table>>;

fn checker(grants: &Grants) -> PermissionChecker<Models> {
    let (own, group) = (Arc::clone(grants), Arc::clone(grants));
    let mut checker = PermissionChecker::new();
    checker.add_policy(
        PolicyBuilder::<Models>::new("Admin")
            .subjects(|user| user.admin)
            .build(),
    );
    checker.add_policy(
        PolicyBuilder::<Models>::new("OwnGrant")
            .when(move |user, action, resource, ()| gives(&own, &[user.id], action, resource))
            .build(),
    );
    checker.add_policy(
        PolicyBuilder::<Models>::new("GroupGrant")
            .when(move |user, action, resource, ()| gives(&group, &user.groups, action, resource))
            .build(),
    );
    checker
}

fn gives(grants: &Grants, subjects: &[u32], action: &Permission, resource: &Resource) -> bool {
    let grants = grants.read().expect("no writer has panicked");
    let chain = resource.chain.iter().take_while(|&&r| r != NONE);
    chain
        .into_iter()
        .any(|&r| subjects.iter().any(|&s| grants.bits(s, r) & action.0 != 0))
}

struct Gatehouse {
    grants: Grants,
    checker: PermissionChecker<Models>,
    users: Vec<Subject>,
    resources: Vec<Resource>,
}

impl Gatehouse {
    fn new(world: &World) -> Gatehouse {
        let grants = Arc::new(RwLock::new(Table::new(world)));
        let resources = 0..world.resources.len() as u32;
        Gatehouse {
            checker: checker(&grants),
            grants,
            users: (0..world.spec.users)
                .map(|user| subject(world, user))
                .collect(),
            resources: resources
                .map(|r| Resource {
                    chain: world.chain(r),
                })
                .collect(),
        }
    }
}

fn subject(world: &World, id: u32) -> Subject {
    let user = &world.users[id as usize];
    let mut groups = [NONE; 3];
    groups
        .iter_mut()
        .zip(user.groups())
        .for_each(|(to, group)| *to = GROUP | group);
    Subject {
        id,
        admin: world.is_admin(id),
        groups,
    }
}

/// Runs a future that never waits.
pub fn ready<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("a policy waited"),
    }
}

impl Engine for Gatehouse {
    fn name(&self) -> &str {
        "gatehouse"
    }

    fn check(&mut self, query: &Query) -> bool {
        let subject = &self.users[query.user as usize];
        let resource = &self.resources[query.resource as usize];
        let (session, action) = (EvaluationSession::empty(), Permission(short(query.bit)));
        let bound = self.checker.bind(&session, subject, &action, &());
        ready(bound.check(resource)).is_granted()
    }

    fn replace(&mut self, _: &World, grant: &Grant) -> bool {
        self.grants
            .write()
            .expect("no reader has panicked")
            .set(grant);
        true
    }
}
