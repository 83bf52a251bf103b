//! What a check needs to know of a resource.

use super::ids::{Key, Keyed};
use super::place::Homes;
use crate::resource::Resource;

/// A resource: half a cache line.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct ResourceEntry {
    low: u64,
    high: u64,
    /// The slots of the resource, its parent and its root, the topmost beneath the organisation. A chain
    /// that is shorter repeats its root: what a check gathers from it is the same.
    pub(super) chain: [u32; 3],
    /// Three bits, the number of its kind, [`NOTHING`] where vacant; above them the number of its tree.
    word: u32,
}

const SORT_BITS: u32 = 3;
const SORT: u32 = (1 << SORT_BITS) - 1;
/// The numbers of trees are below it.
pub(super) const TREES_END: u32 = 1 << (32 - SORT_BITS);

impl ResourceEntry {
    /// The root of a tree, which stands beneath the organisation.
    pub(super) fn root_of(tree: u32, resource: Resource, slot: u32) -> Self {
        let key = key(resource);
        Self {
            low: key.low,
            high: key.high,
            chain: [slot; 3],
            word: tree << SORT_BITS | key.sort,
        }
    }

    /// A resource beneath another.
    pub(super) fn beneath(parent: &Self, resource: Resource, slot: u32) -> Self {
        let [above, _, root] = parent.chain;
        Self {
            chain: [slot, above, root],
            ..Self::root_of(parent.tree(), resource, slot)
        }
    }

    /// The number of its kind, from 1.
    #[inline]
    pub(crate) fn sort(&self) -> usize {
        (self.word & SORT) as usize
    }

    /// The number of its tree.
    #[inline]
    pub(super) fn tree(&self) -> u32 {
        self.word >> SORT_BITS
    }

    /// Whether nothing but the organisation stands above it.
    pub(super) fn is_root(&self) -> bool {
        self.slot() == self.root()
    }

    /// The slots of the resource and its ancestors beneath the organisation, each once.
    pub(super) fn links(&self) -> impl Iterator<Item = u32> + use<> {
        let [own, parent, root] = self.chain;
        let parent_too = (parent != own).then_some(parent);
        let root_too = (root != parent).then_some(root);
        [Some(own), parent_too, root_too].into_iter().flatten()
    }

    pub(super) fn link(&self) -> Link {
        Link {
            slot: self.slot(),
            root: self.root(),
        }
    }

    pub(super) fn root(&self) -> u32 {
        let [_, _, root] = self.chain;
        root
    }

    pub(super) fn slot(&self) -> u32 {
        let [slot, ..] = self.chain;
        slot
    }
}

/// The sort of no resource. (The organisation's is 0, and no entry has it.)
const NOTHING: u32 = 4;

/// The key of a resource; the organisation has one too, that nothing stands at.
#[inline]
pub(super) fn key(resource: Resource) -> Key {
    // Apart, so that the compiler need not jump by the kind, which nothing predicts.
    if matches!(resource, Resource::Organisation) {
        return Key::new(0, 0);
    }
    Key::new(resource.number(), resource.kind() as u32)
}

impl Keyed for ResourceEntry {
    const VACANT: Self = Self {
        low: 0,
        high: 0,
        chain: [0; 3],
        word: NOTHING,
    };

    fn key(&self) -> Key {
        Key {
            low: self.low,
            high: self.high,
            sort: self.word & SORT,
        }
    }

    #[inline]
    fn low(&self) -> u64 {
        self.low
    }

    fn is_vacant(&self) -> bool {
        self.word & SORT == NOTHING
    }

    #[inline]
    fn is(&self, key: Key) -> bool {
        (self.low ^ key.low) | (self.high ^ key.high) | u64::from((self.word ^ key.sort) & SORT)
            == 0
    }
}

/// Where a resource stands: its slot, and that of the root of its tree.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::state) struct Link {
    pub(super) slot: u32,
    pub(super) root: u32,
}

impl Link {
    /// Where what a subject holds on it stands in the row.
    pub(super) fn homes(self) -> Homes {
        Homes {
            near: self.root,
            far: self.slot,
        }
    }
}
