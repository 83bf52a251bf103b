//! Reading: what a user and their groups hold on a chain.

use super::Table;
use super::cell::{BITS, SPECIAL_IN_TREE, Weight};
use super::group::RoleEntry;
use super::holdings::Holdings;
use super::lanes::{self, Fourfold};
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
pub(crate) struct View<'t> {
    pub(super) own: &'t Line,
    pub(super) tree: &'t Line,
}

impl View<'_> {
    /// Reads both lines, so that they are near when they are looked at.
    #[inline]
    pub(super) fn touch(&self) -> u32 {
        self.own.data[0] ^ self.tree.data[0]
    }

    /// Whether more stands in other lines.
    #[inline]
    fn is_overflown(&self) -> bool {
        self.own.is_overflown(OVERFLOWN) | self.tree.is_overflown(OVERFLOWN)
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

impl<'t> Look<'t> {
    /// What a user who acts under a role holds on a resource, by its two lines.
    #[inline]
    pub(crate) fn new(
        user: &'t UserEntry,
        role: u32,
        resource: &'t ResourceEntry,
        view: View<'t>,
    ) -> Self {
        Self {
            question: Question {
                user,
                role,
                resource,
            },
            view,
            near: user.near_groups(),
        }
    }

    /// What the two lines give, to the user and to the groups, where nothing on them has to be weighed and
    /// they tell everything; then nothing is taken.
    #[inline(always)]
    pub(crate) fn glance(&self) -> Option<[Fourfold; 2]> {
        let Self {
            question,
            view,
            near,
        } = self;
        let own = view.own.gather(question.resource.chain);
        let groups = view.tree.gather(*near);
        let all = own.or(groups).word() & SPECIAL_IN_TREE | question.further(*view) == 0;
        all.then_some([own, groups])
    }
}

impl Question<'_> {
    /// Not zero where the two lines do not tell everything.
    #[inline]
    fn further(self, view: View<'_>) -> u32 {
        (view.own.data[0] | view.tree.data[0] | self.user.look_closer()) & OVERFLOWN
    }
}

impl Table {
    /// The lines of a check through a session.
    #[inline]
    pub(crate) fn view_in<'t>(
        &'t self,
        holdings: &Holdings<'t>,
        resource: &ResourceEntry,
    ) -> View<'t> {
        View {
            own: holdings.line(Spot::of(resource.root())),
            tree: self.trees.line(resource.tree()),
        }
    }

    /// The lines of a check.
    #[inline]
    pub(crate) fn view(&self, user: &UserEntry, resource: &ResourceEntry) -> View<'_> {
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

    /// What was found by the two lines and, where they do not tell everything, by a closer look.
    pub(crate) fn found(&self, look: Look<'_>, now: Timestamp) -> Found {
        match look.glance() {
            Some([own, groups]) => Found {
                own: own.word(),
                groups: groups.word(),
                taken: 0,
            },
            None => self.look_closer(look, now),
        }
    }

    /// Weighs what is on the two lines, and looks further where they do not tell everything.
    #[inline(always)]
    pub(crate) fn look_closer(&self, look: Look<'_>, now: Timestamp) -> Found {
        let Question {
            user,
            role,
            resource,
        } = look.question;
        self.found_closer(look.view, user, role, resource, now)
    }

    // Told by references alone, so that what was seen at a glance stays in registers.
    #[inline(never)]
    fn found_closer(
        &self,
        view: View<'_>,
        user: &UserEntry,
        role: u32,
        resource: &ResourceEntry,
        now: Timestamp,
    ) -> Found {
        let question = Question {
            user,
            role,
            resource,
        };
        let (own, tree) = (view.own, view.tree);
        if !view.is_overflown()
            && let Some(hits) = self.hits(user, tree)
        {
            let of_groups = tree.on_chain(hits, resource.chain);
            let both = [(own, own.hits(resource.chain)), (tree, of_groups)];
            let [own, groups] = lanes::weigh_both(both, now);
            return found(own, given_by_those_that_count(groups, tree, question, now));
        }
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
        let homes = place.homes_on(chain).map(Spot::of);
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
    line.weigh(line.hits(chain), now)
}

/// What all groups of a user give and take by a line of a tree, without what those in the entry give that are
/// not of the role acted under.
#[inline]
pub(super) fn given_by_those_that_count(
    all: Weight,
    line: &Line,
    Question { user, resource, .. }: Question<'_>,
    now: Timestamp,
) -> Weight {
    if !user.is_mixed() {
        return all;
    }
    let hits = line.hits(user.near_groups_that_count());
    let given = line.weigh_on(resource.chain, hits, now).given;
    Weight { given, ..all }
}

fn found(own: Weight, groups: Weight) -> Found {
    Found {
        own: own.given,
        groups: groups.given,
        taken: own.taken | groups.taken,
    }
}
