//! The children of a resource, of one kind: a chain of which the beginning is known, and how much of it has slots
//! in a row.

use std::ops::Range;

/// The slot of no resource.
pub(super) const NOBODY: u32 = u32::MAX;

/// A slot, if it is one of a resource.
pub(super) fn slot(slot: u32) -> Option<u32> {
    (slot != NOBODY).then_some(slot)
}

/// What stands beneath a resource, of one kind.
#[derive(Clone, Copy, Debug)]
pub(super) struct Children {
    /// Where the chain begins.
    first: u32,
    /// So many of the chain, from the first on, have slots one below the other.
    run: u16,
    /// How many there are; the greatest number stands for itself and for more.
    count: u16,
}

impl Children {
    pub(super) const NONE: Self = Self {
        first: NOBODY,
        run: 0,
        count: 0,
    };

    /// The first of the chain.
    pub(super) fn first(self) -> Option<u32> {
        slot(self.first)
    }

    /// The slots of all of them, where the whole chain is a run.
    #[inline]
    pub(super) fn run(self) -> Option<Range<u32>> {
        let Self { first, run, count } = self;
        let is_whole = run == count && count < u16::MAX;
        let end = first.wrapping_add(1);
        is_whole.then(|| end.wrapping_sub(u32::from(run))..end)
    }

    /// With another one before the first.
    pub(super) fn with(self, slot: u32) -> Self {
        let follows = self.first.checked_add(1) == Some(slot);
        Self {
            first: slot,
            run: if follows {
                self.run.saturating_add(1)
            } else {
                1
            },
            count: self.count.saturating_add(1),
        }
    }

    /// Without one that `next` follows.
    pub(super) fn without(self, slot: u32, next: u32) -> Self {
        let Self { first, run, count } = self;
        let before = first
            .checked_sub(slot)
            .and_then(|it| u16::try_from(it).ok());
        let before = before.filter(|before| *before < run);
        Self {
            first: if slot == first { next } else { first },
            run: match before {
                Some(0) => run.saturating_sub(1),
                Some(before) => before,
                None => run,
            },
            count: count.saturating_sub(u16::from(count < u16::MAX)),
        }
    }
}
