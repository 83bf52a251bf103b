//! Commands on users and groups.

use super::fields::{Fields, Read};
use super::value::{id, list, text};
use crate::command::Command;

/// The command of this word, if it is one of these.
pub(super) fn command(word: &str, it: &mut Fields<'_>) -> Read<Option<Command>> {
    Ok(Some(match word {
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
        _ => return Ok(None),
    }))
}
