//! The words of a line side by side: what a check does to all eight at once, without a branch, for which
//! words are wanted cannot be predicted.

use std::hint::select_unpredictable;

use wide::{CmpEq, i32x4};

use super::cell::{Cell, DEEP, NO_KEY_BIT, SPECIAL, Weight};
use super::line::{CELLS, Line, NO_KEY};
use super::list::SLOTS_OF_SET;
use crate::time::Timestamp;

/// Four words, as many as a register holds on every processor.
type Lanes = i32x4;

#[inline]
fn splat(word: u32) -> Lanes {
    Lanes::splat(word as i32)
}

// No closures over arrays here: whether they are looked through is up to the compiler's mood.

#[inline]
fn quad(a: u32, b: u32, c: u32, d: u32) -> Lanes {
    Lanes::new([a as i32, b as i32, c as i32, d as i32])
}

#[inline]
fn halves([a, b, c, d, e, f, g, h]: [u32; CELLS]) -> [Lanes; 2] {
    [quad(a, b, c, d), quad(e, f, g, h)]
}

/// A bit for each word, set where its highest bit is.
#[inline]
fn bits([low, high]: [Lanes; 2]) -> u32 {
    (low.move_mask() | high.move_mask() << 4) as u32
}

/// All ones at words that have none of these bits.
#[inline]
fn without([low, high]: [Lanes; 2], flags: u32) -> [Lanes; 2] {
    let none = |words: Lanes| (words & splat(flags)).cmp_eq(splat(0));
    [none(low), none(high)]
}

/// A bit for each word, set where its highest bit is not.
#[inline]
fn missing(words: [Lanes; 2]) -> u32 {
    bits(words) ^ ((1 << CELLS) - 1)
}

/// All ones where the key is one of three.
#[inline]
fn among(keys: Lanes, [a, b, c]: [Lanes; 3]) -> Lanes {
    keys.cmp_eq(a) | keys.cmp_eq(b) | keys.cmp_eq(c)
}

/// All ones at the words of a line that are asked for.
#[derive(Clone, Copy)]
pub(super) struct Hits([Lanes; 2]);

/// All ones where they were, and where the key is one of four.
#[inline]
fn or_equal([low, high]: [Lanes; 2], [keys, more]: [Lanes; 2], numbers: [u32; 4]) -> [Lanes; 2] {
    let [a, b, c, d] = numbers;
    let (a, b, c, d) = (splat(a), splat(b), splat(c), splat(d));
    let is = |keys: Lanes| (keys.cmp_eq(a) | keys.cmp_eq(b)) | (keys.cmp_eq(c) | keys.cmp_eq(d));
    [low | is(keys), high | is(more)]
}

/// All ones where the bit of a slot is set, which is below [`SLOTS_OF_SET`].
#[inline]
fn bit(words: &[u32; 2 * CELLS], slot: u32) -> u32 {
    let word = words.get((slot >> 5) as usize & (2 * CELLS - 1)).copied();
    let bit = word.unwrap_or(0).wrapping_shr(slot) & 1;
    bit.wrapping_neg()
}

/// The same of four.
#[inline]
fn held(words: &[u32; 2 * CELLS], [a, b, c, d]: [u32; 4]) -> Lanes {
    quad(bit(words, a), bit(words, b), bit(words, c), bit(words, d))
}

/// A word, in each of four lanes: it need not leave the register that it was gathered in.
#[derive(Clone, Copy)]
pub(crate) struct Fourfold(Lanes);

impl Fourfold {
    #[inline]
    pub(crate) fn new(word: u32) -> Self {
        Self(splat(word))
    }

    /// All words of the lanes, or-ed.
    #[inline]
    fn all(lanes: Lanes) -> Self {
        let [a, b, c, d] = lanes.to_array();
        let lanes = lanes | Lanes::new([c, d, a, b]);
        let [a, b, c, d] = lanes.to_array();
        Self(lanes | Lanes::new([b, a, d, c]))
    }

    #[inline]
    pub(super) fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    #[inline]
    pub(crate) fn word(self) -> u32 {
        let [word, ..] = self.0.to_array();
        word as u32
    }
}

/// What tests of what is asked come to: a bit for each, set where nothing asked is missing in the user's own
/// grants, in those and the groups', in all that is given, in what may be given at all.
#[inline]
pub(crate) fn nothing_missing(
    asked: u32,
    [own, groups]: [Fourfold; 2],
    [scope, ceiling]: [u32; 2],
) -> u32 {
    let own = own.0 & quad(u32::MAX, u32::MAX, u32::MAX, 0);
    let groups = groups.0 & quad(0, u32::MAX, u32::MAX, 0);
    let found = own | groups | quad(0, 0, scope, ceiling);
    let missing = splat(asked) & !found;
    missing.cmp_eq(splat(0)).move_mask() as u32
}

/// Cells of a line that were asked for.
struct Apart {
    /// From those that give and nothing else.
    given: u32,
    /// A bit for each that has to be weighed by itself.
    special: u32,
}

/// The bits that are set, as a rule one or none.
#[inline]
pub(super) fn ones(mut bits: u32) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let at = (bits != 0).then(|| bits.trailing_zeros() as usize);
        bits &= bits.wrapping_sub(1);
        at
    })
}

/// What two lines give and take, each by the cells that begin at its words: the same as of one and then the
/// other, by a single loop, as it cannot be predicted on which of them the one cell is that has to be
/// weighed by itself.
#[inline]
pub(super) fn weigh_both(
    [(one, hits), (other, other_hits)]: [(&Line, Hits); 2],
    now: Timestamp,
) -> [Weight; 2] {
    let (apart, other_apart) = (one.apart(hits), other.apart(other_hits));
    let mut weight = Weight::plain(apart.given);
    let mut other_weight = Weight::plain(other_apart.given);
    for at in ones(apart.special | other_apart.special << CELLS) {
        let is_other = at >= CELLS;
        let line = select_unpredictable(is_other, other, one);
        let cell = line.cell_at(at).weigh(now);
        weight = weight.and(cell.only_where(!is_other));
        other_weight = other_weight.and(cell.only_where(is_other));
    }
    [weight, other_weight]
}

impl Line {
    /// The words with one of these keys.
    #[inline]
    pub(super) fn hits(&self, wanted: [u32; 3]) -> Hits {
        let [a, b, c] = wanted;
        let wanted = [splat(a), splat(b), splat(c)];
        let [low, high] = halves(self.keys);
        Hits([among(low, wanted), among(high, wanted)])
    }

    /// The words whose key is one of the slots of a list, which ends at the first 0.
    pub(super) fn hits_in(&self, list: &[Self]) -> Hits {
        let keys = halves(self.keys);
        let mut hits = [splat(0); 2];
        for line in list {
            for [a, b, c, d, e, f, g, h] in [line.keys, line.data] {
                if a == 0 {
                    return Hits(hits);
                }
                hits = or_equal(hits, keys, [a, b, c, d]);
                hits = or_equal(hits, keys, [e, f, g, h]);
            }
        }
        Hits(hits)
    }

    /// The words whose key is a slot of a set.
    pub(super) fn hits_in_set(&self, set: &Self) -> Hits {
        let words = &set.words();
        let [a, b, c, d, e, f, g, h] = self.keys;
        let low = held(words, [a, b, c, d]);
        let high = held(words, [e, f, g, h]);
        let [in_set, more_in_set] = without(halves(self.keys), !(SLOTS_OF_SET - 1));
        Hits([low & in_set, high & more_in_set])
    }

    /// The cells that begin at these words.
    #[inline]
    pub(super) fn cells_at(&self, Hits(hits): Hits) -> impl Iterator<Item = Cell> + '_ {
        ones(bits(hits)).map(|at| self.cell_at(at))
    }

    /// The data of all words with one of these keys, or-ed.
    #[inline]
    pub(super) fn gather(&self, wanted: [u32; 3]) -> Fourfold {
        let [low, high] = self.data_at(self.hits(wanted));
        Fourfold::all(low | high)
    }

    #[inline]
    fn data_at(&self, Hits([low, high]): Hits) -> [Lanes; 2] {
        let [low_data, high_data] = halves(self.data);
        [low & low_data, high & high_data]
    }

    /// Of cells in a tree that begin at these words those that are on a chain.
    #[inline]
    pub(super) fn on_chain(&self, Hits([low, high]): Hits, [own, parent, _]: [u32; 3]) -> Hits {
        // The word behind the first one of a cell that is not on the root names what it is on.
        let [_, b, c, d, e, f, g, h] = self.keys;
        let [named, more] = halves([b, c, d, e, f, g, h, NO_KEY]);
        let [root, more_root] = without(halves(self.data), DEEP);
        let (own, parent) = (splat(own | NO_KEY_BIT), splat(parent | NO_KEY_BIT));
        let on = |named: Lanes| named.cmp_eq(own) | named.cmp_eq(parent);
        Hits([low & (on(named) | root), high & (on(more) | more_root)])
    }

    /// What the cells that begin at these words give at a moment and take.
    #[inline]
    pub(super) fn weigh(&self, hits: Hits, now: Timestamp) -> Weight {
        let Apart { given, special } = self.apart(hits);
        let special = ones(special).map(|at| self.cell_at(at).weigh(now));
        special.fold(Weight::plain(given), Weight::and)
    }

    /// The same of cells in a tree, where they are on a chain.
    #[inline]
    pub(super) fn weigh_on(&self, chain: [u32; 3], hits: Hits, now: Timestamp) -> Weight {
        self.weigh(self.on_chain(hits, chain), now)
    }

    /// The cells that begin at these words: what the plain ones give, and where the others are.
    #[inline]
    fn apart(&self, hits: Hits) -> Apart {
        let data = self.data_at(hits);
        let plain = without(data, SPECIAL);
        let ([low, high], [low_plain, high_plain]) = (data, plain);
        Apart {
            given: Fourfold::all(low & low_plain | high & high_plain).word(),
            special: missing(plain),
        }
    }

    /// The keys of the plain cells that give any of these, packed as in lines, how many they are, and where the
    /// other cells are.
    #[inline]
    pub(super) fn givers(&self, asked: u32) -> ([u32; CELLS], usize, impl Iterator<Item = usize>) {
        // A word behind another, of an expiry, has a key that is none.
        let cells = missing(halves(self.keys));
        let holds = |flags: u32| missing(without(halves(self.data), flags));
        let special = cells & holds(SPECIAL);
        let plain = cells & holds(asked) & !special;
        let (mut givers, mut count) = ([0; CELLS], 0_usize);
        for (at, key) in self.keys.into_iter().enumerate() {
            if let Some(place) = givers.get_mut(count & (CELLS - 1)) {
                *place = key;
            }
            count = count.wrapping_add(plain.wrapping_shr(at as u32) as usize & 1);
        }
        (givers, count, ones(special))
    }

    /// Whether the bit of a slot is set.
    #[inline]
    pub(super) fn has_bit(&self, slot: u32) -> bool {
        slot < SLOTS_OF_SET && bit(&self.words(), slot) != 0
    }

    /// Whether one of all its words is this number.
    #[inline]
    pub(super) fn has_number(&self, number: u32) -> bool {
        let number = splat(number);
        let ([a, b], [c, d]) = (halves(self.keys), halves(self.data));
        let hits = [
            a.cmp_eq(number) | b.cmp_eq(number),
            c.cmp_eq(number) | d.cmp_eq(number),
        ];
        bits(hits) != 0
    }
}
