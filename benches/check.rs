//! Checks by ids, through sessions and in batches; uniform and by Zipf; allowed and denied ones apart. World
//! S, or the one that `ROLEBOOK_WORLD` names (S, M, L).
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
use rolebook::{Session, SignIn, State};
use world::generate::World;
use world::{NOW, Question, ask, sum};

/// Questions of a stream: more than the caches hold of a large world.
const QUESTIONS: usize = 1 << 16;

fn questions(world: &World, zipf: bool) -> [(&'static str, Vec<Question>); 2] {
    let queries = world.queries(QUESTIONS, zipf).into_iter();
    let (allowed, denied): (Vec<_>, Vec<_>) = queries.partition(|it| world.expected(*it).allowed());
    [("allowed", allowed), ("denied", denied)].map(|(name, queries)| {
        let queries = queries.into_iter();
        (name, queries.map(|it| world::question(world, it)).collect())
    })
}

fn through(sessions: &[Session<'_>], questions: &[Question]) -> usize {
    let asked = sessions.iter().zip(questions);
    let decisions = asked.map(|(session, it)| session.check(it.permissions, it.resource, NOW));
    decisions.filter(|decision| decision.is_allowed()).count()
}

fn batch(state: &State, questions: &[Question]) -> usize {
    let asked = questions.iter();
    let asked = asked.map(|it| (SignIn::new(it.user), it.permissions, it.resource));
    let decisions = state.check_many(asked, NOW).into_iter();
    decisions.filter(|decision| decision.is_allowed()).count()
}

fn measure(
    group: &mut BenchmarkGroup<'_, WallTime>,
    state: &State,
    (name, questions): &(&str, Vec<Question>),
) {
    group.throughput(Throughput::Elements(questions.len() as u64));
    group.bench_function(format!("by ids, {name}"), |bencher| {
        bencher.iter(|| sum(questions, |it| ask(state, it)));
    });
    group.bench_function(format!("batch, {name}"), |bencher| {
        bencher.iter(|| batch(state, questions));
    });
    let some = questions.get(..512).unwrap_or(questions);
    let open = |it: &Question| state.session(SignIn::new(it.user)).unwrap();
    let sessions: Vec<Session<'_>> = some.iter().map(open).collect();
    group.throughput(Throughput::Elements(some.len() as u64));
    group.bench_function(format!("512 sessions opened, {name}"), |bencher| {
        bencher.iter(|| {
            some.iter().map(open).for_each(|session| {
                black_box(session);
            });
        });
    });
    group.bench_function(format!("512 sessions again and again, {name}"), |bencher| {
        bencher.iter(|| through(&sessions, some));
    });
}

fn all(criterion: &mut Criterion) {
    let name = std::env::var("ROLEBOOK_WORLD").unwrap_or_else(|_| "S".into());
    let world = world::world(&name);
    let state = world::loaded(&world);
    for (stream, zipf) in [("uniform", false), ("zipf", true)] {
        let mut group = criterion.benchmark_group(format!("check {name} {stream}"));
        for questions in &questions(&world, zipf) {
            measure(&mut group, &state, questions);
        }
        group.finish();
    }
}

criterion_group!(benches, all);
criterion_main!(benches);
