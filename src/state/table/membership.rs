//! What the groups of a user hold in a tree.

use super::cell::{HERE, Weight};
use super::line::{Line, OVERFLOWN};
use super::place::Place;
use super::read::Question;
use super::rows::Rows;
use super::user::{NEAR, UserEntry};
use super::{Table, tree};
use crate::time::Timestamp;

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
    /// What the groups of a user give and take.
    pub(super) fn weigh_groups(
        &self,
        question: Question<'_>,
        line: &Line,
        now: Timestamp,
    ) -> Weight {
        let members = self.membership(question.user);
        let first = self.weigh_in(line, question, members, now);
        if !line.is_overflown(OVERFLOWN) {
            return first;
        }
        let rest = self.trees.rest(question.resource.tree());
        first.and(self.weigh_rest(rest, question, members, now))
    }

    /// What a line of a tree gives and takes.
    #[inline]
    fn weigh_in(
        &self,
        line: &Line,
        question: Question<'_>,
        members: Membership<'_>,
        now: Timestamp,
    ) -> Weight {
        let weigh = |hits| line.weigh_on(question.resource.chain, hits, now);
        let mixed = question.user.is_mixed();
        let weight = match members {
            Membership::Near(groups) if mixed => {
                let counting = groups.map(|group| self.counting(group, question.role));
                let weights = weigh(line.hits(counting)).zip(weigh(line.hits(groups)));
                weights.map(|(counting, all)| Weight {
                    given: counting.given,
                    taken: all.taken,
                })
            }
            Membership::Near(groups) => weigh(line.hits(groups)),
            Membership::Listed(list) if !mixed => weigh(line.hits_in(list)),
            Membership::Listed(_) | Membership::Many(..) => None,
        };
        weight.unwrap_or_else(|| self.weigh_each(line, question, members, now))
    }

    /// The same cell by cell.
    fn weigh_each(
        &self,
        line: &Line,
        question: Question<'_>,
        members: Membership<'_>,
        now: Timestamp,
    ) -> Weight {
        let chain = question.resource.chain;
        let cells = line.cells();
        let on_chain = cells.filter(|cell| cell.on == HERE || chain.contains(&cell.on));
        let mine = on_chain.filter(|cell| members.hold(cell.key));
        let weights = mine.map(|cell| {
            let counts = self.acts(cell.key, question.role);
            cell.weigh(now).where_counts(counts)
        });
        weights.fold(Weight::default(), Weight::and)
    }

    /// The same of what found no room in the first line: a short row is looked at as a whole, of a long one
    /// the lines of each group.
    fn weigh_rest(
        &self,
        rest: Place,
        question: Question<'_>,
        members: Membership<'_>,
        now: Timestamp,
    ) -> Weight {
        let weigh = |line| self.weigh_in(line, question, members, now);
        if rest.lines() <= tree::SHORT {
            let weights = self.rows.lines(rest).map(weigh);
            return weights.fold(Weight::default(), Weight::and);
        }
        let groups = self.groups_in(question.user);
        let weights = groups.map(|group| self.weigh_group(group, rest, question, now));
        weights.fold(Weight::default(), Weight::and)
    }

    /// The same of one group, in a long row.
    fn weigh_group(
        &self,
        group: u32,
        rest: Place,
        question: Question<'_>,
        now: Timestamp,
    ) -> Weight {
        let alone = Membership::Near([group, 0, 0]);
        let homes = tree::homes_of(group, rest, question.resource.chain);
        let lines = homes.flat_map(|home| self.rows.path(rest, home));
        let weights = lines.map(|line| self.weigh_in(line, question, alone, now));
        weights.fold(Weight::default(), Weight::and)
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

    /// The user as one who acts under this role: whether the grants of all their groups count.
    pub(super) fn acting(&self, user: UserEntry, role: u32) -> UserEntry {
        let mixed = self.groups_in(&user).any(|group| !self.acts(group, role));
        user.with_mixed(mixed)
    }

    /// Whether a group's role is the one acted under.
    pub(super) fn acts(&self, group: u32, role: u32) -> bool {
        self.groups.at(group).is_some_and(|it| it.role == role)
    }

    /// The group where its grants count, else none.
    fn counting(&self, group: u32, role: u32) -> u32 {
        if self.acts(group, role) { group } else { 0 }
    }
}
