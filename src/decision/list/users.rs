//! Who may do something.

use super::page::Listing;
use crate::id::{GroupId, RoleId, UserId};
use crate::permission::Permission;
use crate::resource::{Resource, ResourceKind};
use crate::role::Role;
use crate::state::{Chain, State};
use crate::subject::Subject;
use crate::time::Timestamp;
use crate::user::User;

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
        let found = fitting.map(|chain| AccessTo::new(self, permission, chain).users(now));
        Listing::found(found.unwrap_or_default())
    }
}

/// The rule turned round for one permission on one resource: who has it, and who has it taken.
struct AccessTo<'state> {
    state: &'state State,
    permission: Permission,
    chain: Chain,
    /// The roles, Admin apart, whose ceiling holds the permission.
    roles: Vec<(RoleId, &'state Role)>,
}

impl<'state> AccessTo<'state> {
    fn new(state: &'state State, permission: Permission, chain: Chain) -> Self {
        let bounded = state.roles().filter(|(id, _)| *id != RoleId::ADMIN);
        let roles = bounded.filter(|(_, role)| role.ceiling.holds(permission));
        Self {
            state,
            permission,
            chain,
            roles: roles.collect(),
        }
    }

    fn users(&self, now: Timestamp) -> Vec<UserId> {
        let taken = Taken::from(self.state, self.permission, &self.chain);
        let mut found = self.given(now);
        found.retain(|user| !taken.is_from(self.state, *user));
        let admins = self.state.holders(RoleId::ADMIN);
        found.extend(active(admins));
        found
    }

    /// Whoever has it from a grant or a role; some perhaps more than once.
    fn given(&self, now: Timestamp) -> Vec<UserId> {
        let mut found = Vec::new();
        let giving = self.roles.iter().filter(|(_, role)| self.is_default(role));
        for (role, _) in giving {
            found.extend(active(self.state.holders(*role)));
        }
        for link in &self.chain {
            for (subject, grant) in self.state.grants_on(*link) {
                if grant.permissions_at(now).holds(self.permission) {
                    self.push_holders(subject, &mut found);
                }
            }
        }
        found
    }

    /// Whether the defaults of a role give it here.
    fn is_default(&self, role: &Role) -> bool {
        role.defaults.holds(self.permission)
            && (self.permission.kind() == ResourceKind::Organisation
                || role.scope.reaches(self.chain.iter().copied()))
    }

    /// Those to whom a grant of this subject gives it.
    fn push_holders(&self, subject: Subject, found: &mut Vec<UserId>) {
        match subject {
            Subject::User(user) => {
                let may = |it: &User| it.roles.iter().any(|role| self.allows(role));
                found.extend(self.active_user(user, may));
            }
            Subject::Group(group) => {
                let role = self.state.group(group).map(|it| it.role);
                let Some(role) = role.filter(|it| self.allows(*it)) else {
                    return;
                };
                let members = self.state.members(group);
                let holds = |it: &User| it.roles.contains(role);
                found.extend(members.filter_map(|user| self.active_user(user, holds)));
            }
        }
    }

    fn active_user(&self, id: UserId, may: impl Fn(&User) -> bool) -> Option<UserId> {
        let user = self.state.user(id)?;
        (user.is_active() && may(user)).then_some(id)
    }

    fn allows(&self, role: RoleId) -> bool {
        self.roles.iter().any(|(allowing, _)| *allowing == role)
    }
}

fn active<'a>(users: impl Iterator<Item = (UserId, &'a User)>) -> impl Iterator<Item = UserId> {
    users.filter(|(_, user)| user.is_active()).map(|(id, _)| id)
}

/// From whom restrictions take the permission.
struct Taken {
    users: Vec<UserId>,
    groups: Vec<GroupId>,
}

impl Taken {
    fn from(state: &State, permission: Permission, chain: &Chain) -> Self {
        let mut taken = Self {
            users: Vec::new(),
            groups: Vec::new(),
        };
        let restrictions = chain.iter().flat_map(|link| state.restrictions_on(*link));
        for (subject, _) in restrictions.filter(|(_, set)| set.holds(permission)) {
            match subject {
                Subject::User(user) => taken.users.push(user),
                Subject::Group(group) => taken.groups.push(group),
            }
        }
        taken.users.sort_unstable();
        taken
    }

    fn is_from(&self, state: &State, user: UserId) -> bool {
        let is_member = |group: &GroupId| state.is_member(*group, user);
        self.users.binary_search(&user).is_ok() || self.groups.iter().any(is_member)
    }
}
