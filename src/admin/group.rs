//! Groups and their members.

use super::arguments::{self, known_group, registered_user};
use super::draft::Draft;
use super::guard::Guard;
use crate::group::Group;
use crate::id::{GroupId, InvitationId, RoleId, UserId};
use crate::invitation::Invitation;
use crate::name::Name;
use crate::permission::OrganisationPermissions;
use crate::refusal::Refusal;
use crate::state::State;

const RIGHT: OrganisationPermissions = OrganisationPermissions::GROUPS_MANAGE;

pub(super) fn create(
    guard: &Guard<'_>,
    id: GroupId,
    name: &str,
    role: RoleId,
) -> Result<Draft, Refusal> {
    guard.require(RIGHT)?;
    let state = guard.state();
    arguments::known_role(state, role)?;
    let name = arguments::name(name)?;
    let cleared = guard.group_created(
        id,
        Group {
            name: name.clone(),
            role,
        },
    )?;
    if state.group(id).is_some() {
        return Err(Refusal::DuplicateId);
    }
    require_free_name(state, &name, None)?;
    Ok(Draft::of(cleared))
}

pub(super) fn rename(guard: &Guard<'_>, id: GroupId, name: &str) -> Result<Draft, Refusal> {
    guard.require(RIGHT)?;
    let group = known_group(guard.state(), id)?;
    let name = arguments::name(name)?;
    require_free_name(guard.state(), &name, Some(id))?;
    let mut draft = Draft::new();
    draft.group_renamed(id, &group.name, name);
    Ok(draft)
}

fn require_free_name(state: &State, name: &Name, own: Option<GroupId>) -> Result<(), Refusal> {
    match state.group_named(name) {
        Some(holder) if Some(holder) != own => Err(Refusal::NameTaken {
            name: name.as_str().to_owned(),
        }),
        _ => Ok(()),
    }
}

pub(super) fn delete(guard: &Guard<'_>, id: GroupId) -> Result<Draft, Refusal> {
    guard.require(RIGHT)?;
    let state = guard.state();
    let group = known_group(state, id)?;
    let offers: Vec<_> = offering(state, id).collect();
    let cleared = guard.dissolved(id, !offers.is_empty())?;
    let mut draft = Draft::new();
    draft.confer_all(cleared);
    draft.entitlements_dropped(state, id.into());
    for (invitation, offering) in offers {
        draft.group_withdrawn(invitation, &offering.offer, id);
    }
    draft.group_deleted(id, group);
    Ok(draft)
}

fn offering(state: &State, group: GroupId) -> impl Iterator<Item = (InvitationId, &Invitation)> {
    state
        .open_invitations()
        .filter(move |(_, invitation)| invitation.offer.groups.contains(&group))
}

pub(super) fn add(guard: &Guard<'_>, id: GroupId, user: UserId) -> Result<Draft, Refusal> {
    guard.require(RIGHT)?;
    let state = guard.state();
    let group = known_group(state, id)?;
    let registration = registered_user(state, user)?;
    let cleared = guard.joined(id, user)?;
    if state.is_member(id, user) {
        return Err(Refusal::AlreadyMember);
    }
    if !registration.roles.contains(group.role) {
        return Err(Refusal::GroupRoleMismatch { group: id });
    }
    Ok(Draft::of(cleared))
}

pub(super) fn remove(guard: &Guard<'_>, id: GroupId, user: UserId) -> Result<Draft, Refusal> {
    guard.require(RIGHT)?;
    let state = guard.state();
    known_group(state, id)?;
    registered_user(state, user)?;
    let cleared = guard.left(id, user)?;
    if !state.is_member(id, user) {
        return Err(Refusal::NotAMember);
    }
    Ok(Draft::of(cleared))
}
