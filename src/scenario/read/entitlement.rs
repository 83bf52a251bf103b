//! Commands on grants and restrictions.

use super::fields::{Fields, Read};
use super::value::{flag, id, moment, permissions, resource, subject};
use crate::command::{Command, GrantRequest};

/// The command of this word, if it is one of these.
pub(super) fn command(word: &str, it: &mut Fields<'_>) -> Read<Option<Command>> {
    Ok(Some(match word {
        "grant" => Command::Grant(grant(it)?),
        "revoke" => Command::Revoke {
            from: it.required("from", subject)?,
            on: it.required("on", resource)?,
        },
        "restrict" => Command::Restrict {
            from: it.required("from", subject)?,
            on: it.required("on", resource)?,
            permissions: it.required("permissions", permissions)?,
        },
        "unrestrict" => Command::Unrestrict {
            from: it.required("from", subject)?,
            on: it.required("on", resource)?,
        },
        _ => return Ok(None),
    }))
}

fn grant(it: &mut Fields<'_>) -> Read<GrantRequest> {
    Ok(GrantRequest {
        to: it.required("to", subject)?,
        on: it.required("on", resource)?,
        role: it.optional("role", id)?,
        extend: it.defaulted("extend", permissions)?,
        narrow: it.defaulted("narrow", permissions)?,
        cascade: it.optional("cascade", flag)?.unwrap_or(true),
        expires_at: it.optional("expires_at", moment)?,
    })
}
