//! Who may have anything where: a superset of what checks allow, without asking them all.

use std::collections::BTreeSet;
use std::iter;

use crate::id::{RoleId, UserId};
use crate::resource::{Resource, ResourceKind};
use crate::role::{Role, Scope};
use crate::state::{Chain, State};
use crate::subject::Subject;

/// The resources on which a user may do anything under any role, and maybe some more; the
/// organisation first, each once.
///
/// Cost in proportion to what is taken of it, and to what stands at and beneath the user's grants.
pub(crate) fn resources_in_reach(
    state: &State,
    user: UserId,
) -> Box<dyn Iterator<Item = Resource> + '_> {
    if is_everywhere(state, user) {
        return Box::new(
            [Resource::Organisation]
                .into_iter()
                .chain(state.resources()),
        );
    }
    let mut reach = BTreeSet::from([Resource::Organisation]);
    for resource in tops_in_reach(state, user) {
        add_with_all_beneath(state, resource, &mut reach);
    }
    Box::new(reach.into_iter())
}

/// The same in another order, some more than once: for who looks no further than they have to.
///
/// Cost in proportion to what is taken of it; and to the grants of the groups, if the user's own are not enough.
pub(crate) fn places_in_reach(state: &State, user: UserId) -> impl Iterator<Item = Resource> + '_ {
    let everywhere = is_everywhere(state, user);
    let all = everywhere.then(|| state.resources()).into_iter().flatten();
    let own = state.grants_in_no_order(user.into());
    let own = own.map(|(resource, _)| resource);
    let others = iter::once_with(move || tops_in_reach(state, user)).flatten();
    let some = (!everywhere).then_some(own.chain(others));
    let some = some.into_iter().flatten();
    let beneath = move |it| iter::once_with(move || state.beneath(it)).flatten();
    let some = some.flat_map(move |it| iter::once(it).chain(beneath(it)));
    iter::once(Resource::Organisation).chain(all).chain(some)
}

/// Where a user, or a group of theirs, has a grant, and what their roles select; each once.
fn tops_in_reach(state: &State, user: UserId) -> Vec<Resource> {
    let mut tops: Vec<_> = entitled(state, user).chain(selected(state, user)).collect();
    tops.sort_unstable();
    tops.dedup();
    tops
}

/// The models among them, each once.
pub(crate) fn models_in_reach(state: &State, user: UserId) -> Vec<Resource> {
    if is_everywhere(state, user) {
        return state.resources_of(ResourceKind::Model).collect();
    }
    // No model stands beneath anything that is granted or selected.
    let tops = tops_in_reach(state, user).into_iter();
    tops.filter(|it| it.kind() == ResourceKind::Model).collect()
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

/// Where a user, or a group of theirs, has a grant.
fn entitled(state: &State, user: UserId) -> impl Iterator<Item = Resource> + '_ {
    let groups = state.groups_in_no_order(user).map(Subject::Group);
    let subjects = groups.chain([Subject::User(user)]);
    let grants = subjects.flat_map(|subject| state.grants_in_no_order(subject));
    grants.map(|(resource, _)| resource)
}

fn add_with_all_beneath(state: &State, resource: Resource, reach: &mut BTreeSet<Resource>) {
    if reach.insert(resource) {
        reach.extend(state.beneath(resource));
    }
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
