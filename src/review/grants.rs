//! Findings on grants: over, about to end, or without effect.

use super::admins::is_only_admin;
use super::survey::Survey;
use super::{Finding, FindingCode};
use crate::command::Command;
use crate::decision::reference::{self, Sources};
use crate::grant::Grant;
use crate::id::{GroupId, RoleId, UserId};
use crate::permission::PermissionSet;
use crate::resource::Resource;
use crate::session::Session;
use crate::state::{Chain, Entry, Holding};
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
    let subjects = survey.subjects();
    subjects.flat_map(|to| findings_of(survey, to)).collect()
}

fn findings_of(survey: &Survey<'_>, to: Subject) -> Vec<Finding> {
    let sessions = match to {
        Subject::User(user) => survey.everyday_sessions(user),
        Subject::Group(_) => Vec::new(),
    };
    let grants = survey.state.grants_of(to);
    let standing = grants.map(|(on, grant)| Standing { to, on, grant });
    let findings = standing.flat_map(|it| findings_on(survey, it, &sessions));
    findings.collect()
}

fn findings_on(survey: &Survey<'_>, standing: Standing, sessions: &[Session<'_>]) -> Vec<Finding> {
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
    let idle = idleness(survey, standing, sessions).map(|code| finding(code).mended_by([revoke]));
    ends.into_iter().chain(idle).collect()
}

fn is_ending(survey: &Survey<'_>, grant: &Grant) -> bool {
    let left = grant.expires_at.map(|end| end.saturating_since(survey.now));
    left.is_some_and(|left| left <= survey.options.expiring_within)
}

/// Why a live grant does nothing, if it does nothing.
fn idleness(
    survey: &Survey<'_>,
    standing: Standing,
    sessions: &[Session<'_>],
) -> Option<FindingCode> {
    match standing.to {
        Subject::User(user) => idleness_for_user(survey, standing, user, sessions),
        Subject::Group(group) => idleness_for_group(survey, standing, group),
    }
}

fn idleness_for_user(
    survey: &Survey<'_>,
    standing: Standing,
    user: UserId,
    sessions: &[Session<'_>],
) -> Option<FindingCode> {
    if sessions.is_empty() {
        // Suspended, or nothing but Admin.
        let is_admin = is_only_admin(survey.state.user(user)?);
        return is_admin.then_some(FindingCode::GrantToAdmin);
    }
    let chain = &survey.state.chain(standing.on)?;
    let held = &survey.state.held_on(user, standing.on, PermissionSet::ALL);
    let entitlements = Entitlements { chain, held };
    let is_needed = |it: &Session<'_>| entitlements.need(standing.grant, it, survey.now);
    if sessions.iter().any(is_needed) {
        return None;
    }
    let restrictions = held.iter().filter(|it| it.entry.restricts());
    let restricted = restrictions.map(|it| it.entry.permissions()).collect();
    Some(idle_code(standing.grant, restricted))
}

fn idle_code(grant: Grant, restricted: PermissionSet) -> FindingCode {
    if grant.permissions.is_within(restricted) {
        FindingCode::GrantRestricted
    } else {
        FindingCode::GrantRedundant
    }
}

/// What a user and their groups have on the chain of a resource.
struct Entitlements<'a> {
    chain: &'a Chain,
    held: &'a [Holding],
}

impl Entitlements<'_> {
    /// Whether a session holds less throughout the resource without the user's grant there, now or at its end.
    ///
    /// What is the same there is the same on all beneath it, where sources and restrictions only add up.
    fn need(&self, grant: Grant, session: &Session<'_>, now: Timestamp) -> bool {
        let is_it = |it: &Holding| it.group.is_none() && it.link == 0 && !it.entry.restricts();
        let differs = |at: Timestamp| {
            let without = self.held.iter().filter(|it| !is_it(it));
            self.remaining(session, self.held.iter(), at) != self.remaining(session, without, at)
        };
        differs(now) || differs(grant.last_moment().max(now))
    }

    /// What some of this leaves to a session throughout the resource.
    fn remaining<'h>(
        &self,
        session: &Session<'_>,
        held: impl Iterator<Item = &'h Holding>,
        at: Timestamp,
    ) -> PermissionSet {
        let mut sources = Sources {
            role_scope: reference::role_scope(session, self.chain),
            ..Sources::default()
        };
        for it in held {
            add(&mut sources, it, session.role(), at);
        }
        let ceiling = session.role_definition().ceiling;
        sources.remaining().intersection(ceiling)
    }
}

/// Adds what a user, or a group of theirs, has to the sources of a session under a role.
fn add(sources: &mut Sources, held: &Holding, role: RoleId, at: Timestamp) {
    let (source, permissions) = match (held.entry, held.group) {
        (Entry::Restriction(taken), _) => (&mut sources.restricted, taken),
        (Entry::Grant(grant), None) => (&mut sources.user_grants, grant.permissions_at(at)),
        (Entry::Grant(grant), Some((_, of_group))) if of_group == role => {
            (&mut sources.group_grants, grant.permissions_at(at))
        }
        (Entry::Grant(_), Some(_)) => return,
    };
    *source = source.union(permissions);
}

/// Members come and go, so a group's grant is measured by its role and its own grants alone.
fn idleness_for_group(
    survey: &Survey<'_>,
    Standing { to, on, grant }: Standing,
    group: GroupId,
) -> Option<FindingCode> {
    let state = survey.state;
    let chain = state.chain(on)?;
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
