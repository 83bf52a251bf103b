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

#[path = "agreement/scenario.rs"]
mod scenario;

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
