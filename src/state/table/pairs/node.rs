//! Nodes: leaves, and branches that know from which pair on each of their children holds pairs.

use std::sync::Arc;

use smallvec::SmallVec;

use super::super::ahead;
use super::leaf::{Builder, Leaf, Put};

/// Children of a branch: to copy one counts as many references, each elsewhere in memory.
const FAN: usize = if cfg!(test) { 4 } else { 24 };

#[allow(
    clippy::large_enum_variant,
    reason = "there are twenty leaves to a branch"
)]
#[derive(Clone)]
pub(super) enum Node {
    Leaf(Leaf),
    Branch(Branch),
}

/// Bytes of a node and its two counts.
pub(super) const BYTES: usize = size_of::<Node>() + 2 * size_of::<usize>();

/// Children in order, and the least pair that belongs to each; the first takes what is less, too.
#[derive(Clone, Default)]
pub(super) struct Branch {
    bounds: SmallVec<[u64; FAN]>,
    children: SmallVec<[Arc<Node>; FAN]>,
}

/// A node that came about to the right of another, and its least pair.
pub(super) type Split = Option<(u64, Arc<Node>)>;

/// [`Arc::make_mut`] where copying would miss the cache once per child: reading all the counts first
/// lets the misses overlap, which the counting itself does not.
fn owned(node: &mut Arc<Node>) -> &mut Node {
    match &**node {
        Node::Leaf(leaf) => leaf.warm(),
        Node::Branch(branch) if Arc::strong_count(node) > 1 => {
            ahead::read(branch.children.iter().map(Arc::strong_count));
        }
        Node::Branch(_) => {}
    }
    Arc::make_mut(node)
}

impl Node {
    /// Puts a pair in; gives what had to be split off.
    pub(super) fn put(self: &mut Arc<Self>, pair: u64) -> Split {
        match owned(self) {
            Self::Branch(branch) => branch.put(pair),
            Self::Leaf(leaf) => match leaf.put(pair) {
                Put::NoRoom => Some(split(leaf, pair)),
                Put::Added | Put::Known => None,
            },
        }
    }

    /// Takes a pair out.
    pub(super) fn take(self: &mut Arc<Self>, pair: u64) {
        match owned(self) {
            Self::Branch(branch) => branch.take(pair),
            Self::Leaf(leaf) => {
                leaf.take(pair);
            }
        }
    }

    fn is_sparse(&self) -> bool {
        match self {
            Self::Leaf(leaf) => leaf.is_sparse(),
            Self::Branch(branch) => branch.children.len() <= FAN / 4,
        }
    }

    fn fits_with(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Leaf(one), Self::Leaf(other)) => one.fits_with(other),
            (Self::Branch(one), Self::Branch(other)) => one.fits_with(other),
            _ => false,
        }
    }

    /// Takes all that another of its height holds, from `bound` on.
    fn join(self: &mut Arc<Self>, bound: u64, other: &Self) {
        match (owned(self), other) {
            (Self::Leaf(leaf), Self::Leaf(other)) => {
                *leaf = leaf.pairs().chain(other.pairs()).collect();
            }
            (Self::Branch(branch), Self::Branch(other)) => branch.join(bound, other),
            _ => {}
        }
    }

    /// How many nodes hang from this one, itself counted.
    pub(super) fn count(&self) -> usize {
        let beneath = match self {
            Self::Leaf(_) => 0,
            Self::Branch(branch) => branch.children.iter().map(|child| child.count()).sum(),
        };
        1_usize.saturating_add(beneath)
    }

    /// The only child, of a branch that has no other.
    pub(super) fn only_child(&self) -> Option<&Arc<Self>> {
        match self {
            Self::Branch(branch) if branch.children.len() == 1 => branch.children.first(),
            _ => None,
        }
    }
}

/// Splits a full leaf, with one pair more: in the middle, or before a pair that is the last, for then
/// pairs come in ascending order and nothing else will be put into what is on the left.
fn split(leaf: &mut Leaf, pair: u64) -> (u64, Arc<Node>) {
    let mut pairs: Vec<u64> = leaf.pairs().collect();
    let at = pairs.partition_point(|it| *it < pair);
    let middle = if at == pairs.len() {
        at
    } else {
        pairs.len() / 2
    };
    pairs.insert(at, pair);
    let right = pairs.split_off(middle);
    *leaf = pairs.into_iter().collect();
    let bound = right.first().copied().unwrap_or(pair);
    (bound, Arc::new(Node::Leaf(right.into_iter().collect())))
}

impl Branch {
    /// A branch of these, of which there is at least one and at most [`FAN`].
    pub(super) fn of(children: impl IntoIterator<Item = (u64, Arc<Node>)>) -> Self {
        let (bounds, children) = children.into_iter().unzip();
        Self { bounds, children }
    }

    /// The child for a pair.
    fn place(&self, pair: u64) -> usize {
        let behind = self.bounds.iter().skip(1);
        behind.filter(|bound| **bound <= pair).count()
    }

    /// The child for a pair, and from where on the next one is.
    pub(super) fn child(&self, pair: u64) -> Option<(&Node, Option<u64>)> {
        let at = self.place(pair);
        let next = self.bounds.get(at.saturating_add(1)).copied();
        Some((self.children.get(at)?, next))
    }

    fn put(&mut self, pair: u64) -> Split {
        let at = self.place(pair);
        let (bound, child) = self.children.get_mut(at)?.put(pair)?;
        let at = at.saturating_add(1);
        self.bounds.insert(at, bound);
        self.children.insert(at, child);
        self.split()
    }

    /// Keeps one place free; the right part takes little where the last child is the new one.
    fn split(&mut self) -> Split {
        if self.children.len() < FAN {
            return None;
        }
        let bounds: SmallVec<_> = self.bounds.drain(FAN / 2..).collect();
        let children = self.children.drain(FAN / 2..).collect();
        let bound = *bounds.first()?;
        let right = Self { bounds, children };
        Some((bound, Arc::new(Node::Branch(right))))
    }

    fn take(&mut self, pair: u64) {
        let at = self.place(pair);
        let Some(child) = self.children.get_mut(at) else {
            return;
        };
        child.take(pair);
        if child.is_sparse() {
            self.tidy(at.min(self.children.len().saturating_sub(2)));
        }
    }

    /// Joins a child and the one behind it where they fit into one.
    fn tidy(&mut self, at: usize) {
        let behind = at.saturating_add(1);
        let [one, other] = [at, behind].map(|at| self.children.get(at));
        let fits = one
            .zip(other)
            .is_some_and(|(one, other)| one.fits_with(other));
        if !fits {
            return;
        }
        let (bound, other) = (self.bounds.remove(behind), self.children.remove(behind));
        if let Some(one) = self.children.get_mut(at) {
            one.join(bound, &other);
        }
    }

    fn fits_with(&self, other: &Self) -> bool {
        let both = self.children.len().saturating_add(other.children.len());
        both <= FAN / 4 * 3
    }

    fn join(&mut self, bound: u64, other: &Self) {
        let from = self.bounds.len();
        self.bounds.extend_from_slice(&other.bounds);
        self.children.extend(other.children.iter().cloned());
        if let Some(first) = self.bounds.get_mut(from) {
            *first = bound;
        }
    }
}

/// The tree of ascending pairs: leaves and branches seven eighths full, so that a change splits few.
pub(super) fn build(pairs: impl IntoIterator<Item = u64>) -> Arc<Node> {
    let mut level = leaves(pairs);
    while level.len() > 1 {
        let mut children = level.into_iter().peekable();
        let mut above = Vec::new();
        while let Some(bound) = children.peek().map(|(bound, _)| *bound) {
            let branch = Branch::of(children.by_ref().take(FAN / 8 * 7 + FAN % 8 / 2));
            above.push((bound, Arc::new(Node::Branch(branch))));
        }
        level = above;
    }
    let root = level.into_iter().next();
    root.map_or_else(|| Arc::new(Node::Leaf(Leaf::EMPTY)), |(_, root)| root)
}

fn leaves(pairs: impl IntoIterator<Item = u64>) -> Vec<(u64, Arc<Node>)> {
    let mut pairs = pairs.into_iter().peekable();
    let mut leaves = Vec::new();
    while let Some(bound) = pairs.peek().copied() {
        let mut leaf = Builder::new();
        while let Some(pair) = pairs.next_if(|_| !leaf.is_ready()) {
            leaf.push(pair);
        }
        leaves.push((bound, Arc::new(Node::Leaf(leaf.leaf()))));
    }
    leaves
}
