//! What is wrong with a scenario file.

use std::fmt;

/// A file, or a step of it, that does not follow the format: which key, and what is wrong there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormatError {
    /// The key, with the way to it: `commands[1].email`. Empty where it is the whole.
    pub key: String,
    /// What is wrong there.
    pub fault: Fault,
}

/// What is wrong with a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The text is no JSON.
    NotJson {
        /// What the JSON parser says.
        message: String,
    },
    /// The object gives the key twice.
    Repeated,
    /// The format does not have the key here.
    Unknown,
    /// The key must be given.
    Missing {
        /// A key that is given instead, which the format does not have anywhere.
        unknown: Option<String>,
    },
    /// The key cannot stand beside another.
    Beside {
        /// The other.
        other: &'static str,
    },
    /// The value is not what the format has here.
    Unexpected {
        /// What the format has here.
        expected: String,
        /// What is written.
        found: String,
    },
}

impl std::error::Error for FormatError {}

impl FormatError {
    pub(super) fn unexpected(expected: impl fmt::Display, found: impl fmt::Display) -> Self {
        Self {
            key: String::new(),
            fault: Fault::Unexpected {
                expected: expected.to_string(),
                found: found.to_string(),
            },
        }
    }

    pub(super) fn at(key: impl Into<String>, fault: Fault) -> Self {
        Self {
            key: key.into(),
            fault,
        }
    }

    /// The same where this word would do too.
    pub(super) fn or(mut self, word: &str) -> Self {
        if let Fault::Unexpected { expected, .. } = &mut self.fault {
            *expected = format!("{word} or {expected}");
        }
        self
    }

    /// The same, seen from outside: `outer` leads to where the error was found.
    pub(super) fn within(self, outer: &str) -> Self {
        let Self { key, fault } = self;
        let key = if key.is_empty() {
            outer.to_owned()
        } else if key.starts_with('[') {
            format!("{outer}{key}")
        } else {
            format!("{outer}.{key}")
        };
        Self { key, fault }
    }
}

impl fmt::Display for FormatError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = &self.key;
        match &self.fault {
            Fault::NotJson { message } => write!(formatter, "not JSON: {message}"),
            Fault::Repeated => write!(formatter, "key {key:?} is given twice"),
            Fault::Unknown => write!(formatter, "unknown key {key:?}"),
            Fault::Missing { unknown: None } => write!(formatter, "missing key {key:?}"),
            Fault::Missing { unknown: Some(one) } => {
                write!(formatter, "missing key {key:?}, unknown key {one:?}")
            }
            Fault::Beside { other } => {
                write!(formatter, "key {key:?} cannot stand beside {other:?}")
            }
            Fault::Unexpected { expected, found } if key.is_empty() => {
                write!(formatter, "expected {expected}, found {found}")
            }
            Fault::Unexpected { expected, found } => {
                write!(formatter, "key {key:?}: expected {expected}, found {found}")
            }
        }
    }
}
