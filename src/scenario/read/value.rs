//! Single values: words, names, times, permissions, lists of them.

use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

use serde::Deserialize;
use serde::de;
use serde::de::value::StrDeserializer;

use super::super::START;
use super::super::format_error::FormatError;
use super::super::json::Json;
use super::super::names::{Named, Names, NotAName};
use super::fields::Read;
use crate::invitation::{Token, TokenDigest};
use crate::permission::{Permission, PermissionSet};
use crate::refusal::Refusal;
use crate::resource::Resource;
use crate::subject::Subject;
use crate::time::Timestamp;

impl From<NotAName> for FormatError {
    fn from(error: NotAName) -> Self {
        Self::unexpected(error.expected, format_args!("{:?}", error.text))
    }
}

pub(super) fn text(value: Json, _: &mut Names) -> Read<String> {
    match value {
        Json::Text(text) => Ok(text),
        other => Err(FormatError::unexpected("text", other)),
    }
}

pub(super) fn flag(value: Json, _: &mut Names) -> Read<bool> {
    match value {
        Json::Flag(flag) => Ok(flag),
        other => Err(FormatError::unexpected("true or false", other)),
    }
}

/// A key that says something by standing there: its one value is `only`.
pub(super) fn only(only: bool) -> impl Fn(Json, &mut Names) -> Read<()> {
    move |value, _| match value {
        Json::Flag(flag) if flag == only => Ok(()),
        other => Err(FormatError::unexpected(only, other)),
    }
}

pub(super) fn whole(value: Json, _: &mut Names) -> Read<u64> {
    match value {
        Json::Whole(number) => Ok(number),
        other => Err(FormatError::unexpected("a whole number from 0", other)),
    }
}

pub(super) fn count(value: Json, names: &mut Names) -> Read<u32> {
    let number = whole(value, names)?;
    let too_large = |_| FormatError::unexpected("a whole number below 2^32", number);
    u32::try_from(number).map_err(too_large)
}

pub(super) fn seconds(value: Json, names: &mut Names) -> Read<Duration> {
    whole(value, names).map(Duration::from_secs)
}

/// A moment, written in seconds since the start of the scenario.
pub(super) fn moment(value: Json, names: &mut Names) -> Read<Timestamp> {
    let since_start = seconds(value, names)?;
    START.checked_add(since_start).ok_or_else(|| {
        let expected = "seconds that end before the end of time";
        FormatError::unexpected(expected, since_start.as_secs())
    })
}

pub(super) fn id<I: Named>(value: Json, names: &mut Names) -> Read<I> {
    let name = text(value, names)?;
    Ok(names.learn(&name)?)
}

/// A name for which the id is not asked.
pub(super) fn name<I: Named>(value: Json, names: &mut Names) -> Read<String> {
    let name = text(value, names)?;
    names.learn::<I>(&name)?;
    Ok(name)
}

pub(super) fn token(value: Json, names: &mut Names) -> Read<Token> {
    let name = text(value, names)?;
    Ok(Names::token(&name)?)
}

pub(super) fn digest(value: Json, names: &mut Names) -> Read<TokenDigest> {
    token(value, names).map(|token| token.digest())
}

pub(super) fn resource(value: Json, names: &mut Names) -> Read<Resource> {
    let name = text(value, names)?;
    Ok(names.learn_resource(&name)?)
}

pub(super) fn resource_name(value: Json, names: &mut Names) -> Read<String> {
    resource(value, names).map(|resource| names.resource(resource))
}

pub(super) fn subject(value: Json, names: &mut Names) -> Read<Subject> {
    let name = text(value, names)?;
    Ok(names.learn_subject(&name)?)
}

pub(super) fn permission(value: Json, names: &mut Names) -> Read<Permission> {
    let name = text(value, names)?;
    let unknown = |_| FormatError::unexpected("a permission", format_args!("{name:?}"));
    name.parse().map_err(unknown)
}

pub(super) fn permission_name(value: Json, names: &mut Names) -> Read<String> {
    permission(value, names).map(|permission| permission.name().to_owned())
}

pub(super) fn permissions(value: Json, names: &mut Names) -> Read<PermissionSet> {
    let listed: Vec<Permission> = list(permission)(value, names)?;
    Ok(listed.into_iter().collect())
}

/// A word that the library has as the serialised form of a type.
pub(super) fn word<T: for<'de> Deserialize<'de>>(value: Json, names: &mut Names) -> Read<T> {
    let word = text(value, names)?;
    let unknown = |NotAWord(expected)| FormatError::unexpected(expected, format_args!("{word:?}"));
    T::deserialize(StrDeserializer::new(&word)).map_err(unknown)
}

/// The error of a word that a type does not have: what it has.
#[derive(Debug, thiserror::Error)]
#[error("expected {0}")]
struct NotAWord(String);

impl de::Error for NotAWord {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Self(format!("one of {}", expected.join(", ")))
    }
}

/// The code of a refusal.
pub(super) fn code(value: Json, names: &mut Names) -> Read<&'static str> {
    let word = text(value, names)?;
    let code = Refusal::CODES.iter().copied().find(|code| *code == word);
    let unknown = || FormatError::unexpected("the code of a refusal", format_args!("{word:?}"));
    code.ok_or_else(unknown)
}

/// A list, each item read in the same way.
pub(super) fn list<T, L: FromIterator<T>>(
    read: impl Fn(Json, &mut Names) -> Read<T>,
) -> impl Fn(Json, &mut Names) -> Read<L> {
    move |value, names| {
        let Json::List(items) = value else {
            return Err(FormatError::unexpected("a list", value));
        };
        let items = items.into_iter().enumerate();
        let read_one = |(index, item)| {
            let within = |error: FormatError| error.within(&format!("[{index}]"));
            read(item, names).map_err(within)
        };
        items.map(read_one).collect()
    }
}

pub(super) fn set<T: Ord>(
    read: impl Fn(Json, &mut Names) -> Read<T>,
) -> impl Fn(Json, &mut Names) -> Read<BTreeSet<T>> {
    list(read)
}
