//! Rows: the lines of one subject each, in extents of a common pool of pages.
//!
//! A row is laid out anew until no line overflows: in the least class that six words a line allow, by four
//! turns, then in up to three classes more. Of users' rows in the worlds of the benches:
//!
//! ```text
//! per cent of lines with 0 to 8 words   0.3  1.5  4.5  9.2  14.6  18.6  19.7  17.8  14.0   mean 5.4   (L; S and M alike)
//! of rows by turn                       46  27  17  10
//! of rows by classes looser             83.5  14.9  1.6  0.06
//! of rows by lines: 6, 7, 8, more       28.3  62.1  8.6  1.1    35 grants, 37 words; the longest row has 14 lines
//! the same, grown event by event (M)    lines of 5.2 words; turns 59 26 10 5; looser 49 46 5.5 0.09
//! ```
//!
//! No row of S or M overflows, loaded or grown; of the 990,000 of L, loaded, 11 do, in 12 lines. None is spread.
//! With one turn instead of four, more than half of the rows would have to be looser, and of rows drawn alike
//! one in twenty would overflow. `fill.rs` holds that none of 2,000 does.

use super::cell::{Cell, Label};
use super::line::{CELLS, Line, OVERFLOW_AT, OVERFLOWN};
use super::pages::Pages;

/// Lines per page: 32 KiB.
const PAGE_BITS: u32 = 9;
const PAGE_LINES: usize = 1 << PAGE_BITS;
/// Length classes: the longest row has 14 million lines.
const CLASSES: u8 = 96;
/// A cell stands in one of this many lines, from home on.
const REACH: usize = 4;
/// Words per line that a row is built for.
const FILL: usize = 6;
/// The same of a row that has just grown out of its lines, and may again.
const GROWING: usize = 5;
/// How many classes above the tightest are tried before lines may overflow.
const LOOSER: u8 = 3;
/// Numbers in a line of a list.
const LISTED: usize = 2 * CELLS;
/// Rows up to this length are laid out anew before a line of theirs overflows.
const SHORT: usize = 64;

/// Where a row lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) start: u32,
    /// Length class, see [`lines_of`].
    pub(super) class: u8,
    /// The lines are chosen by the far home of a cell: a row with too much at one home.
    pub(super) spread: bool,
    /// How homes are dealt out to lines: the one of [`TURNS`] ways by which none of them overflows.
    pub(super) turn: u8,
}

/// Ways to deal homes out to lines.
const TURNS: u8 = 4;
/// Bits of a [tail](Place::tail).
pub(super) const TAIL_BITS: u32 = 10;

impl Place {
    /// No row: a blank line that belongs to nobody.
    pub(super) const NONE: Self = Self {
        start: 0,
        class: 0,
        spread: false,
        turn: 0,
    };

    #[inline]
    pub(super) fn lines(self) -> usize {
        lines_of(self.class)
    }

    #[inline]
    pub(super) fn from_parts(start: u32, tail: u32) -> Self {
        Self {
            start,
            class: (tail & 0x7f) as u8,
            spread: tail & 0x80 != 0,
            turn: (tail >> 8 & 3) as u8,
        }
    }

    pub(super) fn tail(self) -> u32 {
        u32::from(self.class) | u32::from(self.spread) << 7 | u32::from(self.turn) << 8
    }

    /// Which home chooses the line of a cell.
    pub(super) fn home(self, homes: Homes) -> u32 {
        if self.spread { homes.far } else { homes.near }
    }
}

/// What may choose the line of a cell: the near home, which many cells share, so that one look finds
/// them all, or in a row that is spread the far one, its own.
#[derive(Clone, Copy, Debug)]
pub(super) struct Homes {
    pub(super) near: u32,
    pub(super) far: u32,
}

/// Lines of a length class: 1, 1, 1, 1, 2, 2, 3, 3, then four steps to each doubling.
#[inline]
pub(super) fn lines_of(class: u8) -> usize {
    (4_usize | usize::from(class & 3)).wrapping_shl(u32::from(class >> 2)) >> 2
}

/// The least class of at least `lines` lines.
fn class_of(lines: usize) -> u8 {
    (0..CLASSES)
        .find(|class| lines_of(*class) >= lines)
        .unwrap_or(CLASSES)
}

/// How the lines of a home are found: the same for every row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot {
    hash: u32,
    /// The bit of the home among those that overflow a line.
    pub(super) mark: u32,
}

impl Spot {
    #[inline]
    pub(super) fn of(key: u32) -> Self {
        let hash = key.wrapping_mul(0x9e37_79b1);
        Self {
            hash,
            mark: (1 << OVERFLOW_AT) << (hash >> 10 & 3),
        }
    }

    /// The line where the cells of this home begin, of so many dealt out by this turn.
    #[inline]
    pub(super) fn line(self, lines: usize, turn: u8) -> usize {
        let hash = self.hash.rotate_left(u32::from(turn).wrapping_mul(8));
        (u64::from(hash).wrapping_mul(lines as u64) >> 32) as usize
    }
}

fn next(at: usize, lines: usize) -> usize {
    let after = at.wrapping_add(1);
    if after == lines { 0 } else { after }
}

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

/// The pool. Free extents are chained through their own first lines, so that a clone costs nothing.
#[derive(Clone, Debug)]
pub(super) struct Rows {
    pages: Pages<Line>,
    /// The first free extent of each class; 0 where there is none.
    free: [u32; CLASSES as usize],
    /// Lines of the last page not given out yet: the first, and how many.
    tail: (u32, usize),
}

impl Rows {
    pub(super) fn new() -> Self {
        let mut rows = Self {
            pages: Pages::new(),
            free: [0; CLASSES as usize],
            tail: (0, 0),
        };
        rows.cut(1);
        rows
    }

    pub(super) fn footprint(&self) -> usize {
        self.pages.footprint()
    }

    /// The line `at` of a row.
    #[inline]
    pub(super) fn line(&self, place: Place, at: usize) -> Option<&Line> {
        let at = (place.start as usize).wrapping_add(at);
        self.pages.page(at >> PAGE_BITS).get(at & (PAGE_LINES - 1))
    }

    /// All lines of a row that lies within one page, as those of up to 256 lines do.
    pub(super) fn slice(&self, place: Place) -> Option<&[Line]> {
        let start = place.start as usize & (PAGE_LINES - 1);
        let page = self.pages.page(place.start as usize >> PAGE_BITS);
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
            let Some(line) = self.line_mut(place, at) else {
                return false;
            };
            if line.append(cell) {
                return true;
            }
            if place.lines() <= SHORT && !line.is_overflown(OVERFLOWN) {
                return false;
            }
            line.set_overflown(spot.mark);
            at = next(at, place.lines());
        }
        false
    }

    /// Lays the cells of a row out that had no room for one of them.
    pub(super) fn regrow(&mut self, cells: &[(Cell, Homes)]) -> Place {
        self.lay_out(cells, GROWING)
    }

    /// Lays the cells of a row out.
    pub(super) fn store(&mut self, cells: &[(Cell, Homes)]) -> Place {
        self.lay_out(cells, FILL)
    }

    /// In few lines of which none overflows, else in some within reach of their near homes, else spread.
    fn lay_out(&mut self, cells: &[(Cell, Homes)], fill: usize) -> Place {
        if cells.is_empty() {
            return Place::NONE;
        }
        let used: usize = cells.iter().map(|(cell, _)| cell.width()).sum();
        let first = class_of(used.div_ceil(fill));
        let loosest = first.saturating_add(LOOSER);
        let may_fit = lines_of(first) <= SHORT && !is_crowded(cells);
        let mut tight = (first..=loosest).filter(|_| may_fit);
        let mut rooted = [loosest, loosest.saturating_add(2)].into_iter();
        let laid = tight
            .find_map(|class| fit(cells, class))
            .or_else(|| rooted.find_map(|class| lay_out(cells, Deal::rooted(class))))
            .or_else(|| (loosest..CLASSES).find_map(|class| lay_out(cells, Deal::spread(class))));
        laid.map_or(Place::NONE, |(deal, lines)| self.give(&lines, deal))
    }

    /// Stores a list of numbers, none of them 0, in a row of its own.
    pub(super) fn store_list(&mut self, numbers: &[u32]) -> Place {
        let class = class_of(numbers.len().div_ceil(LISTED).max(1));
        let mut lines = vec![Line::NO_NUMBERS; lines_of(class)];
        let words = lines.iter_mut().flat_map(Line::numbers_mut);
        words
            .zip(numbers)
            .for_each(|(word, number)| *word = *number);
        self.give(&lines, Deal::rooted(class))
    }

    /// The numbers of a list.
    pub(super) fn list(&self, place: Place) -> impl Iterator<Item = u32> + '_ {
        let numbers = self.lines(place).flat_map(Line::numbers);
        numbers.take_while(|number| *number != 0)
    }

    fn give(&mut self, lines: &[Line], deal: Deal) -> Place {
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
        if place.start == 0 {
            return;
        }
        let class = usize::from(place.class);
        let Some(head) = self.free.get(class).copied() else {
            return;
        };
        if let Some(line) = self.line_mut(place, 0) {
            line.keys[0] = head;
        }
        if let Some(to) = self.free.get_mut(class) {
            *to = place.start;
        }
    }

    fn reuse(&mut self, class: u8) -> Option<u32> {
        let head = self.free.get_mut(usize::from(class))?;
        let start = Some(*head).filter(|start| *start != 0)?;
        let place = Place {
            start,
            class,
            ..Place::NONE
        };
        let after = self.line(place, 0)?.keys[0];
        *self.free.get_mut(usize::from(class))? = after;
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
        (self.pages.push(vec![Line::BLANK; PAGE_LINES]) << PAGE_BITS) as u32
    }
}

/// How a row is to be laid out.
#[derive(Clone, Copy)]
struct Deal {
    class: u8,
    spread: bool,
    turn: u8,
    /// In how many lines from its home on a cell may stand.
    reach: usize,
}

impl Deal {
    fn rooted(class: u8) -> Self {
        Self {
            class,
            spread: false,
            turn: 0,
            reach: REACH.min(lines_of(class)),
        }
    }

    fn spread(class: u8) -> Self {
        Self {
            spread: true,
            ..Self::rooted(class)
        }
    }
}

/// Whether the cells of one near home are too many for one line.
fn is_crowded(cells: &[(Cell, Homes)]) -> bool {
    let homes = cells.iter().map(|(cell, homes)| (homes.near, cell.width()));
    let mut homes: Vec<_> = homes.collect();
    homes.sort_unstable();
    let words = |of_one: &[(u32, usize)]| of_one.iter().map(|(_, width)| width).sum::<usize>();
    homes
        .chunk_by(|(one, _), (other, _)| one == other)
        .any(|of_one| words(of_one) > CELLS)
}

/// The cells in lines of which none overflows, in the first turn that does it.
fn fit(cells: &[(Cell, Homes)], class: u8) -> Option<(Deal, Vec<Line>)> {
    let fitting = (0..TURNS).find(|turn| fits(cells, lines_of(class), *turn));
    let deal = |turn| Deal {
        turn,
        reach: 1,
        ..Deal::rooted(class)
    };
    lay_out(cells, deal(fitting?))
}

/// Whether no line overflows when homes are dealt out to so many in this turn.
fn fits(cells: &[(Cell, Homes)], lines: usize, turn: u8) -> bool {
    let mut used = [0_u8; SHORT.saturating_mul(2)];
    cells.iter().all(|(cell, homes)| {
        let line = used.get_mut(Spot::of(homes.near).line(lines, turn));
        line.is_some_and(|used| {
            *used = used.saturating_add(cell.width() as u8);
            usize::from(*used) <= CELLS
        })
    })
}

fn lay_out(cells: &[(Cell, Homes)], deal: Deal) -> Option<(Deal, Vec<Line>)> {
    let count = lines_of(deal.class);
    let blank = if deal.spread {
        Line::FURTHER
    } else {
        Line::BLANK
    };
    let mut lines = vec![(blank, 0); count];
    for (cell, homes) in cells {
        let spot = Spot::of(if deal.spread { homes.far } else { homes.near });
        let mut at = spot.line(count, deal.turn);
        let mut left = deal.reach;
        loop {
            let (line, used) = lines.get_mut(at)?;
            if line.append_behind(used, *cell) {
                break;
            }
            line.set_overflown(spot.mark);
            left = left.checked_sub(1).filter(|left| *left > 0)?;
            at = next(at, count);
        }
    }
    Some((deal, lines.into_iter().map(|(line, _)| line).collect()))
}
