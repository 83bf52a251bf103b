//! Lists: what a session may do something on, who may do something, first pages, what is visible, and the
//! access matrix. World S, or the one that `ROLEBOOK_WORLD` names (S, M, L).
//!
//! Each iteration makes all the calls of its name; the throughput is in rows. Before it a line says how
//! many calls and rows these are, and where there is a target, what it comes to for one iteration.
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
use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};
use rolebook::{Permission, Resource, ResourceKind, Session, SignIn, State, UserId};
use world::NOW;

const CALLS: usize = 256;
const PAGE: usize = 50;

struct Scene {
    name: String,
    state: State,
    users: Vec<UserId>,
}

fn scene() -> Scene {
    let name = std::env::var("ROLEBOOK_WORLD").unwrap_or_else(|_| "S".into());
    let world = world::world(&name);
    let state = world::organisation(&world);
    let queries = world.queries(CALLS, false).into_iter();
    let users = queries.map(|it| world::user(it.user)).collect();
    Scene { name, state, users }
}

impl Scene {
    /// Sessions under the primary role, of those who do not reach everything.
    fn bound(&self) -> Vec<Session<'_>> {
        let sign_ins = self.users.iter().map(|user| SignIn::new(*user));
        let sessions = sign_ins.filter_map(|it| self.state.session(it).ok());
        sessions.filter(|it| !it.is_admin()).collect()
    }

    /// Some resources of a kind, from all over the organisation.
    fn some(&self, kind: ResourceKind) -> Vec<Resource> {
        let all: Vec<_> = self.state.resources_of(kind).collect();
        all.iter()
            .step_by((all.len() / 64).max(1))
            .copied()
            .collect()
    }
}

/// A target: so many nanoseconds for each call, and for each row.
type Target = Option<(f64, f64)>;

/// Measures all the calls together, each of which says how many rows it gave.
fn measure<T>(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    target: Target,
    (calls, call): (&[T], impl Fn(&T) -> usize),
) {
    let rows: usize = calls.iter().map(&call).sum();
    let (count, all) = (calls.len() as f64, rows as f64);
    let target = target.map(|(each, row)| (each * count + row * all) / 1e3);
    let target = target.map_or(String::new(), |all| format!("; target {all:.0} us"));
    println!(
        "{name}: {count} calls, {:.1} rows a call{target}",
        all / count
    );
    group.throughput(Throughput::Elements(rows as u64));
    group.bench_function(name, |bencher| {
        bencher.iter(|| calls.iter().map(&call).sum::<usize>());
    });
}

fn resources(group: &mut BenchmarkGroup<'_, WallTime>, scene: &Scene) {
    let sessions = scene.bound();
    for name in ["version.read", "model.read", "framework.read"] {
        let permission: Permission = name.parse().unwrap();
        let all = |it: &Session<'_>| it.resources_for(permission, NOW).map(black_box).count();
        let target = Some((3_000.0, 20.0));
        measure(
            group,
            &format!("resources_for {name}"),
            target,
            (&sessions, all),
        );
        let page = |it: &Session<'_>| {
            it.resources_for(permission, NOW)
                .page(None, PAGE)
                .items
                .len()
        };
        measure(
            group,
            &format!("resources_for {name}, first page"),
            None,
            (&sessions, page),
        );
    }
    let all = |it: &Session<'_>| it.visible(NOW).map(black_box).count();
    measure(
        group,
        "visible",
        None,
        (&sessions[..32.min(sessions.len())], all),
    );
    let page = |it: &Session<'_>| it.visible(NOW).page(None, PAGE).items.len();
    measure(
        group,
        "visible, first page",
        None,
        (&sessions[..32.min(sessions.len())], page),
    );
}

fn users(group: &mut BenchmarkGroup<'_, WallTime>, scene: &Scene) {
    for (name, kind) in [
        ("model.read", ResourceKind::Model),
        ("version.read", ResourceKind::Version),
    ] {
        let permission: Permission = name.parse().unwrap();
        let places = scene.some(kind);
        let users = |on: &Resource| scene.state.users_for(permission, *on, NOW);
        let all = |on: &Resource| users(on).map(black_box).count();
        let target = Some((5_000.0, 50.0));
        measure(group, &format!("users_for {name}"), target, (&places, all));
        let page = |on: &Resource| users(on).page(None, PAGE).items.len();
        measure(
            group,
            &format!("users_for {name}, first page"),
            None,
            (&places, page),
        );
    }
}

fn matrix(group: &mut BenchmarkGroup<'_, WallTime>, scene: &Scene) {
    let models = scene.some(ResourceKind::Model);
    let cells = |users: &[UserId]| {
        let matrix = scene
            .state
            .access_matrix(users.iter().copied(), models.iter().copied(), NOW);
        black_box(&matrix).rows.len() * models.len()
    };
    let calls: Vec<&[UserId]> = scene.users.chunks(32).collect();
    measure(
        group,
        "access_matrix",
        None,
        (&calls, |users: &&[UserId]| cells(users)),
    );
}

fn all(criterion: &mut Criterion) {
    let scene = scene();
    let mut group = criterion.benchmark_group(format!("lists {}", scene.name));
    resources(&mut group, &scene);
    users(&mut group, &scene);
    matrix(&mut group, &scene);
    group.finish();
}

criterion_group!(lists, all);
criterion_main!(lists);
