//! A tour of an organisation, and answers to questions about it.
//!
//! ```text
//! cargo run --features scenario --example quickstart
//! cargo run --features scenario --example quickstart -- rita version.update version:churn-1
//! cargo run --features scenario --example quickstart -- help
//! ```
//!
//! The organisation is a scenario file, `examples/acme.json` unless `--file` names another. Each
//! subcommand is a file of its own.

mod answer;
mod arguments;
mod cell;
mod complaint;
mod explain;
mod grid;
mod history;
mod lookup;
mod matrix;
mod named_json;
mod organisation;
mod preview;
mod review;
mod svg;
mod table;
mod tour;
mod what_can;
mod who_can;

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::Parser as _;

use answer::Answer;
use arguments::{Arguments, Subcommand};
use complaint::Complaint;
use organisation::Organisation;

/// 0 on an answer, whatever it says; 2 where the question cannot be answered.
fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let organisation = Organisation::load(&arguments.file)
        .and_then(|it| it.seen_at(arguments.revision, arguments.at));
    match organisation.and_then(|it| answer(&it, &arguments)) {
        Ok(answer) if arguments.json => print(&answer.json),
        Ok(answer) => print(&answer.text),
        Err(complaint) => {
            eprintln!("{complaint}");
            ExitCode::from(2)
        }
    }
}

fn answer(organisation: &Organisation, arguments: &Arguments) -> Result<Answer, Complaint> {
    use Subcommand as S;
    match &arguments.subcommand {
        Some(S::Explain(asked)) => explain::answer(organisation, asked),
        Some(S::WhoCan(asked)) => who_can::answer(organisation, asked),
        Some(S::WhatCan(asked)) => what_can::answer(organisation, asked),
        Some(S::Matrix(asked)) => matrix::answer(organisation, asked),
        Some(S::Preview(asked)) => preview::answer(organisation, asked),
        Some(S::Review(asked)) => review::answer(organisation, asked),
        Some(S::History(asked)) => history::answer(organisation, asked),
        None => match arguments.question() {
            Some(question) => explain::answer(organisation, &question),
            None => Ok(tour::answer(organisation)),
        },
    }
}

/// Prints a text. A reader who has seen enough, like `head`, is no failure.
fn print(text: &str) -> ExitCode {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => ExitCode::FAILURE,
        _ => ExitCode::SUCCESS,
    }
}
