//! Writes: a command is decided against the state; events or a refusal come out.
//!
//! Every command goes the same way: [`Guard::open`](guard::Guard) makes sure of the session, then the
//! command's own function asks the guard for the right, reads the arguments, asks the guard for rank,
//! looks at the state, and writes events into a [`Draft`](draft::Draft). An event that confers
//! something can be drafted only with a clearance, and only the guard makes clearances.

mod answer;
mod arguments;
mod batch;
mod draft;
mod entitlement;
mod group;
mod guard;
mod invitation;
mod invite_checks;
mod resource;
mod role;
mod role_deletion;
mod settings;
mod user;

use crate::command::{Actor, Command};
use crate::event::{Author, Commit, Event};
use crate::refusal::Refusal;
use crate::state::State;
use crate::time::Timestamp;

pub(crate) use answer::refusal_of_acceptance;
pub(crate) use guard::held_throughout;

use draft::Draft;
use guard::Guard;

/// What a command comes to: events that are not committed yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// Who caused it.
    pub author: Author,
    /// What happens, in order. Empty where the command changes nothing: then there is no commit.
    pub events: Vec<Event>,
    /// For `invite_many`, what came of each entry, in order; for a batch, that of each `invite_many`
    /// in it; empty for every other command.
    pub results: Vec<Result<(), Refusal>>,
}

impl Decided {
    /// The commit that makes the revision after `revision`; `None` where nothing changes.
    #[must_use]
    pub fn into_commit(self, revision: u64, at: Timestamp) -> Option<Commit> {
        let Self { author, events, .. } = self;
        let revision = revision.checked_add(1)?;
        (!events.is_empty()).then_some(Commit {
            revision,
            at,
            author,
            events,
        })
    }
}

/// Decides a command. Pure: the same arguments give the same result, and nothing is changed.
///
/// # Errors
/// The first [`Refusal`] that applies, in the order of the specification: the session, the right,
/// the arguments, rank, state.
pub fn decide(
    state: &State,
    actor: &Actor,
    command: &Command,
    now: Timestamp,
) -> Result<Decided, Refusal> {
    let is_founding = matches!(command, Command::Found { .. });
    if !state.is_founded() && !is_founding {
        return Err(Refusal::NotFounded);
    }
    if matches!(command, Command::Accept { .. } | Command::Decline { .. }) {
        let draft = answer::decide(state, command, now)?;
        return Ok(draft.into_decided(Author::Invitee));
    }
    let guard = Guard::open(state, actor, now)?;
    let draft = match command {
        Command::Batch { commands } => batch::decide(&guard, actor, commands)?,
        _ => decide_one(&guard, command)?,
    };
    Ok(draft.into_decided(guard.author()))
}

/// Decides a command that can be part of a batch, and `found`.
fn decide_one(guard: &Guard<'_>, command: &Command) -> Result<Draft, Refusal> {
    use Command as C;
    match command {
        C::Found {
            name,
            first_admin,
            invitation,
            token,
        } => settings::found(guard, name, first_admin, (*invitation, *token)),
        C::SetSecurity { .. } => settings::set_security(guard, command),
        C::SetLimits { .. } => settings::set_limits(guard, command),
        C::DefineRole { role, definition } => role::define(guard, *role, definition),
        C::RedefineRole { role, definition } => role::redefine(guard, *role, definition),
        C::CloneRole { role, from, name } => role::clone(guard, *role, *from, name),
        C::DeleteRole { role, replacement } => role_deletion::delete(guard, *role, *replacement),
        C::AssignRoles { user, roles } => user::assign_roles(guard, *user, roles),
        C::Suspend { user } => user::suspend(guard, *user),
        C::Reinstate { user } => user::reinstate(guard, *user),
        C::Remove { user } => user::remove(guard, *user),
        C::Leave => user::leave(guard),
        C::AddServiceUser { user, name, roles } => user::add_service(guard, *user, name, roles),
        C::ChangeEmail { user, email } => user::change_email(guard, *user, email),
        C::CreateGroup { group, name, role } => group::create(guard, *group, name, *role),
        C::RenameGroup { group, name } => group::rename(guard, *group, name),
        C::DeleteGroup { group } => group::delete(guard, *group),
        C::AddToGroup { group, user } => group::add(guard, *group, *user),
        C::RemoveFromGroup { group, user } => group::remove(guard, *group, *user),
        C::Register { resource, parent } => resource::register(guard, *resource, *parent),
        C::Unregister { resource } => resource::unregister(guard, *resource),
        C::Grant(request) => entitlement::grant(guard, request),
        C::Revoke { from, on } => entitlement::revoke(guard, *from, *on),
        C::Restrict {
            from,
            on,
            permissions,
        } => entitlement::restrict(guard, *from, *on, *permissions),
        C::Unrestrict { from, on } => entitlement::unrestrict(guard, *from, *on),
        C::Invite(request) => invitation::invite(guard, request),
        C::InviteMany { entries } => invitation::invite_many(guard, entries),
        C::Resend {
            invitation,
            token,
            ttl,
        } => invitation::resend(guard, *invitation, *token, *ttl),
        C::ChangeInvitation {
            invitation,
            roles,
            groups,
        } => invitation::change(guard, *invitation, roles, groups),
        C::CancelInvitation { invitation } => invitation::cancel(guard, *invitation),
        C::Accept { .. } | C::Decline { .. } | C::Batch { .. } => Err(Refusal::NotInBatch),
    }
}
