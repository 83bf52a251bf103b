//! The ids of a listing, put in order when they are asked for.

/// Ids of a listing before or after they are put in order.
#[derive(Debug)]
pub(super) struct Ids {
    ids: Vec<u128>,
    /// Where the rest begins, once they are in order.
    next: Option<usize>,
}

impl Ids {
    /// In any order, some perhaps more than once.
    pub(super) const fn found(ids: Vec<u128>) -> Self {
        Self { ids, next: None }
    }

    /// Drops those that are passed: the least, up to one.
    pub(super) fn drop_passed(&mut self, passed: impl Fn(u128) -> bool) {
        match self.next {
            None => self.ids.retain(|id| !passed(*id)),
            Some(next) => {
                let after = self.ids.partition_point(|id| passed(*id));
                self.next = Some(next.max(after));
            }
        }
    }

    /// Keeps the least, at least so many of them, so that the others need not be put in order.
    pub(super) fn keep_least(&mut self, count: usize) {
        if self.next.is_some() {
            return;
        }
        // Twice as many, because some may be there twice.
        let mut reach = count.saturating_mul(2);
        while reach.saturating_mul(MANY) < self.ids.len() {
            let (least, ..) = self.ids.select_nth_unstable(reach);
            least.sort_unstable();
            if least.chunk_by(u128::eq).take(count).count() == count {
                self.ids.truncate(reach);
                break;
            }
            reach = reach.saturating_mul(2);
        }
        self.put_in_order();
    }

    fn put_in_order(&mut self) -> usize {
        sort(&mut self.ids);
        self.ids.dedup();
        self.next = Some(0);
        0
    }

    pub(super) fn size_hint(&self) -> (usize, Option<usize>) {
        let all = self.ids.len();
        match self.next {
            None => (all.min(1), Some(all)),
            Some(next) => (all.saturating_sub(next), Some(all.saturating_sub(next))),
        }
    }
}

impl Iterator for Ids {
    type Item = u128;

    fn next(&mut self) -> Option<u128> {
        let next = self.next.unwrap_or_else(|| self.put_in_order());
        let id = self.ids.get(next).copied()?;
        self.next = Some(next.wrapping_add(1));
        Some(id)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        Self::size_hint(self)
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
    let bits = ids.len().checked_ilog2().unwrap_or(0).saturating_add(1);
    if ids.len() < FEW || differing <= bits {
        ids.sort_unstable();
    } else {
        *ids = deal(ids, differing.saturating_sub(bits), bits);
    }
}

/// Deals ids out by some of their bits, above which they are all the same, and sorts what falls together.
fn deal(ids: &[u128], shift: u32, bits: u32) -> Vec<u128> {
    let mask = 1_usize.wrapping_shl(bits).wrapping_sub(1);
    let pile = |id: u128| id.wrapping_shr(shift) as usize & mask;
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
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Ids at random, counted up, in clusters, some twice.
    fn ids() -> impl Strategy<Value = Vec<u128>> {
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

    fn in_order(ids: &[u128]) -> Vec<u128> {
        let ids: std::collections::BTreeSet<_> = ids.iter().copied().collect();
        ids.into_iter().collect()
    }

    proptest! {
        #[test]
        fn ids_come_in_order_each_once(ids in ids()) {
            prop_assert_eq!(Ids::found(ids.clone()).collect::<Vec<_>>(), in_order(&ids));
        }

        #[test]
        fn the_least_come_first_and_passed_ones_never(ids in ids(), count in 1..40_usize, cursor in 0..600_u128) {
            let mut found = Ids::found(ids.clone());
            found.drop_passed(|id| id <= cursor);
            found.keep_least(count);
            let expected = in_order(&ids).into_iter().filter(|id| *id > cursor).take(count);
            prop_assert_eq!(found.take(count).collect::<Vec<_>>(), expected.collect::<Vec<_>>());
        }

        #[test]
        fn what_was_taken_never_comes_again(ids in ids(), taken in 0..20_usize, cursor in 0..600_u128) {
            let mut found = Ids::found(ids.clone());
            let first: Vec<_> = found.by_ref().take(taken).collect();
            found.drop_passed(|id| id <= cursor);
            let rest = in_order(&ids).into_iter().skip(first.len()).filter(|id| *id > cursor);
            prop_assert_eq!(found.collect::<Vec<_>>(), rest.collect::<Vec<_>>());
        }
    }
}
