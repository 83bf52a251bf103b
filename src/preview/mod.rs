//! What a command would change, before anybody commits it.
//!
//! The command is decided and applied on a copy, which shares structure with the state it is a copy
//! of. Nothing is committed. Whoever wants the commit to be what was previewed executes at the
//! [revision](Preview::revision) of the preview.

mod access;
mod invitations;
pub(crate) mod reach;
mod sign_in;
mod text;
mod touched;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::admin::decide;
use crate::command::{Actor, Command};
use crate::event::{Author, Event};
use crate::grant::Grant;
use crate::id::{GroupId, InvitationId, RoleId, UserId};
use crate::invitation::Cancellation;
use crate::refusal::Refusal;
use crate::resource::Resource;
use crate::role::RoleDiff;
use crate::state::State;
use crate::subject::Subject;
use crate::time::Timestamp;

pub use access::{AccessChange, AccessTriple, gained, lost};
pub use invitations::UnacceptableInvitation;
pub use sign_in::SignInFailure;
pub use text::PreviewText;

pub(crate) use access::{Side, changes};
pub(crate) use touched::Touched;

/// What a command would change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preview {
    /// The revision it was made at. At another one the command may change something else.
    pub revision: u64,
    /// Who would have caused it.
    pub author: Author,
    /// What would happen, in order; empty where nothing would.
    pub events: Vec<Event>,
    /// For `invite_many`, what would come of each entry, in order.
    pub results: Vec<Result<(), Refusal>>,
    /// Who gains and loses what on what, in the order of users and resources: over every user active
    /// before or after, under the primary role of each side, sign-in proof ignored, on every resource
    /// registered on each side and the organisation.
    pub access: Vec<AccessChange>,
    /// The roles that change, with what becomes of them.
    pub roles: Vec<RoleChange>,
    /// The grants that are clipped, or dropped because nothing is left of them.
    pub grants_clipped: Vec<ClippedGrant>,
    /// The groups that users leave, in the order of the events.
    pub groups_left: Vec<GroupLeft>,
    /// The invitations that are cancelled, in the order of the events.
    pub invitations_cancelled: Vec<CancelledInvitation>,
    /// The live invitations that could be accepted no more, the first to expire first.
    pub invitations_unacceptable: Vec<UnacceptableInvitation>,
    /// The sign-ins that would start to fail, by user.
    pub sign_ins_failing: Vec<SignInFailure>,
    /// How many active people of the organisation hold Admin after it.
    pub effective_admins: usize,
}

/// A role that changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleChange {
    /// The role.
    pub role: RoleId,
    /// What becomes of it.
    pub diff: RoleDiff,
}

/// A grant that is clipped to a new ceiling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClippedGrant {
    /// Who has it.
    pub to: Subject,
    /// On what.
    pub on: Resource,
    /// What it was.
    pub before: Grant,
    /// What is left; `None` where nothing is.
    pub after: Option<Grant>,
}

/// A user who leaves a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupLeft {
    /// The group.
    pub group: GroupId,
    /// The user.
    pub user: UserId,
}

/// An invitation that is cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CancelledInvitation {
    /// The invitation.
    pub invitation: InvitationId,
    /// Why.
    pub reason: Cancellation,
}

/// What a command or batch would change. Nothing is committed and `state` stays as it is.
///
/// Cost in proportion to what the command touches: the users and resources that its events bear on.
///
/// # Errors
/// The [`Refusal`] that [`decide`] gives.
pub fn preview(
    state: &State,
    actor: &Actor,
    command: &Command,
    now: Timestamp,
) -> Result<Preview, Refusal> {
    let decided = decide(state, actor, command, now)?;
    let after = applied(state, &decided.events);
    let events = decided.events;
    let touched = Touched::by_events(state, &after, &events);
    let sides = [state, &after].map(|state| Side { state, now });
    let [before, then] = sides;
    Ok(Preview {
        revision: state.revision(),
        author: decided.author,
        results: decided.results,
        access: changes(&touched, before, then),
        roles: roles(state, &after, &events),
        grants_clipped: events.iter().filter_map(clipped).collect(),
        groups_left: groups_left(&after, &events),
        invitations_cancelled: events.iter().filter_map(cancelled).collect(),
        invitations_unacceptable: invitations::unacceptable([state, &after], &events, now),
        sign_ins_failing: sign_in::failures(state, &after, &events),
        effective_admins: effective_admins(&after),
        events,
    })
}

impl Preview {
    /// Whether the command would change anything at all.
    #[must_use]
    pub fn is_change(&self) -> bool {
        !self.events.is_empty()
    }

    /// Whether an active person of the organisation holds Admin after it.
    #[must_use]
    pub const fn admin_remains(&self) -> bool {
        self.effective_admins > 0
    }

    /// The permissions gained, one by one, in the order of users, resources and the catalogue.
    pub fn gained(&self) -> impl Iterator<Item = AccessTriple> + '_ {
        gained(&self.access)
    }

    /// The permissions lost, one by one, in the order of users, resources and the catalogue.
    pub fn lost(&self) -> impl Iterator<Item = AccessTriple> + '_ {
        lost(&self.access)
    }
}

fn applied(state: &State, events: &[Event]) -> State {
    let mut after = state.clone();
    for event in events {
        let applied = after.apply_event(event);
        debug_assert!(applied.is_ok(), "a decided event fits the state: {event:?}");
    }
    after
}

/// How many active people of the organisation hold Admin.
pub(crate) fn effective_admins(state: &State) -> usize {
    let admins = state.holders(RoleId::ADMIN);
    admins.filter(|(_, user)| user.is_effective_admin()).count()
}

fn roles(before: &State, after: &State, events: &[Event]) -> Vec<RoleChange> {
    let changed: BTreeSet<_> = events.iter().filter_map(changed_role).collect();
    let change = |role| {
        let diff = before.role(role)?.diff(after.role(role)?);
        (!diff.is_empty()).then_some(RoleChange { role, diff })
    };
    changed.into_iter().filter_map(change).collect()
}

fn changed_role(event: &Event) -> Option<RoleId> {
    match event {
        Event::RoleDefined { role, .. }
        | Event::RoleRedefined { role, .. }
        | Event::RoleScopeNarrowed { role, .. } => Some(*role),
        _ => None,
    }
}

fn clipped(event: &Event) -> Option<ClippedGrant> {
    match event {
        Event::GrantClipped {
            to,
            on,
            before,
            after,
        } => Some(ClippedGrant {
            to: *to,
            on: *on,
            before: *before,
            after: *after,
        }),
        _ => None,
    }
}

fn cancelled(event: &Event) -> Option<CancelledInvitation> {
    match event {
        Event::InvitationCancelled { invitation, reason } => Some(CancelledInvitation {
            invitation: *invitation,
            reason: *reason,
        }),
        _ => None,
    }
}

/// Whoever leaves a group and is not in it again in the end.
fn groups_left(after: &State, events: &[Event]) -> Vec<GroupLeft> {
    let left = events.iter().filter_map(|event| match event {
        Event::GroupLeft { group, user } => Some(GroupLeft {
            group: *group,
            user: *user,
        }),
        _ => None,
    });
    left.filter(|it| !after.is_member(it.group, it.user))
        .collect()
}
