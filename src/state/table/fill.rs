//! What the head comments of [rows](super::rows) and of the [table](super) say of lines, held loosely over
//! rows that are drawn at random, always the same ones.

use std::collections::BTreeSet;

use super::cell::{Cell, Entry, Label};
use super::line::{CELLS, Line, OVERFLOWN};
use super::place::{Homes, Place};
use super::rows::Rows;
use crate::grant::Grant;
use crate::permission::PermissionSet;
use crate::resource::ResourceKind;
use crate::time::Timestamp;

const ROWS: u64 = 2_000;
/// Slots of a tree: a model, versions and a framework.
const WITHIN: u32 = 6;
const SLOTS: u64 = 6_000;

/// A number below another, the same for the same two seeds.
fn draw(seed: u64, step: u64, below: u64) -> u32 {
    let mixed = (seed << 32 | step)
        .wrapping_add(1)
        .wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ mixed >> 31).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    ((mixed ^ mixed >> 29) % below) as u32
}

/// What a user holds: 35 grants on resources of a thousand trees, one in sixteen with an expiry.
fn held(user: u64) -> Vec<(Cell, Homes)> {
    let slots: BTreeSet<u32> = (0..40).map(|step| draw(user, step, SLOTS)).collect();
    let slots = slots.into_iter().take(35);
    slots.map(|slot| (cell(slot), homes(slot))).collect()
}

fn cell(slot: u32) -> Cell {
    let grant = Grant {
        permissions: PermissionSet::of_kind(ResourceKind::Version),
        expires_at: (slot.is_multiple_of(16)).then_some(Timestamp::from_milliseconds(1)),
    };
    Cell::new(Label::on(slot, false), Entry::Grant(grant))
}

fn homes(slot: u32) -> Homes {
    Homes {
        near: slot - slot % WITHIN,
        far: slot,
    }
}

/// Rows of which a line overflows, or which are spread; words per line.
fn measure(rows: &Rows, places: &[Place]) -> (usize, f64) {
    let further = |place: &&Place| {
        let mut lines = rows.lines(**place);
        place.spread || lines.any(|line| line.is_overflown(OVERFLOWN))
    };
    let further = places.iter().filter(further).count();
    let lines = || places.iter().flat_map(|place| rows.lines(*place));
    let words: usize = lines().map(Line::used).sum();
    (further, words as f64 / lines().count() as f64)
}

#[test]
fn rows_laid_out_at_once_hold_five_words_a_line_and_none_overflows() {
    let mut rows = Rows::new();
    let places: Vec<Place> = (0..ROWS).map(|user| rows.store(&held(user))).collect();
    let (further, words) = measure(&rows, &places);
    assert_eq!(further, 0, "rows that have to be read further");
    assert!(words > 4.9, "{words} words per line");
    let lines = || places.iter().flat_map(|place| rows.lines(*place));
    let full = lines().filter(|line| line.used() == CELLS).count() as f64 / lines().count() as f64;
    assert!(full < 0.08, "{full} of the lines are full");
}

/// The row of a user who is given one grant after the other.
fn grown(rows: &mut Rows, user: u64) -> Place {
    let held = held(user);
    let mut place = Place::NONE;
    for (count, (cell, homes)) in held.iter().enumerate() {
        if !rows.put(place, *homes, *cell) {
            place = rows.regrow(place, &held[..=count]);
        }
    }
    place
}

#[test]
fn rows_that_grew_are_hardly_looser() {
    let mut rows = Rows::new();
    let places: Vec<Place> = (0..ROWS).map(|user| grown(&mut rows, user)).collect();
    let (further, words) = measure(&rows, &places);
    assert_eq!(further, 0, "rows that have to be read further");
    assert!(words > 4.7, "{words} words per line");
}

/// Gives a user one grant more after the other until one finds no room; all they hold, that one last.
fn until_full(rows: &mut Rows, place: Place, user: u64) -> Vec<(Cell, Homes)> {
    let mut all = held(user);
    let mut has = all
        .iter()
        .map(|(cell, _)| cell.key)
        .collect::<BTreeSet<u32>>();
    for slot in (100..)
        .map(|step| draw(user, step, SLOTS))
        .filter(|slot| has.insert(*slot))
    {
        all.push((cell(slot), homes(slot)));
        if !rows.put(place, homes(slot), cell(slot)) {
            break;
        }
    }
    all
}

#[test]
fn a_row_that_is_laid_out_anew_holds_what_it_held() {
    let mut rows = Rows::new();
    let grow = |rows: &mut Rows, user: u64| {
        let before = rows.store(&held(user));
        let all = until_full(rows, before, user);
        (rows.regrow(before, &all), all)
    };
    let grown: Vec<_> = (0..ROWS).map(|user| grow(&mut rows, user)).collect();
    for (place, all) in &grown {
        assert_eq!(rows.cells(*place).count(), all.len());
        let is_lost = |(cell, homes): &&(Cell, Homes)| {
            let found = rows.cell(*place, *homes, cell.label());
            found.map(Cell::entry) != Some(cell.entry())
        };
        assert!(all.iter().find(is_lost).is_none());
    }
}

#[test]
fn no_page_is_copied_for_what_finds_no_room_nor_for_what_is_given_back() {
    let mut rows = Rows::new();
    let place = rows.store(&held(1));
    let (cell, homes) = *until_full(&mut rows, place, 1).last().unwrap();
    let before = rows.clone();
    assert!(!rows.put(place, homes, cell));
    rows.release(place);
    let line = |rows: &Rows| std::ptr::from_ref(rows.line(place, 0).unwrap());
    assert_eq!(line(&rows), line(&before), "the page is shared");
    assert_eq!(rows.store(&held(1)).start, place.start, "given out again");
    assert_ne!(line(&rows), line(&before), "but not in the copy");
}
