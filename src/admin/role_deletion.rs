//! `delete_role`, with everything that moves to a replacement.

use super::arguments;
use super::draft::Draft;
use super::guard::Guard;
use crate::id::{InvitationId, RoleId, UserId};
use crate::invitation::Invitation;
use crate::permission::OrganisationPermissions;
use crate::refusal::Refusal;
use crate::state::State;
use crate::subject::Subject;
use crate::user::User;

pub(super) fn delete(
    guard: &Guard<'_>,
    id: RoleId,
    replacement: Option<RoleId>,
) -> Result<Draft, Refusal> {
    guard.require(OrganisationPermissions::ROLES_MANAGE)?;
    let state = guard.state();
    arguments::known_role(state, id)?;
    if let Some(new) = replacement {
        arguments::known_role(state, new)?;
        if new == id {
            return Err(Refusal::UnknownRole { role: new });
        }
    }
    if id.is_built_in() {
        return Err(Refusal::BuiltInRole { role: id });
    }
    let mut draft = match replacement {
        Some(new) => replace(guard, id, new)?,
        None => require_unused(guard, id)?,
    };
    finish(&mut draft, state, id);
    Ok(draft)
}

fn offering(state: &State, role: RoleId) -> impl Iterator<Item = (InvitationId, &Invitation)> {
    state
        .open_invitations()
        .filter(move |(_, invitation)| invitation.offer.roles.contains(role))
}

fn require_unused(guard: &Guard<'_>, id: RoleId) -> Result<Draft, Refusal> {
    guard.may_delete_role(id)?;
    let state = guard.state();
    let count = |counted: usize| u64::try_from(counted).unwrap_or(u64::MAX);
    let users = count(state.holders(id).count());
    let groups = count(state.groups_for(id).count());
    let invitations = count(offering(state, id).count());
    if (users, groups, invitations) == (0, 0, 0) {
        Ok(Draft::new())
    } else {
        Err(Refusal::RoleInUse {
            users,
            groups,
            invitations,
        })
    }
}

/// Users, groups and open invitations move to the replacement; members stay in the moved groups.
fn replace(guard: &Guard<'_>, old: RoleId, new: RoleId) -> Result<Draft, Refusal> {
    let state = guard.state();
    let replacement = guard.replace_role(old, new)?;
    check_result(state, old, new)?;
    let mut draft = Draft::new();
    draft.confer_all(
        state
            .holders(old)
            .map(|(id, user)| replacement.of_user(id, user)),
    );
    draft.confer_all(
        state
            .groups_for(old)
            .map(|(group, _)| replacement.of_group(group)),
    );
    let open = offering(state, old);
    draft.confer_all(open.map(|(id, it)| replacement.of_invitation(id, &it.offer)));
    let next = draft.applied_to(state);
    let users = state.holders(old).map(|(user, _)| Subject::User(user));
    let groups = state
        .groups_for(old)
        .map(|(group, _)| Subject::Group(group));
    users
        .chain(groups)
        .for_each(|subject| draft.grants_clipped(&next, subject));
    Ok(draft)
}

/// The checks of `assign_roles`, for all holders at once.
fn check_result(state: &State, old: RoleId, new: RoleId) -> Result<(), Refusal> {
    let gains = |(_, user): &(UserId, &User)| !user.roles.contains(new);
    if new == RoleId::ADMIN {
        let mut holders = state.holders(old);
        if holders.any(|(_, user)| user.is_service()) {
            return Err(Refusal::ServiceAdmin);
        }
        let allowed = state.security().allow_external_admins;
        if !allowed && state.holders(old).any(|(_, user)| user.is_external()) {
            return Err(Refusal::ExternalAdmin);
        }
    }
    let taking = state
        .holders(old)
        .filter(gains)
        .filter(|(_, user)| user.takes_seats())
        .count();
    super::user::require_seats(state, new, taking)
}

/// The role goes, and its seat limit with it.
fn finish(draft: &mut Draft, state: &State, id: RoleId) {
    let mut limits = state.limits().clone();
    limits.seats.remove(&id);
    draft.limits_changed(state.limits(), limits);
    if let Some(role) = state.role(id) {
        draft.role_deleted(id, role);
    }
}
