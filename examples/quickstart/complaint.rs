//! Why a question cannot be answered.

use std::fmt;
use std::path::PathBuf;

use rolebook::scenario::Report;

/// Why a question cannot be answered: what is wrong, and what there is instead.
#[derive(Debug)]
pub(crate) enum Complaint {
    /// A file cannot be read or written.
    File {
        file: PathBuf,
        error: std::io::Error,
    },
    /// The file of the organisation is no scenario that holds.
    Broken(Report),
    /// A name that nothing bears.
    Unknown {
        what: &'static str,
        name: String,
        known: Vec<String>,
    },
    /// A text that is no name.
    Unclear { message: String },
}

impl fmt::Display for Complaint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { file, error } => {
                write!(formatter, "error: {}: {error}", file.display())
            }
            Self::Broken(report) => {
                let failures = report.failures.len();
                let steps = if failures == 1 { "step" } else { "steps" };
                write!(formatter, "error: {failures} {steps} failed\n{report}")
            }
            Self::Unknown { what, name, known } => {
                write!(formatter, "error: there is no {what} called {name:?}")?;
                match known.as_slice() {
                    [] => write!(formatter, ", nor any other yet"),
                    known => write!(formatter, "\nthere are: {}", known.join(", ")),
                }
            }
            Self::Unclear { message } => write!(formatter, "error: {message}"),
        }
    }
}
