//! A persistent vector of pages of plain data.
//!
//! Up to 256 pages hang from one node; more from a tree whose nodes have 32 children each. A clone shares
//! everything; a change copies a page and the nodes above it where they are shared, at most some hundred
//! counts, and works in place where they are not.

use std::sync::Arc;

use super::ahead;

/// Pages that hang from one node.
const FLAT: usize = 256;
const FAN_BITS: u32 = 5;
const FAN: usize = 1 << FAN_BITS;
const WITHIN: usize = FAN - 1;

type Leaf<P> = Arc<[Arc<P>; FAN]>;
type Node<P> = Arc<[Leaf<P>; FAN]>;

#[derive(Debug)]
enum Tree<P> {
    Flat(Arc<[Arc<P>]>),
    Deep(Arc<[Node<P>]>),
}

/// Pages of this type, all of one size, so that a place within one needs no bounds to be looked up.
#[derive(Debug)]
pub(super) struct Pages<P> {
    tree: Tree<P>,
    len: usize,
}

impl<P> Clone for Pages<P> {
    fn clone(&self) -> Self {
        let tree = match &self.tree {
            Tree::Flat(pages) => Tree::Flat(Arc::clone(pages)),
            Tree::Deep(top) => Tree::Deep(Arc::clone(top)),
        };
        Self {
            tree,
            len: self.len,
        }
    }
}

impl<P> Pages<P> {
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

    /// The page `at`, which has been pushed; none or another one where it has not.
    #[inline]
    pub(super) fn page(&self, at: usize) -> Option<&P> {
        self.shared(at).map(|page| &**page)
    }

    /// The same, as it is shared.
    #[inline]
    pub(super) fn shared(&self, at: usize) -> Option<&Arc<P>> {
        match &self.tree {
            Tree::Flat(pages) => pages.get(at),
            Tree::Deep(top) => {
                let node = top.get(at >> (2 * FAN_BITS))?;
                let leaf = node.get(at >> FAN_BITS & WITHIN)?;
                leaf.get(at & WITHIN)
            }
        }
    }

    /// Bytes of the pages and of what they hang from.
    pub(super) fn footprint(&self) -> usize {
        self.len
            .saturating_mul(size_of::<P>().saturating_add(ABOVE))
    }

    /// Puts another page in the place of page `at`.
    pub(super) fn replace(&mut self, at: usize, page: Arc<P>) {
        if let Some(place) = self.place(at) {
            *place = page;
        }
    }

    /// Appends a page and says where it is.
    pub(super) fn push(&mut self, page: Arc<P>) -> usize {
        let at = self.len;
        self.len = at.saturating_add(1);
        self.make_place(at, &page);
        self.replace(at, page);
        at
    }

    /// Makes the tree wider, or deep, where page `at` has no place yet. Until there are others this page
    /// stands in all new places.
    fn make_place(&mut self, at: usize, page: &Arc<P>) {
        match &self.tree {
            Tree::Flat(pages) if at < FLAT => {
                let wider = pages.iter().chain([page]).cloned();
                self.tree = Tree::Flat(wider.collect());
            }
            Tree::Flat(pages) => self.tree = Tree::Deep(Arc::from([deep(pages, page)])),
            Tree::Deep(top) if at >> (2 * FAN_BITS) >= top.len() => {
                let wider = top.iter().cloned().chain([deep(&[], page)]);
                self.tree = Tree::Deep(wider.collect());
            }
            Tree::Deep(_) => {}
        }
    }

    fn place(&mut self, at: usize) -> Option<&mut Arc<P>> {
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

impl<P: Clone> Pages<P> {
    /// The page `at` for changing it.
    pub(super) fn page_mut(&mut self, at: usize) -> Option<&mut P> {
        self.place(at).map(Arc::make_mut)
    }
}

/// Bytes for each page beside its content: two counts, the reference to it, and a little for nodes.
const ABOVE: usize = 4 * size_of::<usize>();

/// A node with these pages, and another one behind them.
fn deep<P>(pages: &[Arc<P>], behind: &Arc<P>) -> Node<P> {
    let page = |at: usize| pages.get(at).unwrap_or(behind).clone();
    let leaf = |at: usize| -> Leaf<P> {
        let first = at.saturating_mul(FAN);
        Arc::new(std::array::from_fn(|at| page(first.saturating_add(at))))
    };
    Arc::new(std::array::from_fn(leaf))
}

/// [`Arc::make_mut`] where copying would miss the cache once per child: reading all the counts first
/// lets the misses overlap, which the counting itself does not.
fn owned<C>(children: &mut Arc<[Arc<C>; FAN]>) -> &mut [Arc<C>; FAN] {
    if Arc::strong_count(children) > 1 {
        read_counts(children.as_slice());
    }
    Arc::make_mut(children)
}

fn read_counts<C>(children: &[Arc<C>]) {
    ahead::read(children.iter().map(Arc::strong_count));
}

/// Numbers of a page, where nothing else is said.
pub(super) const PER_PAGE: usize = 64;

/// The page of a number, and its place there.
#[inline]
fn place_of<const PER: usize>(number: u32) -> (usize, usize) {
    const { assert!(PER.is_power_of_two(), "told by its bits") };
    let number = number as usize;
    let page = number.wrapping_shr(PER.trailing_zeros());
    (page, number & PER.wrapping_sub(1))
}

/// Pages of what is known by numbers.
impl<P: Clone> Pages<P> {
    /// The page of a number, and its place there; `None` where there is no such page.
    #[inline]
    pub(super) fn of<const PER: usize>(&self, number: u32) -> Option<(&P, usize)> {
        let (page, at) = place_of::<PER>(number);
        Some((self.page(page)?, at))
    }

    /// The same for changing it.
    pub(super) fn of_mut<const PER: usize>(&mut self, number: u32) -> Option<(&mut P, usize)> {
        let (page, at) = place_of::<PER>(number);
        Some((self.page_mut(page)?, at))
    }

    /// Appends blank pages until a number has one.
    pub(super) fn make_room<const PER: usize>(&mut self, number: u32, blank: impl Fn() -> P) {
        while self.len() <= place_of::<PER>(number).0 {
            self.push(Arc::new(blank()));
        }
    }
}

/// One value per number, so many on a page.
#[derive(Clone, Debug)]
pub(super) struct Column<T, const PER: usize = PER_PAGE>(Pages<[T; PER]>);

impl<T: Copy, const PER: usize> Column<T, PER> {
    pub(super) fn new() -> Self {
        Self(Pages::new())
    }

    /// The value at a number that has been set; another's or none where it has not.
    #[inline]
    pub(super) fn at(&self, number: u32) -> Option<&T> {
        let (page, at) = self.0.of::<PER>(number)?;
        page.get(at)
    }

    pub(super) fn footprint(&self) -> usize {
        self.0.footprint()
    }

    /// Sets a value; numbers below that have none get `blank`.
    pub(super) fn set(&mut self, number: u32, value: T, blank: T) {
        self.0.make_room::<PER>(number, || [blank; PER]);
        if let Some(cell) = self.at_mut(number) {
            *cell = value;
        }
    }

    /// The value at a number that has been set, for changing it.
    pub(super) fn at_mut(&mut self, number: u32) -> Option<&mut T> {
        let (page, at) = self.0.of_mut::<PER>(number)?;
        page.get_mut(at)
    }
}
