//! 128-bit id -> entry of 32 bytes: a persistent hash table, two lines to look at and no branch between.
//!
//! An entry stands in one of two lines of its page (a cuckoo table), so that a look-up loads both at once
//! and chooses by arithmetic: what it costs does not depend on what cannot be predicted. All pages are of
//! one size and their number is a power of two, so that a hash says without further ado where to look. As
//! the table grows the number of pages doubles: two places share each old page until it is changed, and
//! only then is it split, so that no change but the doubling costs more than two pages, and that costs a
//! reference for each. What finds no room, because ids were chosen to collide or by bad luck, goes to an
//! ordered map beside: then a look-up takes logarithmic time, never more.
//!
//! Four entries in two lines side by side, and a second place for one in thirty, were no faster one by one,
//! and a tenth slower in batches of `L`, which then wait for that second place one by one.

use std::hint::select_unpredictable;
use std::sync::Arc;

use imbl::OrdMap;

use super::pages::Pages;

/// Lines of a page: 16 KiB. Of shorter pages there are more, and more of what they hang from is read between
/// one look-up and the next.
const LINES: usize = 1 << LINE_BITS;
const LINE_BITS: u32 = 8;
/// How many entries there are per page on average before the pages are doubled.
const PER_PAGE: usize = LINES / 4 * 5;
/// How many entries are moved at most to make room for one.
const MOVES: usize = 64;

/// An id as it stands beside other words, of which none is 16 bytes long.
#[derive(Clone, Copy, Debug)]
pub(super) struct Id([u64; 2]);

impl Id {
    pub(super) const NONE: Self = Self([0; 2]);

    pub(super) fn new(id: u128) -> Self {
        Self([id as u64, (id >> 64) as u64])
    }

    #[inline]
    pub(super) fn value(self) -> u128 {
        let Self([low, high]) = self;
        u128::from(high) << 64 | u128::from(low)
    }
}

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

    /// A folded multiplication. The lowest bits choose the page, the highest its two lines.
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

/// Two entries: a cache line.
type Pair<E> = [E; 2];

#[derive(Clone, Debug)]
#[repr(C, align(64))]
struct Page<E>([Pair<E>; LINES]);

#[derive(Clone, Debug)]
pub(super) struct IdTable<E> {
    pages: Pages<Page<E>>,
    stash: OrdMap<Key, E>,
    /// The number of pages less one.
    mask: usize,
    count: usize,
    seed: u64,
}

/// Where a look-up begins: two lines of a page. Apart from the look-up for the sake of batches.
#[derive(Clone, Copy, Debug)]
pub(super) struct Start<'t, E>([&'t Pair<E>; 2]);

impl<E: Keyed> Start<'_, E> {
    /// Reads both lines, so that they are near when the look-up goes on.
    #[inline]
    pub(super) fn touch(&self) -> u64 {
        let Self([[one, _], [other, _]]) = self;
        one.low() ^ other.low()
    }
}

impl<E: Keyed> Page<E> {
    const BLANK: Self = Self([[E::VACANT; 2]; LINES]);

    /// The two lines of a hash.
    #[inline]
    fn start(&self, hash: u64) -> Option<Start<'_, E>> {
        let [first, second] = homes(hash);
        Some(Start([self.0.get(first)?, self.0.get(second)?]))
    }

    fn entries(&self) -> impl Iterator<Item = &E> {
        self.0
            .as_flattened()
            .iter()
            .filter(|entry| !entry.is_vacant())
    }

    /// The place of a line where `fits` holds for the entry.
    fn place_in(&mut self, line: usize, fits: impl Fn(&E) -> bool) -> Option<&mut E> {
        let mut entries = self.0.get_mut(line)?.iter_mut();
        entries.find(|entry| fits(entry))
    }

    /// Writes the entry into one of its lines, moving others to theirs; gives the one left without a place.
    fn settle(&mut self, mut entry: E, seed: u64) -> Option<E> {
        let mut left = LINES;
        for step in 0..MOVES {
            let homes = homes(entry.key().hash(seed));
            for line in homes {
                if let Some(place) = self.place_in(line, Keyed::is_vacant) {
                    *place = entry;
                    return None;
                }
            }
            // It does not go back to the line it had to leave.
            let [first, second] = homes;
            left = if first == left { second } else { first };
            let place = self.0.get_mut(left)?.get_mut(step >> 1 & 1)?;
            std::mem::swap(place, &mut entry);
        }
        Some(entry)
    }
}

impl<E: Keyed> IdTable<E> {
    pub(super) fn new(seed: u64) -> Self {
        let mut pages = Pages::new();
        pages.push(Arc::new(Page::BLANK));
        Self {
            pages,
            stash: OrdMap::new(),
            mask: 0,
            count: 0,
            seed,
        }
    }

    #[cfg(test)]
    pub(super) fn seed(&self) -> u64 {
        self.seed
    }

    /// The same entries, hashed by another seed.
    pub(super) fn hashed_with(&self, seed: u64) -> Self {
        let mut table = Self::new(seed);
        for at in 0..self.pages.len() {
            let page = self.pages.page(at).into_iter();
            let entries = page.flat_map(|page| self.entries_of(page, at));
            entries.for_each(|entry| table.put(*entry));
        }
        self.stash.values().for_each(|entry| table.put(*entry));
        table
    }

    pub(super) fn footprint(&self) -> usize {
        let stash = self.stash.len().saturating_mul(size_of::<(Key, E)>());
        self.pages.footprint().saturating_add(stash)
    }

    /// How many pages there are.
    #[inline]
    pub(super) fn pages(&self) -> usize {
        self.pages.len()
    }

    #[inline]
    pub(super) fn start(&self, key: Key) -> Option<Start<'_, E>> {
        let hash = key.hash(self.seed);
        self.pages.page(self.page_of(hash))?.start(hash)
    }

    #[inline]
    pub(super) fn find(&self, key: Key) -> Option<&E> {
        self.find_from(self.start(key)?, key)
    }

    /// Goes on from where a look-up begins.
    #[inline]
    pub(super) fn find_from<'t>(&'t self, start: Start<'t, E>, key: Key) -> Option<&'t E> {
        let Start([[a, b], [c, d]]) = start;
        // Half the id chooses, by arithmetic; the whole of it confirms. Among references: of numbers the
        // compiler makes jumps where a check is part of a loop.
        let is = |entry: &E| entry.low() == key.low;
        let entry = select_unpredictable(is(b), b, a);
        let entry = select_unpredictable(is(c), c, entry);
        let entry = select_unpredictable(is(d), d, entry);
        if entry.is(key) {
            return Some(entry);
        }
        self.find_slowly(key)
    }

    #[cold]
    #[inline(never)]
    fn find_slowly(&self, key: Key) -> Option<&E> {
        let Start(lines) = self.start(key)?;
        let mut near = lines.into_iter().flatten();
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
        let Some(page) = self.own_page(self.page_of(hash)) else {
            return;
        };
        for line in homes(hash) {
            if let Some(place) = page.place_in(line, |it| it.is(key)) {
                *place = entry;
                return;
            }
        }
    }

    fn insert(&mut self, entry: E) {
        self.count = self.count.saturating_add(1);
        if self.count > self.pages.len().saturating_mul(PER_PAGE) {
            self.double();
        }
        self.place(entry);
    }

    fn place(&mut self, entry: E) {
        let (at, seed) = (self.page_of(entry.key().hash(self.seed)), self.seed);
        let homeless = self.own_page(at).map(|page| page.settle(entry, seed));
        if let Some(homeless) = homeless.flatten() {
            self.stash.insert(homeless.key(), homeless);
        }
    }

    /// Doubles the pages: each has two places now, until it is [split](Self::own_page).
    fn double(&mut self) {
        let pages = self.pages.len();
        for at in 0..pages {
            self.own_page(at);
        }
        for at in 0..pages {
            if let Some(page) = self.pages.shared(at).cloned() {
                self.pages.push(page);
            }
        }
        self.mask = self.mask << 1 | 1;
        for (_, entry) in std::mem::take(&mut self.stash) {
            self.place(entry);
        }
    }

    /// The page `at` for changing it, split where another place shares it.
    fn own_page(&mut self, at: usize) -> Option<&mut Page<E>> {
        let other = at ^ (self.mask ^ self.mask >> 1);
        let shared = self.pages.shared(at).zip(self.pages.shared(other));
        let shared = shared.filter(|(page, twin)| at != other && Arc::ptr_eq(page, twin));
        if let Some(page) = shared.map(|(page, _)| Arc::clone(page)) {
            self.split(&page, [at, other]);
        }
        self.pages.page_mut(at)
    }

    fn split(&mut self, page: &Page<E>, places: [usize; 2]) {
        for at in places {
            let mut half = Page::BLANK;
            let entries = self.entries_of(page, at);
            let homeless = entries.filter_map(|entry| half.settle(*entry, self.seed));
            let homeless: Vec<E> = homeless.collect();
            self.pages.replace(at, Arc::new(half));
            let homeless = homeless.into_iter().map(|entry| (entry.key(), entry));
            self.stash.extend(homeless);
        }
    }

    /// The entries of a place among those of its page, which another place may share.
    fn entries_of<'t>(&'t self, page: &'t Page<E>, at: usize) -> impl Iterator<Item = &'t E> {
        let here = move |entry: &&E| self.page_of(entry.key().hash(self.seed)) == at;
        page.entries().filter(here)
    }

    #[inline]
    fn page_of(&self, hash: u64) -> usize {
        hash as usize & self.mask
    }
}

/// The two lines of a hash in a page: by its highest bits, and by those below them.
#[inline]
fn homes(hash: u64) -> [usize; 2] {
    let home = |from: u32| (hash >> from) as usize & (LINES - 1);
    [home(u64::BITS - LINE_BITS), home(u64::BITS - 2 * LINE_BITS)]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::user::UserEntry;
    use super::*;
    use proptest::prelude::*;

    const SEED: u64 = 7;
    const OTHER: u64 = 0x6a09_e667_f3bc_c908;

    fn key(id: u128) -> Key {
        Key::new(id, 0)
    }

    fn entry(id: u128, role: u32) -> UserEntry {
        UserEntry::new(key(id)).with_role(role, 0)
    }

    /// The role of each of these ids, as the table has it.
    fn roles(table: &IdTable<UserEntry>, ids: impl Iterator<Item = u128>) -> Vec<Option<u32>> {
        let role = |id| table.find(key(id)).map(UserEntry::role);
        ids.map(role).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..Default::default() })]

        #[test]
        fn holds_what_a_map_holds_and_snapshots_stay(
            steps in prop::collection::vec((0_u128..3_000, prop::option::of(0_u32..9)), 1..4_000),
            snapshot_at in 0_usize..4_000,
        ) {
            let (mut table, mut map) = (IdTable::new(SEED), BTreeMap::new());
            let mut snapshots = Vec::new();
            for (step, (id, role)) in steps.into_iter().enumerate() {
                match role {
                    Some(role) => {
                        table.put(entry(id, role));
                        map.insert(id, role);
                    }
                    None => {
                        let removed = table.remove(key(id)).map(|it| it.role());
                        prop_assert_eq!(removed, map.remove(&id));
                    }
                }
                if step == snapshot_at {
                    snapshots.push((table.clone(), map.clone()));
                }
            }
            snapshots.push((table, map));
            for (table, map) in snapshots {
                let expected: Vec<_> = (0..3_000).map(|id| map.get(&id).copied()).collect();
                prop_assert_eq!(roles(&table, 0..3_000), expected);
            }
        }
    }

    #[test]
    fn another_seed_finds_the_same_and_parts_what_collided() {
        let ids = || (1..2_000_u128).map(|high| high << 64 | u128::from(SEED));
        for ids in [ids().collect::<Vec<_>>(), (0..700).collect()] {
            let mut table = IdTable::new(SEED);
            ids.iter()
                .for_each(|id| table.put(entry(*id, *id as u32 & 3)));
            let other = table.hashed_with(OTHER);
            assert_eq!(
                roles(&other, ids.iter().copied()),
                roles(&table, ids.iter().copied())
            );
            assert_eq!((other.count, other.seed), (ids.len(), OTHER));
            assert!(other.stash.len() < 9);
        }
    }

    #[test]
    fn ids_chosen_to_collide_are_found_all_the_same() {
        // Whoever knows the seed can make a factor of the hash 0.
        let ids = || (1..2_000_u128).map(|high| high << 64 | u128::from(SEED));
        let mut table = IdTable::new(SEED);
        ids().for_each(|id| table.put(entry(id, 1)));
        ids().step_by(2).for_each(|id| table.put(entry(id, 2)));
        let expected: Vec<_> = (0..1_999).map(|at| Some(2 - at % 2)).collect();
        assert_eq!(roles(&table, ids()), expected);
        ids().step_by(3).for_each(|id| {
            table.remove(key(id));
        });
        let is_left = |at: &u32| (!at.is_multiple_of(3)).then_some(2 - at % 2);
        let expected: Vec<_> = (0..1_999).map(|at| is_left(&at)).collect();
        assert_eq!(roles(&table, ids()), expected);
        assert!(table.stash.len() > 1_000);
    }

    #[test]
    fn a_large_table_finds_room_in_its_pages() {
        let mut table = IdTable::new(SEED);
        let mut stashed = 0;
        for id in 0..200_000_u128 {
            table.put(entry(id, 1));
            stashed = stashed.max(table.stash.len());
        }
        assert!(stashed <= 50, "{stashed} in the map beside");
        assert!(roles(&table, 0..200_000).iter().all(Option::is_some));
        assert!(table.find(key(200_000)).is_none());
    }
}
