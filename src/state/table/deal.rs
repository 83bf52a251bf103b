//! How the cells of a row are dealt out to lines.
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

use std::ops::RangeInclusive;

use super::cell::Cell;
use super::line::{CELLS, Line};
use super::place::{CLASSES, Homes, Spot, TURNS, class_of, lines_of, next};

/// A cell stands in one of this many lines, from home on.
pub(super) const REACH: usize = 4;
/// How many classes above the tightest are tried before lines may overflow.
const LOOSER: u8 = 3;
/// Rows up to this length are laid out anew before a line of theirs overflows.
pub(super) const SHORT: usize = 64;

/// In few lines of which none overflows, else in some within reach of their near homes, else spread; so
/// many words a line at first. `None` where there are no cells, or too many.
pub(super) fn lay_out(cells: &[(Cell, Homes)], fill: usize) -> Option<(Deal, Vec<Line>)> {
    if cells.is_empty() {
        return None;
    }
    let used: usize = cells.iter().map(|(cell, _)| cell.width()).sum();
    let first = class_of(used.div_ceil(fill));
    let loosest = first.saturating_add(LOOSER);
    let fit_one_of = |mut classes: RangeInclusive<u8>| classes.find_map(|class| fit(cells, class));
    let is_short = lines_of(first) <= SHORT;
    let tight = is_short.then(|| fit_one_of(first..=first)).flatten();
    // What crowds one line is looked for only where there is need to know.
    let looser = || {
        let may_fit = is_short && !is_crowded(cells);
        may_fit.then(|| fit_one_of(first.saturating_add(1)..=loosest))
    };
    let mut rooted = [loosest, loosest.saturating_add(2)].into_iter();
    tight
        .or_else(|| looser().flatten())
        .or_else(|| rooted.find_map(|class| deal_out(cells, Deal::rooted(class))))
        .or_else(|| (loosest..CLASSES).find_map(|class| deal_out(cells, Deal::spread(class))))
}

/// How a row is to be laid out.
#[derive(Clone, Copy)]
pub(super) struct Deal {
    pub(super) class: u8,
    pub(super) spread: bool,
    pub(super) turn: u8,
    /// In how many lines from its home on a cell may stand.
    reach: usize,
}

impl Deal {
    pub(super) fn rooted(class: u8) -> Self {
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
    deal_out(cells, deal(fitting?))
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

fn deal_out(cells: &[(Cell, Homes)], deal: Deal) -> Option<(Deal, Vec<Line>)> {
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
