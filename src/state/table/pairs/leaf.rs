//! A leaf: runs of second halves, each behind the first half that they share.

use super::super::ahead;
use super::{first_of, pair, second_of};

/// Words of a leaf: with what stands around them a kibibyte. Few in tests, so that these reach every shape.
const WORDS: usize = if cfg!(test) { 23 } else { 250 };
/// Words in front of a run: its first half and how many second halves follow.
const HEAD: usize = 2;

/// Ascending pairs in `used` words, run after run: first half, count, second halves.
#[derive(Clone, Copy)]
pub(super) struct Leaf {
    used: u32,
    words: [u32; WORDS],
}

struct Run<'l> {
    first: u32,
    /// Where its second halves begin.
    start: usize,
    seconds: &'l [u32],
}

/// What came of putting a pair into a leaf.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Put {
    Added,
    Known,
    NoRoom,
}

impl Leaf {
    pub(super) const EMPTY: Self = Self {
        used: 0,
        words: [0; WORDS],
    };

    pub(super) const fn used(&self) -> usize {
        self.used as usize
    }

    /// Reads a word of each cache line, which overlaps misses that going from run to run would not.
    pub(super) fn warm(&self) {
        ahead::read(self.words.iter().step_by(16).copied());
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.used == 0
    }

    /// Whether so little is left of it that it should be joined to another.
    pub(super) const fn is_sparse(&self) -> bool {
        self.used() < WORDS / 4
    }

    /// Whether the pairs of both have room in one, with some to spare.
    pub(super) fn fits_with(&self, other: &Self) -> bool {
        let both = self.used().saturating_add(other.used());
        self.is_empty() || other.is_empty() || both <= WORDS / 4 * 3
    }

    fn runs(&self) -> impl Iterator<Item = Run<'_>> {
        let mut rest = self.words.get(..self.used()).unwrap_or_default();
        let mut at = 0_usize;
        std::iter::from_fn(move || {
            let ([first, count], behind) = rest.split_first_chunk::<HEAD>()?;
            let (seconds, after) = behind.split_at_checked(*count as usize)?;
            let start = at.saturating_add(HEAD);
            (rest, at) = (after, start.saturating_add(seconds.len()));
            Some(Run {
                first: *first,
                start,
                seconds,
            })
        })
    }

    /// The second halves of a first half, ascending.
    pub(super) fn seconds(&self, first: u32) -> &[u32] {
        let run = self.runs().find(|run| run.first >= first);
        run.filter(|run| run.first == first)
            .map_or(&[], |run| run.seconds)
    }

    pub(super) fn contains(&self, pair: u64) -> bool {
        let seconds = self.seconds(first_of(pair));
        seconds.binary_search(&second_of(pair)).is_ok()
    }

    /// All pairs, ascending.
    pub(super) fn pairs(&self) -> impl Iterator<Item = u64> + '_ {
        self.runs().flat_map(|run| {
            let seconds = run.seconds.iter();
            seconds.map(move |second| pair(run.first, *second))
        })
    }

    pub(super) fn put(&mut self, pair: u64) -> Put {
        let (first, second) = (first_of(pair), second_of(pair));
        let run = self.runs().find(|run| run.first >= first);
        let Some(run) = run else {
            return self.write(self.used(), &[first, 1, second]);
        };
        let (start, head) = (run.start, run.start.saturating_sub(HEAD));
        if run.first > first {
            return self.write(head, &[first, 1, second]);
        }
        let Err(at) = run.seconds.binary_search(&second) else {
            return Put::Known;
        };
        let put = self.write(start.saturating_add(at), &[second]);
        if put == Put::Added {
            self.recount(head, 1);
        }
        put
    }

    /// Takes a pair out; says whether it was there.
    pub(super) fn take(&mut self, pair: u64) -> bool {
        let run = self.runs().find(|run| run.first == first_of(pair));
        let found = run.and_then(|run| {
            let at = run.seconds.binary_search(&second_of(pair)).ok()?;
            Some((run.start, at, run.seconds.len()))
        });
        let Some((start, at, count)) = found else {
            return false;
        };
        let head = start.saturating_sub(HEAD);
        if count == 1 {
            self.cut(head, HEAD.saturating_add(1));
        } else {
            self.cut(start.saturating_add(at), 1);
            self.recount(head, -1);
        }
        true
    }

    /// Writes words in at a place where there is room for them.
    fn write(&mut self, at: usize, words: &[u32]) -> Put {
        let used = self.used();
        let end = used.saturating_add(words.len());
        if end > WORDS || at > used {
            return Put::NoRoom;
        }
        self.words
            .copy_within(at..used, at.saturating_add(words.len()));
        let places = self.words.iter_mut().skip(at);
        places.zip(words).for_each(|(place, word)| *place = *word);
        self.used = end as u32;
        Put::Added
    }

    fn cut(&mut self, at: usize, count: usize) {
        let (end, used) = (at.saturating_add(count), self.used());
        if end <= used {
            self.words.copy_within(end..used, at);
            self.used = used.saturating_sub(count) as u32;
        }
    }

    fn recount(&mut self, head: usize, change: i32) {
        if let Some(count) = self.words.get_mut(head.saturating_add(1)) {
            *count = count.saturating_add_signed(change);
        }
    }
}

/// A leaf that pairs are appended to in ascending order.
pub(super) struct Builder {
    leaf: Leaf,
    /// Where the last run begins.
    head: usize,
}

impl Builder {
    pub(super) const fn new() -> Self {
        Self {
            leaf: Leaf::EMPTY,
            head: 0,
        }
    }

    /// Appends a pair where there is room for it.
    pub(super) fn push(&mut self, pair: u64) -> bool {
        let (first, second) = (first_of(pair), second_of(pair));
        let used = self.leaf.used();
        if used > 0 && self.leaf.words.get(self.head) == Some(&first) {
            let added = self.leaf.write(used, &[second]) == Put::Added;
            self.leaf.recount(self.head, i32::from(added));
            return added;
        }
        self.head = used;
        self.leaf.write(used, &[first, 1, second]) == Put::Added
    }

    /// Whether it is as full as a leaf should be to which more will be put.
    pub(super) const fn is_ready(&self) -> bool {
        self.leaf.used() > WORDS / 8 * 7
    }

    pub(super) const fn leaf(self) -> Leaf {
        self.leaf
    }
}

impl FromIterator<u64> for Leaf {
    /// The leaf of ascending pairs that have room in one.
    fn from_iter<I: IntoIterator<Item = u64>>(pairs: I) -> Self {
        let mut builder = Builder::new();
        for pair in pairs {
            builder.push(pair);
        }
        builder.leaf()
    }
}
