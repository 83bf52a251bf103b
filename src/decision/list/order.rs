//! The numbers of the ids of a listing, put in order when they are asked for.

/// Puts the least in order, at most so many and each once; the others go.
pub(super) fn least_in_order(ids: &mut Vec<u128>, count: usize) {
    keep_least(ids, count);
    sort(ids);
    ids.dedup();
    ids.truncate(count);
}

/// Keeps the least, at least so many of them and each once, so that the others need not be put in order.
fn keep_least(ids: &mut Vec<u128>, count: usize) {
    // Twice as many, because some may be there twice.
    let mut reach = count.saturating_mul(2);
    while reach.saturating_mul(MANY) < ids.len() {
        let (least, ..) = ids.select_nth_unstable(reach);
        least.sort_unstable();
        if least.chunk_by(u128::eq).take(count).count() == count {
            ids.truncate(reach);
            break;
        }
        reach = reach.saturating_mul(2);
    }
}

/// Up to so many times those that are wanted, putting all in order is as quick as finding these.
const MANY: usize = 4;

/// Below this many comparing is as quick.
const FEW: usize = 64;

/// Sorts ids. Dealt out first by the highest bits in which they differ: ids that were drawn at random come
/// to stand nearly alone, which is twice as quick as comparing them; others are compared.
fn sort(ids: &mut Vec<u128>) {
    let all = ids.iter().fold(u128::MAX, |all, id| all & id);
    let any = ids.iter().fold(0, |any, id| any | id);
    let differing = 128_u32.saturating_sub((all ^ any).leading_zeros());
    // One or two piles for each: more take longer to set up, and fewer leave more ids together.
    let bits = ids.len().checked_ilog2().unwrap_or(0).saturating_add(1);
    if ids.len() < FEW || differing <= bits {
        return ids.sort_unstable();
    }
    let shift = differing.saturating_sub(bits);
    *ids = match shift.checked_sub(64) {
        // Drawn at random: half of the id is enough, which takes half as many instructions.
        Some(shift) => deal(ids, bits, |id| (id >> 64) as u64 >> shift),
        None => deal(ids, bits, |id| id.wrapping_shr(shift) as u64),
    };
}

/// Deals ids out by the lowest of these bits of theirs, above which they are all the same, and sorts what
/// falls together.
fn deal(ids: &[u128], bits: u32, number: impl Fn(u128) -> u64) -> Vec<u128> {
    let mask = 1_usize.wrapping_shl(bits).wrapping_sub(1);
    let pile = |id: u128| number(id) as usize & mask;
    let mut ends = vec![0_u32; mask.wrapping_add(1)];
    let mut highest = 0;
    for id in ids {
        if let Some(count) = ends.get_mut(pile(*id)) {
            *count = count.wrapping_add(1);
            highest = highest.max(*count);
        }
    }
    let mut sum = 0_u32;
    for end in &mut ends {
        sum = sum.wrapping_add(std::mem::replace(end, sum));
    }
    // Each begins where the one before it ends, and ends where it has taken its own.
    let mut dealt = vec![0; ids.len()];
    for id in ids {
        if let Some(end) = ends.get_mut(pile(*id)) {
            if let Some(place) = dealt.get_mut(*end as usize) {
                *place = *id;
            }
            *end = end.wrapping_add(1);
        }
    }
    if highest <= HIGH {
        settle(&mut dealt);
    } else {
        sort_piles(&mut dealt, &ends);
    }
    dealt
}

/// Piles up to this high are put in order together.
const HIGH: u32 = 8;

/// Sorts ids of which none is far from its place: each goes back past those that are greater.
fn settle(dealt: &mut [u128]) {
    for end in 1..dealt.len() {
        let mut at = end;
        while let Some([before, id]) = dealt.get_mut(at.wrapping_sub(1)..=at)
            && before > id
        {
            std::mem::swap(before, id);
            at = at.wrapping_sub(1);
        }
    }
}

fn sort_piles(dealt: &mut [u128], ends: &[u32]) {
    let mut start = 0_usize;
    for end in ends {
        let end = *end as usize;
        if end > start.wrapping_add(1)
            && let Some(pile) = dealt.get_mut(start..end)
        {
            pile.sort_unstable();
        }
        start = end;
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Ids at random, counted up, in clusters, some twice.
    pub(in super::super) fn ids() -> impl Strategy<Value = Vec<u128>> {
        let any = prop_oneof![
            any::<u128>(),
            0..500_u128,
            (0..4_u128, 0..9_u128).prop_map(|(high, low)| high << 100 | low),
            Just(u128::MAX),
        ];
        prop_oneof![
            proptest::collection::vec(any, 0..300),
            proptest::collection::vec(0..2_000_u128, 0..300),
            proptest::collection::vec(0..5_u128, 0..300),
            proptest::collection::vec(any_high(), 0..300),
        ]
    }

    fn any_high() -> impl Strategy<Value = u128> {
        any::<u8>().prop_map(|it| u128::from(it) << 120)
    }

    pub(in super::super) fn in_order(ids: &[u128]) -> Vec<u128> {
        let ids: std::collections::BTreeSet<_> = ids.iter().copied().collect();
        ids.into_iter().collect()
    }

    proptest! {
        #[test]
        fn ids_come_in_order_each_once(ids in ids()) {
            let mut found = ids.clone();
            least_in_order(&mut found, usize::MAX);
            prop_assert_eq!(found, in_order(&ids));
        }

        #[test]
        fn the_least_are_kept(ids in ids(), count in 1..40_usize) {
            let mut found = ids.clone();
            least_in_order(&mut found, count);
            let expected = in_order(&ids).into_iter().take(count);
            prop_assert_eq!(found, expected.collect::<Vec<_>>());
        }
    }
}
