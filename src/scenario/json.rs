//! JSON as it was written: a key that an object gives twice is not lost.

use std::fmt;

use indexmap::IndexMap;
use serde::de::{self, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// A JSON value. Of numbers, only whole ones from 0 are of use here.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Json {
    Null,
    Flag(bool),
    Whole(u64),
    /// Any other number, as text.
    Number(String),
    Text(String),
    List(Vec<Json>),
    Object(Object),
}

/// The members of a JSON object, and the first key that it gives twice.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Object {
    pub(super) members: IndexMap<String, Json>,
    pub(super) repeated: Option<String>,
}

impl fmt::Display for Json {
    /// A word for what it is, on one line and short.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => formatter.write_str("null"),
            Self::Flag(flag) => write!(formatter, "{flag}"),
            Self::Whole(number) => write!(formatter, "{number}"),
            Self::Number(number) => formatter.write_str(number),
            Self::Text(text) => write!(formatter, "{text:?}"),
            Self::List(items) => write!(formatter, "a list of {}", items.len()),
            Self::Object(_) => formatter.write_str("an object"),
        }
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonVisitor)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Json;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E: de::Error>(self, flag: bool) -> Result<Json, E> {
        Ok(Json::Flag(flag))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Json, E> {
        Ok(Json::Whole(number))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Json, E> {
        Ok(u64::try_from(number).map_or_else(|_| Json::Number(number.to_string()), Json::Whole))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Json, E> {
        Ok(Json::Number(format!("{number:?}")))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Json, E> {
        Ok(Json::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Json::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let mut object = Object::default();
        while let Some((key, value)) = access.next_entry::<String, Json>()? {
            if object.members.contains_key(&key) {
                object.repeated.get_or_insert(key);
            } else {
                object.members.insert(key, value);
            }
        }
        Ok(Json::Object(object))
    }
}
