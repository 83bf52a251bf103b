//! The registered users of an organisation.

use std::sync::Arc;

use imbl::{OrdMap, OrdSet};

use super::State;
use super::roles::of_role;
use crate::address::EmailAddress;
use crate::id::{RoleId, UserId};
use crate::user::User;

#[derive(Clone, Debug)]
struct Registered {
    user: Arc<User>,
    slot: u32,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Users {
    users: OrdMap<UserId, Registered>,
    by_email: OrdMap<String, UserId>,
    holders: OrdSet<(RoleId, UserId)>,
    /// Those of them who are suspended.
    suspended: OrdSet<(RoleId, UserId)>,
}

impl Users {
    /// The slot of a user in the table.
    pub(super) fn slot(&self, id: UserId) -> Option<u32> {
        self.users.get(&id).map(|it| it.slot)
    }

    /// The users with their slots, in the order of their ids.
    pub(super) fn slots(&self) -> impl Iterator<Item = (UserId, u32)> + '_ {
        self.users.iter().map(|(id, it)| (*id, it.slot))
    }

    /// How many addresses are known.
    pub(super) fn address_count(&self) -> usize {
        self.by_email.len()
    }

    /// The users, ascending; of two with one address one is found by it.
    fn from_sorted(users: Vec<(UserId, Registered)>) -> Self {
        let with_address = users.iter().filter_map(|(id, it)| {
            let email = it.user.email()?;
            Some((email.folded(), *id))
        });
        let mut by_email: Vec<_> = with_address.collect();
        by_email.sort_unstable();
        let suspended = users.iter().filter(|(_, it)| !it.user.is_active());
        Self {
            holders: roles_held(users.iter()),
            suspended: roles_held(suspended),
            by_email: by_email.into_iter().collect(),
            users: users.into_iter().collect(),
        }
    }

    fn put(&mut self, id: UserId, user: User, slot: u32) {
        self.remove(id);
        if let Some(email) = user.email() {
            self.by_email.insert(email.folded(), id);
        }
        for role in user.roles.iter() {
            self.holders.insert((role, id));
            if !user.is_active() {
                self.suspended.insert((role, id));
            }
        }
        let user = Arc::new(user);
        self.users.insert(id, Registered { user, slot });
    }

    fn remove(&mut self, id: UserId) {
        let Some(Registered { user, .. }) = self.users.remove(&id) else {
            return;
        };
        if let Some(email) = user.email() {
            self.by_email.remove(&email.folded());
        }
        for role in user.roles.iter() {
            self.holders.remove(&(role, id));
            self.suspended.remove(&(role, id));
        }
    }
}

/// Who holds which role.
fn roles_held<'a>(
    users: impl Iterator<Item = &'a (UserId, Registered)>,
) -> OrdSet<(RoleId, UserId)> {
    let held = users.flat_map(|(id, it)| it.user.roles.iter().map(move |role| (role, *id)));
    let mut held: Vec<_> = held.collect();
    held.sort_unstable();
    held.into_iter().collect()
}

impl State {
    /// Puts a user in place of the one with this id; says whether there was a slot.
    pub(super) fn put_user(&mut self, id: UserId, user: User) -> bool {
        let known = self.users.slot(id);
        let Some(slot) = known.or_else(|| self.table.add_user(id)) else {
            return false;
        };
        self.table.describe_user(id, slot, &user);
        self.users.put(id, user, slot);
        true
    }

    /// Puts users, ascending, where there are none; says whether there was a slot for each.
    pub(super) fn fill_users(&mut self, users: Vec<(UserId, User)>) -> bool {
        let mut registered = Vec::with_capacity(users.len());
        for (id, user) in users {
            let Some(slot) = self.table.add_user(id) else {
                return false;
            };
            self.table.describe_user(id, slot, &user);
            let user = Arc::new(user);
            registered.push((id, Registered { user, slot }));
        }
        self.users = Users::from_sorted(registered);
        true
    }

    /// Removes a user who holds nothing and is in no group.
    pub(super) fn remove_user(&mut self, id: UserId) {
        if let Some(slot) = self.users.slot(id) {
            self.table.remove_user(id, slot);
            self.users.remove(id);
        }
    }
}

impl State {
    /// A registered user.
    #[must_use]
    pub fn user(&self, id: UserId) -> Option<&User> {
        self.users.users.get(&id).map(|it| it.user.as_ref())
    }

    /// The registered users, active and suspended, in the order of their ids.
    pub fn users(&self) -> impl Iterator<Item = (UserId, &User)> + '_ {
        self.users
            .users
            .iter()
            .map(|(id, it)| (*id, it.user.as_ref()))
    }

    /// The users who hold a role, in the order of their ids.
    pub fn holders(&self, role: RoleId) -> impl Iterator<Item = (UserId, &User)> + '_ {
        let holders = of_role(&self.users.holders, role, UserId::new(0));
        holders.filter_map(|id| Some((id, self.user(id)?)))
    }

    /// The active users who hold a role, in the order of their ids: without a look at any of them.
    pub(crate) fn active_holders(&self, role: RoleId) -> impl Iterator<Item = UserId> + '_ {
        let mut suspended = of_role(&self.users.suspended, role, UserId::new(0)).peekable();
        of_role(&self.users.holders, role, UserId::new(0))
            .filter(move |id| suspended.next_if_eq(id).is_none())
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
