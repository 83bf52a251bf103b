//! The registered users of an organisation.

use std::sync::Arc;

use imbl::{OrdMap, OrdSet};

use super::State;
use crate::address::EmailAddress;
use crate::id::{RoleId, UserId};
use crate::user::User;

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Users {
    users: OrdMap<UserId, Arc<User>>,
    by_email: OrdMap<String, UserId>,
    holders: OrdSet<(RoleId, UserId)>,
}

impl Users {
    /// Puts a user in place of the one with this id.
    pub(super) fn put(&mut self, id: UserId, user: User) {
        self.remove(id);
        if let Some(email) = user.email() {
            self.by_email.insert(email.folded(), id);
        }
        for role in user.roles.iter() {
            self.holders.insert((role, id));
        }
        self.users.insert(id, Arc::new(user));
    }

    pub(super) fn remove(&mut self, id: UserId) {
        let Some(user) = self.users.remove(&id) else {
            return;
        };
        if let Some(email) = user.email() {
            self.by_email.remove(&email.folded());
        }
        for role in user.roles.iter() {
            self.holders.remove(&(role, id));
        }
    }
}

impl State {
    /// A registered user.
    #[must_use]
    pub fn user(&self, id: UserId) -> Option<&User> {
        self.users.users.get(&id).map(Arc::as_ref)
    }

    /// The registered users, active and suspended, in the order of their ids.
    pub fn users(&self) -> impl Iterator<Item = (UserId, &User)> + '_ {
        self.users
            .users
            .iter()
            .map(|(id, user)| (*id, user.as_ref()))
    }

    /// The users who hold a role, in the order of their ids.
    pub fn holders(&self, role: RoleId) -> impl Iterator<Item = (UserId, &User)> + '_ {
        let first = (role, UserId::new(0));
        let holders = self
            .users
            .holders
            .range(first..)
            .take_while(move |(held, _)| *held == role);
        holders.filter_map(|(_, id)| Some((*id, self.user(*id)?)))
    }

    /// The registered user with this address, as addresses are compared.
    #[must_use]
    pub fn user_with_email(&self, email: &EmailAddress) -> Option<UserId> {
        self.users.by_email.get(&email.folded()).copied()
    }

    /// How many seats of a role are used: active people of the organisation who hold it.
    #[must_use]
    pub fn seats_used(&self, role: RoleId) -> usize {
        self.holders(role)
            .filter(|(_, user)| user.takes_seats())
            .count()
    }
}
