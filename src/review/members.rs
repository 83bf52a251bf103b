//! Findings on users: those who can do nothing, and those who can do too much.

use super::admins::is_only_admin;
use super::survey::Survey;
use super::{Finding, FindingCode, SeparatedDuties};
use crate::admin::held_throughout;
use crate::id::{RoleId, UserId};
use crate::permission::{ModelPermissions, OrganisationPermissions, PermissionSet};
use crate::preview::reach::models_in_reach;
use crate::resource::{Resource, ResourceKind};
use crate::session::Session;
use crate::topic::Topic;
use crate::user::User;

pub(super) fn findings(survey: &Survey<'_>) -> Vec<Finding> {
    let of_user = |(id, user): (UserId, &User)| {
        let single = [
            without_access(survey, id, user),
            external_manager(survey, id, user),
        ];
        single
            .into_iter()
            .flatten()
            .chain(beyond_role(survey, id))
            .chain(duties(survey, id))
            .collect::<Vec<_>>()
    };
    survey.active_users().flat_map(of_user).collect()
}

fn without_access(survey: &Survey<'_>, id: UserId, user: &User) -> Option<Finding> {
    let is_idle = !user.roles.contains(RoleId::ADMIN) && survey.held(id).is_empty();
    is_idle.then(|| Finding::new(FindingCode::UserWithoutAccess, [id.into()]))
}

fn external_manager(survey: &Survey<'_>, id: UserId, user: &User) -> Option<Finding> {
    if !user.is_external() {
        return None;
    }
    let all = if user.roles.contains(RoleId::ADMIN) {
        PermissionSet::ALL
    } else {
        survey.held(id)
    };
    let managed = all.intersection(survey.options.manage_rights);
    let finding = || Finding::new(FindingCode::ExternalManager, [id.into()]).concerning(managed);
    (!managed.is_empty()).then(finding)
}

/// The pairs of separated duties that a user holds both of.
fn duties(survey: &Survey<'_>, id: UserId) -> Vec<Finding> {
    let held = survey.held(id);
    let pairs = survey.options.duties.iter();
    let both = pairs.map(|SeparatedDuties { one, other }| [*one, *other].into_iter().collect());
    let held_together = both.filter(|pair: &PermissionSet| pair.is_within(held));
    held_together
        .map(|pair| Finding::new(FindingCode::SeparationOfDuties, [id.into()]).concerning(pair))
        .collect()
}

/// Where a delegate holds more throughout a model than their role's defaults.
fn beyond_role(survey: &Survey<'_>, id: UserId) -> Vec<Finding> {
    let is_delegate = survey
        .held(id)
        .intersects(ModelPermissions::USERS_UPDATE.into());
    if !is_delegate || survey.state.user(id).is_some_and(is_only_admin) {
        return Vec::new();
    }
    let models = models_in_reach(survey.state, id).into_iter();
    let found = models.filter_map(|model| {
        let sessions = survey.everyday_sessions(id).into_iter();
        let excess = sessions
            .map(|it| excess_of_delegate(survey, &it, model))
            .collect();
        let subjects: [Topic; 2] = [id.into(), model.into()];
        let finding = Finding::new(FindingCode::DelegateBeyondRole, subjects);
        (excess != PermissionSet::EMPTY).then(|| finding.concerning(excess))
    });
    found.collect()
}

fn excess_of_delegate(
    survey: &Survey<'_>,
    session: &Session<'_>,
    model: Resource,
) -> PermissionSet {
    let delegation = PermissionSet::from(ModelPermissions::USERS_UPDATE);
    let authority = PermissionSet::from(OrganisationPermissions::PERMISSIONS_MANAGE);
    let delegates = session.effective(model, survey.now).intersects(delegation);
    if !delegates || authority.is_within(session.organisation_permissions()) {
        return PermissionSet::EMPTY;
    }
    let held = held_throughout(session, model, survey.now, PermissionSet::ALL);
    // That they may delegate is what makes them a delegate, not something they hand out too much.
    held.without(session.role_definition().defaults)
        .without(PermissionSet::of_kind(ResourceKind::Organisation))
        .without(delegation)
}
