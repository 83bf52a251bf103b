//! What stands beneath what, by slots: the children of each resource, chained kind by kind.
//!
//! A chain is walked one link at a time. Whoever walks many looks at the next link of each before the
//! second next of any, so that what they wait for overlaps.

use super::pages::Column;
use crate::resource::ResourceKind;

/// The slot of no resource.
const NOBODY: u32 = u32::MAX;

/// A resource among its relatives.
#[derive(Clone, Copy, Debug)]
pub(super) struct Relatives {
    kind: ResourceKind,
    parent: u32,
    versions: u32,
    frameworks: u32,
    previous: u32,
    next: u32,
}

fn slot(slot: u32) -> Option<u32> {
    (slot != NOBODY).then_some(slot)
}

impl Relatives {
    const BLANK: Self = Self {
        kind: ResourceKind::Organisation,
        parent: NOBODY,
        versions: NOBODY,
        frameworks: NOBODY,
        previous: NOBODY,
        next: NOBODY,
    };

    pub(super) fn kind(&self) -> ResourceKind {
        self.kind
    }

    /// What it stands beneath; `None` beneath the organisation.
    pub(super) fn parent(&self) -> Option<u32> {
        slot(self.parent)
    }

    /// The first of its versions.
    pub(super) fn versions(&self) -> Option<u32> {
        slot(self.versions)
    }

    /// The first of its frameworks.
    pub(super) fn frameworks(&self) -> Option<u32> {
        slot(self.frameworks)
    }

    /// The next of its kind beneath the same parent.
    pub(super) fn next(&self) -> Option<u32> {
        slot(self.next)
    }

    fn first_of(&mut self, kind: ResourceKind) -> &mut u32 {
        match kind {
            ResourceKind::Version => &mut self.versions,
            _ => &mut self.frameworks,
        }
    }
}

/// The relatives of every resource.
#[derive(Clone, Debug)]
pub(super) struct Family(Column<Relatives>);

impl Family {
    pub(super) fn new() -> Self {
        Self(Column::new())
    }

    pub(super) fn footprint(&self) -> usize {
        self.0.footprint()
    }

    /// The relatives of the resource at a slot.
    #[inline]
    pub(super) fn of(&self, slot: u32) -> Option<&Relatives> {
        self.0.at(slot)
    }

    /// Puts a resource beneath another, or beneath the organisation.
    pub(super) fn add(&mut self, slot: u32, kind: ResourceKind, parent: Option<u32>) {
        let mut new = Relatives {
            kind,
            parent: parent.unwrap_or(NOBODY),
            ..Relatives::BLANK
        };
        if let Some(parent) = parent {
            self.change(parent, |it| {
                new.next = std::mem::replace(it.first_of(kind), slot);
            });
        }
        self.change(new.next, |it| it.previous = slot);
        self.0.set(slot, new, Relatives::BLANK);
    }

    /// Takes away a resource that nothing stands beneath.
    pub(super) fn remove(&mut self, slot: u32) {
        let Some(gone) = self.of(slot).copied() else {
            return;
        };
        self.change(gone.next, |it| it.previous = gone.previous);
        if gone.previous == NOBODY {
            self.change(gone.parent, |it| *it.first_of(gone.kind) = gone.next);
        } else {
            self.change(gone.previous, |it| it.next = gone.next);
        }
        self.0.set(slot, Relatives::BLANK, Relatives::BLANK);
    }

    /// Changes the relatives of a resource; nothing where there is none.
    fn change(&mut self, at: u32, change: impl FnOnce(&mut Relatives)) {
        let relatives = slot(at).and_then(|slot| self.of(slot).copied());
        if let Some(mut relatives) = relatives {
            change(&mut relatives);
            self.0.set(at, relatives, Relatives::BLANK);
        }
    }

    /// What stands directly beneath a resource, in no order.
    pub(super) fn children(&self, parent: u32) -> impl Iterator<Item = u32> + '_ {
        let chains = self.of(parent).map(|it| [it.versions(), it.frameworks()]);
        let next = |slot: &u32| self.of(*slot)?.next();
        let chains = chains.into_iter().flatten();
        chains.flat_map(move |first| std::iter::successors(first, next))
    }

    /// A resource and what it stands beneath, upwards.
    pub(super) fn upwards(&self, slot: u32) -> impl Iterator<Item = u32> + '_ {
        std::iter::successors(Some(slot), |it| self.of(*it)?.parent())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ResourceKind::{Framework, Model, Version};

    fn sorted(slots: impl Iterator<Item = u32>) -> Vec<u32> {
        let mut slots: Vec<_> = slots.collect();
        slots.sort_unstable();
        slots
    }

    #[test]
    fn children_come_and_go_at_every_place_of_their_chain() {
        for gone in [[2, 3], [3, 2], [2, 4], [4, 3], [5, 2]] {
            let mut family = Family::new();
            family.add(1, Model, None);
            (2..5).for_each(|slot| family.add(slot, Version, Some(1)));
            family.add(5, Framework, Some(1));
            gone.iter().for_each(|slot| family.remove(*slot));
            let left = (2..6).filter(|slot| !gone.contains(slot));
            assert_eq!(sorted(family.children(1)), sorted(left.clone()));
            family.add(9, Version, Some(1));
            assert_eq!(sorted(family.children(1)), sorted(left.chain([9])));
        }
    }

    #[test]
    fn a_long_chain_is_all_there() {
        let mut family = Family::new();
        family.add(0, Model, None);
        (1..5_000).for_each(|slot| family.add(slot, Version, Some(0)));
        (1..5_000).step_by(7).for_each(|slot| family.remove(slot));
        let left = (1..5_000).filter(|slot| slot % 7 != 1);
        assert_eq!(sorted(family.children(0)), left.collect::<Vec<_>>());
    }

    #[test]
    fn the_way_up_ends_beneath_the_organisation() {
        let mut family = Family::new();
        family.add(7, Model, None);
        family.add(0, Version, Some(7));
        family.add(3, Framework, Some(0));
        assert_eq!(family.upwards(3).collect::<Vec<_>>(), [3, 0, 7]);
        assert_eq!(family.children(3).next(), None);
    }
}
