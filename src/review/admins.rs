//! Findings on Admins.

use super::survey::Survey;
use super::{Finding, FindingCode};
use crate::command::Command;
use crate::id::{RoleId, UserId};
use crate::topic::Topic;
use crate::user::User;

/// Fewer are never too many: one must be able to stand in for the other.
const ENOUGH: usize = 2;

pub(super) fn findings(survey: &Survey<'_>) -> Vec<Finding> {
    let admins: Vec<_> = effective(survey).map(Topic::User).collect();
    let number = match admins.as_slice() {
        [] => Some(Finding::new(FindingCode::NoAdmin, admins)),
        [_] => Some(Finding::new(FindingCode::SingleAdmin, admins)),
        _ => too_many(survey, admins),
    };
    number
        .into_iter()
        .chain(without_everyday_role(survey))
        .collect()
}

fn effective(survey: &Survey<'_>) -> impl Iterator<Item = UserId> {
    let holders = survey.state.holders(RoleId::ADMIN);
    holders
        .filter(|(_, user)| user.is_effective_admin())
        .map(|(id, _)| id)
}

fn too_many(survey: &Survey<'_>, admins: Vec<Topic>) -> Option<Finding> {
    let people = survey.active_users().filter(|(_, user)| user.is_internal());
    let allowed = people
        .count()
        .saturating_mul(survey.options.admin_share.into());
    let exceeds = admins.len() > ENOUGH && admins.len().saturating_mul(100) > allowed;
    exceeds.then(|| Finding::new(FindingCode::TooManyAdmins, admins))
}

fn without_everyday_role<'a>(survey: &'a Survey<'_>) -> impl Iterator<Item = Finding> + 'a {
    let admins = survey.state.holders(RoleId::ADMIN);
    let only = admins.filter(|(_, user)| is_only_admin(user));
    only.map(|(user, _)| {
        let roles = vec![RoleId::ADMIN, RoleId::DATA_ARCHITECT];
        let mend = survey.accepted(Command::AssignRoles { user, roles });
        Finding::new(FindingCode::AdminWithoutEverydayRole, [user.into()]).mended_by(mend)
    })
}

/// Whether a user can act as nothing but Admin.
pub(super) fn is_only_admin(user: &User) -> bool {
    user.roles.iter().all(|role| role == RoleId::ADMIN)
}
