//! Instructions that 100,000 checks take at S, and the jumps of theirs that a processor mispredicts, counted
//! by callgrind and held to `instructions.txt`.
//!
//! `cargo bench --bench instructions` compares within 2 per cent, and 2 mispredicted jumps in a hundred checks
//! (callgrind's predictor is a simple one: what it gets wrong depends on where the code lies);
//! `-- record` writes the file anew.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::unreachable,
    dead_code,
    reason = "a measurement that panics has failed"
)]

mod world;

use std::hint::black_box;
use std::process::Command;

use rolebook::{Session, SignIn, State};
use world::{NOW, Question};

const COUNTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/instructions.txt");
const CHECKS: usize = 100_000;
/// Parts per hundred by which a count may differ.
const TOLERANCE: f64 = 2.0;
/// The same of mispredicted jumps, in a hundred checks.
const JUMPS_TOLERANCE: f64 = 2.0;
const KINDS: [&str; 3] = ["by_ids", "session", "batch"];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |word: &str| arguments.iter().any(|it| it == word);
    if let Some(kind) = KINDS.into_iter().find(|kind| has(kind)) {
        return run(kind);
    }
    if cfg!(debug_assertions) || !has("--bench") {
        println!("instructions: SKIPPED, they are counted by `cargo bench` only");
    } else if Command::new("valgrind").arg("--version").output().is_err() {
        println!("instructions: SKIPPED, there is no valgrind here");
    } else if has("record") {
        let lines = KINDS.map(|kind| {
            let Counts {
                instructions,
                jumps,
            } = count(kind);
            format!("{kind} {instructions} {jumps}\n")
        });
        std::fs::write(COUNTS, lines.concat()).unwrap();
        print!("{}", lines.concat());
    } else {
        compare(&std::fs::read_to_string(COUNTS).unwrap());
    }
}

fn compare(recorded: &str) {
    for line in recorded.lines() {
        let (kind, before) = line.split_once(' ').unwrap();
        let (before, now) = (Counts::read(before), count(kind));
        let per_check = |count: u64| count as f64 / CHECKS as f64;
        let change = (now.instructions as f64 / before.instructions as f64 - 1.0) * 100.0;
        let jumps = (per_check(now.jumps) - per_check(before.jumps)) * 100.0;
        println!(
            "{kind}: {:.1} per check, {change:+.2} per cent; {:.2} jumps mispredicted, {jumps:+.2} in a hundred",
            per_check(now.instructions),
            per_check(now.jumps),
        );
        assert!(
            change.abs() <= TOLERANCE && jumps.abs() <= JUMPS_TOLERANCE,
            "{kind} took {now:?}, {before:?} are recorded"
        );
    }
}

#[derive(Debug)]
struct Counts {
    instructions: u64,
    /// Jumps that callgrind's predictor gets wrong: conditional ones, and those to an address out of a table.
    jumps: u64,
}

impl Counts {
    fn read(line: &str) -> Self {
        let (instructions, jumps) = line.split_once(' ').unwrap();
        Self {
            instructions: instructions.parse().unwrap(),
            jumps: jumps.parse().unwrap(),
        }
    }
}

/// Counts within the measured function.
fn count(kind: &str) -> Counts {
    let file =
        std::env::temp_dir().join(format!("rolebook-{kind}-{}.callgrind", std::process::id()));
    let status = Command::new("valgrind")
        .args(["--tool=callgrind", "--collect-atstart=no", "--quiet"])
        .arg("--branch-sim=yes")
        .arg(format!("--toggle-collect=*measured_{kind}*"))
        .arg(format!("--callgrind-out-file={}", file.display()))
        .arg(std::env::current_exe().unwrap())
        .arg(kind)
        .status()
        .unwrap();
    assert!(status.success());
    let counted = std::fs::read_to_string(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    let listed = |word: &str| counted.lines().find_map(|line| line.strip_prefix(word));
    let events = listed("events: ").unwrap().split_whitespace();
    let totals = listed("totals: ").unwrap().split_whitespace();
    let all: Vec<(&str, &str)> = events.zip(totals).collect();
    // Counts of nothing are left out at the end of the line.
    let of = |event: &str| {
        let found = all.iter().find(|(name, _)| *name == event);
        found.map_or(0, |(_, total)| total.parse().unwrap())
    };
    Counts {
        instructions: of("Ir"),
        jumps: of("Bcm") + of("Bim"),
    }
}

fn run(kind: &str) {
    let world = world::world("S");
    let state = world::organisation(&world);
    let queries = world.queries(CHECKS, false);
    let questions: Vec<Question> = queries
        .iter()
        .map(|it| world::question(&world, *it))
        .collect();
    let allowed = match kind {
        "by_ids" => measured_by_ids(&state, &questions),
        "batch" => measured_batch(&state, &questions),
        _ => {
            let open = |it: &Question| state.session(SignIn::new(it.user)).unwrap();
            let sessions: Vec<Session<'_>> = questions.iter().map(open).collect();
            measured_session(&sessions, &questions)
        }
    };
    let expected = queries
        .iter()
        .filter(|it| world.expected(**it).allowed())
        .count();
    assert_eq!(black_box(allowed), expected);
}

#[inline(never)]
fn measured_by_ids(state: &State, questions: &[Question]) -> usize {
    let allows = |it: &&Question| {
        state
            .check(SignIn::new(it.user), it.permissions, it.resource, NOW)
            .is_allowed()
    };
    questions.iter().filter(allows).count()
}

#[inline(never)]
fn measured_batch(state: &State, questions: &[Question]) -> usize {
    let asked = questions.iter();
    let asked = asked.map(|it| (SignIn::new(it.user), it.permissions, it.resource));
    let decisions = state.check_many(asked, NOW);
    decisions.iter().filter(|it| it.is_allowed()).count()
}

#[inline(never)]
fn measured_session(sessions: &[Session<'_>], questions: &[Question]) -> usize {
    let pairs = sessions.iter().zip(questions);
    let allows = |(session, it): &(&Session<'_>, &Question)| {
        session.check(it.permissions, it.resource, NOW).is_allowed()
    };
    pairs.filter(allows).count()
}
