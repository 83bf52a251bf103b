//! Who may have anything where: a superset of what checks allow, without asking them all.

use std::collections::BTreeSet;
use std::iter;

use crate::id::{RoleId, UserId};
use crate::resource::{Resource, ResourceKind};
use crate::role::{Role, Scope};
use crate::state::{Chain, State};
use crate::subject::Subject;

/// The resources on which a user may do anything under any role, and maybe some more; the organisation first,
/// what stands beneath two grants once for each.
///
/// Cost in proportion to what is taken of it.
pub(crate) fn resources_in_reach(
    state: &State,
    user: UserId,
) -> impl Iterator<Item = Resource> + '_ {
    let everywhere = is_everywhere(state, user);
    let all = everywhere.then(|| state.resources()).into_iter().flatten();
    let tops = (!everywhere).then(|| tops_in_reach(state, user));
    let beneath = move |top| iter::once_with(move || state.beneath(top)).flatten();
    let some = tops.into_iter().flatten();
    let some = some.flat_map(move |top| iter::once(top).chain(beneath(top)));
    iter::once(Resource::Organisation).chain(all).chain(some)
}

/// The models among them, each once.
pub(crate) fn models_in_reach(state: &State, user: UserId) -> Vec<Resource> {
    if is_everywhere(state, user) {
        return state.resources_of(ResourceKind::Model).collect();
    }
    // No model stands beneath anything that is granted or selected.
    let tops = tops_in_reach(state, user);
    tops.filter(|it| it.kind() == ResourceKind::Model).collect()
}

/// Where a user, or a group of theirs, has a grant, and what their roles select: each once.
fn tops_in_reach(state: &State, user: UserId) -> impl Iterator<Item = Resource> + '_ {
    let mut seen = BTreeSet::new();
    let tops = entitled(state, user).chain(selected(state, user));
    tops.filter(move |top| seen.insert(*top))
}

fn is_everywhere(state: &State, user: UserId) -> bool {
    let everywhere = |id: RoleId, role: &Role| id == RoleId::ADMIN || role.scope == Scope::All;
    roles_of(state, user).any(|(id, role)| everywhere(id, role))
}

fn roles_of(state: &State, user: UserId) -> impl Iterator<Item = (RoleId, &Role)> + '_ {
    let roles = state.user(user).into_iter().flat_map(|it| it.roles.iter());
    roles.filter_map(|id| Some((id, state.role(id)?)))
}

fn selected(state: &State, user: UserId) -> impl Iterator<Item = Resource> + '_ {
    roles_of(state, user).flat_map(|(_, role)| role.scope.selected())
}

/// Where a user has a grant, and where their groups have.
fn entitled(state: &State, user: UserId) -> impl Iterator<Item = Resource> + '_ {
    let groups = state.groups_in_no_order(user).map(Subject::Group);
    let subjects = iter::once(user.into()).chain(groups);
    let grants = subjects.flat_map(|subject| state.grants_in_no_order(subject));
    grants.map(|(resource, _)| resource)
}

/// The users who may do anything on a resource under any role, and maybe some more; some perhaps
/// more than once.
///
/// Cost in proportion to what is taken of it, and to the number of roles.
pub(crate) fn users_in_reach(
    state: &State,
    resource: Resource,
) -> impl Iterator<Item = UserId> + '_ {
    let chain = state.chain(resource).unwrap_or_default();
    let roles = roles_in_reach(state, resource, &chain);
    let holders = roles.into_iter().flat_map(|id| state.holders(id));
    let granted = chain.into_iter().flat_map(|link| state.grants_on(link));
    let granted = granted.flat_map(|(subject, _)| users_of(state, subject));
    holders.map(|(user, _)| user).chain(granted)
}

fn roles_in_reach(state: &State, resource: Resource, chain: &Chain) -> Vec<RoleId> {
    let is_organisation = resource == Resource::Organisation;
    let reaches = |id: RoleId, role: &Role| {
        id == RoleId::ADMIN
            || role.scope.reaches(chain.iter().copied())
            || (is_organisation && !role.organisation_defaults().is_empty())
    };
    let roles = state.roles().filter(|(id, role)| reaches(*id, role));
    roles.map(|(id, _)| id).collect()
}

/// The user, or the members of the group.
pub(crate) fn users_of(state: &State, subject: Subject) -> Vec<UserId> {
    match subject {
        Subject::User(user) => vec![user],
        Subject::Group(group) => state.members(group).collect(),
    }
}
