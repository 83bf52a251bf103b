//! What the groups of a user hold in a tree.

use super::cell::{HERE, Weight};
use super::lanes::Hits;
use super::line::{Line, OVERFLOWN};
use super::list::List;
use super::place::Place;
use super::read::Question;
use super::resource::ResourceEntry;
use super::user::UserEntry;
use super::{Table, read, tree};
use crate::time::Timestamp;

/// The words of a tree's line with one of a user's groups, or the list that has to be looked through for
/// each cell.
#[inline(always)]
fn hits<'t>(user: &UserEntry, list: Option<List<'t>>, line: &Line) -> Result<Hits, List<'t>> {
    match list {
        Some(list) if user.is_mixed() => Err(list),
        _ => hits_of_all(user, list, line),
    }
}

/// The same whether or not the groups are of the role acted under.
#[inline(always)]
fn hits_of_all<'t>(
    user: &UserEntry,
    list: Option<List<'t>>,
    line: &Line,
) -> Result<Hits, List<'t>> {
    match list {
        None => Ok(line.hits(user.near_groups())),
        Some(list) => list.hits(line).ok_or(list),
    }
}

impl Table {
    /// What the groups of a user give and take: a short row of what found no room in the first line is looked
    /// at as a whole, of a long one the lines of each group.
    pub(super) fn weigh_groups(
        &self,
        question: Question<'_>,
        first: &Line,
        now: Timestamp,
    ) -> Weight {
        let list = self.list(question.user);
        let (short, long) = self.beyond(first, question.resource);
        let mut all = self.weigh_in(first, question, list, now);
        for line in short {
            all = all.and(self.weigh_in(line, question, list, now));
        }
        match long {
            Some(rest) => all.and(self.weigh_long(rest, question, now)),
            None => all,
        }
    }

    /// What found no room in the first line of a tree: the lines of a short row, or a long one.
    #[inline]
    pub(super) fn beyond(
        &self,
        first: &Line,
        resource: &ResourceEntry,
    ) -> (&[Line], Option<Place>) {
        let rest = first
            .is_overflown(OVERFLOWN)
            .then(|| self.trees.rest(resource.tree()));
        let short = rest
            .and_then(|it| self.rows.slice(it))
            .filter(|lines| lines.len() <= tree::SHORT);
        let long = rest.filter(|_| short.is_none());
        (short.unwrap_or_default(), long)
    }

    /// The words of a tree's line with one of a user's groups, of whatever role, or their list where each cell
    /// has to be looked for in it.
    pub(super) fn hits_of_all(&self, user: &UserEntry, line: &Line) -> Result<Hits, List<'_>> {
        hits_of_all(user, self.list(user), line)
    }

    /// The words of a tree's line with one of a user's groups, where they can be told side by side.
    #[inline]
    pub(super) fn hits(&self, user: &UserEntry, line: &Line) -> Option<Hits> {
        hits(user, self.list(user), line).ok()
    }

    /// What a line of a tree gives and takes.
    #[inline(always)]
    fn weigh_in(
        &self,
        line: &Line,
        question: Question<'_>,
        list: Option<List<'_>>,
        now: Timestamp,
    ) -> Weight {
        match hits(question.user, list, line) {
            Ok(hits) => {
                let all = line.weigh_on(question.resource.chain, hits, now);
                read::given_by_those_that_count(all, line, question, now)
            }
            Err(list) => self.weigh_each(line, question, list, now),
        }
    }

    /// The same cell by cell.
    #[cold]
    #[inline(never)]
    fn weigh_each(
        &self,
        line: &Line,
        question: Question<'_>,
        list: List<'_>,
        now: Timestamp,
    ) -> Weight {
        let chain = question.resource.chain;
        let cells = line.cells();
        let on_chain = cells.filter(|cell| cell.on == HERE || chain.contains(&cell.on));
        let mine = on_chain.filter(|cell| list.holds(cell.key));
        let weights = mine.map(|cell| {
            let counts = self.acts(cell.key, question.role);
            cell.weigh(now).where_counts(counts)
        });
        weights.fold(Weight::default(), Weight::and)
    }

    /// The same of a long row, group by group.
    #[cold]
    #[inline(never)]
    fn weigh_long(&self, rest: Place, question: Question<'_>, now: Timestamp) -> Weight {
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
        let chain = question.resource.chain;
        let lines = self.rest_of(group, rest, chain);
        let weights = lines.map(|line| line.weigh_on(chain, line.hits([group; 3]), now));
        let weight = weights.fold(Weight::default(), Weight::and);
        weight.where_counts(self.acts(group, question.role))
    }

    /// The lines of a long row where what a group has on a chain may stand.
    pub(super) fn rest_of(
        &self,
        group: u32,
        rest: Place,
        chain: [u32; 3],
    ) -> impl Iterator<Item = &Line> {
        let homes = tree::homes_of(group, rest, chain);
        homes.flat_map(move |home| self.rows.path(rest, home))
    }

    /// The slots of a user's groups.
    pub(super) fn groups_in(&self, user: &UserEntry) -> impl Iterator<Item = u32> + use<'_> {
        let list = user.list();
        let near = list.is_none().then(|| user.near_groups());
        let listed = list.into_iter().flat_map(|it| self.rows.listed(it));
        let near = near.into_iter().flatten().filter(|slot| *slot != 0);
        near.chain(listed)
    }

    /// The list of the groups where they do not stand in the entry.
    #[inline]
    fn list(&self, user: &UserEntry) -> Option<List<'_>> {
        user.list().map(|list| self.rows.list(list))
    }

    /// The user as one who acts under this role: whether the grants of all their groups count.
    pub(super) fn acting(&self, user: UserEntry, role: u32) -> UserEntry {
        let is_apart = |group| group != 0 && !self.acts(group, role);
        user.with_apart(match user.list() {
            None => user.near_groups().map(is_apart),
            Some(list) => [self.rows.listed(list).any(is_apart), false, false],
        })
    }

    /// Whether a group's role is the one acted under.
    pub(super) fn acts(&self, group: u32, role: u32) -> bool {
        self.groups.at(group).is_some_and(|it| it.role == role)
    }
}
