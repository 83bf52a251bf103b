//! 128-bit id -> entry of 32 bytes: a persistent hash table, two lines to look at and no branch between.
//!
//! An entry stands in one of two lines of its page (a cuckoo table), so that a look-up loads both at once
//! and chooses by arithmetic: what it costs does not depend on what cannot be predicted. Pages split one
//! at a time as the table grows (linear hashing), so that no change costs more than two pages. What finds
//! no room, because ids were chosen to collide, goes to an ordered map beside: then a look-up takes
//! logarithmic time, never more.

use imbl::OrdMap;

use super::pages::Pages;

/// Entries per page on average, before one page is split.
const PER_PAGE: usize = 256;
/// How many entries are moved at most to make room for one.
const MOVES: usize = 48;

/// What is looked for: an id, and a sort where several sorts share a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) low: u64,
    pub(super) high: u64,
    pub(super) sort: u32,
}

/// The bits of a sort.
const SORT_BITS: u32 = 2;

impl Key {
    #[inline]
    pub(super) fn new(id: u128, sort: u32) -> Self {
        Self {
            low: id as u64,
            high: (id >> 64) as u64,
            sort,
        }
    }

    pub(super) fn id(self) -> u128 {
        u128::from(self.high) << 64 | u128::from(self.low)
    }

    /// A folded multiplication. Low bits choose the page, both halves a line each.
    #[inline]
    fn hash(self, seed: u64) -> u64 {
        let low = self.low ^ seed ^ u64::from(self.sort).rotate_right(SORT_BITS);
        let high = self.high ^ 0x1319_8a2e_0370_7344;
        let product = u128::from(low).wrapping_mul(u128::from(high));
        product as u64 ^ (product >> 64) as u64
    }
}

/// What an id table holds.
pub(super) trait Keyed: Copy {
    /// An entry that is none: it [is](Self::is) nothing.
    const VACANT: Self;
    fn key(&self) -> Key;
    /// The lower half of the id.
    fn low(&self) -> u64;
    fn is_vacant(&self) -> bool;
    fn is(&self, key: Key) -> bool;
}

#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
struct Bucket<E>([E; 2]);

#[derive(Clone, Debug)]
pub(super) struct IdTable<E> {
    pages: Pages<Bucket<E>>,
    stash: OrdMap<Key, E>,
    mask: u64,
    count: usize,
    seed: u64,
}

/// Where a look-up begins: the two lines of a page. Apart from the look-up for the sake of batches.
#[derive(Clone, Copy, Debug)]
pub(super) struct Start<'t, E> {
    page: &'t [Bucket<E>],
    homes: [usize; 2],
}

impl<E: Keyed> Start<'_, E> {
    /// Reads both lines, so that they are near when the look-up goes on.
    #[inline]
    pub(super) fn touch(&self) -> u64 {
        let low = |home: usize| self.page.get(home).map_or(0, |Bucket([a, _])| a.low());
        let [first, second] = self.homes;
        low(first) ^ low(second)
    }
}

impl<E: Keyed> IdTable<E> {
    pub(super) fn new(seed: u64) -> Self {
        let mut pages = Pages::new();
        pages.push(blank(1));
        Self {
            pages,
            stash: OrdMap::new(),
            mask: 0,
            count: 0,
            seed,
        }
    }

    pub(super) fn footprint(&self) -> usize {
        let stash = self.stash.len().saturating_mul(size_of::<(Key, E)>());
        self.pages.footprint().saturating_add(stash)
    }

    #[inline]
    pub(super) fn start(&self, key: Key) -> Start<'_, E> {
        let hash = key.hash(self.seed);
        let page = self.pages.page(self.page_of(hash));
        Start {
            page,
            homes: homes(hash, page.len()),
        }
    }

    #[inline]
    pub(super) fn find(&self, key: Key) -> Option<&E> {
        self.find_from(self.start(key), key)
    }

    /// Goes on from where a look-up begins.
    #[inline]
    pub(super) fn find_from<'t>(&'t self, start: Start<'t, E>, key: Key) -> Option<&'t E> {
        let Start { page, homes } = start;
        let [first, second] = homes;
        let (Bucket([_, b]), Bucket([c, d])) = (page.get(first)?, page.get(second)?);
        // Half the id chooses by arithmetic, which the compiler must not turn into a branch; the whole of
        // it confirms.
        let is = |entry: &E| usize::from(entry.low() == key.low);
        let [b, c, d] = [b, c, d].map(is);
        let home = first ^ (first ^ second) & (c | d).wrapping_neg();
        let Bucket(chosen) = page.get(std::hint::black_box(home))?;
        let entry = chosen.get((b | d) & 1)?;
        if entry.is(key) {
            return Some(entry);
        }
        self.find_slowly(key)
    }

    #[cold]
    #[inline(never)]
    fn find_slowly(&self, key: Key) -> Option<&E> {
        let start = self.start(key);
        let near = start
            .homes
            .into_iter()
            .filter_map(|home| start.page.get(home));
        let mut near = near.flat_map(|Bucket(entries)| entries);
        near.find(|entry| entry.is(key))
            .or_else(|| self.stash.get(&key))
    }

    /// Inserts the entry, or replaces the one with its key.
    pub(super) fn put(&mut self, entry: E) {
        if self.find(entry.key()).is_none() {
            self.insert(entry);
        } else {
            self.overwrite(entry.key(), entry);
        }
    }

    pub(super) fn remove(&mut self, key: Key) -> Option<E> {
        let found = *self.find(key)?;
        if self.stash.remove(&key).is_none() {
            self.overwrite(key, E::VACANT);
        }
        self.count = self.count.saturating_sub(1);
        Some(found)
    }

    fn overwrite(&mut self, key: Key, entry: E) {
        if let Some(stashed) = self.stash.get_mut(&key) {
            *stashed = entry;
            return;
        }
        let hash = key.hash(self.seed);
        let Some(page) = self.pages.page_mut(self.page_of(hash)) else {
            return;
        };
        for home in homes(hash, page.len()) {
            let bucket = page.get_mut(home).map(|bucket| &mut bucket.0);
            if let Some(cell) = bucket.and_then(|cells| cells.iter_mut().find(|it| it.is(key))) {
                *cell = entry;
                return;
            }
        }
    }

    fn insert(&mut self, entry: E) {
        self.count = self.count.saturating_add(1);
        if self.count > self.pages.len().saturating_mul(PER_PAGE) {
            self.split();
        }
        let at = self.page_of(entry.key().hash(self.seed));
        let seed = self.seed;
        let Some(page) = self.pages.page_mut(at) else {
            return;
        };
        if let Some(homeless) = settle(page, entry, seed) {
            let entries = entries(page).chain([homeless]).collect();
            self.rebuild(at, entries);
        }
    }

    /// Splits the next page in turn.
    fn split(&mut self) {
        let new = self.pages.len();
        if new as u64 > self.mask {
            self.mask = self.mask << 1 | 1;
        }
        let old = new & (self.mask >> 1) as usize;
        let all: Vec<E> = entries(self.pages.page(old)).collect();
        self.pages.push(blank(1));
        let stays = |entry: &E| self.page_of(entry.key().hash(self.seed)) == old;
        let (stay, go) = all.into_iter().partition(stays);
        self.rebuild(old, stay);
        self.rebuild(new, go);
    }

    /// Lays a page out anew, a little longer until everything has a place.
    fn rebuild(&mut self, at: usize, entries: Vec<E>) {
        let mut lines = (entries.len().saturating_mul(5) / 7).saturating_add(1);
        for _ in 0..6 {
            let mut page = blank(lines);
            let homeless = place_all(&mut page, &entries, self.seed);
            lines = lines.saturating_add(lines / 8).saturating_add(1);
            if homeless.is_empty() {
                self.pages.replace(at, page);
                return;
            }
        }
        let mut page = blank(lines);
        for entry in place_all(&mut page, &entries, self.seed) {
            self.stash.insert(entry.key(), entry);
        }
        self.pages.replace(at, page);
    }

    #[inline]
    fn page_of(&self, hash: u64) -> usize {
        let wide = (hash & self.mask) as usize;
        let narrow = (hash & self.mask >> 1) as usize;
        if wide < self.pages.len() {
            wide
        } else {
            narrow
        }
    }
}

fn blank<E: Keyed>(lines: usize) -> Vec<Bucket<E>> {
    vec![Bucket([E::VACANT; 2]); lines]
}

fn entries<E: Keyed>(page: &[Bucket<E>]) -> impl Iterator<Item = E> + '_ {
    let all = page.iter().flat_map(|bucket| bucket.0);
    all.filter(|entry| !entry.is_vacant())
}

/// Places the entries; gives those that found no place.
fn place_all<E: Keyed>(page: &mut [Bucket<E>], entries: &[E], seed: u64) -> Vec<E> {
    let homeless = entries
        .iter()
        .filter_map(|entry| settle(page, *entry, seed));
    homeless.collect()
}

/// Writes the entry into one of its lines, moving others to theirs; gives the one left without a place.
fn settle<E: Keyed>(page: &mut [Bucket<E>], entry: E, seed: u64) -> Option<E> {
    let mut entry = entry;
    for step in 0..MOVES {
        let [first, second] = homes(entry.key().hash(seed), page.len());
        for home in [first, second] {
            let bucket = page.get_mut(home).map(|bucket| &mut bucket.0);
            if let Some(cell) = bucket.and_then(|cells| cells.iter_mut().find(|it| it.is_vacant()))
            {
                *cell = entry;
                return None;
            }
        }
        let Bucket([one, other]) = page.get_mut(if step & 1 == 0 { first } else { second })?;
        std::mem::swap(if step & 2 == 0 { one } else { other }, &mut entry);
    }
    Some(entry)
}

#[inline]
fn homes(hash: u64, lines: usize) -> [usize; 2] {
    let lines = lines as u64;
    let home = |half: u64| (half.wrapping_mul(lines) >> 32) as usize;
    [home(hash >> 32), home(hash & 0xffff_ffff)]
}
