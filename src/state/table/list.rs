//! The list of a user's groups, where they do not stand in the entry.
//!
//! Where their slots are low, as all are in an organisation of some hundred groups, it is a set: one line with
//! a bit for each slot. What a tree's line has in common with it is told at one cost, however many the groups.
//! Other lists are slots one after the other, none of them 0, up to the first 0.

use super::deal::Deal;
use super::lanes::{Hits, ones};
use super::line::{CELLS, Line};
use super::place::{Place, class_of, lines_of};
use super::rows::Rows;

/// Words of a line, its keys and then its data.
const WORDS: usize = 2 * CELLS;
/// A set has a bit for each slot below it.
pub(super) const SLOTS_OF_SET: u32 = 32 * WORDS as u32;

/// Where a list stands, and how it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ListPlace {
    pub(super) place: Place,
    /// A bit for each slot.
    pub(super) is_set: bool,
}

/// A list that was looked up.
#[derive(Clone, Copy)]
pub(super) enum List<'t> {
    Set(&'t Line),
    Slots(&'t [Line]),
    /// More slots than a page holds.
    Long(&'t Rows, Place),
}

impl List<'_> {
    #[inline]
    pub(super) fn holds(self, group: u32) -> bool {
        match self {
            Self::Set(set) => set.has_bit(group),
            Self::Slots(lines) => lines.iter().any(|line| line.has_number(group)),
            Self::Long(rows, place) => rows.lines(place).any(|line| line.has_number(group)),
        }
    }

    /// The words of a tree's line with one of these groups; `None` where each has to be looked for.
    #[inline]
    pub(super) fn hits(self, line: &Line) -> Option<Hits> {
        match self {
            Self::Set(list) => Some(line.hits_in_set(list)),
            Self::Slots(list) => Some(line.hits_in(list)),
            Self::Long(..) => None,
        }
    }
}

impl Rows {
    /// Stores the slots of groups in a row of its own.
    pub(super) fn store_list(&mut self, slots: &[u32]) -> ListPlace {
        let is_set = slots.iter().all(|slot| *slot < SLOTS_OF_SET);
        let words = match is_set {
            true => (0..WORDS as u32).map(|at| word_of_set(slots, at)).collect(),
            false => slots.to_vec(),
        };
        let class = class_of(words.len().div_ceil(WORDS));
        let mut lines = vec![Line::NO_NUMBERS; lines_of(class)];
        let places = lines.iter_mut().flat_map(Line::words_mut);
        places.zip(words).for_each(|(place, word)| *place = word);
        ListPlace {
            place: self.give(&lines, Deal::rooted(class)),
            is_set,
        }
    }

    #[inline]
    pub(super) fn list(&self, ListPlace { place, is_set }: ListPlace) -> List<'_> {
        match self.slice(place) {
            Some([set]) if is_set => List::Set(set),
            Some(slots) => List::Slots(slots),
            None => List::Long(self, place),
        }
    }

    /// The slots of a list.
    pub(super) fn listed(&self, list: ListPlace) -> impl Iterator<Item = u32> + '_ {
        let words = self.lines(list.place).flat_map(Line::words);
        words.zip(0_u32..).flat_map(move |(word, at)| {
            let (first, bits) = match list.is_set {
                true => (at.wrapping_mul(32), word),
                false => (word, u32::from(word != 0)),
            };
            ones(bits).map(move |bit| first.wrapping_add(bit as u32))
        })
    }
}

/// The bits of the slots that stand in a word of a set.
fn word_of_set(slots: &[u32], at: u32) -> u32 {
    let here = slots.iter().filter(|slot| **slot >> 5 == at);
    here.fold(0, |all, slot| all | 1_u32.wrapping_shl(*slot))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::cell::NO_KEY_BIT;
    use super::super::line::{NO_KEY, SLOTS_END};
    use super::*;
    use crate::time::Timestamp;

    /// Lists of low slots, of higher ones, of both, and longer than a page.
    fn lists() -> Vec<Vec<u32>> {
        let end = SLOTS_OF_SET;
        vec![
            vec![1, 2, 3, 4],
            vec![end - 1, 31, 32, 1, 255, 256],
            (1..end).collect(),
            vec![end, 1, 2, 3],
            (end - 9..end + 9).collect(),
            vec![SLOTS_END - 1, SLOTS_END - 2, 5, 7],
            (1..10_000).map(|slot| 3 * slot).collect(),
        ]
    }

    #[test]
    fn slots_come_back_as_they_went_in() {
        let mut rows = Rows::new();
        for slots in lists() {
            let list = rows.store_list(&slots);
            let found: BTreeSet<u32> = rows.listed(list).collect();
            assert_eq!(found, slots.iter().copied().collect());
            assert_eq!(rows.listed(list).count(), slots.len());
            let near = |slot: u32| [slot - 1, slot, slot + 1, slot ^ SLOTS_OF_SET, slot ^ 32];
            let some = slots.iter().copied().step_by(1 + slots.len() / 500);
            for slot in some.flat_map(near).filter(|slot| *slot != 0) {
                assert_eq!(rows.list(list).holds(slot), found.contains(&slot), "{slot}");
            }
        }
    }

    #[test]
    fn a_line_of_a_tree_is_hit_where_its_key_is_listed() {
        let mut rows = Rows::new();
        let end = SLOTS_OF_SET;
        let keys = [1, 2, end - 1, end, end + 1, 31, NO_KEY, 33 | NO_KEY_BIT];
        let line = Line {
            keys,
            data: [1, 2, 4, 8, 16, 32, 64, 128],
        };
        for slots in lists() {
            let list = rows.store_list(&slots);
            let Some(hits) = rows.list(list).hits(&line) else {
                assert!(slots.len() > 8_192);
                continue;
            };
            let expected = keys
                .into_iter()
                .zip(line.data)
                .filter(|(key, _)| slots.contains(key));
            let expected = expected.fold(0, |all, (_, data)| all | data);
            assert_eq!(line.weigh(hits, Timestamp::EPOCH).given, expected);
        }
    }
}
