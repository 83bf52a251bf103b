//! A persistent vector of pages of plain data.
//!
//! As deep as it has to be: up to 32 pages hang from one node, up to 1,024 from a node of nodes. A clone
//! shares everything; a change copies a page and the nodes above it where they are shared, about a
//! hundred counts at 34 thousand pages, and works in place where they are not.

use std::sync::Arc;

const FAN_BITS: u32 = 5;
const FAN: usize = 1 << FAN_BITS;
const WITHIN: usize = FAN - 1;

type Page<T> = Arc<[T]>;
type Leaf<T> = Arc<[Page<T>; FAN]>;
type Node<T> = Arc<[Leaf<T>; FAN]>;

#[derive(Clone, Debug)]
enum Tree<T> {
    Low(Leaf<T>),
    Middle(Node<T>),
    High(Arc<[Node<T>]>),
}

#[derive(Clone, Debug)]
pub(super) struct Pages<T> {
    tree: Tree<T>,
    /// The leaf and the node that stand where nothing has been pushed yet.
    blank: (Leaf<T>, Node<T>),
    len: usize,
}

impl<T: Copy> Pages<T> {
    pub(super) fn new() -> Self {
        let page: Page<T> = Arc::from([]);
        let leaf: Leaf<T> = Arc::new(std::array::from_fn(|_| Arc::clone(&page)));
        let node: Node<T> = Arc::new(std::array::from_fn(|_| Arc::clone(&leaf)));
        Self {
            tree: Tree::Low(Arc::clone(&leaf)),
            blank: (leaf, node),
            len: 0,
        }
    }

    /// How many pages there are.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// The page `at`, which has been pushed; empty or another one where it has not.
    #[inline]
    pub(super) fn page(&self, at: usize) -> &[T] {
        let leaf = match &self.tree {
            Tree::Low(leaf) => Some(leaf),
            Tree::Middle(node) => node.get(at >> FAN_BITS & WITHIN),
            Tree::High(top) => top
                .get(at >> (2 * FAN_BITS))
                .and_then(|node| node.get(at >> FAN_BITS & WITHIN)),
        };
        leaf.and_then(|leaf| leaf.get(at & WITHIN))
            .map_or(&[], |page| page)
    }

    /// The page `at` for changing it.
    pub(super) fn page_mut(&mut self, at: usize) -> Option<&mut [T]> {
        self.place(at).map(Arc::make_mut)
    }

    /// Puts another page in the place of page `at`.
    pub(super) fn replace(&mut self, at: usize, page: Vec<T>) {
        if let Some(place) = self.place(at) {
            *place = page.into();
        }
    }

    /// Appends a page and says where it is.
    pub(super) fn push(&mut self, page: Vec<T>) -> usize {
        let at = self.len;
        self.make_place(at);
        self.len = at.saturating_add(1);
        self.replace(at, page);
        at
    }

    /// Makes the tree higher or wider where page `at` has no place yet.
    fn make_place(&mut self, at: usize) {
        if let (Tree::Low(first), FAN..) = (&self.tree, at) {
            let mut leaves = (*self.blank.1).clone();
            leaves[0] = Arc::clone(first);
            self.tree = Tree::Middle(Arc::new(leaves));
        }
        if let (Tree::Middle(first), true) = (&self.tree, at >> (2 * FAN_BITS) > 0) {
            self.tree = Tree::High(Arc::from([Arc::clone(first)]));
        }
        if let Tree::High(top) = &self.tree {
            if at >> (2 * FAN_BITS) >= top.len() {
                let wider = top.iter().chain([&self.blank.1]);
                self.tree = Tree::High(wider.cloned().collect());
            }
        }
    }

    fn place(&mut self, at: usize) -> Option<&mut Page<T>> {
        let leaf = match &mut self.tree {
            Tree::Low(leaf) => leaf,
            Tree::Middle(node) => owned(node).get_mut(at >> FAN_BITS & WITHIN)?,
            Tree::High(top) => {
                let node = Arc::make_mut(top).get_mut(at >> (2 * FAN_BITS))?;
                owned(node).get_mut(at >> FAN_BITS & WITHIN)?
            }
        };
        owned(leaf).get_mut(at & WITHIN)
    }
}

/// [`Arc::make_mut`] where copying would miss the cache once per child: reading all the counts first
/// lets the misses overlap, which the counting itself does not.
fn owned<C: ?Sized>(children: &mut Arc<[Arc<C>; FAN]>) -> &mut [Arc<C>; FAN] {
    if Arc::strong_count(children) > 1 {
        let counts = children.iter().map(Arc::strong_count);
        std::hint::black_box(counts.fold(0, usize::wrapping_add));
    }
    Arc::make_mut(children)
}

/// One value per number, in pages of the same size.
#[derive(Clone, Debug)]
pub(super) struct Column<T>(Pages<T>);

const CELLS_BITS: u32 = 6;
const CELLS: usize = 1 << CELLS_BITS;

impl<T: Copy> Column<T> {
    pub(super) fn new() -> Self {
        Self(Pages::new())
    }

    /// The value at a number that has been set; another's or none where it has not.
    #[inline]
    pub(super) fn at(&self, number: u32) -> Option<&T> {
        let at = number as usize;
        self.0.page(at >> CELLS_BITS).get(at & (CELLS - 1))
    }

    /// Sets a value; numbers below that have none get `blank`.
    pub(super) fn set(&mut self, number: u32, value: T, blank: T) {
        let at = number as usize;
        while self.0.len() <= at >> CELLS_BITS {
            self.0.push(vec![blank; CELLS]);
        }
        if let Some(cell) = self.at_mut(number) {
            *cell = value;
        }
    }

    /// The value at a number that has been set, for changing it.
    pub(super) fn at_mut(&mut self, number: u32) -> Option<&mut T> {
        let at = number as usize;
        let page = self.0.page_mut(at >> CELLS_BITS)?;
        page.get_mut(at & (CELLS - 1))
    }
}
