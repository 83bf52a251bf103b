//! The custom roles of an organisation.

use std::sync::Arc;

use imbl::{OrdMap, OrdSet};

use super::State;
use crate::id::RoleId;
use crate::name::Name;
use crate::resource::Resource;
use crate::role::{Role, Scope, built_in};

#[derive(Clone, Debug, Default)]
pub(super) struct CustomRoles {
    roles: OrdMap<RoleId, Arc<Role>>,
    by_name: OrdMap<String, RoleId>,
}

/// The ids that stand beside a role, from the least there is.
pub(super) fn of_role<I: Ord + Copy>(
    ids: &OrdSet<(RoleId, I)>,
    role: RoleId,
    least: I,
) -> impl Iterator<Item = I> + '_ {
    let from = ids.range((role, least)..);
    let of_role = from.take_while(move |(of, _)| *of == role);
    of_role.map(|(_, id)| *id)
}

impl State {
    /// Puts a custom role in place of the one with this id.
    pub(super) fn put_role(&mut self, id: RoleId, role: Role) {
        if let Some(before) = self.roles.roles.get(&id) {
            self.roles.by_name.remove(&before.name.folded());
        }
        self.table.set_role(id, &role);
        self.roles.by_name.insert(role.name.folded(), id);
        self.roles.roles.insert(id, Arc::new(role));
    }

    /// Removes a role that no user holds and no group is for.
    pub(super) fn remove_role(&mut self, id: RoleId) {
        if let Some(role) = self.roles.roles.remove(&id) {
            self.table.remove_role(id);
            self.roles.by_name.remove(&role.name.folded());
        }
    }
}

impl State {
    /// The definition of a role, built-in or custom.
    #[must_use]
    pub fn role(&self, id: RoleId) -> Option<&Role> {
        built_in(id).or_else(|| self.roles.roles.get(&id).map(Arc::as_ref))
    }

    /// The custom roles, in the order of their ids.
    pub fn custom_roles(&self) -> impl Iterator<Item = (RoleId, &Role)> + '_ {
        self.roles
            .roles
            .iter()
            .map(|(id, role)| (*id, role.as_ref()))
    }

    /// All roles: the three built-in ones, then the custom ones in the order of their ids.
    pub fn roles(&self) -> impl Iterator<Item = (RoleId, &Role)> + '_ {
        let built_in = RoleId::BUILT_IN.into_iter();
        built_in
            .filter_map(|id| Some((id, built_in_role(id)?)))
            .chain(self.custom_roles())
    }

    /// Whether the scope of any role names this resource itself.
    pub(super) fn is_selected(&self, resource: Resource) -> bool {
        let mut scopes = self.custom_roles().map(|(_, role)| &role.scope);
        scopes.any(|scope| matches!(scope, Scope::Selected(them) if them.contains(&resource)))
    }

    /// How many custom roles there are.
    #[must_use]
    pub fn custom_role_count(&self) -> usize {
        self.roles.roles.len()
    }

    /// The role with this name, as names are compared.
    #[must_use]
    pub fn role_named(&self, name: &Name) -> Option<RoleId> {
        let folded = name.folded();
        let is_called =
            |id: &RoleId| built_in(*id).is_some_and(|role| role.name.folded() == folded);
        let built_in = RoleId::BUILT_IN.into_iter().find(is_called);
        built_in.or_else(|| self.roles.by_name.get(&folded).copied())
    }
}

fn built_in_role(id: RoleId) -> Option<&'static Role> {
    built_in(id)
}
