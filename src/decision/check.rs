//! The questions of a host: may they, and what may they.

use super::{Decision, fast};
use crate::command::SignIn;
use crate::permission::PermissionSet;
use crate::resource::{Resource, TypedResource};
use crate::session::Session;
use crate::state::State;
use crate::time::Timestamp;

impl State {
    /// Whether a user may do all of this on a resource, and why.
    ///
    /// A question that is repeated for one user is cheaper through a [`Session`].
    pub fn check(
        &self,
        sign_in: SignIn,
        permissions: impl Into<PermissionSet>,
        resource: impl Into<Resource>,
        now: Timestamp,
    ) -> Decision {
        fast::check(self, sign_in, permissions.into(), resource.into(), now)
    }
}

impl Session<'_> {
    /// Whether the session may do all of this on a resource whose kind the compiler knows.
    ///
    /// A permission of another kind does not compile:
    ///
    /// ```compile_fail
    /// # use rolebook::{FrameworkId, ModelPermissions, Session, Timestamp};
    /// fn wrong(session: &Session<'_>, framework: FrameworkId, now: Timestamp) -> bool {
    ///     session.can(ModelPermissions::READ, framework, now)
    /// }
    /// ```
    ///
    /// ```
    /// # use rolebook::{FrameworkId, FrameworkPermissions, Session, Timestamp};
    /// fn right(session: &Session<'_>, framework: FrameworkId, now: Timestamp) -> bool {
    ///     session.can(FrameworkPermissions::READ, framework, now)
    /// }
    /// ```
    #[must_use]
    pub fn can<R: TypedResource>(
        &self,
        permissions: R::Permissions,
        resource: R,
        now: Timestamp,
    ) -> bool {
        self.check(permissions, resource, now).is_allowed()
    }

    /// Whether the session may do all of this on a resource, and why.
    ///
    /// The empty set is denied: asking for nothing is a mistake, not a permission.
    pub fn check(
        &self,
        permissions: impl Into<PermissionSet>,
        resource: impl Into<Resource>,
        now: Timestamp,
    ) -> Decision {
        fast::check_session(self, permissions.into(), resource.into(), now)
    }

    /// Everything the session may do on a resource; nothing where it is not registered.
    #[must_use]
    pub fn effective(&self, resource: impl Into<Resource>, now: Timestamp) -> PermissionSet {
        fast::effective(self, resource.into(), now)
    }
}
