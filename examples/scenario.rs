//! Runs scenario files: `cargo run --features scenario --example scenario -- FILE...`.
//!
//! One line per failed step and a summary line; the exit code is 0 only if every step of every file
//! held.

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

use rolebook::scenario;

fn main() -> ExitCode {
    let files: Vec<_> = env::args_os().skip(1).collect();
    if files.is_empty() {
        eprintln!("usage: scenario FILE...");
        return ExitCode::from(2);
    }
    let outcomes = files.iter().map(|file| run(Path::new(file)));
    match print(&mut io::stdout().lock(), outcomes) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) | Err(_) => ExitCode::FAILURE,
    }
}

/// What came of a file.
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

/// Prints the failures of each file as it comes, then the summary; whether there was none.
fn print(out: &mut impl Write, outcomes: impl Iterator<Item = Outcome>) -> io::Result<bool> {
    let (mut files, mut steps, mut failures) = (0_usize, 0_usize, 0_usize);
    for outcome in outcomes {
        write!(out, "{}", outcome.lines)?;
        files = files.saturating_add(1);
        steps = steps.saturating_add(outcome.steps);
        failures = failures.saturating_add(outcome.failures);
    }
    writeln!(out, "{files} files, {steps} steps, {failures} failed")?;
    Ok(failures == 0)
}
