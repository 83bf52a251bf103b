//! A copy of an organisation on which to try what its users could do.

use crate::command::SignIn;
use crate::event::Event;
use crate::id::{InvitationId, RoleId, UserId};
use crate::name::Name;
use crate::role::Roles;
use crate::settings::{Limits, SecuritySettings};
use crate::state::State;
use crate::user::{Identity, Status, User};

/// A copy with newcomers to whom something could be handed out: a service for each role but Admin.
///
/// Seats, limits and allowed domains are left aside: they say when, not whether.
pub(super) struct Stage {
    state: State,
    newcomers: Vec<(RoleId, UserId)>,
    /// An id that nobody has.
    pub(super) free: u128,
}

impl Stage {
    pub(super) fn of(state: &State) -> Self {
        let mut stage = Self {
            state: without_limits(state),
            newcomers: Vec::new(),
            free: free_id(state),
        };
        let roles = state.roles().map(|(role, _)| role);
        for role in roles.filter(|role| *role != RoleId::ADMIN) {
            stage.add_newcomer(role);
        }
        stage
    }

    fn add_newcomer(&mut self, role: RoleId) {
        let user = UserId::new(self.free);
        if let Some(registration) = newcomer([role]) {
            let event = Event::UserRegistered { user, registration };
            if self.state.apply_event(&event).is_ok() {
                self.newcomers.push((role, user));
                self.free = next_free(&self.state, self.free);
            }
        }
    }

    pub(super) const fn state(&self) -> &State {
        &self.state
    }

    /// The newcomers, each under their role.
    pub(super) fn newcomers(&self) -> impl Iterator<Item = SignIn> + '_ {
        let newcomers = self.newcomers.iter();
        newcomers.map(|(role, user)| SignIn::new(*user).under(*role))
    }

    /// The newcomer of a role.
    pub(super) fn newcomer(&self, role: RoleId) -> Option<UserId> {
        let found = self.newcomers.iter().find(|(one, _)| *one == role);
        found.map(|(_, user)| *user)
    }

    /// A copy on which these have happened; `None` where one of them does not fit.
    pub(super) fn on_which(&self, events: impl IntoIterator<Item = Event>) -> Option<State> {
        let mut state = self.state.clone();
        for event in events {
            state.apply_event(&event).ok()?;
        }
        Some(state)
    }
}

/// A service that joins with these roles.
pub(super) fn newcomer(roles: impl IntoIterator<Item = RoleId>) -> Option<User> {
    let name: Name = "Newcomer".parse().ok()?;
    Some(User {
        identity: Identity::Service { name },
        roles: Roles::new(roles)?,
        status: Status::Active,
    })
}

fn without_limits(state: &State) -> State {
    let mut copy = state.clone();
    let security = Event::SecurityChanged {
        before: state.security().clone(),
        after: SecuritySettings {
            allowed_domains: Default::default(),
            ..state.security().clone()
        },
    };
    let limits = Event::LimitsChanged {
        before: state.limits().clone(),
        after: Limits {
            open_invitations: u32::MAX,
            custom_roles: u32::MAX,
            ..Limits::default()
        },
    };
    for event in [security, limits] {
        // They say what was there before, so they fit.
        let _ = copy.apply_event(&event);
    }
    copy
}

fn free_id(state: &State) -> u128 {
    next_free(state, 0)
}

/// The next number that is no id of a user, a role or an invitation.
fn next_free(state: &State, after: u128) -> u128 {
    let mut free = after.wrapping_add(1);
    while is_taken(state, free) {
        free = free.wrapping_add(1);
    }
    free
}

fn is_taken(state: &State, id: u128) -> bool {
    state.user(UserId::new(id)).is_some()
        || state.role(RoleId::new(id)).is_some()
        || state.invitation(InvitationId::new(id)).is_some()
}
