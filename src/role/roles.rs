//! The roles a user holds.

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::id::RoleId;

/// The roles that a user holds or is invited with: at least one, none twice, the first is primary.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Vec<RoleId>", into = "Vec<RoleId>")]
pub struct Roles(SmallVec<[RoleId; 2]>);

impl Roles {
    /// The roles in this order, duplicates collapsed; `None` where there are none.
    #[must_use]
    pub fn new(roles: impl IntoIterator<Item = RoleId>) -> Option<Self> {
        let mut kept = SmallVec::new();
        for role in roles {
            if !kept.contains(&role) {
                kept.push(role);
            }
        }
        (!kept.is_empty()).then_some(Self(kept))
    }

    /// The role under which a session acts that names no other.
    #[must_use]
    pub fn primary(&self) -> RoleId {
        self.0.first().copied().unwrap_or(RoleId::REVIEWER)
    }

    /// Whether this role is among them.
    #[must_use]
    pub fn contains(&self, role: RoleId) -> bool {
        self.0.contains(&role)
    }

    /// The roles, the primary one first.
    pub fn iter(&self) -> impl Iterator<Item = RoleId> + '_ {
        self.0.iter().copied()
    }

    /// The roles with `old` replaced in its place; collapsed where `new` is among them already.
    ///
    /// The primary place is kept: whoever had `old` as primary has `new`.
    #[must_use]
    pub fn replacing(&self, old: RoleId, new: RoleId) -> Self {
        let replaced = self.iter().map(|role| if role == old { new } else { role });
        Self::new(replaced).unwrap_or_else(|| self.clone())
    }
}

/// The error of an empty list of roles, or one that names a role twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a stored list of roles names at least one and none twice")]
pub struct InvalidRoles;

impl TryFrom<Vec<RoleId>> for Roles {
    type Error = InvalidRoles;

    fn try_from(roles: Vec<RoleId>) -> Result<Self, InvalidRoles> {
        let length = roles.len();
        Self::new(roles)
            .filter(|kept| kept.0.len() == length)
            .ok_or(InvalidRoles)
    }
}

impl From<Roles> for Vec<RoleId> {
    fn from(roles: Roles) -> Self {
        roles.0.into_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn collapses_duplicates_and_keeps_the_primary_place() {
        let [a, b, c] = [RoleId::new(1), RoleId::new(2), RoleId::new(3)];
        let roles = Roles::new([a, b, a]).unwrap();
        assert_eq!(Vec::from(roles.clone()), [a, b]);
        assert_eq!(Vec::from(roles.replacing(a, c)), [c, b]);
        assert_eq!(Vec::from(roles.replacing(a, b)), [b]);
        assert_eq!(roles.primary(), a);
        assert!(Roles::new([]).is_none());
    }

    #[test]
    fn a_stored_list_is_taken_literally() {
        assert!(serde_json::from_str::<Roles>("[]").is_err());
        let twice = serde_json::to_string(&vec![RoleId::ADMIN, RoleId::ADMIN]).unwrap();
        assert!(serde_json::from_str::<Roles>(&twice).is_err());
    }
}
