//! A small seeded generator of random choices (splitmix64).

use rolebook::PermissionSet;

pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below the end, which is not zero.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// True in this many cases of a hundred.
    pub(crate) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of several, which are not none.
    pub(crate) fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        self.maybe(from).expect("something to pick from")
    }

    /// One of several, or none where there is none.
    pub(crate) fn maybe<T: Clone>(&mut self, from: &[T]) -> Option<T> {
        if from.is_empty() {
            return None;
        }
        let place = usize::try_from(self.below(from.len() as u64)).unwrap();
        Some(from[place].clone())
    }

    /// One of several by weight.
    pub(crate) fn weighted<T: Copy>(&mut self, from: &[(u64, T)]) -> T {
        let total = from.iter().map(|(weight, _)| weight).sum();
        let mut left = self.below(total);
        for (weight, item) in from {
            if left < *weight {
                return *item;
            }
            left -= weight;
        }
        unreachable!("the weights add up")
    }

    /// Each permission with this chance.
    pub(crate) fn some_of(&mut self, set: PermissionSet, percent: u64) -> PermissionSet {
        set.iter().filter(|_| self.chance(percent)).collect()
    }
}
