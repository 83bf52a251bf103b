//! Resources (8).

use rolebook::{Actor, Resource, Scope, Subject, Timestamp};

use super::authority::Acting;
use super::catalogue::{at_or_below, named};
use super::refused::{Verdict, refuse_if};
use super::{Grant, Model};

impl Model {
    pub(crate) fn is_registered(&self, resource: Resource) -> bool {
        resource == Resource::Organisation || self.parents.contains_key(&resource)
    }

    /// The resource, its parent, and so on up to the organisation. Empty where it is not registered.
    pub(crate) fn chain(&self, resource: Resource) -> Vec<Resource> {
        if !self.is_registered(resource) {
            return Vec::new();
        }
        let mut chain = vec![resource];
        let mut last = resource;
        while let Some(parent) = self.parents.get(&last) {
            chain.push(*parent);
            last = *parent;
        }
        chain
    }

    /// All registered resources beneath one, without itself.
    pub(crate) fn beneath(&self, resource: Resource) -> Vec<Resource> {
        let others = self
            .parents
            .keys()
            .copied()
            .filter(|other| *other != resource);
        others
            .filter(|other| self.chain(*other).contains(&resource))
            .collect()
    }

    pub(crate) fn register(
        &mut self,
        actor: &Actor,
        resource: Resource,
        parent: Option<Resource>,
        now: Timestamp,
    ) -> Verdict {
        let acting = self.session(actor)?;
        refuse_if(
            !self.may_register(acting, resource, parent, now),
            "not_allowed",
        )?;
        let unknown_parent = parent.is_some_and(|parent| !self.is_registered(parent));
        refuse_if(unknown_parent, "unknown_resource")?;
        refuse_if(!parent_fits(resource, parent), "wrong_kind")?;
        refuse_if(self.is_registered(resource), "already_registered")?;
        self.parents
            .insert(resource, parent.unwrap_or(Resource::Organisation));
        self.grant_to_registrant(acting, resource);
        Ok(())
    }

    pub(crate) fn may_register(
        &self,
        acting: Acting,
        resource: Resource,
        parent: Option<Resource>,
        now: Timestamp,
    ) -> bool {
        if acting.is_admin() {
            return true;
        }
        let effective_on_parent = |permission: &str| match (acting, parent) {
            (Acting::User { user, role }, Some(parent)) => {
                named(&[permission]).is_within(self.effective(user, role, parent, now))
            }
            _ => false,
        };
        match (resource, parent) {
            (Resource::Organisation, _) => false,
            (Resource::Model(_), _) => self.has_right(acting, "organisation.models_create"),
            (Resource::Version(_), _) => effective_on_parent("model.version_create"),
            (Resource::Framework(_), None) => {
                self.has_right(acting, "organisation.frameworks_create")
            }
            (Resource::Framework(_), Some(_)) => {
                effective_on_parent("model.update") || effective_on_parent("version.update")
            }
        }
    }

    /// A non-Admin user who registers a resource gets the defaults of the role acted under on it.
    fn grant_to_registrant(&mut self, acting: Acting, resource: Resource) {
        let Acting::User { user, role } = acting else {
            return;
        };
        let definition = &self.roles[&role];
        let bits = definition.defaults.intersection(definition.ceiling);
        let bits = bits.intersection(at_or_below(resource));
        if !acting.is_admin() && !bits.is_empty() {
            let grant = Grant {
                bits,
                expires_at: None,
            };
            self.grants.insert((Subject::User(user), resource), grant);
        }
    }

    pub(crate) fn unregister(
        &mut self,
        actor: &Actor,
        resource: Resource,
        now: Timestamp,
    ) -> Verdict {
        let acting = self.session(actor)?;
        refuse_if(!self.may_unregister(acting, resource, now), "not_allowed")?;
        refuse_if(!self.is_registered(resource), "unknown_resource")?;
        refuse_if(resource == Resource::Organisation, "wrong_kind")?;
        let mut gone = self.beneath(resource);
        gone.push(resource);
        self.parents.retain(|one, _| !gone.contains(one));
        self.grants.retain(|(_, on), _| !gone.contains(on));
        self.restrictions.retain(|(_, on), _| !gone.contains(on));
        for role in self.roles.values_mut() {
            role.scope = scope_without(&role.scope, &gone);
        }
        Ok(())
    }

    fn may_unregister(&self, acting: Acting, resource: Resource, now: Timestamp) -> bool {
        let Acting::User { user, role } = acting else {
            return true;
        };
        let delete = match resource {
            Resource::Organisation => return acting.is_admin(),
            Resource::Model(_) => "model.delete",
            Resource::Version(_) => "version.delete",
            Resource::Framework(_) => "framework.delete",
        };
        let effective = self.effective(user, role, resource, now);
        acting.is_admin() || named(&[delete]).is_within(effective)
    }
}

pub(crate) fn parent_fits(resource: Resource, parent: Option<Resource>) -> bool {
    match (resource, parent) {
        (Resource::Organisation, _) => false,
        (Resource::Model(_), parent) => parent.is_none(),
        (Resource::Version(_), parent) => matches!(parent, Some(Resource::Model(_))),
        (Resource::Framework(_), None) => true,
        (Resource::Framework(_), Some(parent)) => {
            matches!(parent, Resource::Model(_) | Resource::Version(_))
        }
    }
}

fn scope_without(scope: &Scope, gone: &[Resource]) -> Scope {
    let Scope::Selected(selected) = scope else {
        return scope.clone();
    };
    let left: std::collections::BTreeSet<Resource> = selected
        .iter()
        .copied()
        .filter(|one| !gone.contains(one))
        .collect();
    if left.is_empty() {
        Scope::Granted
    } else {
        Scope::Selected(left)
    }
}
