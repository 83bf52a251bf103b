//! How much a change touches.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::event::Event;
use crate::grant::Grant;
use crate::id::{GroupId, RoleId, UserId};
use crate::permission::PermissionSet;
use crate::role::{Role, Roles, Scope};
use crate::state::State;
use crate::subject::Subject;

/// How much a change touches: the smaller of two touches fewer users, and of as many users fewer
/// permissions.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(deny_unknown_fields)]
pub struct Extent {
    /// How many users it concerns: the one named, the members of the group, the holders of the role.
    pub users: usize,
    /// How many permissions change for them, on whatever resource: those given or taken by what
    /// is granted, restricted, joined or left, or that differ between the roles.
    pub permissions: u32,
}

impl Extent {
    /// How much these events touch of the state that they would change.
    pub(super) fn of(state: &State, events: &[Event]) -> Self {
        let touched = events.iter().map(|event| touched(state, event));
        let (mut users, mut permissions) = (BTreeSet::new(), PermissionSet::EMPTY);
        for (some, set) in touched {
            users.extend(some);
            permissions = permissions.union(set);
        }
        Self {
            users: users.len(),
            permissions: permissions.len(),
        }
    }
}

fn touched(state: &State, event: &Event) -> (Vec<UserId>, PermissionSet) {
    match event {
        Event::Granted {
            to, before, after, ..
        } => (users_of(state, *to), difference(*before, Some(*after))),
        Event::GrantClipped {
            to, before, after, ..
        } => (users_of(state, *to), difference(Some(*before), *after)),
        Event::Restricted {
            from,
            before,
            after,
            ..
        } => {
            let before = before.unwrap_or_default();
            (users_of(state, *from), before.symmetric_difference(*after))
        }
        Event::Unrestricted { from, before, .. } => (users_of(state, *from), *before),
        Event::GroupJoined { group, user } | Event::GroupLeft { group, user } => {
            (vec![*user], of_group(state, *group))
        }
        Event::UserReinstated { user } => (vec![*user], state.ceiling_of((*user).into())),
        Event::RolesAssigned {
            user,
            before,
            after,
        } => (vec![*user], between_roles(state, before, after)),
        Event::RoleRedefined {
            role,
            before,
            after,
        } => (holders(state, *role), between_definitions(before, after)),
        _ => (Vec::new(), PermissionSet::EMPTY),
    }
}

fn users_of(state: &State, subject: Subject) -> Vec<UserId> {
    match subject {
        Subject::User(user) => vec![user],
        Subject::Group(group) => state.members(group).collect(),
    }
}

fn holders(state: &State, role: RoleId) -> Vec<UserId> {
    state.holders(role).map(|(user, _)| user).collect()
}

fn difference(before: Option<Grant>, after: Option<Grant>) -> PermissionSet {
    let bits = |grant: Option<Grant>| grant.map(|it| it.permissions).unwrap_or_default();
    bits(before).symmetric_difference(bits(after))
}

/// What a group gives its members, and what it takes from them.
fn of_group(state: &State, group: GroupId) -> PermissionSet {
    let given = state.grants_of(group.into());
    let taken = state.restrictions_of(group.into());
    given
        .map(|(_, grant)| grant.permissions)
        .chain(taken.map(|(_, set)| set))
        .collect()
}

fn between_roles(state: &State, before: &Roles, after: &Roles) -> PermissionSet {
    let most = |roles: &Roles| state.ceiling_of_roles(roles.iter());
    let given = |roles: &Roles| -> PermissionSet {
        roles
            .iter()
            .map(|role| given_by_itself(state, role))
            .collect()
    };
    most(before)
        .symmetric_difference(most(after))
        .union(given(before).symmetric_difference(given(after)))
}

/// What a role gives without any grant.
fn given_by_itself(state: &State, role: RoleId) -> PermissionSet {
    match state.role(role) {
        Some(_) if role == RoleId::ADMIN => PermissionSet::ALL,
        Some(definition) if definition.scope != Scope::Granted => definition.defaults,
        _ => PermissionSet::EMPTY,
    }
}

/// What differs between two definitions; where the scope does, all that the role gives.
fn between_definitions(before: &Role, after: &Role) -> PermissionSet {
    let differing = before
        .defaults
        .symmetric_difference(after.defaults)
        .union(before.ceiling.symmetric_difference(after.ceiling));
    if before.scope == after.scope {
        differing
    } else {
        differing.union(before.defaults).union(after.defaults)
    }
}
