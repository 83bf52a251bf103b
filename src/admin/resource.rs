//! `register` and `unregister`.

use super::arguments;
use super::draft::Draft;
use super::guard::Guard;
use crate::permission::{
    FrameworkPermissions, ModelPermissions, OrganisationPermissions, PermissionSet,
    VersionPermissions,
};
use crate::refusal::Refusal;
use crate::resource::{Resource, ResourceKind};

pub(super) fn register(
    guard: &Guard<'_>,
    resource: Resource,
    parent: Option<Resource>,
) -> Result<Draft, Refusal> {
    if !guard.is_sovereign() && !may_register(guard, resource, parent) {
        return Err(Refusal::NotAllowed);
    }
    let place = place_of(guard, resource, parent)?;
    if guard.state().is_registered(resource) {
        return Err(Refusal::AlreadyRegistered);
    }
    let mut draft = Draft::new();
    draft.resource_registered(resource, place);
    draft.confer_all(guard.creator_grant(resource));
    Ok(draft)
}

fn may_register(guard: &Guard<'_>, resource: Resource, parent: Option<Resource>) -> bool {
    match (resource, parent) {
        (Resource::Model(_), _) => guard.holds(OrganisationPermissions::MODELS_CREATE),
        (Resource::Framework(_), None) => guard.holds(OrganisationPermissions::FRAMEWORKS_CREATE),
        (Resource::Version(_), Some(model @ Resource::Model(_))) => {
            guard.may(ModelPermissions::VERSION_CREATE.into(), model)
        }
        (Resource::Framework(_), Some(model @ Resource::Model(_))) => {
            guard.may(ModelPermissions::UPDATE.into(), model)
        }
        (Resource::Framework(_), Some(version @ Resource::Version(_))) => {
            guard.may(VersionPermissions::UPDATE.into(), version)
        }
        _ => false,
    }
}

/// Where the resource will stand. The organisation is nobody's named parent: it is the absent one.
fn place_of(
    guard: &Guard<'_>,
    resource: Resource,
    parent: Option<Resource>,
) -> Result<Resource, Refusal> {
    let place = parent.unwrap_or(Resource::Organisation);
    arguments::known_resource(guard.state(), place)?;
    if parent == Some(Resource::Organisation) || !resource.fits_beneath(place.kind()) {
        return Err(Refusal::WrongKind {
            resource,
            permissions: PermissionSet::EMPTY,
        });
    }
    Ok(place)
}

pub(super) fn unregister(guard: &Guard<'_>, resource: Resource) -> Result<Draft, Refusal> {
    if !guard.is_sovereign() && !may_unregister(guard, resource) {
        return Err(Refusal::NotAllowed);
    }
    let state = guard.state();
    arguments::known_resource(state, resource)?;
    arguments::grantable(resource)?;
    let mut going = vec![resource];
    going.extend(state.beneath(resource));
    let mut draft = Draft::new();
    let gone = going.iter().copied().collect();
    state
        .custom_roles()
        .for_each(|(id, role)| draft.scope_narrowed(id, role, &gone));
    // The lowest first, so that nothing stands beneath what goes.
    for gone in going.into_iter().rev() {
        let parent = state.parent(gone).unwrap_or(Resource::Organisation);
        draft.resource_unregistered(state, gone, parent);
    }
    Ok(draft)
}

fn may_unregister(guard: &Guard<'_>, resource: Resource) -> bool {
    let delete: PermissionSet = match resource.kind() {
        ResourceKind::Organisation => return false,
        ResourceKind::Model => ModelPermissions::DELETE.into(),
        ResourceKind::Version => VersionPermissions::DELETE.into(),
        ResourceKind::Framework => FrameworkPermissions::DELETE.into(),
    };
    guard.may(delete, resource)
}
