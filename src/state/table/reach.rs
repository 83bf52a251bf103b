//! Where permissions come in for a user, where they are taken, and what stands there and beneath: by slots.

use std::ops::Range;

use smallvec::SmallVec;

use super::cell::pack;
use super::children::Children;
use super::family::{Family, Relatives};
use super::group::Group;
use super::holdings::Holdings;
use super::line::{CELLS, Line};
use super::place::Place;
use super::{Table, ahead};
use crate::permission::PermissionSet;
use crate::resource::{Resource, ResourceKind};
use crate::time::Timestamp;

/// The resources where something happens to permissions.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reach {
    /// Where live grants give them, to the user or to a group whose grants count; in no order.
    pub(crate) given: Vec<u32>,
    /// Where restrictions take them, ascending.
    pub(crate) taken: Vec<u32>,
}

impl Reach {
    /// Whether it is taken on this very resource.
    fn is_taken_on(&self, slot: u32) -> bool {
        !self.taken.is_empty() && self.taken.binary_search(&slot).is_ok()
    }

    /// Adds what a row holds; its grants where they count.
    fn add<'r>(&mut self, row: impl Iterator<Item = &'r Line>, counts: bool, (asked, now): Asked) {
        for line in row {
            let (givers, count, special) = line.givers(asked);
            let givers = givers.get(..count).filter(|_| counts);
            self.given.extend_from_slice(givers.unwrap_or_default());
            for cell in special.map(|at| line.cell_at(at)) {
                if counts && cell.gives(asked, now) {
                    self.given.push(cell.key);
                } else if cell.takes(asked) {
                    self.taken.push(cell.key);
                }
            }
        }
    }
}

/// Lines of rows that are looked at before they are read: about as many as the nearest cache may lose.
const AHEAD: usize = 128;

/// Some permissions, packed as in lines, any of which will do, and when.
type Asked = (u32, Timestamp);

impl Table {
    /// Where permissions come in for a session, and where they are taken. Reads each row of theirs once.
    pub(crate) fn reach(
        &self,
        holdings: &Holdings<'_>,
        (permissions, now): (PermissionSet, Timestamp),
    ) -> Reach {
        let asked = (pack(permissions), now);
        let mut reach = Reach::default();
        let user = holdings.user();
        let groups = self.groups_in(user).map(|group| {
            let group = self.groups.at(group).unwrap_or(&Group::NONE);
            (group.place(), group.role == holdings.role())
        });
        let rows: SmallVec<[(Place, bool); 8]> = groups.chain([(user.place(), true)]).collect();
        let that_count = rows.iter().filter(|(_, counts)| *counts);
        let lines: usize = that_count.map(|(place, _)| place.lines()).sum();
        reach.given.reserve(lines.saturating_mul(CELLS));
        let lines = rows.iter().flat_map(|(place, _)| self.rows.lines(*place));
        ahead::read(lines.take(AHEAD).map(|line| line.data[0]));
        for (place, counts) in rows {
            reach.add(self.rows.lines(place), counts, asked);
        }
        reach.taken.sort_unstable();
        reach
    }

    /// The slot of a registered resource; `None` for the organisation.
    pub(crate) fn resource_slot(&self, resource: Resource) -> Option<u32> {
        self.resource(resource).map(|it| it.slot())
    }

    /// Whether it is taken on a resource or above it.
    pub(crate) fn is_taken_at(&self, reach: &Reach, resource: Resource) -> bool {
        let entry = (!reach.taken.is_empty()).then(|| self.resource(resource));
        let mut links = entry.flatten().into_iter().flat_map(|it| it.links());
        links.any(|link| reach.is_taken_on(link))
    }

    /// The ids of the resources of a kind at or beneath where it is given and not at or beneath where it is
    /// taken, in no order; of one that is given on itself and above it, once for each.
    pub(crate) fn ids_beneath(&self, reach: &Reach, kind: ResourceKind) -> Vec<u128> {
        let some = reach.given.len().saturating_mul(4);
        let mut descent = Descent {
            family: &self.family,
            reach,
            kind,
            // Some stand beneath each as a rule: growing on the way shows in the time of a list.
            found: Vec::with_capacity(some),
            ahead: Vec::with_capacity(some),
        };
        let roots = reach.given.iter().filter_map(|root| self.family.of(*root));
        ahead::read(roots.map(|root| root.kind() as u32));
        for root in &reach.given {
            descent.enter_root(*root);
        }
        descent.walk();
        descent.found
    }

    /// These resources and all beneath them, each once, with their slots, in the order of these.
    pub(crate) fn at_or_beneath(
        &self,
        roots: Vec<u32>,
    ) -> impl Iterator<Item = (u32, Resource)> + '_ {
        let mut beneath = once_each(roots);
        let mut at = 0_usize;
        while let Some(slot) = beneath.get(at).copied() {
            at = at.wrapping_add(1);
            beneath.extend(self.family.children(slot));
        }
        let resource = |slot| Some((slot, self.family.resource(slot)?));
        once_each(beneath).into_iter().filter_map(resource)
    }

    /// What stands above any of these, whose slots are given in order, and is none of them; each once.
    pub(crate) fn above<'t>(&'t self, slots: &'t [u32]) -> impl Iterator<Item = Resource> + 't {
        let upwards = |slot: &u32| self.family.upwards(*slot).skip(1);
        let above = once_each(slots.iter().flat_map(upwards).collect()).into_iter();
        let others = above.filter(|slot| slots.binary_search(slot).is_err());
        others.filter_map(|slot| self.family.resource(slot))
    }
}

fn once_each(mut slots: Vec<u32>) -> Vec<u32> {
    slots.sort_unstable();
    slots.dedup();
    slots
}

/// The way down, breadth first: what is read for one resource waits for nothing of another's.
struct Descent<'t> {
    family: &'t Family,
    reach: &'t Reach,
    kind: ResourceKind,
    found: Vec<u128>,
    ahead: Vec<Ahead>,
}

/// A resource to look at.
#[derive(Clone, Copy)]
struct Ahead {
    slot: u32,
    /// With those that follow it beneath its parent.
    and_next: bool,
}

impl Descent<'_> {
    fn enter_root(&mut self, root: u32) {
        let family = self.family;
        let is_taken = || {
            let mut chain = family.upwards(root);
            !self.reach.taken.is_empty() && chain.any(|slot| self.reach.is_taken_on(slot))
        };
        if let Some(relatives) = family.of(root).filter(|_| !is_taken()) {
            self.enter(root, relatives);
        }
    }

    /// Takes in a resource that nothing above it is taken from.
    #[inline]
    fn enter(&mut self, slot: u32, relatives: &Relatives) {
        if relatives.kind() == self.kind {
            // Nothing stands beneath another of its own kind.
            self.found.extend(self.family.id(slot));
        } else if relatives.kind() < self.kind {
            let for_frameworks = self.kind == ResourceKind::Framework;
            if !for_frameworks || relatives.goes_deep() {
                self.descend(relatives.versions(), ResourceKind::Version);
            }
            if for_frameworks {
                self.descend(relatives.frameworks(), ResourceKind::Framework);
            }
        }
    }

    /// Takes in, or looks at, what stands beneath a resource.
    #[inline]
    fn descend(&mut self, children: Children, kind: ResourceKind) {
        let Some(run) = children.run() else {
            let first = children.first().into_iter();
            let and_next = true;
            return self
                .ahead
                .extend(first.map(|slot| Ahead { slot, and_next }));
        };
        if kind == self.kind {
            self.find(run);
        } else {
            let and_next = false;
            self.ahead.extend(run.map(|slot| Ahead { slot, and_next }));
        }
    }

    /// Takes in of a run what is not taken.
    #[inline]
    fn find(&mut self, run: Range<u32>) {
        if self.reach.taken.is_empty() {
            return self.family.append_ids(run, &mut self.found);
        }
        let left = run.filter(|slot| !self.reach.is_taken_on(*slot));
        self.found
            .extend(left.filter_map(|slot| self.family.id(slot)));
    }

    fn walk(&mut self) {
        let mut at = 0_usize;
        while let Some(Ahead { slot, and_next }) = self.ahead.get(at).copied() {
            at = at.wrapping_add(1);
            let Some(relatives) = self.family.of(slot) else {
                continue;
            };
            let next = relatives.next().filter(|_| and_next);
            self.ahead.extend(next.map(|slot| Ahead { slot, and_next }));
            if !self.reach.is_taken_on(slot) {
                self.enter(slot, relatives);
            }
        }
    }
}

impl Table {
    /// What stands directly beneath a resource other than the organisation, in no order.
    pub(in crate::state) fn children(&self, parent: Resource) -> impl Iterator<Item = Resource> {
        let slot = self.resource_slot(parent).into_iter();
        let children = slot.flat_map(|slot| self.family.children(slot));
        children.filter_map(|slot| self.family.resource(slot))
    }
}
