//! Trees: what groups hold on a tree of resources, in one line beside its root.
//!
//! A check knows the groups of the user and the tree of the resource, so that one line tells it what all
//! the groups give, however many the user is in. What finds no room there stands in a row of its own,
//! where each group has its home.
//!
//! ```text
//! per cent of trees with 0 to 8 words   M  30.6  20.4  20.2  14.8  7.3  4.6  1.6  0.4  0.2   mean 1.7
//!                                       L  17.5  24.0  24.5  17.2  9.5  4.4  1.8  0.7  0.3   mean 2.0
//! ```
//!
//! In the worlds of the benches groups hold things on roots, and one word in sixteen or so has an expiry behind it.
//! No tree of S or M overflows; 89 of the 105,000 of L do, the fullest with 11 words, and one check in 600
//! looks into such a rest.

use super::cell::{Cell, HERE, Label};
use super::line::Line;
use super::pages::Column;
use super::place::{Homes, Place, Spot};
use super::resource::{ResourceEntry, TREES_END};
use super::rows::Rows;
use super::slots::Slots;

/// Rows up to this length are read as a whole rather than group by group.
pub(super) const SHORT: usize = 4;

/// Lines of a page: 16 KiB, for few pages to be found by.
const LINES_PER_PAGE: usize = 256;

#[derive(Clone, Debug)]
pub(super) struct Trees {
    lines: Column<Line, LINES_PER_PAGE>,
    /// Where the rest of a tree's cells stands.
    rests: Column<Place>,
    free: Slots,
}

/// Where a group holds something in a tree.
#[derive(Clone, Copy, Debug)]
pub(super) struct InTree {
    pub(super) tree: u32,
    pub(super) label: Label,
}

impl InTree {
    pub(super) fn new(group: u32, resource: &ResourceEntry, restricts: bool) -> Self {
        let on = if resource.is_root() {
            HERE
        } else {
            resource.slot()
        };
        let label = Label {
            key: group,
            on,
            restricts,
        };
        Self {
            tree: resource.tree(),
            label,
        }
    }
}

fn homes(label: Label) -> Homes {
    let Label { key, on, .. } = label;
    Homes {
        near: key,
        far: far_home(key, on),
    }
}

fn far_home(group: u32, on: u32) -> u32 {
    group ^ on.wrapping_mul(0x85eb_ca6b)
}

impl Trees {
    pub(super) fn new() -> Self {
        Self {
            lines: Column::new(),
            rests: Column::new(),
            free: Slots::from(0),
        }
    }

    pub(super) fn footprint(&self) -> usize {
        let rests = self.rests.footprint();
        self.lines.footprint().saturating_add(rests)
    }

    /// A tree in which nobody holds anything; `None` where there are five hundred million already.
    pub(super) fn plant(&mut self) -> Option<u32> {
        let tree = self.free.take().filter(|tree| *tree < TREES_END)?;
        self.lines.set(tree, Line::BLANK, Line::BLANK);
        self.rests.set(tree, Place::NONE, Place::NONE);
        Some(tree)
    }

    /// Takes a tree away in which nobody holds anything.
    pub(super) fn fell(&mut self, tree: u32) {
        self.free.give_back(tree);
    }

    /// The line of a tree.
    #[inline]
    pub(super) fn line(&self, tree: u32) -> &Line {
        self.lines.at(tree).unwrap_or(&Line::FURTHER)
    }

    /// Puts a cell in the place of the one with its label.
    pub(super) fn put(&mut self, rows: &mut Rows, at: InTree, cell: Cell) {
        self.take(rows, at);
        let Some(line) = self.lines.at_mut(at.tree) else {
            return;
        };
        if line.append(cell) {
            return;
        }
        line.set_overflown(Spot::of(at.label.key).mark);
        self.put_in_rest(rows, at, cell);
    }

    fn put_in_rest(&mut self, rows: &mut Rows, at: InTree, cell: Cell) {
        let place = self.rest(at.tree);
        if rows.put(place, homes(at.label), cell) {
            return;
        }
        let all = rows.cells(place).chain([cell]);
        let all: Vec<_> = all.map(|cell| (cell, homes(cell.label()))).collect();
        let place = rows.regrow(place, &all);
        self.set_rest(at.tree, place);
    }

    /// Takes a cell out.
    pub(super) fn take(&mut self, rows: &mut Rows, at: InTree) {
        let Some(line) = self.lines.at_mut(at.tree) else {
            return;
        };
        line.remove(at.label);
        let place = self.rest(at.tree);
        if place == Place::NONE || !rows.remove(place, homes(at.label), at.label) {
            return;
        }
        if rows.cells(place).next().is_none() {
            rows.release(place);
            self.set_rest(at.tree, Place::NONE);
        }
    }

    /// Where the rest of a tree's cells stands.
    pub(super) fn rest(&self, tree: u32) -> Place {
        self.rests.at(tree).copied().unwrap_or(Place::NONE)
    }

    fn set_rest(&mut self, tree: u32, place: Place) {
        self.rests.set(tree, place, Place::NONE);
        if let Some(line) = self.lines.at_mut(tree).filter(|_| place == Place::NONE) {
            line.clear_overflown();
        }
    }
}

/// The homes of what a group may hold on a chain, in a long row.
pub(super) fn homes_of(
    group: u32,
    row: Place,
    [own, parent, _]: [u32; 3],
) -> impl Iterator<Item = u32> {
    let near = (!row.spread).then_some(group);
    let far = [own, parent, HERE].map(|on| far_home(group, on));
    let far = far.into_iter().filter(move |_| row.spread);
    near.into_iter().chain(far)
}

#[cfg(test)]
mod tests {
    use super::super::cell::Entry;
    use super::super::line::OVERFLOWN;
    use super::*;
    use crate::grant::Grant;
    use crate::permission::PermissionSet;
    use crate::resource::ResourceKind;

    fn at(tree: u32, group: u32, on: u32) -> InTree {
        let label = Label {
            key: group,
            on,
            restricts: false,
        };
        InTree { tree, label }
    }

    fn put(trees: &mut Trees, rows: &mut Rows, at: InTree) {
        let entry = Entry::Grant(Grant::new(PermissionSet::at_or_below(ResourceKind::Model)));
        trees.put(rows, at, Cell::new(at.label, entry));
    }

    #[test]
    fn a_tree_that_is_emptied_is_as_it_was_planted() {
        let (mut trees, mut rows) = (Trees::new(), Rows::new());
        let tree = trees.plant().unwrap();
        for few_groups in [3_u32, 40] {
            let all = || (0..200_u32).map(|it| at(tree, 1 + it % few_groups, 1 + it));
            all().for_each(|it| put(&mut trees, &mut rows, it));
            assert_eq!(trees.rest(tree).spread, few_groups == 3);
            assert!(trees.line(tree).is_overflown(OVERFLOWN));
            all().for_each(|it| trees.take(&mut rows, it));
            assert_eq!(trees.rest(tree), Place::NONE);
            assert!(!trees.line(tree).is_overflown(OVERFLOWN));
            assert_eq!(trees.line(tree).used(), 0);
        }
        trees.fell(tree);
        assert_eq!(trees.plant(), Some(tree), "its number is given again");
    }

    #[test]
    fn what_came_after_a_line_was_full_is_in_a_row_until_that_is_empty() {
        let (mut trees, mut rows) = (Trees::new(), Rows::new());
        let tree = trees.plant().unwrap();
        (1..10).for_each(|group| put(&mut trees, &mut rows, at(tree, group, HERE)));
        assert_eq!(rows.cells(trees.rest(tree)).count(), 1);
        trees.take(&mut rows, at(tree, 1, HERE));
        assert!(
            trees.line(tree).is_overflown(OVERFLOWN),
            "the ninth is in the row"
        );
        put(&mut trees, &mut rows, at(tree, 9, HERE));
        assert_eq!(trees.rest(tree), Place::NONE, "it has moved to the line");
        assert!(!trees.line(tree).is_overflown(OVERFLOWN));
        assert_eq!(trees.line(tree).used(), 8);
    }
}
