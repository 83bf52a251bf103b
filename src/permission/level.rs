//! Levels: the simple setup of a role, one cumulative step per resource kind.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::PermissionSet;
use super::catalogue::{FrameworkPermissions, ModelPermissions, VersionPermissions};
use crate::resource::ResourceKind;

/// How much a role may do on a kind of resource; each level holds all below it.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Nothing.
    #[default]
    None,
    /// See it and its comments.
    View,
    /// Write comments; on versions, see the users.
    Comment,
    /// Change it.
    Edit,
    /// Delete it and decide who may use it.
    Manage,
}

impl Level {
    /// All levels, lowest first.
    pub const ALL: [Self; 5] = [
        Self::None,
        Self::View,
        Self::Comment,
        Self::Edit,
        Self::Manage,
    ];

    /// The permissions of this level on a kind. The organisation has no levels: nothing.
    #[must_use]
    pub fn permissions(self, kind: ResourceKind) -> PermissionSet {
        let steps = Self::ALL.into_iter().filter(|step| *step <= self);
        steps.map(|step| step.adds(kind)).collect()
    }

    fn adds(self, kind: ResourceKind) -> PermissionSet {
        match kind {
            ResourceKind::Organisation => PermissionSet::EMPTY,
            ResourceKind::Model => self.adds_to_model().into(),
            ResourceKind::Version => self.adds_to_version().into(),
            ResourceKind::Framework => self.adds_to_framework().into(),
        }
    }

    fn adds_to_model(self) -> ModelPermissions {
        type P = ModelPermissions;
        match self {
            Self::None | Self::Comment => P::empty(),
            Self::View => P::READ,
            Self::Edit => P::UPDATE.union(P::VERSION_CREATE).union(P::IMPORT_DB),
            Self::Manage => P::DELETE.union(P::USERS_UPDATE),
        }
    }

    fn adds_to_version(self) -> VersionPermissions {
        type P = VersionPermissions;
        match self {
            Self::None => P::empty(),
            Self::View => P::READ.union(P::COMMENT_READ),
            Self::Comment => P::COMMENT_CREATE.union(P::USERS_READ),
            Self::Edit => P::UPDATE
                .union(P::COMMENT_UPDATE)
                .union(P::EXPORT_READ)
                .union(P::EXPORT_MANAGE),
            Self::Manage => P::DELETE.union(P::COMMENT_DELETE),
        }
    }

    fn adds_to_framework(self) -> FrameworkPermissions {
        type P = FrameworkPermissions;
        match self {
            Self::None => P::empty(),
            Self::View => P::READ.union(P::COMMENT_READ),
            Self::Comment => P::COMMENT_CREATE,
            Self::Edit => P::UPDATE.union(P::COMMENT_UPDATE),
            Self::Manage => P::DELETE.union(P::COMMENT_DELETE),
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::None => "none",
            Self::View => "view",
            Self::Comment => "comment",
            Self::Edit => "edit",
            Self::Manage => "manage",
        })
    }
}

/// A level for each kind of resource: the whole simple setup.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Levels {
    /// The level on models.
    #[serde(default)]
    pub model: Level,
    /// The level on model versions.
    #[serde(default)]
    pub version: Level,
    /// The level on frameworks.
    #[serde(default)]
    pub framework: Level,
}

impl Levels {
    /// The permissions of these levels.
    #[must_use]
    pub fn permissions(self) -> PermissionSet {
        self.model.permissions(ResourceKind::Model)
            | self.version.permissions(ResourceKind::Version)
            | self.framework.permissions(ResourceKind::Framework)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_level_is_closed_and_holds_the_lower_ones() {
        for kind in ResourceKind::ALL {
            for pair in Level::ALL.windows(2) {
                let (lower, higher) = (pair[0].permissions(kind), pair[1].permissions(kind));
                assert!(lower.is_within(higher));
                assert!(higher.is_closed());
            }
        }
    }

    #[test]
    fn manage_is_everything() {
        for kind in [
            ResourceKind::Model,
            ResourceKind::Version,
            ResourceKind::Framework,
        ] {
            assert_eq!(
                Level::Manage.permissions(kind),
                PermissionSet::of_kind(kind)
            );
        }
    }
}
