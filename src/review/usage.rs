//! Findings from usage figures: what was never used, and the smallest role that would still serve.

use std::collections::{BTreeMap, BTreeSet};

use super::roles::is_contained;
use super::survey::Survey;
use super::{Finding, FindingCode, Usage};
use crate::admin::decide;
use crate::command::{Actor, Command, RoleDefinition};
use crate::id::{RoleId, UserId};
use crate::permission::{Permission, PermissionSet};
use crate::preview::reach::resources_in_reach;
use crate::resource::Resource;
use crate::role::{Role, Roles};
use crate::state::State;
use crate::time::Timestamp;
use crate::topic::Topic;

pub(super) fn findings(survey: &Survey<'_>) -> Vec<Finding> {
    let Some(usage) = &survey.options.usage else {
        return Vec::new();
    };
    let usage = &Uses::of(usage);
    let users: Vec<_> = survey.active_users().map(|(id, _)| id).collect();
    let unused = users.iter().filter_map(|id| unused(survey, usage, *id));
    let smaller = users.iter();
    let smaller = smaller.filter_map(|id| smaller_role(survey, usage, *id));
    let roles = survey.state.custom_roles();
    let broad = roles.filter_map(|(id, role)| broader_than_used(survey, usage, (id, role)));
    unused.chain(smaller).chain(broad).collect()
}

/// A permission, and on what it was used where that is known.
type Used = (Permission, Option<Resource>);

/// What counts of the host's figures, by user.
struct Uses(BTreeMap<UserId, BTreeSet<Used>>);

impl Uses {
    fn of(usage: &Usage) -> Self {
        let mut uses: BTreeMap<_, BTreeSet<Used>> = BTreeMap::new();
        let counted = usage.uses.iter().filter(|it| it.last_used >= usage.since);
        for it in counted {
            let of_user = uses.entry(it.user).or_default();
            of_user.insert((it.permission, it.resource));
        }
        Self(uses)
    }

    fn by(&self, user: UserId) -> impl Iterator<Item = Used> + '_ {
        self.0.get(&user).into_iter().flatten().copied()
    }

    /// The permissions a user has used, with their prerequisites.
    fn permissions_by(&self, user: UserId) -> PermissionSet {
        let used: PermissionSet = self.by(user).map(|(one, _)| one).collect();
        used.union(used.missing_prerequisites())
    }
}

/// What a user holds under everyday roles and has never used.
fn unused(survey: &Survey<'_>, usage: &Uses, id: UserId) -> Option<Finding> {
    let unused = survey.held(id).without(usage.permissions_by(id));
    let finding = Finding::new(FindingCode::PermissionUnused, [id.into()]);
    (!unused.is_empty()).then(|| finding.concerning(unused))
}

/// A custom role whose defaults hold what none of its holders has used.
fn broader_than_used(
    survey: &Survey<'_>,
    usage: &Uses,
    (id, role): (RoleId, &Role),
) -> Option<Finding> {
    let holders: Vec<_> = survey.state.holders(id).map(|(user, _)| user).collect();
    let used = holders.iter().map(|user| usage.permissions_by(*user));
    let used = used.collect::<PermissionSet>().intersection(role.defaults);
    let unused = role.defaults.without(used);
    if holders.is_empty() || unused.is_empty() {
        return None;
    }
    let mend = survey.accepted(Command::RedefineRole {
        role: id,
        definition: RoleDefinition {
            name: role.name.to_string(),
            description: role.description.clone(),
            defaults: used,
            ceiling: Some(role.ceiling),
            scope: role.scope.clone(),
        },
    });
    let finding = Finding::new(FindingCode::RoleBroaderThanUsed, [id.into()]);
    Some(finding.concerning(unused).mended_by(mend))
}

/// The smallest role in place of the user's primary one with which they could do all they did.
///
/// Each candidate is tried: assigned on a copy, then every use is checked there.
fn smaller_role(survey: &Survey<'_>, usage: &Uses, user: UserId) -> Option<Finding> {
    let state = survey.state;
    let roles = &state.user(user)?.roles;
    let primary = roles.primary();
    let current = state.role(primary)?;
    let uses: Vec<_> = usage.by(user).collect();
    if !serves(state, user, &uses, survey.now) {
        // What they did they cannot do as it is: the figures are of another time.
        return None;
    }
    let contained = |(_, role): &(RoleId, &Role)| {
        size(role) < size(current) && is_contained(state, role, current)
    };
    let mut candidates: Vec<_> = state.roles().filter(contained).collect();
    candidates.sort_by_key(|(id, role)| (size(role), *id));
    let replaced = |(id, _): (RoleId, &Role)| (id, roles.replacing(primary, id));
    let mut replaced = candidates.into_iter().map(replaced);
    let (smaller, mend) = replaced.find_map(|(id, roles)| {
        let mend = serving_assignment(survey, user, &roles, &uses)?;
        Some((id, mend))
    })?;
    let subjects: [Topic; 2] = [user.into(), smaller.into()];
    let finding = Finding::new(FindingCode::SmallerRoleSuffices, subjects);
    Some(finding.mended_by([mend]))
}

/// Roles are compared by the most their holders can have, then by what they give.
fn size(role: &Role) -> (u32, u32) {
    (role.ceiling.len(), role.defaults.len())
}

/// The assignment, where it is accepted and leaves the user able to do all they did.
fn serving_assignment(
    survey: &Survey<'_>,
    user: UserId,
    roles: &Roles,
    uses: &[Used],
) -> Option<Command> {
    let roles = roles.iter().collect();
    let command = Command::AssignRoles { user, roles };
    let decided = decide(survey.state, &Actor::Operator, &command, survey.now).ok()?;
    let mut after = survey.state.clone();
    let applied = decided.events.iter();
    let applied = applied.map(|event| after.apply_event(event).ok());
    applied.collect::<Option<()>>()?;
    serves(&after, user, uses, survey.now).then_some(command)
}

/// Whether the user can do all of this, under whichever of their roles. What was used on a resource
/// that is gone needs no role.
fn serves(state: &State, user: UserId, uses: &[Used], now: Timestamp) -> bool {
    let may = |permission: Permission, resource: Resource| {
        let roles = state.user(user).into_iter().flat_map(|it| it.roles.iter());
        let mut sessions = roles.filter_map(|it| state.session_without_proof(user, Some(it)).ok());
        sessions.any(|it| it.check(permission, resource, now).is_allowed())
    };
    uses.iter().all(|(permission, resource)| match resource {
        Some(resource) if !state.is_registered(*resource) => true,
        Some(resource) => may(*permission, *resource),
        None => {
            let mut reach = resources_in_reach(state, user);
            reach.any(|resource| may(*permission, resource))
        }
    })
}
