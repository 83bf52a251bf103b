//! How the cells of a row are dealt out to lines.
//!
//! A row is laid out anew until no line overflows: in the least class that six words a line allow, by the one
//! of four turns that leaves the fewest lines full, then in up to three classes more. Of users' rows in the
//! worlds of the benches:
//!
//! ```text
//! per cent of lines with 0 to 8 words   0.2  1.3  4.1  8.9  14.8  19.8  22.2  21.4  7.3   mean 5.4   (L; S and M alike)
//! of rows by turn                       33  27  22  18
//! of rows by classes looser             73.1  25.2  1.6  0.06
//! of rows by lines: 6, 7, 8, more       23.2  61.8  13.9  1.1    35 grants, 37 words; the longest row has 12 lines
//! the same, grown event by event (M)    lines of 5.3 words; turns 43 28 18 11; looser 53 42 5.6 0.09
//! ```
//!
//! A cell that comes to a full line has its row laid out anew, in other pages, which doubles what a commit
//! costs. So the turn is chosen by them, and a row goes into the next class where they would be many: in the
//! first turn that does it 14 lines in a hundred would be full, in the best one 9.9.
//!
//! No row of S or M overflows, loaded or grown; of the 990,000 of L, loaded, 11 do, in 12 lines. None is spread.
//! With one turn instead of four, more than half of the rows would have to be looser, and of rows drawn alike
//! one in twenty would overflow. `fill.rs` holds that none of 2,000 does.

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
    let is_short = lines_of(first) <= SHORT;
    let tight = is_short.then(|| roomy(cells, first)).flatten();
    // What crowds one line is looked for only where there is need to know.
    let looser = || {
        let may_fit = is_short && !is_crowded(cells);
        let mut classes = (first..=loosest).skip(1).filter(|_| may_fit);
        classes.find_map(|class| best(cells, class))
    };
    let fit = tight.or_else(looser);
    let mut rooted = [loosest, loosest.saturating_add(2)].into_iter();
    fit.and_then(|fit| deal_out(cells, fit.deal()))
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

/// Lines of a class none of which overflows in a turn.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Fit {
    /// How many of them are full: a cell that comes to one of these has the row laid out anew.
    full: usize,
    turn: u8,
    class: u8,
}

impl Fit {
    fn deal(self) -> Deal {
        Deal {
            turn: self.turn,
            reach: 1,
            ..Deal::rooted(self.class)
        }
    }

    /// Whether more than a fifth of several lines are full.
    fn is_crammed(self) -> bool {
        self.full > 1 && self.full.saturating_mul(5) > lines_of(self.class)
    }
}

/// In the class, or in the next one where the lines of this would be crammed.
fn roomy(cells: &[(Cell, Homes)], class: u8) -> Option<Fit> {
    let fit = best(cells, class)?;
    let next = || best(cells, class.saturating_add(1)).filter(|it| it.full < fit.full);
    let next = fit.is_crammed().then(next).flatten();
    Some(next.unwrap_or(fit))
}

/// The turn that leaves the fewest lines of a class full, and none overflown.
fn best(cells: &[(Cell, Homes)], class: u8) -> Option<Fit> {
    let turns = (0..TURNS).zip(full(cells, lines_of(class))?);
    let fits = turns.filter_map(|(turn, full)| {
        Some(Fit {
            full: full?,
            turn,
            class,
        })
    });
    fits.min()
}

/// How many of so many lines are full when homes are dealt out to them in each turn, `None` where one
/// overflows; nothing where they are too many to be told.
fn full(cells: &[(Cell, Homes)], lines: usize) -> Option<[Option<usize>; TURNS as usize]> {
    let mut used = [[0_u16; SHORT.saturating_mul(2)]; TURNS as usize];
    for (cell, homes) in cells {
        let (spot, width) = (Spot::of(homes.near), cell.width() as u16);
        for (turn, used) in (0..TURNS).zip(&mut used) {
            // So few lines are never given as many words as would wrap.
            let used = used.get_mut(spot.line(lines, turn))?;
            *used = used.wrapping_add(width);
        }
    }
    Some(used.each_ref().map(|used| {
        let words = used.get(..lines).unwrap_or_default().iter();
        let overflows = words.clone().any(|words| usize::from(*words) > CELLS);
        let full = words.filter(|words| usize::from(**words) == CELLS).count();
        (!overflows).then_some(full)
    }))
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
