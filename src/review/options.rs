//! What a review looks for.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::id::UserId;
use crate::permission::{FrameworkPermissions, VersionPermissions};
use crate::permission::{ModelPermissions, OrganisationPermissions, Permission, PermissionSet};
use crate::resource::Resource;
use crate::time::Timestamp;

/// What a review looks for, and the host's own rules and figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReviewOptions {
    /// The share of the organisation's active people, in percent, that may hold Admin. Two Admins
    /// are never too many.
    pub admin_share: u8,
    /// How long an invitation may wait before it is stale.
    pub pending_at_most: Duration,
    /// How far ahead to look for grants that end.
    pub expiring_within: Duration,
    /// The permissions that nobody from outside should have.
    pub manage_rights: PermissionSet,
    /// Pairs of permissions that one person should not hold.
    pub duties: Vec<SeparatedDuties>,
    /// What was used, as far as the host knows.
    pub usage: Option<Usage>,
}

/// Two permissions that one person should not hold, on whatever resources and under whichever of
/// their roles. Admin itself is left out: it holds everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeparatedDuties {
    /// One of them.
    pub one: Permission,
    /// The other.
    pub other: Permission,
}

/// What was used: the figures of the host.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Usage {
    /// From when on uses count. Older ones are as good as none.
    pub since: Timestamp,
    /// The uses.
    pub uses: Vec<Use>,
}

/// The use of a permission by a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Use {
    /// Who used it.
    pub user: UserId,
    /// What.
    pub permission: Permission,
    /// On what; `None` where the host does not know.
    #[serde(default)]
    pub resource: Option<Resource>,
    /// When last.
    pub last_used: Timestamp,
}

impl Default for ReviewOptions {
    /// Admins at most a fifth, invitations at most a week, grants ending within a week, whatever
    /// manages people, permissions or settings or deletes, no separated duties, no usage.
    fn default() -> Self {
        const WEEK: Duration = Duration::from_secs(7 * 86_400);
        Self {
            admin_share: 20,
            pending_at_most: WEEK,
            expiring_within: WEEK,
            manage_rights: manage_rights(),
            duties: Vec::new(),
            usage: None,
        }
    }
}

fn manage_rights() -> PermissionSet {
    let organisation = OrganisationPermissions::USERS_INVITE
        .union(OrganisationPermissions::USERS_MANAGE)
        .union(OrganisationPermissions::GROUPS_MANAGE)
        .union(OrganisationPermissions::ROLES_MANAGE)
        .union(OrganisationPermissions::PERMISSIONS_MANAGE)
        .union(OrganisationPermissions::SECURITY_MANAGE);
    let model = ModelPermissions::USERS_UPDATE.union(ModelPermissions::DELETE);
    PermissionSet::from(organisation)
        | model
        | VersionPermissions::DELETE
        | FrameworkPermissions::DELETE
}
