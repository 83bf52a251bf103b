//! Roles (3, 10).

use std::collections::BTreeMap;

use rolebook::{
    Actor, PermissionSet, Resource, ResourceKind, RoleDefinition, RoleId, Scope, Subject,
};

use super::catalogue::{all_permissions, named, of_kind};
use super::entitlements::refuse_missing;
use super::refused::{Verdict, refuse, refuse_excess, refuse_if};
use super::text::{fold_name, read_name};
use super::{Model, Refused, Role};

pub(crate) const RIGHT: &str = "organisation.roles_manage";

/// The three built-in roles.
pub(crate) fn built_in() -> BTreeMap<RoleId, Role> {
    BTreeMap::from([
        (RoleId::ADMIN, admin()),
        (RoleId::DATA_ARCHITECT, data_architect()),
        (RoleId::REVIEWER, reviewer()),
    ])
}

fn admin() -> Role {
    Role {
        name: "Admin".into(),
        description: String::new(),
        defaults: all_permissions(),
        ceiling: all_permissions(),
        scope: Scope::All,
    }
}

fn data_architect() -> Role {
    let defaults = named(&[
        "organisation.users_read",
        "organisation.models_create",
        "organisation.frameworks_create",
        "model.read",
        "model.update",
        "model.version_create",
        "model.import_db",
        "version.read",
        "version.comment_read",
        "version.comment_create",
        "version.users_read",
        "version.update",
        "version.comment_update",
        "version.export_read",
        "version.export_manage",
        "framework.read",
        "framework.comment_read",
        "framework.comment_create",
        "framework.update",
        "framework.comment_update",
    ]);
    let others = all_permissions().without(of_kind(ResourceKind::Organisation));
    Role {
        name: "Data Architect".into(),
        description: String::new(),
        defaults,
        ceiling: others.union(defaults),
        scope: Scope::Granted,
    }
}

fn reviewer() -> Role {
    let defaults = [
        "model.read",
        "version.read",
        "version.comment_read",
        "version.comment_create",
        "framework.read",
        "framework.comment_read",
        "framework.comment_create",
    ];
    let more = [
        "version.users_read",
        "version.export_read",
        "version.comment_update",
        "framework.comment_update",
    ];
    Role {
        name: "Reviewer".into(),
        description: String::new(),
        defaults: named(&defaults),
        ceiling: named(&defaults).union(named(&more)),
        scope: Scope::Granted,
    }
}

pub(crate) fn is_built_in(role: RoleId) -> bool {
    [RoleId::ADMIN, RoleId::DATA_ARCHITECT, RoleId::REVIEWER].contains(&role)
}

impl Model {
    pub(crate) fn define_role(
        &mut self,
        actor: &Actor,
        id: RoleId,
        definition: &RoleDefinition,
    ) -> Verdict {
        let acting = self.need(actor, RIGHT)?;
        let role = self.read_definition(definition)?;
        self.beyond_for_definition(acting, &role).refuse()?;
        self.refuse_new_role(id, &role.name)?;
        self.roles.insert(id, role);
        Ok(())
    }

    pub(crate) fn redefine_role(
        &mut self,
        actor: &Actor,
        id: RoleId,
        definition: &RoleDefinition,
    ) -> Verdict {
        let acting = self.need(actor, RIGHT)?;
        refuse_if(!self.roles.contains_key(&id), "unknown_role")?;
        refuse_if(is_built_in(id), "built_in_role")?;
        let role = self.read_definition(definition)?;
        self.refuse_own_role(acting, id)?;
        let beyond_old = self.beyond_for_role(acting, id);
        beyond_old
            .and(self.beyond_for_definition(acting, &role))
            .refuse()?;
        self.refuse_role_name(&role.name, Some(id))?;
        self.roles.insert(id, role);
        self.clip_all_of(id);
        Ok(())
    }

    pub(crate) fn clone_role(
        &mut self,
        actor: &Actor,
        id: RoleId,
        from: RoleId,
        name: &str,
    ) -> Verdict {
        let acting = self.need(actor, RIGHT)?;
        refuse_if(!self.roles.contains_key(&from), "unknown_role")?;
        let Some(name) = read_name(name) else {
            return refuse("invalid_name");
        };
        self.beyond_for_role(acting, from).refuse()?;
        self.refuse_new_role(id, &name)?;
        let role = Role {
            name,
            ..self.roles[&from].clone()
        };
        self.roles.insert(id, role);
        Ok(())
    }

    fn read_definition(&self, definition: &RoleDefinition) -> Result<Role, Refused> {
        let selected: Vec<Resource> = match &definition.scope {
            Scope::Selected(selected) => selected.iter().copied().collect(),
            Scope::All | Scope::Granted => Vec::new(),
        };
        let unknown = selected
            .iter()
            .any(|resource| !self.is_registered(*resource));
        refuse_if(unknown, "unknown_resource")?;
        let Some(name) = read_name(&definition.name) else {
            return refuse("invalid_name");
        };
        refuse_if(selected.contains(&Resource::Organisation), "wrong_kind")?;
        let (defaults, ceiling) = read_sets(definition)?;
        let is_selected = matches!(definition.scope, Scope::Selected(_));
        refuse_if(is_selected && selected.is_empty(), "empty_scope")?;
        Ok(Role {
            name,
            description: definition.description.clone(),
            defaults,
            ceiling,
            scope: definition.scope.clone(),
        })
    }

    fn refuse_new_role(&self, id: RoleId, name: &str) -> Verdict {
        refuse_if(self.roles.contains_key(&id), "duplicate_id")?;
        self.refuse_role_name(name, None)?;
        let custom = self
            .roles
            .keys()
            .filter(|role| !is_built_in(**role))
            .count();
        refuse_if(
            custom >= self.limits.custom_roles as usize,
            "too_many_roles",
        )
    }

    fn refuse_role_name(&self, name: &str, but: Option<RoleId>) -> Verdict {
        let others = self.roles.iter().filter(|(id, _)| Some(**id) != but);
        let mut taken = others.map(|(_, role)| fold_name(&role.name));
        refuse_if(taken.any(|other| other == fold_name(name)), "name_taken")
    }

    /// Clips the grants of all holders of a role, and of its groups.
    pub(crate) fn clip_all_of(&mut self, role: RoleId) {
        let users = self
            .users
            .iter()
            .filter(|(_, user)| user.roles.contains(&role));
        let groups = self.groups.iter().filter(|(_, group)| group.role == role);
        let users = users.map(|(id, _)| Subject::User(*id));
        let subjects: Vec<Subject> = users
            .chain(groups.map(|(id, _)| Subject::Group(*id)))
            .collect();
        for subject in subjects {
            self.clip(subject);
        }
    }
}

fn read_sets(definition: &RoleDefinition) -> Result<(PermissionSet, PermissionSet), Refused> {
    let defaults = definition.defaults;
    let ceiling = definition.ceiling.unwrap_or(defaults);
    refuse_missing(defaults)?;
    refuse_missing(ceiling)?;
    refuse_excess(defaults.without(ceiling), "defaults_exceed_ceiling")?;
    Ok((defaults, ceiling))
}
