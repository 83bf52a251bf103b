//! What came of a scenario file.

use std::fmt;

use super::format_error::FormatError;

/// What came of a scenario file: how many steps it has, and which of them did not hold.
///
/// Displayed, it is one line per failed step: file, step, what was expected, what came.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Report {
    /// The name of the file, as it was given.
    pub name: String,
    /// The title of the scenario; empty where the file does not follow the format.
    pub title: String,
    /// How many steps there are.
    pub steps: usize,
    /// The steps that failed, in the order of the file.
    pub failures: Vec<Failure>,
}

/// A step that did not hold, or a file that is no scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The number of the step, from 1; `None` where the file as a whole is no scenario.
    pub step: Option<usize>,
    /// What is wrong.
    pub problem: Problem,
}

/// What is wrong with a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// It does not follow the format.
    Format(FormatError),
    /// It gave something else than it must.
    Mismatch(Mismatch),
}

/// A step that gave something else than it must.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// What the step does: `grant by ada`.
    pub what: String,
    /// What it must give.
    pub expected: String,
    /// What it gave.
    pub came: String,
    /// For a check: what reaches the user there, from each source.
    pub why: Option<String>,
}

impl Report {
    /// Whether the file is a scenario and every step of it held.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.failures.is_empty()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for failure in &self.failures {
            writeln!(formatter, "{}: {failure}", self.name)?;
        }
        Ok(())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(step) = self.step {
            write!(formatter, "step {step}: ")?;
        }
        match &self.problem {
            Problem::Format(error) => write!(formatter, "{error}"),
            Problem::Mismatch(mismatch) => write!(formatter, "{mismatch}"),
        }
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            what,
            expected,
            came,
            why,
        } = self;
        write!(formatter, "{what}: expected {expected}, came {came}")?;
        match why {
            Some(why) => write!(formatter, "; {why}"),
            None => Ok(()),
        }
    }
}
