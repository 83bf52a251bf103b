//! A persistent vector of pages of plain data.
//!
//! Up to 256 pages hang from one node; more from a tree whose nodes have 32 children each. A clone shares
//! everything; a change copies a page and the nodes above it where they are shared, at most some hundred
//! counts, and works in place where they are not.

use std::sync::Arc;

/// Pages that hang from one node.
const FLAT: usize = 256;
const FAN_BITS: u32 = 5;
const FAN: usize = 1 << FAN_BITS;
const WITHIN: usize = FAN - 1;

/// Bytes for each page beside its content: two counts, the reference to it, and a little for nodes.
const ABOVE: usize = 5 * size_of::<usize>();

type Page<T> = Arc<[T]>;
type Leaf<T> = Arc<[Page<T>; FAN]>;
type Node<T> = Arc<[Leaf<T>; FAN]>;

#[derive(Clone, Debug)]
enum Tree<T> {
    Flat(Arc<[Page<T>]>),
    Deep(Arc<[Node<T>]>),
}

#[derive(Clone, Debug)]
pub(super) struct Pages<T> {
    tree: Tree<T>,
    len: usize,
}

impl<T: Copy> Pages<T> {
    pub(super) fn new() -> Self {
        Self {
            tree: Tree::Flat(Arc::from([])),
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
        let page = match &self.tree {
            Tree::Flat(pages) => pages.get(at),
            Tree::Deep(top) => top
                .get(at >> (2 * FAN_BITS))
                .and_then(|node| node.get(at >> FAN_BITS & WITHIN))
                .and_then(|leaf| leaf.get(at & WITHIN)),
        };
        page.map_or(&[], |page| page)
    }

    /// Bytes of the pages and of what they hang from.
    pub(super) fn footprint(&self) -> usize {
        let pages = (0..self.len).map(|at| size_of_val(self.page(at)).saturating_add(ABOVE));
        pages.fold(0, usize::saturating_add)
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
        self.len = at.saturating_add(1);
        self.make_place(at);
        self.replace(at, page);
        at
    }

    /// Makes the tree wider, or deep, where page `at` has no place yet.
    fn make_place(&mut self, at: usize) {
        let empty = || -> Page<T> { Arc::from([]) };
        match &self.tree {
            Tree::Flat(pages) if at < FLAT => {
                let wider = pages.iter().cloned().chain([empty()]);
                self.tree = Tree::Flat(wider.collect());
            }
            Tree::Flat(pages) => self.tree = Tree::Deep(Arc::from([deep(pages)])),
            Tree::Deep(top) if at >> (2 * FAN_BITS) >= top.len() => {
                let wider = top.iter().cloned().chain([deep(&[])]);
                self.tree = Tree::Deep(wider.collect());
            }
            Tree::Deep(_) => {}
        }
    }

    fn place(&mut self, at: usize) -> Option<&mut Page<T>> {
        match &mut self.tree {
            Tree::Flat(pages) => {
                if Arc::strong_count(pages) > 1 {
                    read_counts(pages);
                }
                Arc::make_mut(pages).get_mut(at)
            }
            Tree::Deep(top) => {
                let node = Arc::make_mut(top).get_mut(at >> (2 * FAN_BITS))?;
                let leaf = owned(node).get_mut(at >> FAN_BITS & WITHIN)?;
                owned(leaf).get_mut(at & WITHIN)
            }
        }
    }
}

/// A node with these pages, and empty ones behind them.
fn deep<T>(pages: &[Page<T>]) -> Node<T> {
    let empty: Page<T> = Arc::from([]);
    let page = |at: usize| pages.get(at).unwrap_or(&empty).clone();
    let leaf = |at: usize| -> Leaf<T> {
        let first = at.saturating_mul(FAN);
        Arc::new(std::array::from_fn(|at| page(first.saturating_add(at))))
    };
    Arc::new(std::array::from_fn(leaf))
}

/// [`Arc::make_mut`] where copying would miss the cache once per child: reading all the counts first
/// lets the misses overlap, which the counting itself does not.
fn owned<C: ?Sized>(children: &mut Arc<[Arc<C>; FAN]>) -> &mut [Arc<C>; FAN] {
    if Arc::strong_count(children) > 1 {
        read_counts(children.as_slice());
    }
    Arc::make_mut(children)
}

fn read_counts<C: ?Sized>(children: &[Arc<C>]) {
    let counts = children.iter().map(Arc::strong_count);
    std::hint::black_box(counts.fold(0, usize::wrapping_add));
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

    pub(super) fn footprint(&self) -> usize {
        self.0.footprint()
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
