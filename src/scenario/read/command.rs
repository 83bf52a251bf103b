//! Commands: the word after `do`, and its fields.

use super::super::format_error::FormatError;
use super::super::json::Json;
use super::super::names::Names;
use super::fields::{Fields, Read};
use super::value::{
    count, digest, flag, id, list, moment, permissions, resource, seconds, set, subject, text,
    token, word,
};
use super::{Order, definition};
use crate::command::{Actor, Command, GrantRequest, InvitationRequest, SignIn};
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

fn command(word: &str, fields: &mut Fields<'_>) -> Read<Command> {
    let it = fields;
    Ok(match word {
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
            definition: definition::definition(it)?,
        },
        "redefine_role" => Command::RedefineRole {
            role: it.required("role", id)?,
            definition: definition::definition(it)?,
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
        "batch" => Command::Batch {
            commands: it.required("commands", list(part))?,
        },
        _ => return about_members(word, it),
    })
}

fn about_members(word: &str, it: &mut Fields<'_>) -> Read<Command> {
    Ok(match word {
        "assign_roles" => Command::AssignRoles {
            user: it.required("user", id)?,
            roles: it.required("roles", list(id))?,
        },
        "suspend" => Command::Suspend {
            user: it.required("user", id)?,
        },
        "reinstate" => Command::Reinstate {
            user: it.required("user", id)?,
        },
        "remove" => Command::Remove {
            user: it.required("user", id)?,
        },
        "leave" => Command::Leave,
        "add_service_user" => Command::AddServiceUser {
            user: it.required("user", id)?,
            name: it.required("name", text)?,
            roles: it.required("roles", list(id))?,
        },
        "change_email" => Command::ChangeEmail {
            user: it.required("user", id)?,
            email: it.required("email", text)?,
        },
        "create_group" => Command::CreateGroup {
            group: it.required("group", id)?,
            name: it.required("name", text)?,
            role: it.required("role", id)?,
        },
        "rename_group" => Command::RenameGroup {
            group: it.required("group", id)?,
            name: it.required("name", text)?,
        },
        "delete_group" => Command::DeleteGroup {
            group: it.required("group", id)?,
        },
        "add_to_group" => Command::AddToGroup {
            group: it.required("group", id)?,
            user: it.required("user", id)?,
        },
        "remove_from_group" => Command::RemoveFromGroup {
            group: it.required("group", id)?,
            user: it.required("user", id)?,
        },
        _ => return about_grants_and_invitations(word, it),
    })
}

fn about_grants_and_invitations(word: &str, it: &mut Fields<'_>) -> Read<Command> {
    Ok(match word {
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
        "invite" => Command::Invite(invitation(it)?),
        "invite_many" => Command::InviteMany {
            entries: it.required("entries", list(entry))?,
        },
        "resend" => Command::Resend {
            invitation: it.required("invitation", id)?,
            token: it.required("token", digest)?,
            ttl: it.optional("ttl", seconds)?,
        },
        "change_invitation" => Command::ChangeInvitation {
            invitation: it.required("invitation", id)?,
            roles: it.required("roles", list(id))?,
            groups: it.defaulted("groups", set(id))?,
        },
        "cancel_invitation" => Command::CancelInvitation {
            invitation: it.required("invitation", id)?,
        },
        "accept" => Command::Accept {
            invitation: it.required("invitation", id)?,
            token: it.required("token", token)?,
            user: it.required("user", id)?,
            email: it.required("email", text)?,
            affiliation: it.optional("affiliation", self::word)?,
        },
        "decline" => Command::Decline {
            invitation: it.required("invitation", id)?,
            token: it.required("token", token)?,
            email: it.required("email", text)?,
        },
        unknown => {
            let found = format!("{unknown:?}");
            return Err(FormatError::unexpected("a command", found).within("do"));
        }
    })
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

fn invitation(it: &mut Fields<'_>) -> Read<InvitationRequest> {
    Ok(InvitationRequest {
        invitation: it.required("invitation", id)?,
        email: it.required("email", text)?,
        roles: it.required("roles", list(id))?,
        groups: it.defaulted("groups", set(id))?,
        affiliation: it.defaulted("affiliation", word)?,
        token: it.required("token", digest)?,
        ttl: it.optional("ttl", seconds)?,
    })
}

/// An entry of `invite_many`: the fields of `invite`.
fn entry(value: Json, names: &mut Names) -> Read<InvitationRequest> {
    let mut fields = Fields::of(value, names)?;
    let request = invitation(&mut fields)?;
    fields.finish()?;
    Ok(request)
}

/// A part of a batch: a command without actor, time or expectation.
fn part(value: Json, names: &mut Names) -> Read<Command> {
    let mut fields = Fields::of(value, names)?;
    let word = fields.required("do", text)?;
    let command = command(&word, &mut fields)?;
    fields.finish()?;
    Ok(command)
}
