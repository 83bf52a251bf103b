//! Several commands as one commit, all or nothing.

use super::decide_one;
use super::draft::Draft;
use super::guard::Guard;
use crate::command::{Actor, Command};
use crate::event::Event;
use crate::refusal::Refusal;
use crate::state::State;

/// Each part is judged on the state that the parts before it made, the actor's session included.
pub(super) fn decide(
    guard: &Guard<'_>,
    actor: &Actor,
    commands: &[Command],
) -> Result<Draft, Refusal> {
    if commands.is_empty() {
        return Err(Refusal::EmptyBatch);
    }
    let mut draft = Draft::new();
    let mut state = guard.state().clone();
    for command in commands {
        let part = decide_part(&Guard::open(&state, actor, guard.now())?, command)?;
        state = part.applied_to(&state);
        draft.append(part);
    }
    let changed = draft
        .events()
        .iter()
        .any(|event| differs(guard.state(), &state, event));
    Ok(if changed {
        draft
    } else {
        draft.without_events()
    })
}

fn decide_part(guard: &Guard<'_>, command: &Command) -> Result<Draft, Refusal> {
    match command {
        Command::Found { .. } => Err(Refusal::NotInBatch),
        _ => decide_one(guard, command),
    }
}

/// Whether what an event touched is another in the end than it was at the beginning: parts may
/// cancel each other out, and a command whose result equals the state commits nothing.
fn differs(before: &State, after: &State, event: &Event) -> bool {
    use Event as E;
    match event {
        E::Founded { .. } => before.name() != after.name(),
        E::SecurityChanged { .. } => before.security() != after.security(),
        E::LimitsChanged { .. } => before.limits() != after.limits(),
        E::RoleDefined { role, .. }
        | E::RoleRedefined { role, .. }
        | E::RoleScopeNarrowed { role, .. }
        | E::RoleDeleted { role, .. } => before.role(*role) != after.role(*role),
        E::UserRegistered { user, .. }
        | E::UserRemoved { user, .. }
        | E::RolesAssigned { user, .. }
        | E::UserSuspended { user }
        | E::UserReinstated { user }
        | E::EmailChanged { user, .. } => before.user(*user) != after.user(*user),
        E::GroupCreated { group, .. }
        | E::GroupRenamed { group, .. }
        | E::GroupRoleReplaced { group, .. }
        | E::GroupDeleted { group, .. } => before.group(*group) != after.group(*group),
        E::GroupJoined { group, user } | E::GroupLeft { group, user } => {
            before.is_member(*group, *user) != after.is_member(*group, *user)
        }
        E::ResourceRegistered { resource, .. } | E::ResourceUnregistered { resource, .. } => {
            before.parent(*resource) != after.parent(*resource)
        }
        E::Granted { to, on, .. }
        | E::GrantClipped { to, on, .. }
        | E::Revoked { from: to, on, .. } => before.grant(*to, *on) != after.grant(*to, *on),
        E::Restricted { from, on, .. } | E::Unrestricted { from, on, .. } => {
            before.restriction(*from, *on) != after.restriction(*from, *on)
        }
        E::Invited { invitation, .. }
        | E::InvitationResent { invitation, .. }
        | E::InvitationChanged { invitation, .. }
        | E::InvitationCancelled { invitation, .. }
        | E::InvitationAccepted { invitation, .. }
        | E::InvitationDeclined { invitation } => {
            before.invitation(*invitation) != after.invitation(*invitation)
        }
    }
}
