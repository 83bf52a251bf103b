//! What a role is to be: `levels` or `permissions` or both, a ceiling, a scope.

use super::super::format_error::FormatError;
use super::super::json::Json;
use super::super::names::Names;
use super::fields::{Fields, Read};
use super::value::{permissions, resource, set, text, word};
use crate::command::RoleDefinition;
use crate::permission::{Levels, PermissionSet};
use crate::role::Scope;

pub(super) fn definition(fields: &mut Fields<'_>) -> Read<RoleDefinition> {
    Ok(RoleDefinition {
        name: fields.required("name", text)?,
        description: fields.defaulted("description", text)?,
        defaults: defaults(fields)?,
        ceiling: fields.optional("ceiling", permissions)?,
        scope: fields.required("scope", scope)?,
    })
}

/// The union of `levels` and `permissions`, of which at least one is given.
fn defaults(fields: &mut Fields<'_>) -> Read<PermissionSet> {
    let levels = fields.optional("levels", levels)?;
    let listed = fields.optional("permissions", permissions)?;
    if levels.is_none() && listed.is_none() {
        return Err(fields.missing("permissions"));
    }
    let levels = levels.unwrap_or_default();
    Ok(levels.permissions().union(listed.unwrap_or_default()))
}

fn levels(value: Json, names: &mut Names) -> Read<Levels> {
    let mut fields = Fields::of(value, names)?;
    let levels = Levels {
        model: fields.defaulted("model", word)?,
        version: fields.defaulted("version", word)?,
        framework: fields.defaulted("framework", word)?,
    };
    fields.finish()?;
    Ok(levels)
}

fn scope(value: Json, names: &mut Names) -> Read<Scope> {
    match value {
        Json::Text(word) if word == "all" => Ok(Scope::All),
        Json::Text(word) if word == "granted" => Ok(Scope::Granted),
        Json::List(_) => set(resource)(value, names).map(Scope::Selected),
        other => Err(FormatError::unexpected(
            "all, granted or a list of resources",
            other,
        )),
    }
}
