//! The access matrix: users by resources.

use serde::{Deserialize, Serialize};

use crate::decision::batch::access_in_batches;
use crate::id::UserId;
use crate::permission::{Level, PermissionSet};
use crate::resource::{Resource, ResourceKind};
use crate::state::State;
use crate::time::Timestamp;

/// What users may do on resources: one row for each user, one cell for each resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessMatrix {
    /// The resources, as they were asked for: the columns.
    pub resources: Vec<Resource>,
    /// The users, as they were asked for, each with a cell for every resource.
    pub rows: Vec<(UserId, Vec<AccessCell>)>,
}

/// What one user may do on one resource.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessCell {
    /// What they may do under at least one role they hold, of the resource's kind. It holds a
    /// permission exactly where [`State::users_for`] lists the user for it.
    pub permissions: PermissionSet,
    /// What they would have there if it were not for restrictions.
    pub withheld: PermissionSet,
}

impl AccessCell {
    /// The highest level that is wholly within the permissions; of two that are the same on this
    /// kind the lower.
    #[must_use]
    pub fn level(&self, kind: ResourceKind) -> Level {
        let reached = |level: &Level| level.permissions(kind).is_within(self.permissions);
        let highest = Level::ALL.into_iter().rfind(reached).unwrap_or_default();
        let same = |level: &Level| level.permissions(kind) == highest.permissions(kind);
        Level::ALL.into_iter().find(same).unwrap_or_default()
    }

    /// Whether a restriction takes something here that would be there without it.
    #[must_use]
    pub const fn is_restricted(&self) -> bool {
        !self.withheld.is_empty()
    }

    fn and(self, other: Self) -> Self {
        let permissions = self.permissions.union(other.permissions);
        Self {
            permissions,
            withheld: self.withheld.union(other.withheld).without(permissions),
        }
    }
}

impl State {
    /// What each of these users may do on each of these resources. Sign-in proof is ignored; those
    /// who are suspended or not registered may do nothing.
    ///
    /// Costs one decision for each role of each user on each resource.
    #[must_use]
    pub fn access_matrix(
        &self,
        users: impl IntoIterator<Item = UserId>,
        resources: impl IntoIterator<Item = Resource>,
        now: Timestamp,
    ) -> AccessMatrix {
        let resources: Vec<Resource> = resources.into_iter().collect();
        let rows = users
            .into_iter()
            .map(|user| (user, self.access_row(user, &resources, now)))
            .collect();
        AccessMatrix { resources, rows }
    }

    fn access_row(&self, user: UserId, resources: &[Resource], now: Timestamp) -> Vec<AccessCell> {
        let mut row = vec![AccessCell::default(); resources.len()];
        for session in self.sessions_of(user) {
            let access = access_in_batches(session, resources.iter().copied(), now);
            for (cell, (_, (permissions, withheld))) in row.iter_mut().zip(access) {
                *cell = cell.and(AccessCell {
                    permissions,
                    withheld,
                });
            }
        }
        row
    }
}
