//! The resources by slots: their ids, and what stands beneath what, the children of each chained kind by kind.
//!
//! A chain is walked one link at a time. Whoever walks many looks at the next link of each before the
//! second next of any, so that what they wait for overlaps. What is registered one after the other has slots in
//! a row, so that most chains are runs: the parent alone tells what stands beneath it, whose ids stand in one
//! row too, as a rule on the same page of memory.

use std::ops::Range;

use super::children::{Children, NOBODY, slot};
use super::ids::Id;
use super::pages::{PER_PAGE, Pages};
use crate::resource::{Resource, ResourceKind};

/// A resource among its relatives: half a cache line.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(super) struct Relatives {
    parent: u32,
    previous: u32,
    next: u32,
    kind: ResourceKind,
    /// Whether a framework may stand beneath one of its versions.
    goes_deep: bool,
    versions: Children,
    frameworks: Children,
}

impl Relatives {
    const BLANK: Self = Self {
        parent: NOBODY,
        previous: NOBODY,
        next: NOBODY,
        kind: ResourceKind::Organisation,
        goes_deep: false,
        versions: Children::NONE,
        frameworks: Children::NONE,
    };

    pub(super) fn kind(&self) -> ResourceKind {
        self.kind
    }

    /// What it stands beneath; `None` beneath the organisation.
    pub(super) fn parent(&self) -> Option<u32> {
        slot(self.parent)
    }

    pub(super) fn versions(&self) -> Children {
        self.versions
    }

    /// Whether a framework may stand beneath one of its versions: one does, or did.
    pub(super) fn goes_deep(&self) -> bool {
        self.goes_deep
    }

    pub(super) fn frameworks(&self) -> Children {
        self.frameworks
    }

    /// The next of its kind beneath the same parent.
    pub(super) fn next(&self) -> Option<u32> {
        slot(self.next)
    }

    fn children_of(&mut self, kind: ResourceKind) -> &mut Children {
        match kind {
            ResourceKind::Version => &mut self.versions,
            _ => &mut self.frameworks,
        }
    }
}

/// What is known of resources that have slots in a row: registered together, as a rule, and looked at
/// together.
#[derive(Clone, Debug)]
struct Page {
    ids: [Id; PER_PAGE],
    /// Of the trees: found from below at one look.
    roots: [u32; PER_PAGE],
    relatives: [Relatives; PER_PAGE],
}

impl Page {
    const BLANK: Self = Self {
        ids: [Id::NONE; PER_PAGE],
        roots: [NOBODY; PER_PAGE],
        relatives: [Relatives::BLANK; PER_PAGE],
    };
}

/// The id and the relatives of every resource.
#[derive(Clone, Debug)]
pub(super) struct Family(Pages<Page>);

impl Family {
    pub(super) fn new() -> Self {
        Self(Pages::new())
    }

    pub(super) fn footprint(&self) -> usize {
        self.0.footprint()
    }

    /// The page of a slot, and the place in it.
    #[inline]
    fn page(&self, slot: u32) -> Option<(&Page, usize)> {
        self.0.of::<PER_PAGE>(slot)
    }

    /// The relatives of the resource at a slot.
    #[inline]
    pub(super) fn of(&self, slot: u32) -> Option<&Relatives> {
        let (page, at) = self.page(slot)?;
        page.relatives.get(at)
    }

    /// The resource at a slot.
    pub(super) fn resource(&self, slot: u32) -> Option<Resource> {
        let (page, at) = self.page(slot)?;
        let id = page.ids.get(at)?.value();
        let kind = page.relatives.get(at)?.kind;
        Some(Resource::numbered(kind, id))
    }

    /// The id of the resource at a slot.
    #[inline]
    pub(super) fn id(&self, slot: u32) -> Option<u128> {
        let (page, at) = self.page(slot)?;
        page.ids.get(at).map(|id| id.value())
    }

    /// Appends the ids of the resources at these slots, in a row.
    #[inline]
    pub(super) fn append_ids(&self, slots: Range<u32>, ids: &mut Vec<u128>) {
        let Range { mut start, end } = slots;
        while let Some((page, first)) = self.page(start).filter(|_| start < end) {
            let last = first.saturating_add(end.wrapping_sub(start) as usize);
            let row = page.ids.get(first..last.min(PER_PAGE)).unwrap_or_default();
            ids.extend(row.iter().map(|id| id.value()));
            start = start.wrapping_add(row.len() as u32);
        }
    }

    /// Puts a resource beneath another, or beneath the organisation.
    pub(super) fn add(&mut self, slot: u32, resource: Resource, parent: Option<u32>) {
        let kind = resource.kind();
        let mut new = Relatives {
            kind,
            parent: parent.unwrap_or(NOBODY),
            ..Relatives::BLANK
        };
        if let Some(parent) = parent {
            self.change(parent, |it| {
                let children = it.children_of(kind);
                new.next = children.first().unwrap_or(NOBODY);
                *children = children.with(slot);
            });
            self.mark_deep(parent);
        }
        self.change(new.next, |it| it.previous = slot);
        self.0.make_room::<PER_PAGE>(slot, || Page::BLANK);
        let root = parent.and_then(|parent| self.root(parent)).unwrap_or(slot);
        self.set(slot, Id::new(resource.number()), root, new);
    }

    /// Has what a resource stands beneath, if anything, know that something stands beneath that one.
    fn mark_deep(&mut self, slot: u32) {
        let above = self.of(slot).and_then(Relatives::parent);
        let flat = above.filter(|above| self.of(*above).is_some_and(|it| !it.goes_deep));
        if let Some(above) = flat {
            self.change(above, |it| it.goes_deep = true);
        }
    }

    /// Takes away a resource that nothing stands beneath.
    pub(super) fn remove(&mut self, slot: u32) {
        let Some(gone) = self.of(slot).copied() else {
            return;
        };
        self.change(gone.next, |it| it.previous = gone.previous);
        self.change(gone.previous, |it| it.next = gone.next);
        self.change(gone.parent, |it| {
            let children = it.children_of(gone.kind);
            *children = children.without(slot, gone.next);
        });
        self.set(slot, Id::NONE, NOBODY, Relatives::BLANK);
    }

    fn set(&mut self, slot: u32, id: Id, root: u32, relatives: Relatives) {
        if let Some((page, at)) = self.0.of_mut::<PER_PAGE>(slot)
            && let Some(own_id) = page.ids.get_mut(at)
            && let Some(own_root) = page.roots.get_mut(at)
            && let Some(own) = page.relatives.get_mut(at)
        {
            (*own_id, *own_root, *own) = (id, root, relatives);
        }
    }

    /// The root of the tree that a resource stands in.
    pub(super) fn root(&self, slot: u32) -> Option<u32> {
        let (page, at) = self.page(slot)?;
        page.roots.get(at).copied()
    }

    /// Changes the relatives of a resource; nothing where there is none.
    fn change(&mut self, at: u32, change: impl FnOnce(&mut Relatives)) {
        let page = slot(at).and_then(|slot| self.0.of_mut::<PER_PAGE>(slot));
        if let Some(relatives) = page.and_then(|(page, at)| page.relatives.get_mut(at)) {
            change(relatives);
        }
    }

    /// What stands directly beneath a resource, in no order.
    pub(super) fn children(&self, parent: u32) -> impl Iterator<Item = u32> + '_ {
        let chains = self.of(parent).map(|it| [it.versions, it.frameworks]);
        let chains = chains.into_iter().flatten();
        chains.flat_map(|children| self.chain(children))
    }

    /// Children of one kind, from the first on.
    fn chain(&self, children: Children) -> impl Iterator<Item = u32> + '_ {
        std::iter::successors(children.first(), |it| self.of(*it)?.next())
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
    use proptest::prelude::*;

    impl Family {
        /// Adds a resource of a kind, of an id that tells its slot.
        fn add_kind(&mut self, slot: u32, kind: ResourceKind, parent: Option<u32>) {
            self.add(slot, resource(slot, kind), parent);
        }
    }

    fn resource(slot: u32, kind: ResourceKind) -> Resource {
        Resource::numbered(kind, u128::from(slot) << 77 | 3)
    }

    /// What is at the slots of a run must be its resources, whichever pages they are on.
    fn hold_ids(family: &Family, slots: Range<u32>) {
        let mut ids = Vec::new();
        family.append_ids(slots.clone(), &mut ids);
        let each: Vec<_> = slots.clone().filter_map(|slot| family.id(slot)).collect();
        let resources = slots.filter_map(|slot| family.resource(slot));
        assert_eq!(ids, resources.map(Resource::number).collect::<Vec<_>>());
        assert_eq!(ids, each);
    }

    fn sorted(slots: impl Iterator<Item = u32>) -> Vec<u32> {
        let mut slots: Vec<_> = slots.collect();
        slots.sort_unstable();
        slots
    }

    /// What the runs of a resource tell, where they tell all, must be what its chains do.
    fn hold_runs_to_chains(family: &Family, parent: u32) -> [bool; 2] {
        let relatives = family.of(parent).unwrap();
        [relatives.versions(), relatives.frameworks()].map(|children| {
            let chain: Vec<_> = family.chain(children).collect();
            let run = children.run().map(|run| run.rev().collect::<Vec<_>>());
            run.inspect(|run| assert_eq!(*run, chain)).is_some()
        })
    }

    proptest! {
        #[test]
        fn runs_tell_what_chains_do(steps in prop::collection::vec((1_u32..9, any::<bool>()), 0..40)) {
            let mut family = Family::new();
            family.add_kind(0, Model, None);
            let mut there = std::collections::BTreeSet::new();
            for (slot, is_version) in steps {
                if there.remove(&slot) {
                    family.remove(slot);
                } else {
                    there.insert(slot);
                    family.add_kind(slot, if is_version { Version } else { Framework }, Some(0));
                }
                hold_runs_to_chains(&family, 0);
                prop_assert_eq!(sorted(family.children(0)), Vec::from_iter(there.iter().copied()));
            }
        }
    }

    #[test]
    fn a_model_knows_that_frameworks_stand_beneath_its_versions() {
        let mut family = Family::new();
        let steps = [
            (0, Model, None, [false, false]),
            (1, Version, Some(0), [false, false]),
            (2, Framework, Some(0), [false, false]),
            (3, Framework, Some(1), [true, false]),
        ];
        for (slot, kind, parent, expected) in steps {
            family.add_kind(slot, kind, parent);
            assert_eq!(
                [0, 1].map(|it| family.of(it).is_some_and(Relatives::goes_deep)),
                expected
            );
        }
    }

    #[test]
    fn what_is_registered_in_a_row_is_a_run_until_it_is_broken() {
        let mut family = Family::new();
        family.add_kind(0, Model, None);
        (1..6).for_each(|slot| family.add_kind(slot, Version, Some(0)));
        assert_eq!(hold_runs_to_chains(&family, 0), [true, true]);
        family.remove(5);
        assert_eq!(hold_runs_to_chains(&family, 0), [true, true]);
        family.remove(2);
        assert_eq!(hold_runs_to_chains(&family, 0), [false, true]);
        family.remove(1);
        assert_eq!(hold_runs_to_chains(&family, 0), [true, true]);
    }

    #[test]
    fn children_come_and_go_at_every_place_of_their_chain() {
        for gone in [[2, 3], [3, 2], [2, 4], [4, 3], [5, 2]] {
            let mut family = Family::new();
            family.add_kind(1, Model, None);
            (2..5).for_each(|slot| family.add_kind(slot, Version, Some(1)));
            family.add_kind(5, Framework, Some(1));
            gone.iter().for_each(|slot| family.remove(*slot));
            let left = (2..6).filter(|slot| !gone.contains(slot));
            assert_eq!(sorted(family.children(1)), sorted(left.clone()));
            family.add_kind(9, Version, Some(1));
            assert_eq!(sorted(family.children(1)), sorted(left.chain([9])));
        }
    }

    #[test]
    fn the_ids_of_a_run_are_those_of_its_resources() {
        let mut family = Family::new();
        family.add_kind(0, Model, None);
        (1..300).for_each(|slot| family.add_kind(slot, Version, Some(0)));
        for first in [0, 1, 63, 64, 65, 200] {
            for last in [first, first + 1, first + 5, first + 64, 299] {
                hold_ids(&family, first..last.max(first));
            }
        }
        let run = family.of(0).unwrap().versions().run();
        assert_eq!(run, Some(1..300));
        assert_eq!(family.resource(299), Some(resource(299, Version)));
        assert_eq!(family.id(300), Some(0), "a place on the last page");
        assert_eq!(family.id(320), None);
        let mut none = Vec::new();
        family.append_ids(320..400, &mut none);
        assert_eq!(none, []);
    }

    #[test]
    fn a_long_chain_is_all_there() {
        let mut family = Family::new();
        family.add_kind(0, Model, None);
        (1..5_000).for_each(|slot| family.add_kind(slot, Version, Some(0)));
        (1..5_000).step_by(7).for_each(|slot| family.remove(slot));
        let left = (1..5_000).filter(|slot| slot % 7 != 1);
        assert_eq!(sorted(family.children(0)), left.collect::<Vec<_>>());
    }

    #[test]
    fn more_children_than_can_be_counted_are_a_chain() {
        let mut family = Family::new();
        family.add_kind(0, Model, None);
        (1..70_000).for_each(|slot| family.add_kind(slot, Version, Some(0)));
        assert_eq!(hold_runs_to_chains(&family, 0), [false, true]);
        (4..70_000).rev().for_each(|slot| family.remove(slot));
        hold_runs_to_chains(&family, 0);
        assert_eq!(sorted(family.children(0)), [1, 2, 3]);
    }

    #[test]
    fn the_way_up_ends_beneath_the_organisation() {
        let mut family = Family::new();
        family.add_kind(7, Model, None);
        family.add_kind(0, Version, Some(7));
        family.add_kind(3, Framework, Some(0));
        assert_eq!(family.upwards(3).collect::<Vec<_>>(), [3, 0, 7]);
        assert_eq!([3, 0, 7].map(|slot| family.root(slot)), [Some(7); 3]);
        assert_eq!(family.children(3).next(), None);
    }
}
