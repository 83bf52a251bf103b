//! Members: their roles, suspension, removal, services, addresses.

use super::arguments::{self, registered_user};
use super::draft::Draft;
use super::guard::{Guard, not_allowed};
use crate::address::EmailAddress;
use crate::id::{GroupId, RoleId, UserId};
use crate::permission::{OrganisationPermissions, PermissionSet};
use crate::refusal::Refusal;
use crate::role::Roles;
use crate::state::State;
use crate::user::{Identity, Status, User};

pub(super) fn assign_roles(
    guard: &Guard<'_>,
    id: UserId,
    roles: &[RoleId],
) -> Result<Draft, Refusal> {
    guard.require(OrganisationPermissions::USERS_MANAGE)?;
    let state = guard.state();
    let user = registered_user(state, id)?;
    let after = arguments::known_roles(state, roles)?;
    let leaving = groups_left(state, id, &after);
    let cleared = guard.roles_assigned(id, user, after.clone(), &leaving)?;
    check_assignment(state, user, &after)?;
    if user.roles == after {
        return Ok(Draft::new());
    }
    let mut draft = Draft::new();
    draft.confer_all(cleared);
    let next = draft.applied_to(state);
    draft.grants_clipped(&next, id.into());
    Ok(draft)
}

/// The groups whose role is not among the new ones.
fn groups_left(state: &State, user: UserId, roles: &Roles) -> Vec<GroupId> {
    let stays = |group: &GroupId| {
        state
            .group(*group)
            .is_some_and(|it| roles.contains(it.role))
    };
    state
        .groups_of(user)
        .filter(|group| !stays(group))
        .collect()
}

fn check_assignment(state: &State, user: &User, after: &Roles) -> Result<(), Refusal> {
    let to_admin = after.contains(RoleId::ADMIN);
    if to_admin && user.is_service() {
        return Err(Refusal::ServiceAdmin);
    }
    if to_admin && user.is_external() && !state.security().allow_external_admins {
        return Err(Refusal::ExternalAdmin);
    }
    if !to_admin {
        require_another_admin(state, user)?;
    }
    let newly_held = after.iter().filter(|role| !user.roles.contains(*role));
    require_seats_of(state, user, newly_held)
}

/// An effective Admin always remains: nobody takes the last one away.
fn require_another_admin(state: &State, user: &User) -> Result<(), Refusal> {
    let effective = |admin: &User| admin.is_effective_admin();
    let mut admins = state
        .holders(RoleId::ADMIN)
        .filter(|(_, admin)| effective(admin));
    if effective(user) && admins.nth(1).is_none() {
        return Err(Refusal::LastAdmin);
    }
    Ok(())
}

/// A free seat of each of these roles, where the user takes seats.
fn require_seats_of(
    state: &State,
    user: &User,
    mut roles: impl Iterator<Item = RoleId>,
) -> Result<(), Refusal> {
    if !user.takes_seats() {
        return Ok(());
    }
    roles.try_for_each(|role| require_seats(state, role, 1))
}

/// Room for this many more people among the seats of a role.
pub(super) fn require_seats(state: &State, role: RoleId, more: usize) -> Result<(), Refusal> {
    let Some(limit) = state.limits().seats.get(&role) else {
        return Ok(());
    };
    let needed = state.seats_used(role).saturating_add(more);
    if more > 0 && needed > usize::try_from(*limit).unwrap_or(usize::MAX) {
        return Err(Refusal::SeatLimit { role });
    }
    Ok(())
}

/// A free seat of each of the roles that a new person takes.
pub(super) fn require_seats_for_new(state: &State, user: &User) -> Result<(), Refusal> {
    require_seats_of(state, user, user.roles.iter())
}

pub(super) fn suspend(guard: &Guard<'_>, id: UserId) -> Result<Draft, Refusal> {
    guard.require(OrganisationPermissions::USERS_MANAGE)?;
    let user = registered_user(guard.state(), id)?;
    guard.require_other(id)?;
    guard.outrank(user)?;
    if !user.is_active() {
        return Err(Refusal::AlreadySuspended);
    }
    require_another_admin(guard.state(), user)?;
    let mut draft = Draft::new();
    draft.user_suspended(id);
    Ok(draft)
}

pub(super) fn reinstate(guard: &Guard<'_>, id: UserId) -> Result<Draft, Refusal> {
    guard.require(OrganisationPermissions::USERS_MANAGE)?;
    let user = registered_user(guard.state(), id)?;
    guard.require_other(id)?;
    let cleared = guard.reinstated(id, user)?;
    if user.is_active() {
        return Err(Refusal::NotSuspended);
    }
    let active = User {
        status: Status::Active,
        ..user.clone()
    };
    require_seats_for_new(guard.state(), &active)?;
    Ok(Draft::of(cleared))
}

pub(super) fn remove(guard: &Guard<'_>, id: UserId) -> Result<Draft, Refusal> {
    guard.require(OrganisationPermissions::USERS_MANAGE)?;
    let user = registered_user(guard.state(), id)?;
    guard.require_other(id)?;
    guard.outrank(user)?;
    removal(guard.state(), id, user)
}

pub(super) fn leave(guard: &Guard<'_>) -> Result<Draft, Refusal> {
    let id = guard
        .user()
        .ok_or_else(|| not_allowed(PermissionSet::EMPTY))?;
    let user = registered_user(guard.state(), id)?;
    removal(guard.state(), id, user)
}

fn removal(state: &State, id: UserId, user: &User) -> Result<Draft, Refusal> {
    require_another_admin(state, user)?;
    let mut draft = Draft::new();
    draft.user_removed(state, id, user);
    Ok(draft)
}

pub(super) fn add_service(
    guard: &Guard<'_>,
    id: UserId,
    name: &str,
    roles: &[RoleId],
) -> Result<Draft, Refusal> {
    guard.require(OrganisationPermissions::USERS_MANAGE)?;
    let state = guard.state();
    arguments::all_known(state, roles)?;
    let name = arguments::name(name)?;
    let roles = arguments::some_roles(roles)?;
    let is_admin = roles.contains(RoleId::ADMIN);
    let identity = Identity::Service { name };
    let cleared = guard.service_registered(
        id,
        User {
            identity,
            roles,
            status: Status::Active,
        },
    )?;
    if state.user(id).is_some() {
        return Err(Refusal::DuplicateId);
    }
    if is_admin {
        return Err(Refusal::ServiceAdmin);
    }
    Ok(Draft::of(cleared))
}

pub(super) fn change_email(guard: &Guard<'_>, id: UserId, text: &str) -> Result<Draft, Refusal> {
    guard.require(OrganisationPermissions::USERS_MANAGE)?;
    let state = guard.state();
    let user = registered_user(state, id)?;
    let after = arguments::email(text)?;
    let no_address = || Refusal::InvalidEmail {
        email: text.to_owned(),
    };
    let before = user.email().ok_or_else(no_address)?.clone();
    let unchanged = before == after;
    let cleared = guard.email_changed(id, user, [before, after.clone()])?;
    require_free_address(guard, id, &after)?;
    Ok(if unchanged {
        Draft::new()
    } else {
        Draft::of(cleared)
    })
}

fn require_free_address(
    guard: &Guard<'_>,
    own: UserId,
    email: &EmailAddress,
) -> Result<(), Refusal> {
    let state = guard.state();
    if state
        .user_with_email(email)
        .is_some_and(|holder| holder != own)
    {
        return Err(Refusal::AlreadyMember);
    }
    if state
        .open_invitations_for(email)
        .any(|(_, it)| it.is_live(guard.now()))
    {
        return Err(Refusal::AlreadyInvited);
    }
    if !state.security().allows(email) {
        return Err(Refusal::DomainNotAllowed);
    }
    Ok(())
}
