//! `define_role`, `redefine_role` and `clone_role`.

use super::arguments::{self, closed};
use super::draft::Draft;
use super::guard::Guard;
use crate::command::RoleDefinition;
use crate::id::RoleId;
use crate::name::Name;
use crate::permission::OrganisationPermissions;
use crate::refusal::Refusal;
use crate::role::{Role, Scope};
use crate::state::State;

pub(super) fn define(
    guard: &Guard<'_>,
    id: RoleId,
    definition: &RoleDefinition,
) -> Result<Draft, Refusal> {
    guard.require(OrganisationPermissions::ROLES_MANAGE)?;
    let role = read(guard.state(), id, definition)?;
    let name = role.name.clone();
    let cleared = guard.role_defined(id, role)?;
    require_room(guard.state(), id, &name)?;
    Ok(Draft::of(cleared))
}

pub(super) fn redefine(
    guard: &Guard<'_>,
    id: RoleId,
    definition: &RoleDefinition,
) -> Result<Draft, Refusal> {
    guard.require(OrganisationPermissions::ROLES_MANAGE)?;
    let state = guard.state();
    let before = arguments::known_role(state, id)?;
    let after = read(state, id, definition)?;
    let lowered = !before.ceiling.is_within(after.ceiling);
    let unchanged = *before == after;
    let name = after.name.clone();
    let cleared = guard.role_redefined(id, before, after)?;
    require_free_name(state, &name, Some(id))?;
    if unchanged {
        return Ok(Draft::new());
    }
    let mut draft = Draft::of(cleared);
    if lowered {
        clip_holders(&mut draft, state, id);
    }
    Ok(draft)
}

pub(super) fn clone(
    guard: &Guard<'_>,
    id: RoleId,
    from: RoleId,
    name: &str,
) -> Result<Draft, Refusal> {
    guard.require(OrganisationPermissions::ROLES_MANAGE)?;
    let original = arguments::known_role(guard.state(), from)?;
    let name = arguments::name(name)?;
    let copy = Role {
        name: name.clone(),
        ..original.clone()
    };
    let cleared = guard.role_cloned(id, from, copy)?;
    require_room(guard.state(), id, &name)?;
    Ok(Draft::of(cleared))
}

/// What the state has to say to a new role: id and name free, and not too many of them.
fn require_room(state: &State, id: RoleId, name: &Name) -> Result<(), Refusal> {
    if state.role(id).is_some() {
        return Err(Refusal::DuplicateId);
    }
    require_free_name(state, name, None)?;
    let limit = state.limits().custom_roles;
    if state.custom_role_count() >= usize::try_from(limit).unwrap_or(usize::MAX) {
        return Err(Refusal::TooManyRoles { limit });
    }
    Ok(())
}

fn require_free_name(state: &State, name: &Name, own: Option<RoleId>) -> Result<(), Refusal> {
    match state.role_named(name) {
        Some(holder) if Some(holder) != own => Err(Refusal::NameTaken {
            name: name.as_str().to_owned(),
        }),
        _ => Ok(()),
    }
}

fn read(state: &State, id: RoleId, definition: &RoleDefinition) -> Result<Role, Refusal> {
    if id.is_built_in() {
        return Err(Refusal::BuiltInRole { role: id });
    }
    let RoleDefinition {
        name,
        description,
        defaults,
        ceiling,
        scope,
    } = definition;
    scope
        .selected()
        .try_for_each(|resource| arguments::known_resource(state, resource))?;
    let name = arguments::name(name)?;
    scope.selected().try_for_each(arguments::grantable)?;
    let (defaults, ceiling) = (*defaults, ceiling.unwrap_or(*defaults));
    closed(defaults)?;
    closed(ceiling)?;
    let excess = defaults.without(ceiling);
    if !excess.is_empty() {
        return Err(Refusal::DefaultsExceedCeiling { excess });
    }
    if matches!(scope, Scope::Selected(selected) if selected.is_empty()) {
        return Err(Refusal::EmptyScope);
    }
    Ok(Role {
        name,
        description: description.clone(),
        defaults,
        ceiling,
        scope: scope.clone(),
    })
}

/// Clips the stored grants of everyone concerned by a role whose ceiling has come down.
fn clip_holders(draft: &mut Draft, state: &State, role: RoleId) {
    let next = draft.applied_to(state);
    let users = state.holders(role).map(|(user, _)| user.into());
    let groups = state.groups_for(role).map(|(group, _)| group.into());
    users
        .chain(groups)
        .for_each(|subject| draft.grants_clipped(&next, subject));
}
