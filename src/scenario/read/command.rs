//! Commands: the word after `do`, and its fields.

use super::super::format_error::FormatError;
use super::super::json::Json;
use super::super::names::Names;
use super::super::step::Order;
use super::fields::{Fields, Read};
use super::value::{flag, id, list, text};
use super::{entitlement, invitation, member, organisation};
use crate::command::{Actor, Command, SignIn};
use crate::settings::SignInProof;

/// A command and who gives it.
pub(super) fn order(fields: &mut Fields<'_>) -> Read<Order> {
    let word = fields.required("do", text)?;
    let command = command(&word, fields)?;
    let actor = match command {
        Command::Accept { .. } | Command::Decline { .. } => Actor::Invitee,
        _ => fields.optional("as", actor)?.unwrap_or(Actor::Operator),
    };
    Ok(Order {
        word,
        actor,
        command,
    })
}

fn actor(value: Json, names: &mut Names) -> Read<Actor> {
    match value {
        Json::Text(word) if word == "operator" => Ok(Actor::Operator),
        Json::Text(_) => id(value, names).map(SignIn::new).map(Actor::User),
        Json::Object(_) => {
            let mut fields = Fields::of(value, names)?;
            let sign_in = sign_in(&mut fields, "user")?;
            fields.finish()?;
            Ok(Actor::User(sign_in))
        }
        other => Err(FormatError::unexpected(
            "operator, a user or an object",
            other,
        )),
    }
}

/// A user under `key`, with `role`, `sso` and `mfa` beside it.
pub(super) fn sign_in(fields: &mut Fields<'_>, key: &str) -> Read<SignIn> {
    Ok(SignIn {
        user: fields.required(key, id)?,
        role: fields.optional("role", id)?,
        proof: SignInProof {
            sso: fields.defaulted("sso", flag)?,
            mfa: fields.defaulted("mfa", flag)?,
        },
    })
}

/// The command of this word, with its fields.
fn command(word: &str, fields: &mut Fields<'_>) -> Read<Command> {
    if word == "batch" {
        let commands = fields.required("commands", list(part))?;
        return Ok(Command::Batch { commands });
    }
    let families = [
        organisation::command,
        member::command,
        entitlement::command,
        invitation::command,
    ];
    for family in families {
        if let Some(command) = family(word, fields)? {
            return Ok(command);
        }
    }
    let found = format!("{word:?}");
    Err(FormatError::unexpected("a command", found).within("do"))
}

/// A part of a batch: a command without actor, time or expectation.
fn part(value: Json, names: &mut Names) -> Read<Command> {
    let mut fields = Fields::of(value, names)?;
    let word = fields.required("do", text)?;
    let command = command(&word, &mut fields)?;
    fields.finish()?;
    Ok(command)
}
