//! Pages: a part of a listing, and where the next part begins.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::order;

/// A complete listing in the order of ids, as an iterator, or page by page.
///
/// A cursor is the last id that was seen, not a position. So it stays right when the organisation
/// changes between two pages: what is there throughout is listed once, whatever comes or goes
/// around it.
///
/// ```
/// # use rolebook::{Permission, Resource, Session, Timestamp};
/// fn in_pages(session: &Session<'_>, read: Permission, now: Timestamp) -> Vec<Resource> {
///     let mut all = Vec::new();
///     let mut cursor = None;
///     loop {
///         let page = session.resources_for(read, now).page(cursor, 50);
///         all.extend(page.items);
///         cursor = page.next;
///         if cursor.is_none() {
///             return all;
///         }
///     }
/// }
/// ```
#[derive(Debug)]
#[must_use]
pub struct Listing<'state, Id> {
    rows: Rows<'state, Id>,
}

#[derive(Debug)]
enum Rows<'state, Id> {
    Known(std::vec::IntoIter<Id>),
    Found(Vec<u128>, Box<dyn Numbered<Id>>),
    Walked(Box<dyn Walk<Id> + 'state>),
}

/// Rows that are looked up one after the other, because there may be as many as there are resources.
pub(super) trait Walk<Id>: Iterator<Item = Id> + fmt::Debug {
    /// Goes on after this id, wherever it stood.
    fn continue_after(&mut self, cursor: Id);
}

/// What the numbers of ids stand for.
pub(super) trait Numbered<Id>: fmt::Debug {
    fn one(&self, number: u128) -> Id;

    fn all(&self, numbers: Vec<u128>) -> Vec<Id> {
        numbers.into_iter().map(|number| self.one(number)).collect()
    }
}

/// A part of a listing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<Row, Id = Row> {
    /// The rows, in the order of ids.
    pub items: Vec<Row>,
    /// The cursor of the next page; `None` where this page ends the listing.
    pub next: Option<Id>,
}

impl<'state, Id: Copy + Ord> Listing<'state, Id> {
    /// Rows in order, each once.
    pub(super) fn known(rows: Vec<Id>) -> Self {
        Self {
            rows: Rows::Known(rows.into_iter()),
        }
    }

    /// The numbers of ids in any order, some perhaps more than once.
    ///
    /// They are put in order when the first is asked for; a page puts only its own in order.
    pub(super) fn found(numbers: Vec<u128>, numbered: impl Numbered<Id> + 'static) -> Self {
        Self {
            rows: Rows::Found(numbers, Box::new(numbered)),
        }
    }

    pub(super) fn walked(walk: impl Walk<Id> + 'state) -> Self {
        Self {
            rows: Rows::Walked(Box::new(walk)),
        }
    }

    /// The rows after this id; all of them where there is none.
    pub fn after(mut self, cursor: Option<Id>) -> Self {
        let Some(cursor) = cursor else { return self };
        match &mut self.rows {
            Rows::Walked(walk) => walk.continue_after(cursor),
            Rows::Found(numbers, numbered) => numbers.retain(|it| numbered.one(*it) > cursor),
            Rows::Known(rows) => {
                let passed = rows.as_slice().partition_point(|id| *id <= cursor);
                rows.by_ref().take(passed).for_each(drop);
            }
        }
        self
    }

    /// At most `limit` rows after this id, and the cursor of the next page if there are more.
    ///
    /// A limit of 0 counts as 1, so that every page leads on.
    #[must_use]
    pub fn page(self, after: Option<Id>, limit: usize) -> Page<Id> {
        let mut rows = self.after(after);
        let limit = limit.max(1);
        rows.put_in_order(limit.saturating_add(1));
        let items: Vec<Id> = rows.by_ref().take(limit).collect();
        let more = rows.next().is_some();
        let next = items.last().copied().filter(|_| more);
        Page { items, next }
    }
}

impl<Id> Listing<'_, Id> {
    /// Puts in order what is not; no more than so many rows are wanted then.
    fn put_in_order(&mut self, count: usize) {
        if let Rows::Found(numbers, numbered) = &mut self.rows {
            let mut numbers = std::mem::take(numbers);
            order::least_in_order(&mut numbers, count);
            self.rows = Rows::Known(numbered.all(numbers).into_iter());
        }
    }
}

impl<Id> Iterator for Listing<'_, Id> {
    type Item = Id;

    #[inline]
    fn next(&mut self) -> Option<Id> {
        if let Rows::Known(rows) = &mut self.rows {
            return rows.next();
        }
        self.put_in_order(usize::MAX);
        match &mut self.rows {
            Rows::Known(rows) => rows.next(),
            Rows::Walked(walk) => walk.next(),
            Rows::Found(..) => None,
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match &self.rows {
            Rows::Known(rows) => rows.size_hint(),
            Rows::Found(numbers, _) => (numbers.len().min(1), Some(numbers.len())),
            Rows::Walked(walk) => walk.size_hint(),
        }
    }

    fn fold<A, F: FnMut(A, Id) -> A>(mut self, first: A, add: F) -> A {
        self.put_in_order(usize::MAX);
        match self.rows {
            Rows::Known(rows) => rows.fold(first, add),
            Rows::Walked(walk) => walk.fold(first, add),
            Rows::Found(..) => first,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::order::tests::{ids, in_order};
    use super::*;

    #[derive(Debug)]
    struct Plain;

    impl Numbered<u128> for Plain {
        fn one(&self, number: u128) -> u128 {
            number
        }
    }

    fn listing(ids: &[u128]) -> Listing<'static, u128> {
        Listing::found(ids.to_vec(), Plain)
    }

    proptest! {
        #[test]
        fn what_was_taken_or_passed_never_comes_again(
            ids in ids(), taken in 0..20_usize, cursor in 0..600_u128,
        ) {
            let ordered = in_order(&ids);
            let mut found = listing(&ids);
            let first: Vec<_> = found.by_ref().take(taken).collect();
            let rest = ordered.iter().copied().skip(first.len()).filter(|id| *id > cursor);
            prop_assert_eq!(found.after(Some(cursor)).collect::<Vec<_>>(), rest.collect::<Vec<_>>());
            let expected: Vec<_> = ordered.into_iter().take(taken).collect();
            prop_assert_eq!(first, expected);
        }

        #[test]
        fn folding_and_pages_tell_what_the_rows_do(ids in ids(), limit in 1..40_usize) {
            let rows: Vec<_> = listing(&ids).collect();
            prop_assert_eq!(&rows, &in_order(&ids));
            let mut folded = Vec::new();
            listing(&ids).for_each(|id| folded.push(id));
            prop_assert_eq!(&folded, &rows);
            prop_assert_eq!(listing(&ids).count(), rows.len());
            let (mut paged, mut cursor) = (Vec::new(), None);
            loop {
                let page = listing(&ids).page(cursor, limit);
                paged.extend(page.items);
                cursor = page.next;
                if cursor.is_none() {
                    break;
                }
            }
            prop_assert_eq!(paged, rows);
        }
    }
}
