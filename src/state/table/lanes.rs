//! The words of a line side by side: what a check does to all eight at once, without a branch, for which
//! words are wanted cannot be predicted.

use wide::u32x4;

use super::cell::{DEEP, EXPIRES, EXPIRY_TOP, NO_KEY_BIT, RESTRICTS, Weight, split};
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

/// All ones where the key is one of three.
#[inline]
fn among(keys: Lanes, [a, b, c]: [Lanes; 3]) -> Lanes {
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

/// All ones at the words of a line that are asked for.
#[derive(Clone, Copy)]
pub(super) struct Hits([Lanes; 2]);

impl Hits {
    #[inline]
    fn within(self, Self([low, high]): Self) -> Self {
        let Self([own_low, own_high]) = self;
        Self([own_low & low, own_high & high])
    }

    #[inline]
    fn or(self, Self([low, high]): Self) -> Self {
        let Self([own_low, own_high]) = self;
        Self([own_low | low, own_high | high])
    }
}

impl Line {
    /// The words with one of these keys.
    #[inline]
    pub(super) fn hits(&self, wanted: [u32; 3]) -> Hits {
        let wanted = wanted.map(Lanes::splat);
        Hits(halves(self.keys).map(|keys| among(keys, wanted)))
    }

    /// The words whose key is a number of a list.
    pub(super) fn hits_in(&self, list: &[Self]) -> Hits {
        let quads = list.iter().flat_map(|line| [line.keys, line.data]);
        let quads = quads.flat_map(|[a, b, c, d, e, f, g, h]| [[a, b, c, d], [e, f, g, h]]);
        let numbers = quads.take_while(|[first, ..]| *first != 0);
        let none = Hits([Lanes::splat(0); 2]);
        numbers.fold(none, |hits, [a, b, c, d]| {
            hits.or(self.hits([a, b, c])).or(self.hits([d; 3]))
        })
    }

    /// The data of all words with one of these keys, or-ed.
    #[inline]
    pub(super) fn gather(&self, wanted: [u32; 3]) -> u32 {
        let [low, high] = self.data_at(self.hits(wanted));
        join(low, high)
    }

    #[inline]
    fn data_at(&self, Hits([low, high]): Hits) -> [Lanes; 2] {
        let [low_data, high_data] = halves(self.data);
        [low & low_data, high & high_data]
    }

    /// What the cells that begin at these words give at a moment, and what they take; `None` where one of
    /// them expires in more than two hundred million years, or expires and names a resource.
    #[inline]
    pub(super) fn weigh(&self, hits: Hits, now: Timestamp) -> Option<Weight> {
        let [low, high] = self.data_at(hits);
        let both = flagged(low, DEEP | EXPIRES) | flagged(high, DEEP | EXPIRES);
        let far = (low | high) & Lanes::splat(EXPIRY_TOP);
        let ([low_key, high_key], [low_end, high_end]) = (behind(self.keys), behind(self.data));
        let (low_taken, high_taken) = (flagged(low, RESTRICTS), flagged(high, RESTRICTS));
        let over = |data: Lanes, live: Lanes| !live & flagged(data, EXPIRES);
        let low_over = over(low, before(now, low_key, low_end));
        let high_over = over(high, before(now, high_key, high_end));
        let weight = Weight {
            given: join(
                low & !(low_taken | low_over),
                high & !(high_taken | high_over),
            ),
            taken: join(low & low_taken, high & high_taken),
        };
        (join(both, far) == 0).then_some(weight)
    }

    /// The same of those cells of a tree that are on a chain.
    #[inline]
    pub(super) fn weigh_on(&self, chain: [u32; 3], hits: Hits, now: Timestamp) -> Option<Weight> {
        self.weigh(hits.within(self.on_chain(chain)), now)
    }

    /// The words that name no resource, or have one of a chain behind them.
    #[inline]
    fn on_chain(&self, chain: [u32; 3]) -> Hits {
        let links = chain.map(|link| Lanes::splat(link | NO_KEY_BIT));
        let [low, high] = behind(self.keys).map(|keys| among(keys, links));
        let [low_deep, high_deep] = halves(self.data).map(|data| flagged(data, DEEP));
        Hits([low | !low_deep, high | !high_deep])
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
