//! Conferring roles: nobody but Admins gives a role that is more than their own.

use super::{Cleared, Guard};
use crate::event::Event;
use crate::group::Group;
use crate::id::{GroupId, RoleId, UserId};
use crate::permission::PermissionSet;
use crate::refusal::Refusal;
use crate::resource::Resource;
use crate::role::{Role, Roles, Scope};
use crate::session::Session;
use crate::state::State;
use crate::subject::Subject;
use crate::user::User;

/// What goes beyond the actor, of one or several things that would be conferred.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Excess {
    /// Permissions that the actor does not have to give.
    pub(super) permissions: PermissionSet,
    /// A scope beyond the actor's.
    pub(super) scope: bool,
    /// Admin, which Admins and the operator alone confer.
    pub(super) admin: bool,
}

impl Excess {
    pub(super) const fn of(permissions: PermissionSet) -> Self {
        Self {
            permissions,
            scope: false,
            admin: false,
        }
    }

    pub(super) const fn and(self, other: Self) -> Self {
        Self {
            permissions: self.permissions.union(other.permissions),
            scope: self.scope || other.scope,
            admin: self.admin || other.admin,
        }
    }

    pub(super) fn is_none(self) -> bool {
        self == Self::default()
    }

    pub(super) fn refuse(self) -> Result<(), Refusal> {
        if self.is_none() {
            return Ok(());
        }
        Err(Refusal::ExceedsActor {
            excess: self.permissions,
            scope: self.scope,
        })
    }
}

impl FromIterator<Self> for Excess {
    fn from_iter<I: IntoIterator<Item = Self>>(parts: I) -> Self {
        parts.into_iter().fold(Self::default(), Self::and)
    }
}

/// What a role to be conferred holds beyond the role of a session (specification, 5).
fn excess_over(session: &Session<'_>, id: RoleId, role: &Role) -> Excess {
    let own = session.role_definition();
    let ceiling = role.ceiling.without(own.ceiling);
    let organisation = role
        .organisation_defaults()
        .without(session.organisation_permissions());
    let held = own.defaults.without(restricted_anywhere(session));
    let defaults = match role.scope {
        Scope::Granted => PermissionSet::EMPTY,
        Scope::All | Scope::Selected(_) => role.defaults.without(held),
    };
    Excess {
        permissions: ceiling.union(organisation).union(defaults),
        scope: !is_within(session.state(), &role.scope, &own.scope),
        admin: id == RoleId::ADMIN,
    }
}

/// Every permission that a restriction takes from the actor on any resource.
fn restricted_anywhere(session: &Session<'_>) -> PermissionSet {
    let state = session.state();
    let groups = state.groups_of(session.user()).map(Subject::Group);
    let subjects = groups.chain([Subject::User(session.user())]);
    subjects
        .flat_map(|subject| state.restrictions_of(subject))
        .map(|(_, set)| set)
        .collect()
}

fn is_within(state: &State, scope: &Scope, own: &Scope) -> bool {
    let reached = |resource: Resource| {
        state
            .chain(resource)
            .is_some_and(|it| own.reaches(it.into_iter()))
    };
    match scope {
        Scope::Granted => true,
        Scope::All => *own == Scope::All,
        Scope::Selected(selected) => selected.iter().copied().all(reached),
    }
}

impl Guard<'_> {
    /// What a role of this definition holds beyond what the actor may confer.
    pub(super) fn excess_of(&self, id: RoleId, role: &Role) -> Excess {
        match self.bound_session() {
            Some(session) => excess_over(session, id, role),
            None => Excess::default(),
        }
    }

    /// What these roles hold beyond what the actor may confer, in union.
    pub(super) fn excess_of_roles(&self, roles: impl IntoIterator<Item = RoleId>) -> Excess {
        let definitions = roles
            .into_iter()
            .filter_map(|id| Some((id, self.state.role(id)?)));
        definitions
            .map(|(id, role)| self.excess_of(id, role))
            .collect()
    }

    /// Acting on a user needs every role of theirs to be one that the actor could confer.
    pub(in crate::admin) fn outrank(&self, user: &User) -> Result<(), Refusal> {
        self.outrank_roles(&user.roles)
    }

    pub(in crate::admin) fn outrank_roles(&self, roles: &Roles) -> Result<(), Refusal> {
        let excess = self.excess_of_roles(roles.iter());
        if excess.is_none() {
            Ok(())
        } else {
            Err(Refusal::TargetOutranksActor)
        }
    }

    /// Nobody but Admins redefines, deletes or replaces a role they hold.
    pub(super) fn require_not_held(&self, role: RoleId) -> Result<(), Refusal> {
        let bound = self.bound_session().and_then(Session::registration);
        if bound.is_some_and(|it| it.roles.contains(role)) {
            return Err(Refusal::SelfAdministration);
        }
        Ok(())
    }

    pub(in crate::admin) fn role_defined(
        &self,
        role: RoleId,
        definition: Role,
    ) -> Result<Cleared, Refusal> {
        self.excess_of(role, &definition).refuse()?;
        Ok(Cleared(Event::RoleDefined { role, definition }))
    }

    /// Cloning confers the original: a clone of Admin is made by Admins and the operator alone.
    pub(in crate::admin) fn role_cloned(
        &self,
        role: RoleId,
        original: RoleId,
        definition: Role,
    ) -> Result<Cleared, Refusal> {
        self.excess_of(original, &definition).refuse()?;
        Ok(Cleared(Event::RoleDefined { role, definition }))
    }

    /// Redefining needs both the old and the new definition to be conferrable.
    pub(in crate::admin) fn role_redefined(
        &self,
        role: RoleId,
        before: &Role,
        after: Role,
    ) -> Result<Cleared, Refusal> {
        self.require_not_held(role)?;
        self.excess_of(role, before)
            .and(self.excess_of(role, &after))
            .refuse()?;
        Ok(Cleared(Event::RoleRedefined {
            role,
            before: before.clone(),
            after,
        }))
    }

    /// Deleting a role that nobody uses, or that is to be refused as in use.
    pub(in crate::admin) fn may_delete_role(&self, role: RoleId) -> Result<(), Refusal> {
        self.require_not_held(role)?;
        self.excess_of_roles([role]).refuse()
    }

    /// New roles for a user, who leaves the groups named with the roles they lose.
    pub(in crate::admin) fn roles_assigned(
        &self,
        id: UserId,
        user: &User,
        after: Roles,
        leaving: &[GroupId],
    ) -> Result<Vec<Cleared>, Refusal> {
        if self.is_bound_self(id) {
            return Err(Refusal::SelfAdministration);
        }
        self.outrank(user)?;
        let released = leaving
            .iter()
            .map(|group| self.excess_of_release(*group))
            .collect();
        self.excess_of_roles(after.iter()).and(released).refuse()?;
        let left = leaving.iter().map(|group| Event::GroupLeft {
            group: *group,
            user: id,
        });
        let assigned = Event::RolesAssigned {
            user: id,
            before: user.roles.clone(),
            after,
        };
        Ok(left.chain([assigned]).map(Cleared).collect())
    }

    /// A service joins with roles that the actor may confer.
    pub(in crate::admin) fn service_registered(
        &self,
        user: UserId,
        registration: User,
    ) -> Result<Cleared, Refusal> {
        self.excess_of_roles(registration.roles.iter()).refuse()?;
        Ok(Cleared(Event::UserRegistered { user, registration }))
    }

    /// A suspended user comes back with everything they had: the actor must outrank them.
    pub(in crate::admin) fn reinstated(&self, id: UserId, user: &User) -> Result<Cleared, Refusal> {
        self.outrank(user)?;
        Ok(Cleared(Event::UserReinstated { user: id }))
    }

    /// Whoever has a person's address may come to act as them: the actor must outrank them.
    pub(in crate::admin) fn email_changed(
        &self,
        id: UserId,
        user: &User,
        [before, after]: [crate::address::EmailAddress; 2],
    ) -> Result<Cleared, Refusal> {
        self.outrank(user)?;
        Ok(Cleared(Event::EmailChanged {
            user: id,
            before,
            after,
        }))
    }

    /// A group for a role needs the role to be conferrable.
    pub(in crate::admin) fn group_created(
        &self,
        group: GroupId,
        definition: Group,
    ) -> Result<Cleared, Refusal> {
        self.excess_of_roles([definition.role]).refuse()?;
        Ok(Cleared(Event::GroupCreated { group, definition }))
    }
}
