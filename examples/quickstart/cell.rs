//! A cell of the access matrix: how much one user may do on one resource.

use rolebook::decision::reference;
use rolebook::{
    FrameworkPermissions, Level, ModelPermissions, PermissionSet, Resource, RoleId, UserId,
    VersionPermissions,
};
use serde::Serialize;

use crate::organisation::Organisation;

#[derive(Clone, Copy, Serialize)]
pub(crate) struct Cell {
    pub(crate) permissions: PermissionSet,
    pub(crate) level: Level,
    pub(crate) mark: Mark,
}

/// How a cell differs from what the role gives by default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Mark {
    AsTheRole,
    More,
    Less,
    Restricted,
}

/// What a user may do on a resource under a role.
pub(crate) fn cell(organisation: &Organisation, user: UserId, role: RoleId, on: Resource) -> Cell {
    let (state, now) = (organisation.state(), organisation.now());
    let session = organisation.session(user, role);
    let (Some(session), Some(chain)) = (session, state.chain(on)) else {
        return Cell {
            permissions: PermissionSet::EMPTY,
            level: Level::None,
            mark: Mark::AsTheRole,
        };
    };
    let of_kind = PermissionSet::of_kind(on.kind());
    let has = session.effective(on, now);
    let definition = session.role_definition();
    let sources = reference::sources(&session, &chain, now);
    let unrestricted = reference::Sources {
        restricted: PermissionSet::EMPTY,
        ..sources
    };
    let could = unrestricted
        .remaining()
        .intersection(definition.ceiling)
        .intersection(of_kind);
    let default = definition.defaults.intersection(of_kind);
    let mark = if session.is_admin() || has == default {
        Mark::AsTheRole
    } else if could != has {
        Mark::Restricted
    } else if !has.is_within(default) {
        Mark::More
    } else if !has.is_empty() {
        Mark::Less
    } else {
        Mark::AsTheRole
    };
    Cell {
        permissions: has,
        level: strongest(has),
        mark,
    }
}

/// The level of the strongest thing in the set: delete, update, comment, read.
fn strongest(set: PermissionSet) -> Level {
    type M = ModelPermissions;
    type V = VersionPermissions;
    type F = FrameworkPermissions;
    let none = PermissionSet::EMPTY;
    let signs = [
        (Level::Manage, none | M::DELETE | V::DELETE | F::DELETE),
        (Level::Edit, none | M::UPDATE | V::UPDATE | F::UPDATE),
        (Level::Comment, none | V::COMMENT_CREATE | F::COMMENT_CREATE),
        (Level::View, none | M::READ | V::READ | F::READ),
    ];
    let reached = signs.into_iter().find(|(_, sign)| set.intersects(*sign));
    reached.map_or(Level::None, |(level, _)| level)
}
