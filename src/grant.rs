//! Grants: permissions given to a subject on a resource and all beneath it.

use serde::{Deserialize, Serialize};

use crate::permission::PermissionSet;
use crate::time::Timestamp;

/// What a subject was given on a resource. It adds; a restriction there or above still wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// The permissions, closed and not empty.
    pub permissions: PermissionSet,
    /// The first moment at which it counts no more.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
}

impl Grant {
    /// A grant that never ends.
    #[must_use]
    pub const fn new(permissions: PermissionSet) -> Self {
        Self {
            permissions,
            expires_at: None,
        }
    }

    /// Whether it counts at `now`: live while `now < expires_at`.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|end| now < end)
    }

    /// What it gives at `now`: its permissions while it is live, nothing after.
    #[must_use]
    pub fn permissions_at(&self, now: Timestamp) -> PermissionSet {
        if self.is_live(now) {
            self.permissions
        } else {
            PermissionSet::EMPTY
        }
    }

    /// Whether it is what a lower ceiling leaves of another one.
    #[must_use]
    pub(crate) fn is_clipped_from(&self, before: Self) -> bool {
        let is_less = self.permissions != before.permissions;
        is_less
            && self.permissions.is_within(before.permissions)
            && self.expires_at == before.expires_at
    }

    /// The last moment at which it counts; the end of time where it never ends.
    #[must_use]
    pub fn last_moment(&self) -> Timestamp {
        self.expires_at
            .map_or(Timestamp::END_OF_TIME, Timestamp::just_before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_gone_at_the_moment_it_expires() {
        let at = Timestamp::from_milliseconds;
        let grant = Grant {
            permissions: PermissionSet::ALL,
            expires_at: Some(at(10)),
        };
        assert!(grant.is_live(at(9)));
        assert!(!grant.is_live(at(10)));
        assert_eq!(grant.permissions_at(at(10)), PermissionSet::EMPTY);
        assert_eq!(grant.last_moment(), at(9));
        assert!(Grant::new(PermissionSet::ALL).is_live(Timestamp::END_OF_TIME));
    }
}
