//! Lists. A listing holds exactly what a check allows.

use crate::id::UserId;
use crate::permission::Permission;
use crate::resource::Resource;
use crate::session::Session;
use crate::state::State;
use crate::time::Timestamp;
use crate::user::User;

impl Session<'_> {
    /// The resources of the permission's kind on which the session may do it, in the order of ids.
    pub fn resources_for(
        &self,
        permission: Permission,
        now: Timestamp,
    ) -> impl Iterator<Item = Resource> + '_ {
        let resources = self.state().resources_of(permission.kind());
        resources.filter(move |resource| self.check(permission, *resource, now).is_allowed())
    }
}

impl State {
    /// The active users who, under at least one role they hold, may do this on a resource, in the
    /// order of ids. Sign-in proof is ignored.
    pub fn users_for(
        &self,
        permission: Permission,
        resource: Resource,
        now: Timestamp,
    ) -> impl Iterator<Item = UserId> + '_ {
        let users = self.users();
        users
            .filter(move |(id, user)| self.may_under_any_role(*id, user, permission, resource, now))
            .map(|(id, _)| id)
    }

    fn may_under_any_role(
        &self,
        id: UserId,
        user: &User,
        permission: Permission,
        resource: Resource,
        now: Timestamp,
    ) -> bool {
        user.roles.iter().any(|role| {
            let session = self.session_without_proof(id, Some(role));
            session.is_ok_and(|it| it.check(permission, resource, now).is_allowed())
        })
    }
}
