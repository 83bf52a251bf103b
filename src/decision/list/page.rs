//! Pages: a part of a listing, and where the next part begins.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::order::Ids;

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
    Found(Ids, fn(u128) -> Id),
    Walked(Box<dyn Walk<Id> + 'state>),
}

/// Rows that are looked up one after the other, because there may be as many as there are resources.
pub(super) trait Walk<Id>: Iterator<Item = Id> + fmt::Debug {
    /// Goes on after this id, wherever it stood.
    fn continue_after(&mut self, cursor: Id);
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

    /// The ids of rows in any order, some perhaps more than once, and what makes a row of an id.
    ///
    /// They are put in order when the first is asked for; a page puts only its own in order.
    pub(super) const fn found(ids: Vec<u128>, row: fn(u128) -> Id) -> Self {
        Self {
            rows: Rows::Found(Ids::found(ids), row),
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
            Rows::Found(ids, row) => ids.drop_passed(|id| row(id) <= cursor),
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
        if let Rows::Found(ids, _) = &mut rows.rows {
            ids.keep_least(limit.max(1).saturating_add(1));
        }
        let items: Vec<Id> = rows.by_ref().take(limit.max(1)).collect();
        let more = rows.next().is_some();
        let next = items.last().copied().filter(|_| more);
        Page { items, next }
    }
}

impl<Id> Iterator for Listing<'_, Id> {
    type Item = Id;

    fn next(&mut self) -> Option<Id> {
        match &mut self.rows {
            Rows::Known(rows) => rows.next(),
            Rows::Found(ids, row) => ids.next().map(row),
            Rows::Walked(walk) => walk.next(),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match &self.rows {
            Rows::Known(rows) => rows.size_hint(),
            Rows::Found(ids, _) => ids.size_hint(),
            Rows::Walked(walk) => walk.size_hint(),
        }
    }
}
