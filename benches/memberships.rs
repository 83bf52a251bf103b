//! Checks of users in few groups and in many, of an organisation with some groups and of one with more than a
//! set holds: 200 models, each with a version and grants of five groups on it and beneath.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::unreachable,
    dead_code,
    missing_docs,
    reason = "a measurement that panics has failed"
)]

mod world;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rolebook::{
    Author, Commit, Event, Grant, Group, GroupId, Identity, ModelId, PermissionSet, Resource,
    RoleId, Roles, SignIn, State, Status, User, UserId, VersionId, VersionPermissions,
};
use world::NOW;
use world::generate::Rng;

const ROLE: RoleId = RoleId::REVIEWER;
const MODELS: u32 = 200;
const GRANTS_OF_GROUPS: u32 = 5;
/// Users in each number of groups, and questions to each of them.
const USERS: u32 = 64;
const QUESTIONS: u32 = 64;
/// In how many groups users are: in their entry, and listed.
const SIZES: [u32; 5] = [1, 3, 4, 16, 64];
/// Groups of an organisation: fewer than a set has bits, and more.
const GROUPS: [u32; 2] = [100, 2_000];

fn group(number: u32) -> GroupId {
    GroupId::new(u128::from(number))
}

/// The user of this number among those in so many groups.
fn user(size: u32, number: u32) -> UserId {
    UserId::new(u128::from(size) << 32 | u128::from(number))
}

fn tree(number: u32) -> [Resource; 2] {
    let id = u128::from(number);
    [ModelId::new(id).into(), VersionId::new(id).into()]
}

fn created(number: u32) -> Event {
    let name = format!("Group {number}").parse().unwrap();
    Event::GroupCreated {
        group: group(number),
        definition: Group { name, role: ROLE },
    }
}

/// A user in so many groups.
fn member(size: u32, number: u32, groups: u32, random: &mut Rng) -> Vec<Event> {
    let user = user(size, number);
    let identity = Identity::Service {
        name: "s".parse().unwrap(),
    };
    let registration = User {
        identity,
        roles: Roles::new([ROLE]).unwrap(),
        status: Status::Active,
    };
    let first = random.below(groups);
    let step = groups / size;
    let joined = (0..size).map(|at| Event::GroupJoined {
        group: group((first + at * step) % groups),
        user,
    });
    let registered = Event::UserRegistered { user, registration };
    std::iter::once(registered).chain(joined).collect()
}

fn granted(on: Resource, to: GroupId) -> Event {
    let read = PermissionSet::from(VersionPermissions::READ);
    Event::Granted {
        to: to.into(),
        on,
        before: None,
        after: Grant::new(read),
    }
}

/// A model and its version, and what groups may read there.
fn planted(number: u32, groups: u32, random: &mut Rng) -> Vec<Event> {
    let [model, version] = tree(number);
    let registered = |resource, parent| Event::ResourceRegistered { resource, parent };
    let mut events = vec![
        registered(model, Resource::Organisation),
        registered(version, model),
    ];
    let first = random.below(groups);
    let holders = (0..GRANTS_OF_GROUPS).map(|at| (first + at * 7) % groups);
    events.extend(
        holders
            .zip([model, version].into_iter().cycle())
            .map(|(holder, on)| granted(on, group(holder))),
    );
    events
}

fn organisation(groups: u32) -> State {
    let mut random = Rng(5);
    let mut events = vec![Event::Founded {
        name: "Acme".parse().unwrap(),
    }];
    events.extend((0..groups).map(created));
    for size in SIZES {
        let members = (0..USERS).map(|number| member(size, number, groups, &mut random));
        events.extend(members.collect::<Vec<_>>().into_iter().flatten());
    }
    let trees = (0..MODELS).map(|number| planted(number, groups, &mut random));
    events.extend(trees.collect::<Vec<_>>().into_iter().flatten());
    let commit = Commit {
        revision: 1,
        at: NOW,
        author: Author::Operator,
        events,
    };
    State::replay([&commit]).unwrap()
}

fn questions(size: u32) -> Vec<(UserId, Resource)> {
    let mut random = Rng(9);
    let mut draw = || {
        let user = user(size, random.below(USERS));
        (user, tree(random.below(MODELS))[1])
    };
    (0..USERS * QUESTIONS).map(|_| draw()).collect()
}

fn allowed(state: &State, questions: &[(UserId, Resource)]) -> usize {
    let read = PermissionSet::from(VersionPermissions::READ);
    let decided = questions
        .iter()
        .map(|(user, on)| state.check(SignIn::new(*user), read, *on, NOW));
    decided.filter(|decision| decision.is_allowed()).count()
}

fn all(criterion: &mut Criterion) {
    for groups in GROUPS {
        let state = organisation(groups);
        let mut measured = criterion.benchmark_group(format!("memberships of {groups} groups"));
        for size in SIZES {
            let questions = questions(size);
            assert!(allowed(&state, &questions) > 0, "{size} of {groups}");
            measured.throughput(Throughput::Elements(questions.len() as u64));
            measured.bench_function(format!("users in {size}"), |bencher| {
                bencher.iter(|| allowed(&state, &questions));
            });
        }
        measured.finish();
    }
}

criterion_group!(benches, all);
criterion_main!(benches);
