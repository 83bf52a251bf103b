//! Reading: what a user and their groups hold on a chain.

use super::cell::{BITS, HERE, SINGULAR, SPECIAL, Weight};
use super::group::RoleEntry;
use super::holdings::Holdings;
use super::line::{Line, OVERFLOWN};
use super::resource::ResourceEntry;
use super::rows::{Place, Rows, Spot, Walk};
use super::user::{NEAR, UserEntry};
use super::{Table, tree};
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
    /// The slots of the user's groups that stand in the entry.
    pub(super) near: [u32; NEAR],
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

impl<'t> Question<'t> {
    #[inline]
    pub(super) fn new(user: &'t UserEntry, role: u32, resource: &'t ResourceEntry) -> Self {
        Self {
            user,
            near: user.near_groups(),
            role,
            resource,
        }
    }

    /// Not zero where the two lines do not tell everything.
    #[inline]
    fn further(self, view: View<'_>) -> u32 {
        (view.own.data[0] | view.tree.data[0]) & OVERFLOWN | self.user.look_closer()
    }
}

/// The groups of a user.
#[derive(Clone, Copy)]
enum Membership<'t> {
    Near([u32; NEAR]),
    Listed(&'t [Line]),
    /// More than a page holds.
    Many(&'t Rows, Place),
}

impl Membership<'_> {
    #[inline]
    fn hold(self, group: u32) -> bool {
        match self {
            Self::Near(groups) => groups.contains(&group),
            Self::Listed(lines) => lines.iter().any(|line| line.has_number(group)),
            Self::Many(rows, list) => rows.lines(list).any(|line| line.has_number(group)),
        }
    }
}

impl Table {
    /// What a user who acts under a role holds on a resource.
    #[inline]
    pub(crate) fn found(
        &self,
        user: &UserEntry,
        role: u32,
        resource: &ResourceEntry,
        now: Timestamp,
    ) -> Found {
        let view = self.view(user, resource);
        self.found_in_view(Question::new(user, role, resource), view, now)
    }

    /// What a session's user holds on a resource.
    #[inline]
    pub(crate) fn found_in(
        &self,
        holdings: &Holdings<'_>,
        resource: &ResourceEntry,
        now: Timestamp,
    ) -> Found {
        let view = self.view_in(holdings, resource);
        self.found_in_view(holdings.asks(resource), view, now)
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

    /// Reads the two lines, and more only where something expires, restricts, or stands further.
    #[inline]
    pub(super) fn found_in_view(
        &self,
        question: Question<'_>,
        view: View<'_>,
        now: Timestamp,
    ) -> Found {
        let own = view.own.gather(question.resource.chain);
        let groups = view.tree.gather(question.near);
        let further = question.further(view);
        if (own | groups) & SPECIAL | further == 0 {
            return Found {
                own,
                groups,
                taken: 0,
            };
        }
        if (own | groups) & SINGULAR | further == 0 {
            return weigh_view(question, view, now);
        }
        self.found_further(question, view, now)
    }

    #[cold]
    #[inline(never)]
    fn found_further(&self, question: Question<'_>, view: View<'_>, now: Timestamp) -> Found {
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

    /// What the groups of a user give and take.
    fn weigh_groups(&self, question: Question<'_>, line: &Line, now: Timestamp) -> Weight {
        let near = question.near;
        let further = line.is_overflown(OVERFLOWN);
        if question.user.list().is_none() && !further && line.gather(near) & SINGULAR == 0 {
            let count = |group: u32| {
                if self.acts(group, question.role) {
                    group
                } else {
                    0
                }
            };
            return Weight {
                given: line.weigh(near.map(count), now).given,
                taken: line.weigh(near, now).taken,
            };
        }
        let members = self.membership(question.user);
        let first = self.weigh_tree_line(question, members, line, now);
        if !further {
            return first;
        }
        let rest = self.trees.rest(question.resource.tree());
        first.and(self.weigh_rest(question, members, rest, now))
    }

    /// What the cells of a user's groups in a line of a tree give and take on a chain.
    #[inline]
    fn weigh_tree_line(
        &self,
        question: Question<'_>,
        members: Membership<'_>,
        line: &Line,
        now: Timestamp,
    ) -> Weight {
        let chain = question.resource.chain;
        let all_count = !question.user.is_mixed();
        let mut all = Weight::default();
        for cell in line.cells() {
            let on_chain = cell.on == HERE || chain.contains(&cell.on);
            if on_chain && members.hold(cell.key) {
                let counts = all_count || self.acts(cell.key, question.role);
                all = all.and(cell.weigh(now).where_counts(counts));
            }
        }
        all
    }

    /// The same of the cells that found no room in the first line: in a short row all are looked at, in a
    /// long one those of each group.
    fn weigh_rest(
        &self,
        question: Question<'_>,
        members: Membership<'_>,
        rest: Place,
        now: Timestamp,
    ) -> Weight {
        let weigh = |line| self.weigh_tree_line(question, members, line, now);
        if rest.lines() <= tree::SHORT {
            let weights = self.rows.lines(rest).map(weigh);
            return weights.fold(Weight::default(), Weight::and);
        }
        let groups = self.groups_in(question.user);
        let homes = groups.flat_map(|group| tree::homes_of(group, rest, question.resource.chain));
        let lines = homes.flat_map(|home| self.rows.path(rest, home));
        lines.map(weigh).fold(Weight::default(), Weight::and)
    }

    /// The slots of a user's groups.
    pub(super) fn groups_in(&self, user: &UserEntry) -> impl Iterator<Item = u32> + use<'_> {
        let list = user.list();
        let near = list.is_none().then(|| user.near_groups());
        let listed = list.into_iter().flat_map(|it| self.rows.list(it));
        let near = near.into_iter().flatten().filter(|slot| *slot != 0);
        near.chain(listed)
    }

    #[inline]
    fn membership(&self, user: &UserEntry) -> Membership<'_> {
        match user.list() {
            None => Membership::Near(user.near_groups()),
            Some(list) => match self.rows.slice(list) {
                Some(lines) => Membership::Listed(lines),
                None => Membership::Many(&self.rows, list),
            },
        }
    }

    /// Whether a group's role is the one acted under.
    pub(super) fn acts(&self, group: u32, role: u32) -> bool {
        self.groups.at(group).is_some_and(|it| it.role == role)
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
    if words & SINGULAR == 0 {
        return line.weigh(chain, now);
    }
    let cells = line.cells().filter(|cell| chain.contains(&cell.key));
    let weights = cells.map(|cell| cell.weigh(now));
    weights.fold(Weight::default(), Weight::and)
}

#[inline(never)]
fn weigh_view(question: Question<'_>, view: View<'_>, now: Timestamp) -> Found {
    let own = view.own.weigh(question.resource.chain, now);
    let groups = view.tree.weigh(question.near, now);
    found(own, groups)
}

fn found(own: Weight, groups: Weight) -> Found {
    Found {
        own: own.given,
        groups: groups.given,
        taken: own.taken | groups.taken,
    }
}
