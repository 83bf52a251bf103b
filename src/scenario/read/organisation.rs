//! Commands on the organisation itself, its roles and its resources.

use super::super::json::Json;
use super::super::names::Names;
use super::definition::definition;
use super::fields::{Fields, Read};
use super::value::{count, digest, flag, id, list, resource, seconds, text};
use crate::command::Command;

/// The command of this word, if it is one of these.
pub(super) fn command(word: &str, it: &mut Fields<'_>) -> Read<Option<Command>> {
    Ok(Some(match word {
        "found" => Command::Found {
            name: it.required("name", text)?,
            first_admin: it.required("first_admin", text)?,
            invitation: it.required("invitation", id)?,
            token: it.required("token", digest)?,
        },
        "set_security" => Command::SetSecurity {
            require_sso: it.optional("require_sso", flag)?,
            require_mfa: it.optional("require_mfa", flag)?,
            allowed_domains: it.optional("allowed_domains", list(text))?,
            allow_external_admins: it.optional("allow_external_admins", flag)?,
        },
        "set_limits" => set_limits(it)?,
        "define_role" => Command::DefineRole {
            role: it.required("role", id)?,
            definition: definition(it)?,
        },
        "redefine_role" => Command::RedefineRole {
            role: it.required("role", id)?,
            definition: definition(it)?,
        },
        "clone_role" => Command::CloneRole {
            role: it.required("role", id)?,
            from: it.required("from", id)?,
            name: it.required("name", text)?,
        },
        "delete_role" => Command::DeleteRole {
            role: it.required("role", id)?,
            replacement: it.optional("replacement", id)?,
        },
        "register" => Command::Register {
            resource: it.required("resource", resource)?,
            parent: it.optional("parent", resource)?,
        },
        "unregister" => Command::Unregister {
            resource: it.required("resource", resource)?,
        },
        _ => return Ok(None),
    }))
}

fn set_limits(it: &mut Fields<'_>) -> Read<Command> {
    let seats = |value, names: &mut Names| {
        let seat = |role: &str, limit, names: &mut Names| {
            let role = names.learn(role)?;
            let lifted = limit == Json::Null;
            let limit = (!lifted).then(|| count(limit, names)).transpose()?;
            Ok((role, limit))
        };
        let seats = Fields::of(value, names)?.rest(seat)?;
        Ok(seats.into_iter().collect())
    };
    Ok(Command::SetLimits {
        seats: it.defaulted("seats", seats)?,
        open_invitations: it.optional("open_invitations", count)?,
        custom_roles: it.optional("custom_roles", count)?,
        resend_cooldown: it.optional("resend_cooldown", seconds)?,
    })
}
