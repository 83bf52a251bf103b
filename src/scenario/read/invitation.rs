//! Commands on invitations.

use super::super::json::Json;
use super::super::names::Names;
use super::fields::{Fields, Read};
use super::value::{digest, id, list, seconds, set, text, token, word as word_of};
use crate::command::{Command, InvitationRequest};

/// The command of this word, if it is one of these.
pub(super) fn command(word: &str, it: &mut Fields<'_>) -> Read<Option<Command>> {
    Ok(Some(match word {
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
            affiliation: it.optional("affiliation", word_of)?,
        },
        "decline" => Command::Decline {
            invitation: it.required("invitation", id)?,
            token: it.required("token", token)?,
            email: it.required("email", text)?,
        },
        _ => return Ok(None),
    }))
}

fn invitation(it: &mut Fields<'_>) -> Read<InvitationRequest> {
    Ok(InvitationRequest {
        invitation: it.required("invitation", id)?,
        email: it.required("email", text)?,
        roles: it.required("roles", list(id))?,
        groups: it.defaulted("groups", set(id))?,
        affiliation: it.defaulted("affiliation", word_of)?,
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
