//! Checks beside two hand-written limits, interleaved in one run: `cargo bench --bench ratios -- S 9 zipf`.
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
use std::time::Instant;

use rolebook::{Session, SignIn, State};
use world::limits::{Bucket, Raw};
use world::{NOW, Question, ask, sum};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |word: &str| arguments.iter().any(|it| it == word);
    if !has("--bench") {
        return;
    }
    let zipf = has("zipf");
    let rounds = arguments.iter().find_map(|it| it.parse().ok()).unwrap_or(7);
    for name in ["S", "M", "L"].into_iter().filter(|name| has(name)) {
        measure(name, zipf, rounds);
    }
}

fn measure(name: &str, zipf: bool, rounds: usize) {
    let world = world::world(name);
    let queries = world.queries(1 << 20, zipf);
    let state = world::loaded(&world);
    let questions: Vec<Question> = queries
        .iter()
        .map(|it| world::question(&world, *it))
        .collect();
    for (query, question) in queries.iter().zip(&questions).take(1 << 17) {
        assert_eq!(ask(&state, question), world.expected(*query).allowed());
    }
    let raw = Raw::new(&world);
    let bucket = (name != "L").then(|| Bucket::new(&world));
    let count = queries.len() as f64;
    let timed = |run: &dyn Fn() -> u64| {
        let start = Instant::now();
        black_box(run());
        start.elapsed().as_nanos() as f64 / count
    };
    let mut rows = Vec::new();
    for _ in 0..rounds {
        let dense = |it: &world::generate::Query| (it.user, it.resource, (it.bit >> 10) as u32);
        rows.push([
            timed(&|| {
                sum(&queries, |it| {
                    let (u, r, b) = dense(it);
                    raw.check(u, r, b)
                })
            }),
            bucket.as_ref().map_or(0.0, |bucket| {
                timed(&|| {
                    sum(&queries, |it| {
                        let (u, r, b) = dense(it);
                        bucket.check(u, r, b)
                    })
                })
            }),
            timed(&|| sum(&questions, |it| ask(&state, it))),
            sessions(&state, &questions),
            timed(&|| batches(&state, &questions)),
        ]);
    }
    println!(
        "{name}{}, ns per check: median (least, most), times raw",
        if zipf { " zipf" } else { "" }
    );
    let raw = spread(&rows, 0)[1];
    for (column, label) in ["raw", "bucket", "by ids", "session", "batch"]
        .into_iter()
        .enumerate()
    {
        let [least, median, most] = spread(&rows, column);
        println!(
            "{label:8} {median:7.1} ({least:.1}, {most:.1})  {:.2}",
            median / raw
        );
    }
    single(&state, &questions);
}

/// The time of checks one by one, and of nothing between two looks at the clock: median, 99th percentile.
fn single(state: &State, questions: &[Question]) {
    let percentiles = |run: &dyn Fn(&Question)| {
        let timed = questions.iter().map(|it| {
            let start = Instant::now();
            run(it);
            start.elapsed().as_nanos()
        });
        let mut all: Vec<u128> = timed.collect();
        all.sort_unstable();
        [50, 99].map(|hundredth| all[all.len() * hundredth / 100])
    };
    let clock = percentiles(&|_| ());
    let check = percentiles(&|it| {
        black_box(ask(state, it));
    });
    println!(
        "one by one: median and 99th percentile {check:?} ns, of which the clock takes {clock:?}"
    );
}

fn spread(rows: &[[f64; 5]], column: usize) -> [f64; 3] {
    let mut all: Vec<f64> = rows.iter().map(|row| row[column]).collect();
    all.sort_by(f64::total_cmp);
    [all[0], all[all.len() / 2], all[all.len() - 1]]
}

/// Checks of many users on many resources, 1,024 at a time.
fn batches(state: &State, questions: &[Question]) -> u64 {
    let decide = |some: &[Question]| {
        let asked = some
            .iter()
            .map(|it| (SignIn::new(it.user), it.permissions, it.resource));
        let decisions = state.check_many(asked, NOW).into_iter();
        decisions.map(|it| u64::from(it.is_allowed())).sum::<u64>()
    };
    questions.chunks(1024).map(decide).sum()
}

/// Checks through sessions that were opened a while ago, 512 at a time: other traffic has come between, so
/// that the caches hold what they hold in service and not what opening sessions needs.
fn sessions(state: &State, questions: &[Question]) -> f64 {
    let mut spent = 0;
    let mut allowed = 0;
    for (some, others) in questions
        .chunks(512)
        .zip(questions.chunks(1024).rev().cycle())
    {
        let sessions: Vec<Session<'_>> = some
            .iter()
            .map(|it| state.session(SignIn::new(it.user)).unwrap())
            .collect();
        allowed += sum(others, |it| ask(state, it));
        let start = Instant::now();
        for (session, it) in sessions.iter().zip(some) {
            allowed += u64::from(session.check(it.permissions, it.resource, NOW).is_allowed());
        }
        spent += start.elapsed().as_nanos();
    }
    black_box(allowed);
    spent as f64 / questions.len() as f64
}
