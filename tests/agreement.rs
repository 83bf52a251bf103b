//! The engine against a second, naive model of the specification.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    clippy::unreachable,
    reason = "a test that panics has failed, which is what it is for; the model has looks for everybody"
)]

mod model;

#[path = "agreement/compare.rs"]
mod compare;
#[path = "agreement/engine.rs"]
mod engine;
#[path = "agreement/generator.rs"]
mod generator;
#[path = "agreement/make.rs"]
mod make;
#[path = "agreement/pick.rs"]
mod pick;
#[path = "agreement/prologue.rs"]
mod prologue;
#[path = "agreement/promises.rs"]
mod promises;
#[path = "agreement/random.rs"]
mod random;
#[path = "agreement/scenario.rs"]
mod scenario;
#[path = "agreement/shrink.rs"]
mod shrink;
#[path = "agreement/step.rs"]
mod step;
#[path = "agreement/tally.rs"]
mod tally;
#[path = "agreement/tamper.rs"]
mod tamper;
#[path = "agreement/universe.rs"]
mod universe;

use std::collections::BTreeMap;

use generator::Generator;
use step::Step;
use tally::Tally;

/// Random steps of a sequence, after its prologue.
const STEPS: usize = 70;

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).map_or(default, |text| text.parse().expect("a number"))
}

/// The steps of a sequence, as the model sees them.
fn sequence(seed: u64, tally: &mut Tally) -> Vec<Step> {
    let mut generator = Generator::new(seed);
    let count = generator.planned.len() + STEPS;
    let mut steps = Vec::new();
    for _ in 0..count {
        let step = generator.next();
        let acting = generator.acting(&step.actor);
        let outcome = generator
            .model
            .execute(&step.actor, &step.command, step.now);
        tally.count(&step, &outcome, acting);
        steps.push(step);
    }
    steps
}

/// Random sequences of commands: outcome, refusal, facts and state are those of the model.
///
/// `ROLEBOOK_SEQUENCES` says how many, `ROLEBOOK_SEED` from which seed on, `ROLEBOOK_TALLY` prints
/// how often what happened.
#[test]
fn the_engine_agrees_with_the_model() {
    let (first, count) = (
        number("ROLEBOOK_SEED", 1),
        number("ROLEBOOK_SEQUENCES", 300),
    );
    let mut tally = Tally::default();
    let mut reports = BTreeMap::new();
    for seed in first..first + count {
        let steps = sequence(seed, &mut tally);
        let found = compare::first_disagreement(&steps, |step| step % 10 == 9);
        if let Some(found) = found.filter(|found| !reports.contains_key(&found.signature)) {
            let report = report(seed, &steps, &found);
            println!("{report}");
            reports.insert(found.signature, report);
        }
    }
    if std::env::var("ROLEBOOK_TALLY").is_ok() {
        tally.print();
        println!("never refused with: {:?}", tally.missing());
    }
    assert!(
        reports.is_empty(),
        "kinds of disagreement: {:#?}",
        reports.keys()
    );
}

/// Random sequences of commands keep every promise that is not about what somebody may do.
#[test]
fn every_sequence_keeps_the_promises() {
    let (first, count) = (
        number("ROLEBOOK_SEED", 1_000_001),
        number("ROLEBOOK_SEQUENCES", 100),
    );
    for seed in first..first + count {
        promises::hold(&sequence(seed, &mut Tally::default()));
    }
}

/// A state or a log that somebody changed is refused, or means what it says: every rule holds, and it
/// answers as the model of it does.
#[test]
fn what_was_tampered_with_is_refused_or_means_what_it_says() {
    let (first, count) = (
        number("ROLEBOOK_SEED", 2_000_001),
        number("ROLEBOOK_SEQUENCES", 10),
    );
    let mut taken = 0;
    for seed in first..first + count {
        let steps = sequence(seed, &mut Tally::default());
        taken += tamper::tamper(&steps, &mut random::Random::new(seed));
    }
    assert!(taken > 0, "some changes make another organisation");
}

fn report(seed: u64, steps: &[Step], found: &compare::Disagreement) -> String {
    let (steps, last) = shrink::shrink(steps, found);
    let lines: Vec<String> = steps.iter().map(ToString::to_string).collect();
    let (signature, details) = (&last.signature, &last.details);
    format!(
        "\nseed {seed}: {signature}\n{}\n{details}\n",
        lines.join("\n")
    )
}

/// Every scenario file in the directory that `ROLEBOOK_SCENARIOS` names holds for the model.
#[test]
fn the_model_passes_the_scenario_files() {
    let Ok(directory) = std::env::var("ROLEBOOK_SCENARIOS") else {
        return;
    };
    let mut failed = 0;
    for entry in std::fs::read_dir(directory).unwrap() {
        let file = entry.unwrap().path();
        for failure in scenario::run(&file) {
            println!("{}: {failure}", file.display());
            failed += 1;
        }
    }
    assert_eq!(failed, 0, "steps that did not hold");
}
