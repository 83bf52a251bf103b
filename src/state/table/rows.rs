//! Rows: the lines of one subject each, in extents of a common pool of pages.

use std::sync::Arc;

use super::cell::{Cell, Label};
use super::deal::{self, Deal, REACH, SHORT};
use super::line::{Line, OVERFLOWN};
use super::pages::Pages;
use super::pairs::Pairs;
use super::place::{Homes, Place, Spot, lines_of, next};

/// Lines per page: 32 KiB.
const PAGE_BITS: u32 = 9;
const PAGE_LINES: usize = 1 << PAGE_BITS;
/// Words per line that a row is built for.
const FILL: usize = 6;
/// The same of a row that has just grown out of its lines, and may again.
const GROWING: usize = 5;

/// The lines where cells of a home may stand, one after the other.
pub(super) struct Walk {
    place: Place,
    at: usize,
    left: usize,
    mark: u32,
}

impl Walk {
    #[inline]
    pub(super) fn new(place: Place, spot: Spot) -> Self {
        Self {
            place,
            at: spot.line(place.lines(), place.turn),
            left: place.lines().min(REACH),
            mark: spot.mark,
        }
    }

    #[inline]
    pub(super) fn next_line<'r>(&mut self, rows: &'r Rows) -> Option<&'r Line> {
        self.left = self.left.checked_sub(1)?;
        let line = rows.line(self.place, self.at)?;
        if line.is_overflown(self.mark) {
            self.at = next(self.at, self.place.lines());
        } else {
            self.left = 0;
        }
        Some(line)
    }
}

/// The pool.
#[derive(Clone)]
pub(super) struct Rows {
    pages: Pages<[Line; PAGE_LINES]>,
    /// Class, then first line of each free extent: apart from their lines, so that giving one back copies no
    /// page of them.
    free: Pairs,
    /// Lines of the last page not given out yet: the first, and how many.
    tail: (u32, usize),
}

impl Rows {
    pub(super) fn new() -> Self {
        let mut rows = Self {
            pages: Pages::new(),
            free: Pairs::new(),
            tail: (0, 0),
        };
        rows.cut(1);
        rows
    }

    pub(super) fn footprint(&self) -> usize {
        let free = self.free.footprint();
        self.pages.footprint().saturating_add(free)
    }

    /// The line `at` of a row.
    #[inline]
    pub(super) fn line(&self, place: Place, at: usize) -> Option<&Line> {
        let at = (place.start as usize).wrapping_add(at);
        self.pages.page(at >> PAGE_BITS)?.get(at & (PAGE_LINES - 1))
    }

    /// All lines of a row that lies within one page, as those of up to 256 lines do.
    pub(super) fn slice(&self, place: Place) -> Option<&[Line]> {
        let start = place.start as usize & (PAGE_LINES - 1);
        let page = self.pages.page(place.start as usize >> PAGE_BITS)?;
        page.get(start..start.wrapping_add(place.lines()))
    }

    fn line_mut(&mut self, place: Place, at: usize) -> Option<&mut Line> {
        let at = (place.start as usize).wrapping_add(at);
        let page = self.pages.page_mut(at >> PAGE_BITS)?;
        page.get_mut(at & (PAGE_LINES - 1))
    }

    /// The lines of a row.
    pub(super) fn lines(&self, place: Place) -> impl Iterator<Item = &Line> + '_ {
        (0..place.lines()).filter_map(move |at| self.line(place, at))
    }

    /// The cells of a row, in no order.
    pub(super) fn cells(&self, place: Place) -> impl Iterator<Item = Cell> + '_ {
        self.lines(place).flat_map(Line::cells)
    }

    /// The lines where cells of a home may stand: from the first on while lines have overflown, and
    /// within reach. (Every line of a spread row has, for readers that do not know that it is spread.)
    pub(super) fn path(&self, place: Place, home: u32) -> impl Iterator<Item = &Line> + '_ {
        let mut walk = Walk::new(place, Spot::of(home));
        std::iter::from_fn(move || walk.next_line(self))
    }

    /// The cell with this label.
    pub(super) fn cell(&self, place: Place, homes: Homes, label: Label) -> Option<Cell> {
        self.path(place, place.home(homes))
            .find_map(|line| line.cell(label))
    }

    /// Takes a cell out; says whether it was there.
    pub(super) fn remove(&mut self, place: Place, homes: Homes, label: Label) -> bool {
        let home = place.home(homes);
        let mut path = self.path(place, home);
        let Some(steps) = path.position(|line| line.cell(label).is_some()) else {
            return false;
        };
        drop(path);
        let lines = place.lines();
        let first = Spot::of(home).line(lines, place.turn);
        let at = (0..steps).fold(first, |at, _| next(at, lines));
        if let Some(line) = self.line_mut(place, at) {
            line.remove(label);
        }
        true
    }

    /// Writes the cell into the line of its home, or into one behind it where that has overflown; says
    /// whether there was room.
    pub(super) fn put(&mut self, place: Place, homes: Homes, cell: Cell) -> bool {
        if place == Place::NONE {
            return false;
        }
        let spot = Spot::of(place.home(homes));
        let mut at = spot.line(place.lines(), place.turn);
        for _ in 0..REACH.min(place.lines()) {
            // Looked at before it is changed: where there is no room for the cell, no page is copied for it.
            let Some(line) = self.line(place, at) else {
                return false;
            };
            if line.has_room(cell) {
                return self.line_mut(place, at).is_some_and(|it| it.append(cell));
            }
            if place.lines() <= SHORT && !line.is_overflown(OVERFLOWN) {
                return false;
            }
            if let Some(line) = self.line_mut(place, at) {
                line.set_overflown(spot.mark);
            }
            at = next(at, place.lines());
        }
        false
    }

    /// Lays the cells of a row out anew that had no room for one of them.
    pub(super) fn regrow(&mut self, place: Place, cells: &[(Cell, Homes)]) -> Place {
        self.release(place);
        self.lay_out(cells, GROWING)
    }

    /// Lays the cells of a row out.
    pub(super) fn store(&mut self, cells: &[(Cell, Homes)]) -> Place {
        self.lay_out(cells, FILL)
    }

    fn lay_out(&mut self, cells: &[(Cell, Homes)], fill: usize) -> Place {
        let laid = deal::lay_out(cells, fill);
        laid.map_or(Place::NONE, |(deal, lines)| self.give(&lines, deal))
    }

    pub(super) fn give(&mut self, lines: &[Line], deal: Deal) -> Place {
        let Deal {
            class,
            spread,
            turn,
            ..
        } = deal;
        let start = self.reuse(class);
        let place = Place {
            start: start.unwrap_or_else(|| self.cut(lines_of(class))),
            class,
            spread,
            turn,
        };
        for (at, line) in lines.iter().enumerate() {
            if let Some(to) = self.line_mut(place, at) {
                *to = *line;
            }
        }
        place
    }

    /// Gives an extent back.
    pub(super) fn release(&mut self, place: Place) {
        if place.start != 0 {
            self.free.insert(place.class.into(), place.start);
        }
    }

    fn reuse(&mut self, class: u8) -> Option<u32> {
        let start = self.free.seconds(class.into()).next()?;
        self.free.remove(class.into(), start);
        Some(start)
    }

    /// Cuts an extent off the last page, or opens one; a long one gets pages of its own, side by side.
    fn cut(&mut self, lines: usize) -> u32 {
        if lines > PAGE_LINES {
            let first = self.open();
            (1..lines.div_ceil(PAGE_LINES)).for_each(|_| {
                self.open();
            });
            return first;
        }
        if self.tail.1 < lines {
            self.tail = (self.open(), PAGE_LINES);
        }
        let (start, left) = self.tail;
        self.tail = (
            start.saturating_add(lines as u32),
            left.saturating_sub(lines),
        );
        start
    }

    fn open(&mut self) -> u32 {
        (self.pages.push(Arc::new([Line::BLANK; PAGE_LINES])) << PAGE_BITS) as u32
    }
}
