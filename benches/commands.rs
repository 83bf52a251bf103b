//! Explanations and commands. World S, or the one that
//! `ROLEBOOK_WORLD` names (S, M, L).
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

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use rolebook::{Actor, Command, GrantRequest, SignIn, State, Subject, VersionPermissions, decide};
use world::{NOW, Question};

struct Scene {
    name: String,
    state: State,
    questions: Vec<Question>,
}

fn scene() -> Scene {
    let name = std::env::var("ROLEBOOK_WORLD").unwrap_or_else(|_| "S".into());
    let world = world::world(&name);
    let state = world::loaded(&world);
    let queries = world.queries(1 << 14, false).into_iter();
    let questions = queries.map(|it| world::question(&world, it)).collect();
    Scene {
        name,
        state,
        questions,
    }
}

fn explanations(criterion: &mut Criterion, scene: &Scene) {
    let mut group = criterion.benchmark_group(format!("explain {}", scene.name));
    group.throughput(Throughput::Elements(scene.questions.len() as u64));
    group.bench_function("a check with its explanation", |bencher| {
        bencher.iter(|| {
            scene.questions.iter().for_each(|it| {
                let permission = it.permissions.iter().next().unwrap();
                let sign_in = SignIn::new(it.user);
                black_box(scene.state.explain(sign_in, permission, it.resource, NOW));
            });
        });
    });
    group.finish();
}

/// Grants by the operator, each on another version, to users who take turns.
fn orders(scene: &Scene) -> Vec<Command> {
    let versions: Vec<_> = scene
        .state
        .resources_of(rolebook::ResourceKind::Version)
        .take(200)
        .collect();
    let users = scene.questions.iter().map(|it| it.user);
    let read = VersionPermissions::READ.union(VersionPermissions::COMMENT_READ);
    let grants = users
        .zip(versions.into_iter().cycle())
        .take(2_000)
        .map(|(user, on)| {
            let request = GrantRequest::new(Subject::User(user), on);
            let extend = read.into();
            Command::Grant(GrantRequest { extend, ..request })
        });
    grants.collect()
}

fn commit(state: &mut State, command: &Command) {
    let Ok(decided) = decide(state, &Actor::Operator, command, NOW) else {
        return;
    };
    if let Some(commit) = decided.into_commit(state.revision(), NOW) {
        state.apply(&commit).unwrap();
    }
}

fn commands(criterion: &mut Criterion, scene: &Scene) {
    let mut group = criterion.benchmark_group(format!("commands {}", scene.name));
    let orders = orders(scene);
    group.throughput(Throughput::Elements(orders.len() as u64));
    group.bench_function("grants decided and applied", |bencher| {
        bencher.iter_batched_ref(
            || scene.state.clone(),
            |state| orders.iter().for_each(|order| commit(state, order)),
            BatchSize::LargeInput,
        );
    });
    group.bench_function("grants, every revision held by a reader", |bencher| {
        bencher.iter_batched_ref(
            || (scene.state.clone(), Vec::with_capacity(orders.len())),
            |(state, held)| {
                for order in &orders {
                    commit(state, order);
                    held.push(state.clone());
                }
            },
            BatchSize::LargeInput,
        );
    });
    group.finish();
}

fn all(criterion: &mut Criterion) {
    let scene = scene();
    explanations(criterion, &scene);
    commands(criterion, &scene);
}

criterion_group!(benches, all);
criterion_main!(benches);
