//! Invitations that could be accepted before and could not be after.

use serde::{Deserialize, Serialize};

use crate::admin::refusal_of_acceptance;
use crate::event::Event;
use crate::id::InvitationId;
use crate::invitation::Invitation;
use crate::refusal::Refusal;
use crate::state::State;
use crate::time::Timestamp;

/// A live invitation that can be accepted and could be no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnacceptableInvitation {
    /// The invitation.
    pub invitation: InvitationId,
    /// What accepting it would be refused with: the inviter, a seat, the domain, an external Admin.
    pub refusal: Refusal,
}

/// The live invitations whose acceptance is refused in `after` and not in `before`, the first to
/// expire first.
pub(super) fn unacceptable(
    [before, after]: [&State; 2],
    events: &[Event],
    now: Timestamp,
) -> Vec<UnacceptableInvitation> {
    if !events.iter().any(bears_on_acceptance) {
        return Vec::new();
    }
    let was_acceptable = |id: InvitationId| {
        let was = before.invitation(id).filter(|it| it.is_live(now));
        was.is_none_or(|it| refusal_of_acceptance(before, it, now).is_none())
    };
    let refused = |(id, it): (InvitationId, &Invitation)| {
        let refusal = refusal_of_acceptance(after, it, now)?;
        was_acceptable(id).then_some(UnacceptableInvitation {
            invitation: id,
            refusal,
        })
    };
    after.live_invitations(now).filter_map(refused).collect()
}

/// Whether an event can turn an acceptable invitation into another: one that changes members, roles,
/// what restrictions take from an inviter, settings or the offer itself.
fn bears_on_acceptance(event: &Event) -> bool {
    use Event as E;
    !matches!(
        event,
        E::Founded { .. }
            | E::RoleDefined { .. }
            | E::GroupCreated { .. }
            | E::GroupRenamed { .. }
            | E::ResourceRegistered { .. }
            | E::Granted { .. }
            | E::GrantClipped { .. }
            | E::Revoked { .. }
            | E::Unrestricted { .. }
            | E::Invited { .. }
            | E::InvitationResent { .. }
            | E::InvitationCancelled { .. }
            | E::InvitationDeclined { .. }
    )
}
