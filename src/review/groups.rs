//! Findings on groups: empty, or without anything to give or take.

use super::survey::Survey;
use super::{Finding, FindingCode};
use crate::command::Command;
use crate::id::GroupId;
use crate::state::State;
use crate::subject::Subject;

pub(super) fn findings(survey: &Survey<'_>) -> Vec<Finding> {
    let groups = survey.state.groups().map(|(id, _)| id);
    groups.flat_map(|id| findings_on(survey, id)).collect()
}

fn findings_on(survey: &Survey<'_>, group: GroupId) -> Vec<Finding> {
    let found = [
        (FindingCode::GroupEmpty, is_empty(survey.state, group)),
        (
            FindingCode::GroupWithoutGrants,
            is_idle(survey.state, group),
        ),
    ];
    let found = found.into_iter().filter(|(_, is_found)| *is_found);
    let finding = |(code, _)| {
        let mend = survey.accepted(Command::DeleteGroup { group });
        Finding::new(code, [group.into()]).mended_by(mend)
    };
    found.map(finding).collect()
}

fn is_empty(state: &State, group: GroupId) -> bool {
    let is_offered = || {
        let mut open = state.open_invitations();
        open.any(|(_, it)| it.offer.groups.contains(&group))
    };
    state.members(group).next().is_none() && !is_offered()
}

fn is_idle(state: &State, group: GroupId) -> bool {
    let subject = Subject::Group(group);
    state.grants_of(subject).next().is_none() && state.restrictions_of(subject).next().is_none()
}
