//! The secret of an invitation and its digest.

use std::fmt;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The secret that an invitation is accepted with, made by the host from good randomness.
///
/// `Debug` shows nothing of it. The engine keeps its digest alone; it is serialised only as part of
/// an `accept` or `decline` command, which hosts treat as secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Token(Box<str>);

impl Token {
    /// The token of this text. Use at least 128 random bits.
    #[must_use]
    pub fn new(secret: impl Into<Box<str>>) -> Self {
        Self(secret.into())
    }

    /// Its SHA-256 digest: what commands that send an invitation carry, and what is stored.
    #[must_use]
    pub fn digest(&self) -> TokenDigest {
        TokenDigest(Sha256::digest(self.0.as_bytes()).into())
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Token(..)")
    }
}

/// The SHA-256 digest of a [`Token`], 64 hexadecimal digits in human-readable formats.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenDigest([u8; 32]);

impl TokenDigest {
    /// Whether it is the digest of this token, compared in constant time.
    #[must_use]
    pub fn is_of(&self, token: &Token) -> bool {
        self.is(&token.digest())
    }

    /// Whether it is the other one, compared in constant time.
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl fmt::Display for TokenDigest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl fmt::Debug for TokenDigest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("TokenDigest(..)")
    }
}

impl Serialize for TokenDigest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(self)
        } else {
            self.0.serialize(serializer)
        }
    }
}

impl<'de> Deserialize<'de> for TokenDigest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if !deserializer.is_human_readable() {
            return <[u8; 32]>::deserialize(deserializer).map(Self);
        }
        let text = String::deserialize(deserializer)?;
        parse_hexadecimal(&text)
            .map(Self)
            .ok_or_else(|| D::Error::custom("64 hexadecimal digits"))
    }
}

fn parse_hexadecimal(text: &str) -> Option<[u8; 32]> {
    let bytes: Option<Vec<u8>> = text.as_bytes().chunks(2).map(parse_byte).collect();
    bytes?.try_into().ok()
}

fn parse_byte(pair: &[u8]) -> Option<u8> {
    let [high, low] = *pair else {
        return None;
    };
    let digit = |byte| {
        char::from(byte)
            .to_digit(16)
            .and_then(|value| u8::try_from(value).ok())
    };
    Some(digit(high)? << 4 | digit(low)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_nothing_of_the_secret() {
        let token = Token::new("hunter2");
        assert_eq!(
            format!("{token:?} {:?}", token.digest()),
            "Token(..) TokenDigest(..)"
        );
    }

    #[test]
    fn knows_its_token() {
        let digest = Token::new("abc").digest();
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(digest.to_string(), expected);
        assert!(digest.is_of(&Token::new("abc")));
        assert!(!digest.is_of(&Token::new("abd")));
    }

    #[test]
    fn goes_through_both_formats() {
        let digest = Token::new("abc").digest();
        let json = serde_json::to_string(&digest).unwrap();
        assert_eq!(serde_json::from_str::<TokenDigest>(&json).unwrap(), digest);
        let bytes = postcard::to_stdvec(&digest).unwrap();
        assert_eq!(postcard::from_bytes::<TokenDigest>(&bytes).unwrap(), digest);
        for bad in ["\"\"", "\"abc\"", "\"zz\""] {
            assert!(serde_json::from_str::<TokenDigest>(bad).is_err());
        }
    }
}
