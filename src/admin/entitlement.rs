//! Grants and restrictions.

use super::arguments::{closed, fitting, grantable, known_resource, known_role, known_subject};
use super::draft::Draft;
use super::guard::Guard;
use crate::command::GrantRequest;
use crate::grant::Grant;
use crate::permission::PermissionSet;
use crate::refusal::Refusal;
use crate::resource::Resource;
use crate::role::Role;
use crate::subject::Subject;

pub(super) fn grant(guard: &Guard<'_>, request: &GrantRequest) -> Result<Draft, Refusal> {
    let GrantRequest {
        to, on, expires_at, ..
    } = *request;
    guard.require_administration(on)?;
    let state = guard.state();
    let subject = known_subject(state, to)?;
    let base = request.role.unwrap_or_else(|| subject.primary_role());
    let base = known_role(state, base)?;
    known_resource(state, on)?;
    let permissions = permissions_of(request, base)?;
    if expires_at.is_some_and(|end| end <= guard.now()) {
        return Err(Refusal::AlreadyExpired);
    }
    let excess = permissions.without(state.ceiling_of_roles(subject.roles()));
    if !excess.is_empty() {
        return Err(Refusal::ExceedsCeiling { excess });
    }
    let after = Grant {
        permissions,
        expires_at,
    };
    let cleared = guard.granted(to, on, after)?;
    Ok(cleared.map_or_else(Draft::new, Draft::of))
}

/// (defaults of the base at or below the resource + extend) - narrow. Without cascading, the
/// resource's own kind alone.
fn permissions_of(request: &GrantRequest, base: &Role) -> Result<PermissionSet, Refusal> {
    let GrantRequest {
        on,
        extend,
        narrow,
        cascade,
        ..
    } = *request;
    grantable(on)?;
    let reach = if cascade {
        PermissionSet::at_or_below(on.kind())
    } else {
        PermissionSet::of_kind(on.kind())
    };
    fitting(on, extend.union(narrow), reach)?;
    let overlap = extend.intersection(narrow);
    if !overlap.is_empty() {
        return Err(Refusal::Contradiction { overlap });
    }
    let permissions = base
        .defaults
        .intersection(reach)
        .union(extend)
        .without(narrow);
    closed(permissions)?;
    if permissions.is_empty() {
        return Err(Refusal::EmptyGrant);
    }
    Ok(permissions)
}

pub(super) fn revoke(guard: &Guard<'_>, from: Subject, on: Resource) -> Result<Draft, Refusal> {
    require_place(guard, from, on)?;
    let before = guard.state().grant(from, on);
    guard.revoked(from, on, before).map(Draft::of)
}

pub(super) fn restrict(
    guard: &Guard<'_>,
    from: Subject,
    on: Resource,
    permissions: PermissionSet,
) -> Result<Draft, Refusal> {
    require_place(guard, from, on)?;
    fitting(on, permissions, PermissionSet::at_or_below(on.kind()))?;
    if permissions.is_empty() {
        return Err(Refusal::EmptyRestriction);
    }
    let after = permissions.with_dependants();
    let cleared = guard.restricted(from, on, after)?;
    Ok(cleared.map_or_else(Draft::new, Draft::of))
}

pub(super) fn unrestrict(guard: &Guard<'_>, from: Subject, on: Resource) -> Result<Draft, Refusal> {
    require_place(guard, from, on)?;
    let before = guard.state().restriction(from, on);
    guard.unrestricted(from, on, before).map(Draft::of)
}

/// What revoking, restricting and unrestricting ask first: the right, then who and on what.
fn require_place(guard: &Guard<'_>, subject: Subject, on: Resource) -> Result<(), Refusal> {
    guard.require_administration(on)?;
    known_subject(guard.state(), subject)?;
    known_resource(guard.state(), on)?;
    grantable(on)
}
