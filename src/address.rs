//! E-mail addresses and the domains an organisation allows.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// An e-mail address, shown as typed and compared by ASCII-folding, nothing else.
///
/// No Unicode folding and no stripping of `+tag`: two addresses that a mail server may tell apart
/// stay two.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress(Box<str>);

/// The error of text that is not an e-mail address as the library reads them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an e-mail address: {0:?}")]
pub struct InvalidEmail(pub String);

impl EmailAddress {
    const LONGEST: usize = 254;
    const LONGEST_LOCAL_PART: usize = 64;

    /// The address as it was typed, trimmed of ASCII white space.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form by which addresses are compared.
    #[must_use]
    pub fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    /// Whether the two are the same address but for ASCII case.
    #[must_use]
    pub fn is_same_mailbox(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }

    /// The part behind the `@`, as typed.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.0.split_once('@').map_or("", |(_, domain)| domain)
    }
}

fn is_ascii_white_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\x0c' | '\r')
}

fn is_local_part(local: &str) -> bool {
    let characters = local
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && byte != b'"');
    characters && (1..=EmailAddress::LONGEST_LOCAL_PART).contains(&local.len())
}

fn is_label(label: &str) -> bool {
    let characters = label
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let inner_hyphens = !label.starts_with('-') && !label.ends_with('-');
    characters && inner_hyphens && (1..=63).contains(&label.len())
}

fn is_domain(domain: &str) -> bool {
    domain.contains('.') && domain.split('.').all(is_label)
}

impl FromStr for EmailAddress {
    type Err = InvalidEmail;

    fn from_str(text: &str) -> Result<Self, InvalidEmail> {
        let invalid = || InvalidEmail(text.to_owned());
        let trimmed = text.trim_matches(is_ascii_white_space);
        let (local, domain) = trimmed.split_once('@').ok_or_else(invalid)?;
        if trimmed.len() <= Self::LONGEST && is_local_part(local) && is_domain(domain) {
            return Ok(Self(trimmed.into()));
        }
        Err(invalid())
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = InvalidEmail;

    /// Reads the stored form: an address that would still be trimmed is refused.
    fn try_from(text: String) -> Result<Self, InvalidEmail> {
        let address: Self = text.parse()?;
        if address.as_str() == text {
            Ok(address)
        } else {
            Err(InvalidEmail(text))
        }
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> Self {
        address.0.into()
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.0)
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, formatter)
    }
}

/// An entry of the list of allowed domains: an exact domain, or `*.example.com` for its sub-domains.
///
/// A wildcard stands for any depth of sub-domains and not for the domain itself; matching is on
/// label borders and folds ASCII case. Stored folded.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DomainPattern(Box<str>);

/// The error of text that is neither a domain nor `*.` and a domain.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("neither a domain nor `*.` and a domain: {0:?}")]
pub struct InvalidDomain(pub String);

impl DomainPattern {
    /// The pattern, in lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the domain of this address is one that the pattern stands for.
    #[must_use]
    pub fn matches(&self, address: &EmailAddress) -> bool {
        let domain = address.domain().to_ascii_lowercase();
        match self.0.strip_prefix('*') {
            Some(suffix) => domain.ends_with(suffix),
            None => *domain == *self.0,
        }
    }
}

impl FromStr for DomainPattern {
    type Err = InvalidDomain;

    fn from_str(text: &str) -> Result<Self, InvalidDomain> {
        let domain = text.strip_prefix("*.").unwrap_or(text);
        if is_domain(domain) {
            Ok(Self(text.to_ascii_lowercase().into()))
        } else {
            Err(InvalidDomain(text.to_owned()))
        }
    }
}

impl TryFrom<String> for DomainPattern {
    type Error = InvalidDomain;

    fn try_from(text: String) -> Result<Self, InvalidDomain> {
        let pattern: Self = text.parse()?;
        if pattern.as_str() == text {
            Ok(pattern)
        } else {
            Err(InvalidDomain(text))
        }
    }
}

impl From<DomainPattern> for String {
    fn from(pattern: DomainPattern) -> Self {
        pattern.0.into()
    }
}

impl fmt::Display for DomainPattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_addresses() {
        let [label, long] = ["d".repeat(62), "d".repeat(63)];
        let longest = format!("{}@{label}.{label}.{long}", "l".repeat(64));
        assert_eq!(longest.len(), 254);
        for good in [
            "a@b.c",
            " Rita+tag@ACME.test\r\n",
            "..@x-y.z9",
            "a!#$%@b.co",
            &longest,
        ] {
            assert!(good.parse::<EmailAddress>().is_ok(), "{good:?}");
        }
    }

    #[test]
    fn refuses_what_is_none() {
        let long_local = format!("{}@b.c", "l".repeat(65));
        let too_long = format!(
            "{}@{}.{}.{}",
            "l".repeat(64),
            "d".repeat(62),
            "d".repeat(63),
            "d".repeat(63)
        );
        let long_label = format!("a@{}.c", "d".repeat(64));
        for bad in [
            "",
            "a",
            "@b.c",
            "a@",
            "a@b",
            "a@b.",
            "a@.b",
            "a@-b.c",
            "a@b-.c",
            "a@b..c",
            "a@b@c.d",
            "a b@c.d",
            "\"a\"@b.c",
            "ä@b.c",
            "a@ä.c",
            "a\u{7f}@b.c",
            "a@b_c.d",
            "\u{a0}a@b.c",
            "\x0ba@b.c",
            &long_local,
            &long_label,
            &too_long,
        ] {
            assert!(bad.parse::<EmailAddress>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn compares_by_ascii_case_alone() {
        let address = |text: &str| text.parse::<EmailAddress>().unwrap();
        assert!(address("Rita@ACME.test").is_same_mailbox(&address("rita@acme.TEST")));
        assert!(!address("rita+x@acme.test").is_same_mailbox(&address("rita@acme.test")));
    }

    #[test]
    fn matches_on_label_borders() {
        let matches = |pattern: &str, address: &str| {
            pattern
                .parse::<DomainPattern>()
                .unwrap()
                .matches(&address.parse().unwrap())
        };
        assert!(matches("Acme.test", "a@ACME.test"));
        assert!(!matches("acme.test", "a@evilacme.test"));
        assert!(!matches("acme.test", "a@x.acme.test"));
        assert!(matches("*.acme.test", "a@x.acme.test"));
        assert!(matches("*.acme.test", "a@x.y.acme.test"));
        assert!(!matches("*.acme.test", "a@acme.test"));
        assert!(!matches("*.acme.test", "a@evilacme.test"));
        for bad in [
            "",
            "*",
            "*.",
            "test",
            "*.test",
            "a.*.test",
            "**.acme.test",
            " acme.test",
            "a@b.c",
        ] {
            assert!(bad.parse::<DomainPattern>().is_err(), "{bad:?}");
        }
    }
}
