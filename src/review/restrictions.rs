//! Findings on restrictions that take nothing.

use super::survey::Survey;
use super::{Finding, FindingCode};
use crate::command::Command;
use crate::id::RoleId;
use crate::permission::PermissionSet;
use crate::preview::reach::users_of;
use crate::resource::Resource;
use crate::subject::Subject;
use crate::topic::Topic;

pub(super) fn findings(survey: &Survey<'_>) -> Vec<Finding> {
    let findings = survey.subjects().flat_map(|from| {
        let roles = roles_concerned(survey, from);
        let restrictions = survey.state.restrictions_of(from);
        restrictions
            .filter_map(|(on, set)| finding(survey, (from, on), set, &roles))
            .collect::<Vec<_>>()
    });
    findings.collect()
}

fn finding(
    survey: &Survey<'_>,
    (from, on): (Subject, Resource),
    permissions: PermissionSet,
    roles: &[RoleId],
) -> Option<Finding> {
    let code = idleness(survey, (from, on), permissions, roles)?;
    let subjects: [Topic; 2] = [from.into(), on.into()];
    let finding = Finding::new(code, subjects).concerning(permissions);
    Some(finding.mended_by([Command::Unrestrict { from, on }]))
}

fn idleness(
    survey: &Survey<'_>,
    (from, on): (Subject, Resource),
    permissions: PermissionSet,
    roles: &[RoleId],
) -> Option<FindingCode> {
    if roles.iter().all(|role| *role == RoleId::ADMIN) {
        return Some(FindingCode::RestrictionOnAdmin);
    }
    let everyday = roles.iter().filter(|role| **role != RoleId::ADMIN);
    let definitions = everyday.filter_map(|role| survey.state.role(*role));
    let possible: PermissionSet = definitions.map(|role| role.ceiling).collect();
    if !permissions.intersects(possible) {
        return Some(FindingCode::RestrictionWithoutEffect);
    }
    let chain = survey.state.chain(on)?;
    let above = chain.into_iter().filter(|link| *link != on);
    let taken: PermissionSet = above
        .filter_map(|link| survey.state.restriction(from, link))
        .collect();
    permissions
        .is_within(taken)
        .then_some(FindingCode::RestrictionRedundant)
}

/// The roles under which a restriction can bite: all roles of the user; the role of the group and
/// all roles of its members.
fn roles_concerned(survey: &Survey<'_>, subject: Subject) -> Vec<RoleId> {
    let state = survey.state;
    let own = match subject {
        Subject::User(_) => None,
        Subject::Group(group) => state.group(group).map(|it| it.role),
    };
    let users = users_of(state, subject).into_iter();
    let users = users.filter_map(|user| state.user(user));
    let held = users.flat_map(|user| user.roles.iter());
    held.chain(own).collect()
}
