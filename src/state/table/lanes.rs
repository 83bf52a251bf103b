//! The words of a line side by side: what a check does to all eight at once, without a branch, for which
//! words are wanted cannot be predicted.

use wide::u32x4;

use super::cell::{EXPIRES, RESTRICTS, Weight, split};
use super::line::{CELLS, Line};
use crate::time::Timestamp;

/// Four words, as many as a register holds on every processor.
type Lanes = u32x4;

#[inline]
fn halves([a, b, c, d, e, f, g, h]: [u32; CELLS]) -> [Lanes; 2] {
    [[a, b, c, d], [e, f, g, h]].map(Lanes::new)
}

/// The words behind each.
#[inline]
fn behind([_, b, c, d, e, f, g, h]: [u32; CELLS]) -> [Lanes; 2] {
    [[b, c, d, e], [f, g, h, h]].map(Lanes::new)
}

#[inline]
fn join(low: Lanes, high: Lanes) -> u32 {
    let [a, b, c, d] = (low | high).to_array();
    (a | b) | (c | d)
}

/// The data of the words with one of these keys.
#[inline]
fn select(line: &Line, wanted: [u32; 3]) -> [Lanes; 2] {
    let wanted = wanted.map(Lanes::splat);
    let ([low, high], [low_data, high_data]) = (halves(line.keys), halves(line.data));
    [hits(low, wanted) & low_data, hits(high, wanted) & high_data]
}

/// All ones where the key is one of three.
#[inline]
fn hits(keys: Lanes, [a, b, c]: [Lanes; 3]) -> Lanes {
    keys.cmp_eq(a) | keys.cmp_eq(b) | keys.cmp_eq(c)
}

/// All ones where the flag is set.
#[inline]
fn flagged(data: Lanes, flag: u32) -> Lanes {
    let flag = Lanes::splat(flag);
    (data & flag).cmp_eq(flag)
}

/// All ones where a moment is before the expiry that these words are.
#[inline]
fn before(now: Timestamp, high: Lanes, low: Lanes) -> Lanes {
    // Whatever ends before the highest bit is over once the clock has it.
    let now = now.milliseconds().min(u64::MAX >> 1);
    let (now_high, now_low) = split(now);
    let (now_high, now_low) = (Lanes::splat(now_high), Lanes::splat(now_low));
    high.cmp_gt(now_high) | (high.cmp_eq(now_high) & low.cmp_gt(now_low))
}

impl Line {
    /// The data of all words with one of these keys, or-ed.
    #[inline]
    pub(super) fn gather(&self, wanted: [u32; 3]) -> u32 {
        let [low, high] = select(self, wanted);
        join(low, high)
    }

    /// What the cells with one of these keys give at a moment, and what they take: of cells that are not
    /// deep, and expire within the next two hundred million years.
    #[inline]
    pub(super) fn weigh(&self, wanted: [u32; 3], now: Timestamp) -> Weight {
        let [low, high] = select(self, wanted);
        let ([low_key, high_key], [low_end, high_end]) = (behind(self.keys), behind(self.data));
        let (low_taken, high_taken) = (flagged(low, RESTRICTS), flagged(high, RESTRICTS));
        let over = |data: Lanes, live: Lanes| !live & flagged(data, EXPIRES);
        let low_over = over(low, before(now, low_key, low_end));
        let high_over = over(high, before(now, high_key, high_end));
        Weight {
            given: join(
                low & !(low_taken | low_over),
                high & !(high_taken | high_over),
            ),
            taken: join(low & low_taken, high & high_taken),
        }
    }

    /// Whether one of all its words is this number.
    #[inline]
    pub(super) fn has_number(&self, number: u32) -> bool {
        let number = Lanes::splat(number);
        let [a, b] = halves(self.keys).map(|words| words.cmp_eq(number));
        let [c, d] = halves(self.data).map(|words| words.cmp_eq(number));
        join(a | b, c | d) != 0
    }
}
