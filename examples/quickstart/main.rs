//! A tour of an organisation, and answers to questions about it.
//!
//! ```text
//! cargo run --features scenario --example quickstart
//! cargo run --features scenario --example quickstart -- rita version.update version:churn-1
//! ```
//!
//! The organisation is a scenario file, `examples/acme.json` unless `--file` names another.

mod arguments;
mod ask;
mod complaint;
mod grid;
mod matrix;
mod organisation;
mod table;
mod tour;

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::Parser as _;

use arguments::Arguments;
use complaint::Complaint;
use organisation::Organisation;

/// 0 on an answer, whatever it says; 2 where the question cannot be answered.
fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let organisation = Organisation::load(&arguments.file);
    let answer = organisation.and_then(|it| answer(&it, &arguments));
    match answer {
        Ok(text) => print(&text),
        Err(complaint) => {
            eprintln!("{complaint}");
            ExitCode::from(2)
        }
    }
}

fn answer(organisation: &Organisation, arguments: &Arguments) -> Result<String, Complaint> {
    let question = &arguments.question;
    match question.words() {
        Some(words) => ask::answer(organisation, words, &question.session),
        None => Ok(tour::text(organisation)),
    }
}

/// Prints a text. A reader who has seen enough, like `head`, is no failure.
fn print(text: &str) -> ExitCode {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => ExitCode::FAILURE,
        _ => ExitCode::SUCCESS,
    }
}
