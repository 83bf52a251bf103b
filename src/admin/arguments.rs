//! Reading the arguments of commands: class 3 of the refusals.

use crate::address::EmailAddress;
use crate::group::Group;
use crate::id::{GroupId, InvitationId, RoleId, UserId};
use crate::invitation::Invitation;
use crate::name::Name;
use crate::permission::PermissionSet;
use crate::refusal::Refusal;
use crate::resource::Resource;
use crate::role::{Role, Roles};
use crate::state::State;
use crate::subject::{Known, Subject};
use crate::user::User;

pub(super) fn registered_user(state: &State, user: UserId) -> Result<&User, Refusal> {
    state.user(user).ok_or(Refusal::NotRegistered { user })
}

pub(super) fn known_role(state: &State, role: RoleId) -> Result<&Role, Refusal> {
    state.role(role).ok_or(Refusal::UnknownRole { role })
}

pub(super) fn known_group(state: &State, group: GroupId) -> Result<&Group, Refusal> {
    state.group(group).ok_or(Refusal::UnknownGroup { group })
}

pub(super) fn known_resource(state: &State, resource: Resource) -> Result<(), Refusal> {
    if state.is_registered(resource) {
        Ok(())
    } else {
        Err(Refusal::UnknownResource { resource })
    }
}

pub(super) fn known_invitation(state: &State, id: InvitationId) -> Result<&Invitation, Refusal> {
    state
        .invitation(id)
        .ok_or(Refusal::UnknownInvitation { invitation: id })
}

pub(super) fn known_subject(state: &State, subject: Subject) -> Result<Known<'_>, Refusal> {
    match subject {
        Subject::User(user) => registered_user(state, user).map(Known::User),
        Subject::Group(group) => known_group(state, group).map(Known::Group),
    }
}

/// Roles that all exist, and at least one.
pub(super) fn known_roles(state: &State, roles: &[RoleId]) -> Result<Roles, Refusal> {
    all_known(state, roles)?;
    some_roles(roles)
}

pub(super) fn all_known(state: &State, roles: &[RoleId]) -> Result<(), Refusal> {
    roles
        .iter()
        .try_for_each(|role| known_role(state, *role).map(drop))
}

pub(super) fn some_roles(roles: &[RoleId]) -> Result<Roles, Refusal> {
    Roles::new(roles.iter().copied()).ok_or(Refusal::NoRoles)
}

pub(super) fn name(text: &str) -> Result<Name, Refusal> {
    text.parse().map_err(|_| Refusal::InvalidName {
        name: text.to_owned(),
    })
}

pub(super) fn email(text: &str) -> Result<EmailAddress, Refusal> {
    text.parse().map_err(|_| Refusal::InvalidEmail {
        email: text.to_owned(),
    })
}

/// A resource that can bear grants and restrictions: any but the organisation.
pub(super) fn grantable(on: Resource) -> Result<(), Refusal> {
    if on == Resource::Organisation {
        return Err(Refusal::WrongKind {
            resource: on,
            permissions: PermissionSet::EMPTY,
        });
    }
    Ok(())
}

/// Permissions of kinds within `reach`, which is what can be on the resource.
pub(super) fn fitting(
    on: Resource,
    permissions: PermissionSet,
    reach: PermissionSet,
) -> Result<(), Refusal> {
    let stray = permissions.without(reach);
    if stray.is_empty() {
        return Ok(());
    }
    Err(Refusal::WrongKind {
        resource: on,
        permissions: stray,
    })
}

pub(super) fn closed(permissions: PermissionSet) -> Result<(), Refusal> {
    let missing = permissions.missing_prerequisites();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(Refusal::MissingPrerequisite { missing })
    }
}
