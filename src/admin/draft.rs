//! The events of one command, as they are written down.
//!
//! An event that confers something comes in as [`Cleared`]; the other methods write events that
//! take away, follow from something, or confer nothing.

use std::collections::BTreeSet;

use super::Decided;
use super::guard::Cleared;
use crate::event::{Author, Event};
use crate::grant::Grant;
use crate::group::Group;
use crate::id::{GroupId, InvitationId, RoleId, UserId};
use crate::invitation::{Cancellation, Invitation, Inviter, Offer};
use crate::name::Name;
use crate::refusal::Refusal;
use crate::resource::Resource;
use crate::role::Role;
use crate::settings::{Limits, SecuritySettings};
use crate::state::State;
use crate::subject::Subject;
use crate::user::User;

/// The events of one command.
#[derive(Debug, Default)]
pub(super) struct Draft {
    events: Vec<Event>,
    results: Vec<Result<(), Refusal>>,
}

impl Draft {
    /// A draft that changes nothing yet.
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// A draft of one event that was cleared.
    pub(super) fn of(cleared: Cleared) -> Self {
        Self {
            events: vec![cleared.into_event()],
            results: Vec::new(),
        }
    }

    pub(super) fn into_decided(self, author: Author) -> Decided {
        Decided {
            author,
            events: self.events,
            results: self.results,
        }
    }

    /// Writes what the guard has cleared.
    pub(super) fn confer(&mut self, cleared: Cleared) {
        self.events.push(cleared.into_event());
    }

    /// Writes all that the guard has cleared.
    pub(super) fn confer_all(&mut self, cleared: impl IntoIterator<Item = Cleared>) {
        self.events
            .extend(cleared.into_iter().map(Cleared::into_event));
    }

    /// Adds what came of an entry of `invite_many`.
    pub(super) fn push_result(&mut self, result: Result<(), Refusal>) {
        self.results.push(result);
    }

    /// Adds another draft behind this one.
    pub(super) fn append(&mut self, other: Self) {
        self.events.extend(other.events);
        self.results.extend(other.results);
    }

    /// The events so far.
    pub(super) fn events(&self) -> &[Event] {
        &self.events
    }

    /// The same with no events, where they cancel each other out.
    pub(super) fn without_events(self) -> Self {
        Self {
            events: Vec::new(),
            results: self.results,
        }
    }

    /// The state as these events make it.
    pub(super) fn applied_to(&self, state: &State) -> State {
        let mut next = state.clone();
        for event in &self.events {
            let applied = next.apply_event(event);
            debug_assert!(applied.is_ok(), "a decided event fits the state: {event:?}");
        }
        next
    }

    pub(super) fn founded(&mut self, name: Name) {
        self.events.push(Event::Founded { name });
    }

    pub(super) fn security_changed(&mut self, before: &SecuritySettings, after: SecuritySettings) {
        if *before != after {
            self.events.push(Event::SecurityChanged {
                before: before.clone(),
                after,
            });
        }
    }

    pub(super) fn limits_changed(&mut self, before: &Limits, after: Limits) {
        if *before != after {
            self.events.push(Event::LimitsChanged {
                before: before.clone(),
                after,
            });
        }
    }

    /// The scope of a role loses the resources that go.
    pub(super) fn scope_narrowed(&mut self, id: RoleId, role: &Role, gone: &BTreeSet<Resource>) {
        let after = role.scope.without(|resource| gone.contains(resource));
        if after != role.scope {
            let before = role.scope.clone();
            self.events.push(Event::RoleScopeNarrowed {
                role: id,
                before,
                after,
            });
        }
    }

    pub(super) fn role_deleted(&mut self, role: RoleId, before: &Role) {
        self.events.push(Event::RoleDeleted {
            role,
            before: before.clone(),
        });
    }

    pub(super) fn user_suspended(&mut self, user: UserId) {
        self.events.push(Event::UserSuspended { user });
    }

    /// Takes a user out, with their grants, restrictions, memberships and open invitations.
    pub(super) fn user_removed(&mut self, state: &State, user: UserId, before: &User) {
        self.entitlements_dropped(state, user.into());
        let left = state
            .groups_of(user)
            .map(|group| Event::GroupLeft { group, user });
        self.events.extend(left);
        let sent_by_them =
            |invitation: &Invitation| invitation.offer.inviter == Inviter::User(user);
        let open = state
            .open_invitations()
            .filter(|(_, invitation)| sent_by_them(invitation));
        open.for_each(|(id, _)| self.invitation_cancelled(id, Cancellation::InviterLeft));
        self.events.push(Event::UserRemoved {
            user,
            before: before.clone(),
        });
    }

    pub(super) fn group_renamed(&mut self, group: GroupId, before: &Name, after: Name) {
        if *before != after {
            self.events.push(Event::GroupRenamed {
                group,
                before: before.clone(),
                after,
            });
        }
    }

    pub(super) fn group_deleted(&mut self, group: GroupId, before: &Group) {
        self.events.push(Event::GroupDeleted {
            group,
            before: before.clone(),
        });
    }

    /// An open invitation offers a deleted group no more.
    pub(super) fn group_withdrawn(&mut self, id: InvitationId, before: &Offer, group: GroupId) {
        let mut after = before.clone();
        after.groups.remove(&group);
        let before = before.clone();
        self.events.push(Event::InvitationChanged {
            invitation: id,
            before,
            after,
        });
    }

    pub(super) fn resource_registered(&mut self, resource: Resource, parent: Resource) {
        self.events
            .push(Event::ResourceRegistered { resource, parent });
    }

    /// Takes a resource out that nothing stands beneath any more, with all that is on it.
    pub(super) fn resource_unregistered(&mut self, state: &State, on: Resource, parent: Resource) {
        let grants = state.grants_on(on);
        self.events
            .extend(grants.map(|(from, before)| Event::Revoked { from, on, before }));
        let restrictions = state.restrictions_on(on);
        let lifted = restrictions.map(|(from, before)| Event::Unrestricted { from, on, before });
        self.events.extend(lifted);
        self.events.push(Event::ResourceUnregistered {
            resource: on,
            parent,
        });
    }

    /// Takes all grants and restrictions of a subject that goes.
    pub(super) fn entitlements_dropped(&mut self, state: &State, from: Subject) {
        let grants = state.grants_of(from);
        self.events
            .extend(grants.map(|(on, before)| Event::Revoked { from, on, before }));
        let restrictions = state.restrictions_of(from);
        let lifted = restrictions.map(|(on, before)| Event::Unrestricted { from, on, before });
        self.events.extend(lifted);
    }

    /// Clips the stored grants of a subject to the ceiling that it has in `next`.
    pub(super) fn grants_clipped(&mut self, next: &State, to: Subject) {
        let ceiling = next.ceiling_of(to);
        for (on, before) in next.grants_of(to) {
            let left = before.permissions.intersection(ceiling);
            if left != before.permissions {
                let after = (!left.is_empty()).then_some(Grant {
                    permissions: left,
                    ..before
                });
                self.events.push(Event::GrantClipped {
                    to,
                    on,
                    before,
                    after,
                });
            }
        }
    }

    pub(super) fn invitation_cancelled(&mut self, invitation: InvitationId, reason: Cancellation) {
        self.events
            .push(Event::InvitationCancelled { invitation, reason });
    }

    pub(super) fn invitation_accepted(&mut self, invitation: InvitationId, user: UserId) {
        self.events
            .push(Event::InvitationAccepted { invitation, user });
    }

    pub(super) fn invitation_declined(&mut self, invitation: InvitationId) {
        self.events.push(Event::InvitationDeclined { invitation });
    }
}
