//! Where a row lies, and in which of its lines a cell.

use super::line::OVERFLOW_AT;

/// Length classes: the longest row has 14 million lines.
pub(super) const CLASSES: u8 = 96;

/// Where a row lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) start: u32,
    /// Length class, see [`lines_of`].
    pub(super) class: u8,
    /// The lines are chosen by the far home of a cell: a row with too much at one home.
    pub(super) spread: bool,
    /// How homes are dealt out to lines: the one of [`TURNS`] ways by which none of them overflows.
    pub(super) turn: u8,
}

/// Ways to deal homes out to lines.
pub(super) const TURNS: u8 = 4;
/// Bits of a [tail](Place::tail).
pub(super) const TAIL_BITS: u32 = 10;

impl Place {
    /// No row: a blank line that belongs to nobody.
    pub(super) const NONE: Self = Self {
        start: 0,
        class: 0,
        spread: false,
        turn: 0,
    };

    #[inline]
    pub(super) fn lines(self) -> usize {
        lines_of(self.class)
    }

    #[inline]
    pub(super) fn from_parts(start: u32, tail: u32) -> Self {
        Self {
            start,
            class: (tail & 0x7f) as u8,
            spread: tail & 0x80 != 0,
            turn: (tail >> 8 & 3) as u8,
        }
    }

    pub(super) fn tail(self) -> u32 {
        u32::from(self.class) | u32::from(self.spread) << 7 | u32::from(self.turn) << 8
    }

    /// The homes of what a subject may hold on a chain, in its row.
    #[inline]
    pub(super) fn homes_on(self, [own, parent, root]: [u32; 3]) -> impl Iterator<Item = u32> {
        let far = [own, parent].map(|link| self.spread.then_some(link));
        far.into_iter().flatten().chain([root])
    }

    /// Which home chooses the line of a cell.
    pub(super) fn home(self, homes: Homes) -> u32 {
        if self.spread { homes.far } else { homes.near }
    }
}

/// What may choose the line of a cell: the near home, which many cells share, so that one look finds
/// them all, or in a row that is spread the far one, its own.
#[derive(Clone, Copy, Debug)]
pub(super) struct Homes {
    pub(super) near: u32,
    pub(super) far: u32,
}

/// Lines of a length class: 1, 1, 1, 1, 2, 2, 3, 3, then four steps to each doubling.
#[inline]
pub(super) fn lines_of(class: u8) -> usize {
    LINES
        .get(usize::from(class))
        .map_or(1, |lines| *lines as usize)
}

/// One for each class, read rather than computed: it is on the way to a line.
#[allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "evaluated by the compiler"
)]
const LINES: [u32; 1 << 7] = {
    let mut lines = [1; 1 << 7];
    let mut class: u8 = 0;
    while class < CLASSES {
        lines[class as usize] = (4 | class as u32 & 3) << (class >> 2) >> 2;
        class += 1;
    }
    lines
};

/// The least class of at least `lines` lines.
pub(super) fn class_of(lines: usize) -> u8 {
    (0..CLASSES)
        .find(|class| lines_of(*class) >= lines)
        .unwrap_or(CLASSES)
}

/// How the lines of a home are found: the same for every row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot {
    hash: u32,
    /// The bit of the home among those that overflow a line.
    pub(super) mark: u32,
}

impl Spot {
    #[inline]
    pub(super) fn of(key: u32) -> Self {
        let hash = key.wrapping_mul(0x9e37_79b1);
        Self {
            hash,
            mark: (1 << OVERFLOW_AT) << (hash >> 10 & 3),
        }
    }

    /// The line where the cells of this home begin, of so many dealt out by this turn.
    #[inline]
    pub(super) fn line(self, lines: usize, turn: u8) -> usize {
        let hash = self.hash.rotate_left(u32::from(turn).wrapping_mul(8));
        (u64::from(hash).wrapping_mul(lines as u64) >> 32) as usize
    }
}

pub(super) fn next(at: usize, lines: usize) -> usize {
    let after = at.wrapping_add(1);
    if after == lines { 0 } else { after }
}
