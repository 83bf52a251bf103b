//! Findings on grants: over, about to end, or without effect.

use super::admins::is_only_admin;
use super::survey::Survey;
use super::{Finding, FindingCode};
use crate::command::Command;
use crate::decision::reference;
use crate::event::Event;
use crate::grant::Grant;
use crate::id::{GroupId, RoleId, UserId};
use crate::permission::PermissionSet;
use crate::resource::Resource;
use crate::session::Session;
use crate::state::Chain;
use crate::subject::Subject;
use crate::time::Timestamp;
use crate::topic::Topic;

/// A grant and where it stands.
#[derive(Clone, Copy, Debug)]
struct Standing {
    to: Subject,
    on: Resource,
    grant: Grant,
}

pub(super) fn findings(survey: &Survey<'_>) -> Vec<Finding> {
    let standing = survey.subjects().flat_map(|to| {
        let grants = survey.state.grants_of(to);
        grants.map(move |(on, grant)| Standing { to, on, grant })
    });
    standing.flat_map(|it| findings_on(survey, it)).collect()
}

fn findings_on(survey: &Survey<'_>, standing: Standing) -> Vec<Finding> {
    let Standing { to, on, grant } = standing;
    let finding = |code| {
        let subjects: [Topic; 2] = [to.into(), on.into()];
        Finding::new(code, subjects).concerning(grant.permissions)
    };
    let revoke = Command::Revoke { from: to, on };
    if !grant.is_live(survey.now) {
        return vec![finding(FindingCode::GrantExpired).mended_by([revoke])];
    }
    let ends = is_ending(survey, &grant).then(|| finding(FindingCode::GrantExpiring));
    let idle = idleness(survey, standing).map(|code| finding(code).mended_by([revoke]));
    ends.into_iter().chain(idle).collect()
}

fn is_ending(survey: &Survey<'_>, grant: &Grant) -> bool {
    let left = grant.expires_at.map(|end| end.saturating_since(survey.now));
    left.is_some_and(|left| left <= survey.options.expiring_within)
}

/// Why a live grant does nothing, if it does nothing.
fn idleness(survey: &Survey<'_>, standing: Standing) -> Option<FindingCode> {
    let chain = survey.state.chain(standing.on)?;
    match standing.to {
        Subject::User(user) => idleness_for_user(survey, standing, user, &chain),
        Subject::Group(group) => idleness_for_group(survey, standing, group, &chain),
    }
}

fn idleness_for_user(
    survey: &Survey<'_>,
    standing: Standing,
    user: UserId,
    chain: &Chain,
) -> Option<FindingCode> {
    if is_only_admin(survey.state.user(user)?) {
        return Some(FindingCode::GrantToAdmin);
    }
    let sessions = survey.everyday_sessions(user);
    let is_needed = |session: &Session<'_>| is_needed(survey, standing, session);
    if sessions.is_empty() || sessions.iter().any(is_needed) {
        return None;
    }
    let restricted: PermissionSet = sessions
        .iter()
        .map(|session| reference::sources(session, chain, survey.now).restricted)
        .collect();
    Some(idle_code(standing.grant, restricted))
}

fn idle_code(grant: Grant, restricted: PermissionSet) -> FindingCode {
    if grant.permissions.is_within(restricted) {
        FindingCode::GrantRestricted
    } else {
        FindingCode::GrantRedundant
    }
}

/// Whether a session holds less throughout the resource without the grant, now or at its end.
///
/// What is the same there is the same on all beneath it, where sources and restrictions only add up.
fn is_needed(survey: &Survey<'_>, standing: Standing, session: &Session<'_>) -> bool {
    let Standing { to, on, grant } = standing;
    let mut without = survey.state.clone();
    let revoked = Event::Revoked {
        from: to,
        on,
        before: grant,
    };
    if without.apply_event(&revoked).is_err() {
        return true;
    }
    let Ok(bereft) = without.session_without_proof(session.user(), Some(session.role())) else {
        return true;
    };
    let differs = |at: Timestamp| {
        reference::effective_throughout(session, on, at)
            != reference::effective_throughout(&bereft, on, at)
    };
    differs(survey.now) || differs(grant.last_moment().max(survey.now))
}

/// Members come and go, so a group's grant is measured by its role and its own grants alone.
fn idleness_for_group(
    survey: &Survey<'_>,
    Standing { to, on, grant }: Standing,
    group: GroupId,
    chain: &Chain,
) -> Option<FindingCode> {
    let state = survey.state;
    let id = state.group(group)?.role;
    if id == RoleId::ADMIN {
        return Some(FindingCode::GrantToAdmin);
    }
    let role = state.role(id)?;
    let restricted: PermissionSet = chain
        .iter()
        .filter_map(|link| state.restriction(to, *link))
        .collect();
    let above = chain.iter().filter(|link| **link != on);
    let above = above.filter_map(|link| state.grant(to, *link));
    let lasting = above.filter(|it| it.last_moment() >= grant.last_moment());
    let mut given: PermissionSet = lasting.map(|it| it.permissions).collect();
    if role.scope.reaches(chain.iter().copied()) {
        given = given.union(role.defaults);
    }
    let left = grant.permissions.without(restricted).without(given);
    left.is_empty().then(|| idle_code(grant, restricted))
}
