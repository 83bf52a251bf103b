//! Findings on roles: equal, contained, unused.

use super::survey::Survey;
use super::{Finding, FindingCode};
use crate::command::Command;
use crate::id::RoleId;
use crate::role::{Role, Scope};
use crate::state::State;
use crate::topic::Topic;

pub(super) fn findings(survey: &Survey<'_>) -> Vec<Finding> {
    let pairs = equal(survey).into_iter().chain(contained(survey));
    pairs.chain(unused(survey)).collect()
}

/// Each custom role that is the same as one before it. Admin is like no other role: it is bound by
/// nothing.
fn equal(survey: &Survey<'_>) -> Vec<Finding> {
    let roles: Vec<_> = survey.state.roles().collect();
    let first_equal = |(index, (id, role)): (usize, &(RoleId, &Role))| {
        let earlier = roles.iter().take(index);
        let mut others = earlier.filter(|(other, _)| *other != RoleId::ADMIN);
        let (other, _) = others.find(|(_, other)| is_equal(role, other))?;
        (!id.is_built_in()).then(|| equal_roles(survey, *id, *other))
    };
    roles.iter().enumerate().filter_map(first_equal).collect()
}

fn equal_roles(survey: &Survey<'_>, role: RoleId, other: RoleId) -> Finding {
    let mend = survey.accepted(Command::DeleteRole {
        role,
        replacement: Some(other),
    });
    let subjects: [Topic; 2] = [role.into(), other.into()];
    Finding::new(FindingCode::RolesEqual, subjects).mended_by(mend)
}

fn is_equal(role: &Role, other: &Role) -> bool {
    (role.defaults, role.ceiling, &role.scope) == (other.defaults, other.ceiling, &other.scope)
}

/// Each custom role with each larger custom one. That custom roles are contained in built-in ones is
/// how they are made.
fn contained(survey: &Survey<'_>) -> Vec<Finding> {
    let state = survey.state;
    let pairs = state
        .custom_roles()
        .flat_map(|smaller| state.custom_roles().map(move |larger| (smaller, larger)));
    let found = pairs.filter(|((_, smaller), (_, larger))| {
        !is_equal(smaller, larger) && is_contained(state, smaller, larger)
    });
    found
        .map(|((smaller, _), (larger, _))| {
            let subjects: [Topic; 2] = [smaller.into(), larger.into()];
            Finding::new(FindingCode::RoleContained, subjects)
        })
        .collect()
}

/// Whether whoever holds `larger` has everything that `smaller` would give.
pub(super) fn is_contained(state: &State, smaller: &Role, larger: &Role) -> bool {
    smaller.defaults.is_within(larger.defaults)
        && smaller.ceiling.is_within(larger.ceiling)
        && is_scope_within(state, &smaller.scope, &larger.scope)
}

fn is_scope_within(state: &State, smaller: &Scope, larger: &Scope) -> bool {
    let reached = |resource| {
        let chain = state.chain(resource);
        chain.is_some_and(|chain| larger.reaches(chain.into_iter()))
    };
    match smaller {
        Scope::Granted => true,
        Scope::All => *larger == Scope::All,
        Scope::Selected(selected) => selected.iter().copied().all(reached),
    }
}

fn unused<'a>(survey: &'a Survey<'_>) -> impl Iterator<Item = Finding> + 'a {
    let state = survey.state;
    let is_offered = move |role| {
        let mut open = state.open_invitations();
        open.any(|(_, it)| it.offer.roles.contains(role))
    };
    let is_used = move |role| {
        state.holders(role).next().is_some()
            || state.groups_for(role).next().is_some()
            || is_offered(role)
    };
    let unused = state.custom_roles().filter(move |(id, _)| !is_used(*id));
    unused.map(|(role, _)| {
        let replacement = None;
        let mend = survey.accepted(Command::DeleteRole { role, replacement });
        Finding::new(FindingCode::RoleUnused, [role.into()]).mended_by(mend)
    })
}
