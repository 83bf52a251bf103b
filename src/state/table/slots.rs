//! Slots: numbers given out, taken back, and given out again.

use imbl::Vector;

use super::line::SLOTS_END;

#[derive(Clone, Debug)]
pub(super) struct Slots {
    next: u32,
    free: Vector<u32>,
}

impl Slots {
    /// Slots from this one on.
    pub(super) fn from(next: u32) -> Self {
        Self {
            next,
            free: Vector::new(),
        }
    }

    /// A slot that is not in use; `None` where two thousand million are.
    pub(super) fn take(&mut self) -> Option<u32> {
        if let Some(slot) = self.free.pop_back() {
            return Some(slot);
        }
        let slot = self.next;
        self.next = slot.checked_add(1).filter(|next| *next < SLOTS_END)?;
        Some(slot)
    }

    pub(super) fn give_back(&mut self, slot: u32) {
        self.free.push_back(slot);
    }
}
