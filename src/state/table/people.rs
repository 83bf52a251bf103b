//! What stands at the slot of a user: the way back to the id, and what lists ask of each row.

use super::ids::Id;
use super::user::UserEntry;
use crate::id::UserId;

/// A user by slot.
#[derive(Clone, Copy, Debug)]
pub(super) struct Person {
    id: Id,
    is_active: bool,
}

impl Person {
    pub(super) const NOBODY: Self = Self {
        id: Id::NONE,
        is_active: false,
    };

    pub(super) fn new(id: UserId, entry: &UserEntry) -> Self {
        Self {
            id: Id::new(id.value()),
            is_active: entry.is_active(),
        }
    }

    #[inline]
    pub(super) fn id(&self) -> UserId {
        UserId::new(self.id.value())
    }

    #[inline]
    pub(super) fn is_active(&self) -> bool {
        self.is_active
    }
}
