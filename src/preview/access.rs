//! The difference in access between two states.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::touched::Touched;
use crate::id::UserId;
use crate::permission::{Permission, PermissionSet};
use crate::resource::Resource;
use crate::state::State;
use crate::time::Timestamp;

/// What a user gains and loses on a resource: under the primary role of each side, sign-in proof
/// ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessChange {
    /// The user.
    pub user: UserId,
    /// The resource.
    pub resource: Resource,
    /// What they could not do and can.
    pub gained: PermissionSet,
    /// What they could do and cannot.
    pub lost: PermissionSet,
}

/// One permission that one user gains or loses on one resource.
pub type AccessTriple = (UserId, Resource, Permission);

/// The permissions gained, one by one, in the order of users, resources and the catalogue.
pub fn gained(changes: &[AccessChange]) -> impl Iterator<Item = AccessTriple> + '_ {
    changes.iter().flat_map(|it| triples(it, it.gained))
}

/// The permissions lost, one by one, in the order of users, resources and the catalogue.
pub fn lost(changes: &[AccessChange]) -> impl Iterator<Item = AccessTriple> + '_ {
    changes.iter().flat_map(|it| triples(it, it.lost))
}

fn triples(
    change: &AccessChange,
    set: PermissionSet,
) -> impl Iterator<Item = AccessTriple> + use<> {
    let AccessChange { user, resource, .. } = *change;
    set.iter()
        .map(move |permission| (user, resource, permission))
}

/// A state, and when it is looked at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Side<'state> {
    pub(crate) state: &'state State,
    pub(crate) now: Timestamp,
}

impl Side<'_> {
    /// What a user may do on each of these resources.
    fn effective(self, user: UserId, resources: &BTreeSet<Resource>) -> Vec<PermissionSet> {
        match self.state.session_without_proof(user, None) {
            Ok(session) => {
                let effective = session.effective_many(resources.iter().copied(), self.now);
                effective.map(|(_, permissions)| permissions).collect()
            }
            Err(_) => vec![PermissionSet::EMPTY; resources.len()],
        }
    }
}

/// What differs among what was touched, in the order of users and resources.
pub(crate) fn changes(
    touched: &Touched<'_>,
    before: Side<'_>,
    after: Side<'_>,
) -> Vec<AccessChange> {
    let mut changes = Vec::new();
    for (user, resources) in touched.users() {
        let was = before.effective(user, &resources);
        let is = after.effective(user, &resources);
        let change =
            |(resource, (was, is)): (Resource, (PermissionSet, PermissionSet))| AccessChange {
                user,
                resource,
                gained: is.without(was),
                lost: was.without(is),
            };
        let all = resources
            .into_iter()
            .zip(was.into_iter().zip(is))
            .map(change);
        changes.extend(all.filter(|it| !it.gained.is_empty() || !it.lost.is_empty()));
    }
    changes
}
