//! Reading ahead: a first look at all that is read next lets the misses overlap, which deciding after each
//! does not.

use std::ops::BitXor;

/// Reads these words for nothing but that what stands beside them is near afterwards.
#[inline]
pub(super) fn read<W: Default + BitXor<Output = W>>(words: impl Iterator<Item = W>) {
    std::hint::black_box(words.fold(W::default(), W::bitxor));
}
