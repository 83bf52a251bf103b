//! `register` and `unregister`.

use super::arguments;
use super::draft::Draft;
use super::guard::{Guard, not_allowed};
use crate::permission::{
    FrameworkPermissions, ModelPermissions, OrganisationPermissions, PermissionSet,
    VersionPermissions,
};
use crate::refusal::Refusal;
use crate::resource::Resource;

pub(super) fn register(
    guard: &Guard<'_>,
    resource: Resource,
    parent: Option<Resource>,
) -> Result<Draft, Refusal> {
    if !guard.is_sovereign() {
        require_registration(guard, resource, parent)?;
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

/// The right to register: on the organisation, or on the resource that it will stand beneath.
fn require_registration(
    guard: &Guard<'_>,
    resource: Resource,
    parent: Option<Resource>,
) -> Result<(), Refusal> {
    match (resource, parent) {
        (Resource::Model(_), _) => guard.require(OrganisationPermissions::MODELS_CREATE),
        (Resource::Framework(_), None) => guard.require(OrganisationPermissions::FRAMEWORKS_CREATE),
        (Resource::Version(_), Some(model @ Resource::Model(_))) => {
            guard.require_on(model, ModelPermissions::VERSION_CREATE)
        }
        (Resource::Framework(_), Some(model @ Resource::Model(_))) => {
            guard.require_on(model, ModelPermissions::UPDATE)
        }
        (Resource::Framework(_), Some(version @ Resource::Version(_))) => {
            guard.require_on(version, VersionPermissions::UPDATE)
        }
        _ => Err(not_allowed(PermissionSet::EMPTY)),
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
    if !guard.is_sovereign() {
        require_unregistration(guard, resource)?;
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

fn require_unregistration(guard: &Guard<'_>, resource: Resource) -> Result<(), Refusal> {
    match resource {
        Resource::Organisation => Err(not_allowed(PermissionSet::EMPTY)),
        Resource::Model(_) => guard.require_on(resource, ModelPermissions::DELETE),
        Resource::Version(_) => guard.require_on(resource, VersionPermissions::DELETE),
        Resource::Framework(_) => guard.require_on(resource, FrameworkPermissions::DELETE),
    }
}
