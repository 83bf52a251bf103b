//! What stands at the slot of a user: the way back to the id, and what lists ask of each row.

use super::user::UserEntry;
use crate::id::UserId;

/// A user by slot.
#[derive(Clone, Copy, Debug)]
pub(super) struct Person {
    id: [u64; 2],
    is_active: bool,
}

impl Person {
    pub(super) const NOBODY: Self = Self {
        id: [0; 2],
        is_active: false,
    };

    pub(super) fn new(id: UserId, entry: &UserEntry) -> Self {
        let value = id.value();
        Self {
            id: [value as u64, (value >> 64) as u64],
            is_active: entry.is_active(),
        }
    }

    #[inline]
    pub(super) fn id(&self) -> UserId {
        let [low, high] = self.id;
        UserId::new(u128::from(high) << 64 | u128::from(low))
    }

    #[inline]
    pub(super) fn is_active(&self) -> bool {
        self.is_active
    }
}
