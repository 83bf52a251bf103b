//! A persistent ordered set of pairs of numbers: who holds anything on what, who is in which group,
//! which extents of rows are free.
//!
//! ```text
//! branch: up to 24 children, each with the least pair of it
//!   branch ...
//!     leaf, 1 KiB: first half | count | second halves ... first half | count | second halves ...
//! ```
//!
//! A B+tree whose leaves hold a first half once for all pairs that share it: four bytes a pair and a little
//! more. Of 35 million pairs, half put in at random, it takes 5.5 bytes each (an ordered set with nodes of 16
//! numbers takes 22), and a change while older clones are held 2.6 us, as there. Leaves of two kibibytes
//! cost 4.3 us a change, leaves of half a one 5.9 bytes a pair; with 48 children a branch nothing changes.
//!
//! A clone shares everything; a change copies the nodes from the root to one leaf where they are
//! shared, and works in place where they are not.

mod leaf;
mod node;
mod sort;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use leaf::Leaf;
use node::{Branch, Node};

/// See the [module](self).
#[derive(Clone)]
pub(super) struct Pairs {
    root: Arc<Node>,
}

fn pair(first: u32, second: u32) -> u64 {
    u64::from(first) << 32 | u64::from(second)
}

fn first_of(pair: u64) -> u32 {
    (pair >> 32) as u32
}

fn second_of(pair: u64) -> u32 {
    pair as u32
}

fn sorted_by_first(pairs: impl IntoIterator<Item = (u32, u32)>) -> Vec<u64> {
    let pairs = pairs.into_iter().map(|(first, second)| pair(first, second));
    sort::by_first(pairs.collect())
}

/// For each first half that there is, ascending, its second halves in the order in which they come.
pub(super) fn for_each_first(
    pairs: impl IntoIterator<Item = (u32, u32)>,
    mut take: impl FnMut(u32, &[u32]),
) {
    let pairs = sorted_by_first(pairs);
    let mut seconds = Vec::new();
    for run in pairs.chunk_by(|one, next| first_of(*one) == first_of(*next)) {
        seconds.clear();
        seconds.extend(run.iter().map(|pair| second_of(*pair)));
        if let Some(pair) = run.first() {
            take(first_of(*pair), &seconds);
        }
    }
}

impl Pairs {
    pub(super) fn new() -> Self {
        Self::from_sorted([])
    }

    /// The set of these, which are strictly ascending.
    pub(super) fn from_sorted(pairs: impl IntoIterator<Item = (u32, u32)>) -> Self {
        let pairs = pairs.into_iter().map(|(first, second)| pair(first, second));
        Self {
            root: node::build(pairs),
        }
    }

    /// The set of these, which ascend by their second halves and may come several times.
    pub(super) fn from_ascending_seconds(pairs: impl IntoIterator<Item = (u32, u32)>) -> Self {
        let mut pairs = sorted_by_first(pairs);
        pairs.dedup();
        Self {
            root: node::build(pairs),
        }
    }

    pub(super) fn insert(&mut self, first: u32, second: u32) {
        let Some(right) = self.root.put(pair(first, second)) else {
            return;
        };
        let left = (0, Arc::clone(&self.root));
        self.root = Arc::new(Node::Branch(Branch::of([left, right])));
    }

    pub(super) fn remove(&mut self, first: u32, second: u32) {
        self.root.take(pair(first, second));
        while let Some(only) = self.root.only_child().map(Arc::clone) {
            self.root = only;
        }
    }

    pub(super) fn contains(&self, first: u32, second: u32) -> bool {
        let pair = pair(first, second);
        self.leaf(pair).is_some_and(|(leaf, _)| leaf.contains(pair))
    }

    /// The second halves of the pairs with this first half, ascending.
    pub(super) fn seconds(&self, first: u32) -> impl Iterator<Item = u32> + '_ {
        let mut from = Some(pair(first, 0));
        let leaves = std::iter::from_fn(move || {
            let (leaf, next) = self.leaf(from?)?;
            from = next.filter(|next| first_of(*next) == first);
            Some(leaf)
        });
        leaves.flat_map(move |leaf| leaf.seconds(first).iter().copied())
    }

    /// The leaf for a pair, and from where on the next one is.
    fn leaf(&self, pair: u64) -> Option<(&Leaf, Option<u64>)> {
        let (mut node, mut next) = (&*self.root, None);
        loop {
            match node {
                Node::Leaf(leaf) => return Some((leaf, next)),
                Node::Branch(branch) => {
                    let (child, behind) = branch.child(pair)?;
                    (node, next) = (child, behind.or(next));
                }
            }
        }
    }
}

impl Pairs {
    /// Bytes that it takes, as if it shared none of them.
    pub(super) fn footprint(&self) -> usize {
        self.root.count().saturating_mul(node::BYTES)
    }
}
