//! Findings on invitations: expired, waiting for long, or not to be accepted.

use super::survey::Survey;
use super::{Finding, FindingCode};
use crate::admin::refusal_of_acceptance;
use crate::command::Command;
use crate::id::InvitationId;
use crate::invitation::Invitation;

pub(super) fn findings(survey: &Survey<'_>) -> Vec<Finding> {
    let open = survey.state.open_invitations();
    open.flat_map(|(id, it)| findings_on(survey, id, it))
        .collect()
}

fn findings_on(survey: &Survey<'_>, id: InvitationId, it: &Invitation) -> Vec<Finding> {
    let live = it.is_live(survey.now);
    let waiting = survey.now.saturating_since(it.sending.sent_at);
    let refused = || refusal_of_acceptance(survey.state, it, survey.now).is_some();
    let found = [
        (FindingCode::InvitationExpired, !live),
        (
            FindingCode::InvitationPendingLong,
            live && waiting > survey.options.pending_at_most,
        ),
        (FindingCode::InvitationUnacceptable, live && refused()),
    ];
    let found = found.into_iter().filter(|(_, is_found)| *is_found);
    let finding = |(code, _)| {
        let cancel = Command::CancelInvitation { invitation: id };
        Finding::new(code, [id.into()]).mended_by([cancel])
    };
    found.map(finding).collect()
}
