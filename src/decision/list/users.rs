//! Who may do something.

use super::page::{Listing, Numbered};
use crate::id::{RoleId, UserId};
use crate::permission::Permission;
use crate::resource::{Resource, ResourceKind};
use crate::role::Role;
use crate::state::{Access, Chain, State};
use crate::time::Timestamp;

/// Numbers of the ids of users.
#[derive(Debug)]
struct Users;

impl Numbered<UserId> for Users {
    fn one(&self, number: u128) -> UserId {
        UserId::new(number)
    }
}

impl State {
    /// The active users who, under at least one role they hold, may do this on a resource, in the
    /// order of ids. Sign-in proof is ignored.
    ///
    /// Costs in proportion to the Admins, to those who hold a role that gives the permission there,
    /// and to the grants and restrictions on the resource and above it.
    pub fn users_for(
        &self,
        permission: Permission,
        resource: impl Into<Resource>,
        now: Timestamp,
    ) -> Listing<'static, UserId> {
        let resource = resource.into();
        let fitting = self
            .chain(resource)
            .filter(|_| permission.kind() == resource.kind());
        let found = fitting.map(|chain| {
            let access = AccessTo {
                state: self,
                permission,
                chain,
                resource,
            };
            access.users(now)
        });
        let found = found.unwrap_or_default().into_iter();
        Listing::found(found.map(UserId::value).collect(), Users)
    }
}

/// The rule turned round for one permission on one resource: who has it, and who has it taken.
struct AccessTo<'state> {
    state: &'state State,
    permission: Permission,
    chain: Chain,
    resource: Resource,
}

impl<'state> AccessTo<'state> {
    /// Some perhaps more than once.
    fn users(&self, now: Timestamp) -> Vec<UserId> {
        let may = |user| self.may(user);
        let asked = (self.permission, now);
        let Access { mut given, taken } = self.state.table().access(self.resource, asked, may);
        for (role, _) in self.giving_roles() {
            given.extend(self.state.active_holders(role));
        }
        if !taken.is_empty() {
            given.retain(|user| taken.binary_search(user).is_err());
        }
        given.extend(self.state.active_holders(RoleId::ADMIN));
        given
    }

    /// The roles, Admin apart, whose defaults give it here.
    fn giving_roles(&self) -> impl Iterator<Item = (RoleId, &'state Role)> {
        let bounded = self.state.roles().filter(|(id, _)| *id != RoleId::ADMIN);
        bounded.filter(|(_, role)| self.is_default(role))
    }

    /// Whether the defaults of a role give it here.
    fn is_default(&self, role: &Role) -> bool {
        role.defaults.holds(self.permission)
            && (self.permission.kind() == ResourceKind::Organisation
                || role.scope.reaches(self.chain.iter().copied()))
    }

    /// Whether a user holds a role that can have it.
    fn may(&self, user: UserId) -> bool {
        let roles = self
            .state
            .user(user)
            .into_iter()
            .flat_map(|it| it.roles.iter());
        let mut definitions = roles.filter_map(|role| self.state.role(role));
        definitions.any(|role| role.ceiling.holds(self.permission))
    }
}
