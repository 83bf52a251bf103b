//! Reading: what a user and their groups hold on a chain.

use super::Table;
use super::cell::{BITS, SPECIAL, Weight};
use super::group::RoleEntry;
use super::holdings::Holdings;
use super::line::{Line, OVERFLOWN};
use super::place::{Place, Spot};
use super::resource::ResourceEntry;
use super::rows::Walk;
use super::user::{NEAR, UserEntry};
use crate::time::Timestamp;

/// What was found on a chain, packed as in lines, before role, ceiling and kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct Found {
    /// From live grants to the user.
    pub(crate) own: u32,
    /// From live grants to the groups whose role is acted under.
    pub(crate) groups: u32,
    /// From restrictions of the user and of all their groups.
    pub(crate) taken: u32,
}

/// Who asks about what.
#[derive(Clone, Copy)]
pub(super) struct Question<'t> {
    pub(super) user: &'t UserEntry,
    /// The slot of the role acted under.
    pub(super) role: u32,
    pub(super) resource: &'t ResourceEntry,
}

/// The two lines of a check: of the user, and of the tree.
#[derive(Clone, Copy)]
pub(super) struct View<'t> {
    pub(super) own: &'t Line,
    pub(super) tree: &'t Line,
}

impl View<'_> {
    /// Reads both lines, so that they are near when they are looked at.
    #[inline]
    pub(super) fn touch(&self) -> u32 {
        self.own.data[0] ^ self.tree.data[0]
    }
}

/// A question before the lines that answer it.
#[derive(Clone, Copy)]
pub(crate) struct Look<'t> {
    pub(super) question: Question<'t>,
    pub(super) view: View<'t>,
    /// The slots of the user's groups that stand in the entry.
    pub(super) near: [u32; NEAR],
}

impl Look<'_> {
    /// What the two lines hold, and not zero where that is not all there is to say: where something
    /// expires, restricts, or stands further.
    #[inline]
    pub(crate) fn glance(self) -> (Found, u32) {
        let own = self.view.own.gather(self.question.resource.chain);
        let groups = self.view.tree.gather(self.near);
        let found = Found {
            own,
            groups,
            taken: 0,
        };
        (found, (own | groups) & SPECIAL | self.further())
    }

    /// Not zero where the two lines do not tell everything.
    #[inline]
    fn further(self) -> u32 {
        let Self { question, view, .. } = self;
        (view.own.data[0] | view.tree.data[0] | question.user.look_closer()) & OVERFLOWN
    }
}

impl Table {
    /// What a user who acts under a role holds on a resource.
    #[inline]
    pub(crate) fn look<'t>(
        &'t self,
        user: &'t UserEntry,
        role: u32,
        resource: &'t ResourceEntry,
    ) -> Look<'t> {
        Look {
            question: Question {
                user,
                role,
                resource,
            },
            view: self.view(user, resource),
            near: user.near_groups(),
        }
    }

    /// The same for a session.
    #[inline]
    pub(crate) fn look_in<'t>(
        &'t self,
        holdings: &'t Holdings<'t>,
        resource: &'t ResourceEntry,
    ) -> Look<'t> {
        Look {
            question: holdings.asks(resource),
            view: self.view_in(holdings, resource),
            near: holdings.near(),
        }
    }

    #[inline]
    pub(super) fn view_in<'t>(
        &'t self,
        holdings: &Holdings<'t>,
        resource: &ResourceEntry,
    ) -> View<'t> {
        View {
            own: holdings.line(Spot::of(resource.root())),
            tree: self.trees.line(resource.tree()),
        }
    }

    #[inline]
    pub(super) fn view(&self, user: &UserEntry, resource: &ResourceEntry) -> View<'_> {
        View {
            own: self.line(user.place(), resource),
            tree: self.trees.line(resource.tree()),
        }
    }

    /// The line of a row where what is held on a resource begins.
    #[inline]
    pub(super) fn line(&self, place: Place, resource: &ResourceEntry) -> &Line {
        let home = Spot::of(resource.root()).line(place.lines(), place.turn);
        self.rows.line(place, home).unwrap_or(&Line::FURTHER)
    }

    /// Reads the two lines, and more where they do not tell everything.
    #[inline]
    pub(crate) fn found(&self, look: Look<'_>, now: Timestamp) -> Found {
        let usual = (look.further() == 0).then(|| weigh_view(look, now));
        let found = usual.flatten();
        found.unwrap_or_else(|| self.found_further(look, now))
    }

    #[cold]
    #[inline(never)]
    fn found_further(&self, look: Look<'_>, now: Timestamp) -> Found {
        let Look { question, view, .. } = look;
        let own = self.weigh_own(question, view.own, now);
        let groups = self.weigh_groups(question, view.tree, now);
        found(own, groups)
    }

    fn weigh_own(&self, question: Question<'_>, line: &Line, now: Timestamp) -> Weight {
        let Question { user, resource, .. } = question;
        if line.is_overflown(OVERFLOWN) {
            self.weigh_row(user.place(), resource, now)
        } else {
            weigh(line, resource.chain, now)
        }
    }

    /// What a row gives and takes on a chain.
    pub(super) fn weigh_row(
        &self,
        place: Place,
        resource: &ResourceEntry,
        now: Timestamp,
    ) -> Weight {
        let chain = resource.chain;
        if !place.spread {
            return self.weigh_from(place, Spot::of(resource.root()), chain, now);
        }
        let homes = chain.into_iter().map(Spot::of);
        let weights = homes.map(|home| self.weigh_from(place, home, chain, now));
        weights.fold(Weight::default(), Weight::and)
    }

    /// What a role gives on a resource because that, or one above it, is selected.
    pub(crate) fn selected(&self, role: &RoleEntry, resource: &ResourceEntry) -> u32 {
        let weight = self.weigh_row(role.place(), resource, Timestamp::EPOCH);
        weight.given & BITS
    }

    /// What the lines of a row give and take from one home on.
    fn weigh_from(&self, place: Place, home: Spot, chain: [u32; 3], now: Timestamp) -> Weight {
        let mut walk = Walk::new(place, home);
        let mut all = Weight::default();
        while let Some(line) = walk.next_line(&self.rows) {
            all = all.and(weigh(line, chain, now));
        }
        all
    }
}

/// What the cells of a user on a chain give and take.
fn weigh(line: &Line, chain: [u32; 3], now: Timestamp) -> Weight {
    let words = line.gather(chain);
    if words & SPECIAL == 0 {
        return Weight {
            given: words,
            taken: 0,
        };
    }
    let weight = line.weigh(line.hits(chain), now);
    weight.unwrap_or_else(|| {
        let cells = line.cells().filter(|cell| chain.contains(&cell.key));
        let weights = cells.map(|cell| cell.weigh(now));
        weights.fold(Weight::default(), Weight::and)
    })
}

/// What the two lines give and take; `None` where one holds something unusual.
#[inline]
fn weigh_view(look: Look<'_>, now: Timestamp) -> Option<Found> {
    let (view, chain) = (look.view, look.question.resource.chain);
    let groups = view.tree.hits(look.near);
    let groups = view.tree.weigh_on(chain, groups, now)?;
    let own = view.own.weigh(view.own.hits(chain), now)?;
    Some(found(own, groups))
}

fn found(own: Weight, groups: Weight) -> Found {
    Found {
        own: own.given,
        groups: groups.given,
        taken: own.taken | groups.taken,
    }
}
