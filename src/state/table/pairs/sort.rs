//! Sorting pairs by their first half, in time in proportion to their number.

use super::first_of;

/// Bits of the first half that one pass sorts by: as many places to write to as stay near.
const DIGIT_BITS: u32 = 11;
const DIGITS: usize = 1 << DIGIT_BITS;

/// Sorts by the first half; pairs that share it stay in the order in which they came.
pub(super) fn by_first(mut pairs: Vec<u64>) -> Vec<u64> {
    let highest = pairs.iter().map(|pair| first_of(*pair)).max();
    let mut left = highest.unwrap_or(0);
    let mut shift = u32::BITS;
    while left > 0 {
        pairs = by_digit(&pairs, shift);
        left >>= DIGIT_BITS;
        shift = shift.saturating_add(DIGIT_BITS);
    }
    pairs
}

fn digit(pair: u64, shift: u32) -> usize {
    (pair >> shift) as usize & (DIGITS - 1)
}

fn by_digit(pairs: &[u64], shift: u32) -> Vec<u64> {
    let mut places = starts(pairs, shift);
    let mut sorted = vec![0; pairs.len()];
    for pair in pairs {
        let place = places.get_mut(digit(*pair, shift));
        let to = place.and_then(|at| {
            let to = sorted.get_mut(*at);
            *at = at.saturating_add(1);
            to
        });
        if let Some(to) = to {
            *to = *pair;
        }
    }
    sorted
}

/// Where the pairs of each digit begin.
fn starts(pairs: &[u64], shift: u32) -> Vec<usize> {
    let mut counts = vec![0_usize; DIGITS];
    for pair in pairs {
        if let Some(count) = counts.get_mut(digit(*pair, shift)) {
            *count = count.saturating_add(1);
        }
    }
    let mut before = 0_usize;
    for count in &mut counts {
        let start = before;
        before = before.saturating_add(*count);
        *count = start;
    }
    counts
}
