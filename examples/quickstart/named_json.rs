//! JSON with names in place of ids, and back.

use rolebook::scenario::{Named, Names, NotAName};
use rolebook::{FrameworkId, GroupId, InvitationId, ModelId, RoleId, UserId, VersionId};
use serde_json::{Map, Value};

/// Names in place of every id that has one.
pub(crate) fn with_names(names: &Names, value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(name_of(names, text)),
        Value::Array(items) => {
            let items = items.into_iter().map(|it| with_names(names, it));
            items.collect()
        }
        Value::Object(members) => {
            let member = |(key, it)| (name_of(names, key), with_names(names, it));
            Value::Object(members.into_iter().map(member).collect())
        }
        other => other,
    }
}

/// Ids are digests of their kind and name, so that no two kinds share one.
fn name_of(names: &Names, text: String) -> String {
    fn named<I: Named + std::str::FromStr>(names: &Names, text: &str) -> Option<String> {
        let name = names.name(text.parse::<I>().ok()?);
        (name != text).then_some(name)
    }
    let name = named::<UserId>(names, &text)
        .or_else(|| named::<GroupId>(names, &text))
        .or_else(|| named::<RoleId>(names, &text))
        .or_else(|| named::<ModelId>(names, &text))
        .or_else(|| named::<VersionId>(names, &text))
        .or_else(|| named::<FrameworkId>(names, &text))
        .or_else(|| named::<InvitationId>(names, &text));
    name.unwrap_or(text)
}

/// Ids in place of the names of a serialised command; the key says of what kind a name is. The names
/// are remembered.
pub(crate) fn with_ids(names: &mut Names, key: &str, value: Value) -> Result<Value, NotAName> {
    match value {
        Value::String(name) => Ok(Value::String(id_of(names, key, name)?)),
        Value::Array(items) => {
            let items = items.into_iter().map(|it| with_ids(names, key, it));
            Ok(Value::Array(items.collect::<Result<_, _>>()?))
        }
        Value::Object(members) => {
            let member = |(name, it): (String, Value)| match key {
                "seats" => Ok((id_of(names, "role", name)?, it)),
                _ => with_ids(names, &name, it).map(|it| (name, it)),
            };
            let members = members.into_iter().map(member);
            Ok(Value::Object(members.collect::<Result<Map<_, _>, _>>()?))
        }
        other => Ok(other),
    }
}

fn id_of(names: &mut Names, key: &str, name: String) -> Result<String, NotAName> {
    Ok(match key {
        "user" => names.learn::<UserId>(&name)?.to_string(),
        "group" | "groups" => names.learn::<GroupId>(&name)?.to_string(),
        "role" | "roles" | "replacement" | "from" => names.learn::<RoleId>(&name)?.to_string(),
        "model" => names.learn::<ModelId>(&name)?.to_string(),
        "version" => names.learn::<VersionId>(&name)?.to_string(),
        "framework" => names.learn::<FrameworkId>(&name)?.to_string(),
        "invitation" => names.learn::<InvitationId>(&name)?.to_string(),
        "token" => Names::token(&name)?.digest().to_string(),
        _ => name,
    })
}
