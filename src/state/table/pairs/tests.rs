//! Held against an ordered set, and older clones against what they were.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::{Pairs, for_each_first};

type Oracle = BTreeSet<(u32, u32)>;

fn assert_same(pairs: &Pairs, oracle: &Oracle) {
    for first in 0..12 {
        let expected = oracle.range((first, 0)..=(first, u32::MAX));
        let expected: Vec<u32> = expected.map(|(_, second)| *second).collect();
        assert_eq!(pairs.seconds(first).collect::<Vec<_>>(), expected);
        for second in [0, 1, 50, u32::MAX] {
            let known = oracle.contains(&(first, second));
            assert_eq!(pairs.contains(first, second), known);
        }
    }
}

/// Few first halves with many second halves, or many with few; the highest numbers among them.
fn pair() -> impl Strategy<Value = (u32, u32)> {
    let second = prop_oneof![0..100_u32, u32::MAX - 3..=u32::MAX];
    (prop_oneof![0..3_u32, 0..12_u32], second)
}

#[derive(Clone, Debug)]
enum Step {
    Insert((u32, u32)),
    Remove((u32, u32)),
    /// Of what is there, the one at this rank.
    RemoveKnown(usize),
    Hold,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let insert = || pair().prop_map(Step::Insert);
    let remove = || (0..1_000_usize).prop_map(Step::RemoveKnown);
    let hold = || Just(Step::Hold);
    let grow = prop_oneof![12 => insert(), 2 => remove(), 1 => hold()];
    let shrink =
        prop_oneof![2 => insert(), 12 => remove(), 1 => pair().prop_map(Step::Remove), 1 => hold()];
    let grow = prop::collection::vec(grow, 0..600);
    (grow, prop::collection::vec(shrink, 0..600)).prop_map(|(grow, shrink)| [grow, shrink].concat())
}

fn run(steps: Vec<Step>, (mut pairs, mut oracle): (Pairs, Oracle)) {
    let mut held = Vec::new();
    for step in steps {
        match step {
            Step::Insert((first, second)) => {
                pairs.insert(first, second);
                oracle.insert((first, second));
            }
            Step::Remove((first, second)) => {
                pairs.remove(first, second);
                oracle.remove(&(first, second));
            }
            Step::RemoveKnown(rank) => {
                let Some((first, second)) = oracle.iter().nth(rank % oracle.len().max(1)).copied()
                else {
                    continue;
                };
                pairs.remove(first, second);
                oracle.remove(&(first, second));
            }
            Step::Hold => held.push((pairs.clone(), oracle.clone())),
        }
    }
    held.push((pairs, oracle));
    for (pairs, oracle) in &held {
        assert_same(pairs, oracle);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn changed_one_by_one(steps in steps()) {
        run(steps, (Pairs::new(), Oracle::new()));
    }

    #[test]
    fn built_then_changed(
        oracle in prop::collection::btree_set(pair(), 0..400),
        steps in steps(),
    ) {
        let pairs = Pairs::from_sorted(oracle.iter().copied());
        assert_same(&pairs, &oracle);
        run(steps, (pairs, oracle));
    }
}

proptest! {
    #[test]
    fn found_from_the_other_side(oracle in prop::collection::btree_set((0..5_000_u32, 0..50_u32), 0..400)) {
        let mut seconds_first: Vec<_> = oracle.iter().map(|(one, other)| (*other, *one)).collect();
        seconds_first.sort_unstable();
        let twice = seconds_first.iter().flat_map(|(second, first)| [(*first, *second); 2]);
        let pairs = Pairs::from_ascending_seconds(twice);
        let mut found = Oracle::new();
        for_each_first(seconds_first.iter().map(|(second, first)| (*first, *second)), |first, seconds| {
            assert_eq!(pairs.seconds(first).collect::<Vec<_>>(), seconds);
            found.extend(seconds.iter().map(|second| (first, *second)));
        });
        prop_assert_eq!(found, oracle);
    }
}

#[test]
fn what_is_emptied_keeps_a_few_nodes() {
    let mut pairs = Pairs::new();
    let all = || (0..30).flat_map(|first| (0..90).map(move |second| (first, second * 7 % 90)));
    all().for_each(|(first, second)| pairs.insert(first, second));
    assert!(pairs.footprint() > 100 * Pairs::new().footprint());
    all().for_each(|(first, second)| pairs.remove(first, second));
    assert!(pairs.footprint() < 10 * Pairs::new().footprint());
}

#[test]
fn ascending_pairs_fill_their_leaves() {
    let mut pairs = Pairs::new();
    (0..10_000).for_each(|second| pairs.insert(0, second));
    let built = Pairs::from_sorted((0..10_000).map(|second| (0, second)));
    assert!(pairs.footprint() < built.footprint());
}
