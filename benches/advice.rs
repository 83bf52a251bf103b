//! What administrators ask: remedies, who could hand something out, previews, the review. World S, or the one
//! that `ROLEBOOK_WORLD` names (S, M, L).
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

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, criterion_group, criterion_main};
use rolebook::{Actor, Command, ReviewOptions, RoleId, SignIn, State, preview, review};
use world::{NOW, Question};

struct Scene {
    state: State,
    /// Of those drawn, some that are denied.
    denied: Vec<Question>,
}

impl Scene {
    fn new(name: &str) -> Self {
        let world = world::world(name);
        let state = world::loaded(&world);
        let drawn = world.queries(1 << 10, false).into_iter();
        let drawn = drawn.map(|it| world::question(&world, it));
        let denied = drawn.filter(|it| {
            let sign_in = SignIn::new(it.user);
            !state
                .check(sign_in, it.permissions, it.resource, NOW)
                .is_allowed()
        });
        Self {
            denied: denied.take(64).collect(),
            state,
        }
    }
}

fn per_question(
    group: &mut BenchmarkGroup<'_, WallTime>,
    scene: &Scene,
    name: &str,
    ask: impl Fn(&State, &Question),
) {
    let mut questions = scene.denied.iter().cycle();
    group.bench_function(name, |bencher| {
        bencher.iter(|| {
            questions
                .next()
                .into_iter()
                .for_each(|it| ask(&scene.state, it))
        });
    });
}

fn questions(criterion: &mut Criterion, name: &str, scene: &Scene) {
    let mut group = criterion.benchmark_group(format!("advice {name}"));
    group.sample_size(10);
    per_question(&mut group, scene, "remedies", |state, it| {
        let permission = it.permissions.iter().next().unwrap();
        black_box(state.remedies(SignIn::new(it.user), permission, it.resource, NOW));
    });
    per_question(&mut group, scene, "who could hand out", |state, it| {
        let permission = it.permissions.iter().next().unwrap();
        black_box(state.who_could_hand_out(permission, it.resource, NOW));
    });
    group.finish();
}

fn previews(criterion: &mut Criterion, name: &str, scene: &Scene) {
    let mut group = criterion.benchmark_group(format!("previews {name}"));
    group.sample_size(10);
    let users = scene.denied.iter().map(|it| it.user);
    let removals = users.clone().map(|user| Command::Remove { user }).collect();
    per_command(&mut group, scene, "removing a user", removals);
    let roles = vec![RoleId::DATA_ARCHITECT, RoleId::REVIEWER];
    let assignments = users.map(|user| Command::AssignRoles {
        user,
        roles: roles.clone(),
    });
    per_command(
        &mut group,
        scene,
        "other roles for a user",
        assignments.collect(),
    );
    let groups = scene.state.groups().take(64);
    let deletions = groups.map(|(group, _)| Command::DeleteGroup { group });
    per_command(&mut group, scene, "deleting a group", deletions.collect());
    group.finish();
}

fn per_command(
    group: &mut BenchmarkGroup<'_, WallTime>,
    scene: &Scene,
    name: &str,
    commands: Vec<Command>,
) {
    let mut commands = commands.iter().cycle();
    group.bench_function(name, |bencher| {
        bencher.iter(|| {
            let command = commands.next().unwrap();
            black_box(preview(&scene.state, &Actor::Operator, command, NOW).unwrap());
        });
    });
}

fn reviews(criterion: &mut Criterion, name: &str, scene: &Scene) {
    let mut group = criterion.benchmark_group(format!("review {name}"));
    group.sample_size(10);
    group.bench_function("of everything", |bencher| {
        bencher.iter(|| black_box(review(&scene.state, &ReviewOptions::default(), NOW)));
    });
    group.finish();
}

fn all(criterion: &mut Criterion) {
    let name = std::env::var("ROLEBOOK_WORLD").unwrap_or_else(|_| "S".into());
    let scene = Scene::new(&name);
    questions(criterion, &name, &scene);
    previews(criterion, &name, &scene);
    reviews(criterion, &name, &scene);
}

criterion_group!(benches, all);
criterion_main!(benches);
