//! Runs scenario files: `cargo run --features scenario --example scenario -- FILE...`.
//!
//! One line per failed step and a summary line; the exit code is 0 only if every step of every file
//! held.

use std::env;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use rolebook::scenario;

fn main() -> ExitCode {
    let files: Vec<_> = env::args_os().skip(1).collect();
    if files.is_empty() {
        eprintln!("usage: scenario FILE...");
        return ExitCode::from(2);
    }
    let (mut steps, mut failures) = (0_usize, 0_usize);
    for file in &files {
        let outcome = run(Path::new(file));
        print!("{}", outcome.lines);
        steps = steps.saturating_add(outcome.steps);
        failures = failures.saturating_add(outcome.failures);
    }
    println!("{} files, {steps} steps, {failures} failed", files.len());
    if failures == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

struct Outcome {
    lines: String,
    steps: usize,
    failures: usize,
}

fn run(file: &Path) -> Outcome {
    match fs::read_to_string(file) {
        Ok(text) => {
            let report = scenario::run(&file.display().to_string(), &text);
            Outcome {
                lines: report.to_string(),
                steps: report.steps,
                failures: report.failures.len(),
            }
        }
        Err(error) => Outcome {
            lines: format!("{}: {error}\n", file.display()),
            steps: 0,
            failures: 1,
        },
    }
}
