//! Names of roles, groups, services and organisations.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A name: 1 to 64 characters without control characters, trimmed of white space.
///
/// White space is Unicode `White_Space`, control characters are Unicode `Cc`, length counts code
/// points of the trimmed form, which is what is stored.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Name(Box<str>);

/// The error of a name that is empty, longer than 64 characters or holds a control character.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a name has 1 to 64 characters and no control characters: {0:?}")]
pub struct InvalidName(pub String);

impl Name {
    const LONGEST: usize = 64;

    /// The name as it was typed, trimmed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form by which names are compared: inner white space collapsed to one space, ASCII folded.
    #[must_use]
    pub fn folded(&self) -> String {
        let words: Vec<_> = self.0.split_whitespace().collect();
        words.join(" ").to_ascii_lowercase()
    }
}

impl FromStr for Name {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, InvalidName> {
        let trimmed = text.trim();
        let length = trimmed.chars().count();
        if length == 0 || length > Self::LONGEST || trimmed.chars().any(char::is_control) {
            return Err(InvalidName(text.to_owned()));
        }
        Ok(Self(trimmed.into()))
    }
}

impl TryFrom<String> for Name {
    type Error = InvalidName;

    /// Reads the stored form: a name that would still be trimmed is refused.
    fn try_from(text: String) -> Result<Self, InvalidName> {
        let name: Self = text.parse()?;
        if name.as_str() == text {
            Ok(name)
        } else {
            Err(InvalidName(text))
        }
    }
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        name.0.into()
    }
}

impl fmt::Display for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.0)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn valid(text: &str, stored: &str) {
        assert_eq!(text.parse::<Name>().unwrap().as_str(), stored);
    }

    #[test]
    fn trims_then_judges() {
        valid(" Maker ", "Maker");
        valid("\u{a0}\u{2003}M\u{85}", "M");
        valid(&"ä".repeat(64), &"ä".repeat(64));
        for bad in ["", " \t ", "a\tb", "a\u{85}b", &"x".repeat(65)] {
            assert!(bad.parse::<Name>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn folds_white_space_and_ascii_only() {
        let folded = |text: &str| text.parse::<Name>().unwrap().folded();
        assert_eq!(folded(" Data  \u{2003} ARCHITECT"), "data architect");
        assert_ne!(folded("Ä"), folded("ä"));
    }

    #[test]
    fn an_untrimmed_stored_name_is_refused() {
        assert!(serde_json::from_str::<Name>("\" a\"").is_err());
        assert_eq!(serde_json::from_str::<Name>("\"a\"").unwrap().as_str(), "a");
    }
}
