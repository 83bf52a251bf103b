//! Reading: what a user and their groups hold on a chain.

use super::Table;
use super::cell::{BITS, HERE, SPECIAL};
use super::holdings::Holdings;
use super::line::{Line, OVERFLOWN};
use super::resource::ResourceEntry;
use super::rows::{Place, Spot, Walk};
use super::user::UserEntry;
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

/// What is looked for in a row.
#[derive(Clone, Copy)]
pub(super) struct Probe {
    pub(super) chain: [u32; 3],
    pub(super) spot: Spot,
}

impl Probe {
    #[inline]
    pub(super) fn new(resource: &ResourceEntry) -> Self {
        Self {
            chain: resource.chain,
            spot: Spot::of(resource.root()),
        }
    }
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
        let question = Question {
            user,
            role,
            resource,
        };
        let view = self.view(user, resource);
        self.found_in_view(question, view, now)
    }

    /// What a session's user holds on a resource.
    #[inline]
    pub(crate) fn found_in(
        &self,
        holdings: &Holdings<'_>,
        resource: &ResourceEntry,
        now: Timestamp,
    ) -> Found {
        let view = View {
            own: holdings.line(Spot::of(resource.root())),
            tree: self.trees.line(resource.tree()),
        };
        self.found_in_view(holdings.asks(resource), view, now)
    }

    #[inline]
    pub(super) fn view(&self, user: &UserEntry, resource: &ResourceEntry) -> View<'_> {
        let place = user.place();
        let home = Spot::of(resource.root()).line(place.lines());
        View {
            own: self.rows.line(place, home).unwrap_or(&Line::FURTHER),
            tree: self.trees.line(resource.tree()),
        }
    }

    /// Reads the two lines, and more only where something expires, restricts, or stands further.
    #[inline]
    pub(super) fn found_in_view(
        &self,
        question: Question<'_>,
        view: View<'_>,
        now: Timestamp,
    ) -> Found {
        let Question { user, resource, .. } = question;
        let mark = Spot::of(resource.root()).mark;
        let own = view.own.gather(resource.chain);
        let groups = view.tree.gather(user.near_groups());
        let special = (own | groups) & SPECIAL
            | view.own.data[0] & mark
            | view.tree.data[0] & OVERFLOWN
            | user.look_closer();
        if special == 0 {
            return Found {
                own,
                groups,
                taken: 0,
            };
        }
        self.found_exactly(question, view, now)
    }

    #[cold]
    #[inline(never)]
    fn found_exactly(&self, question: Question<'_>, view: View<'_>, now: Timestamp) -> Found {
        let (own, taken) = self.weigh_own(question, view.own, now);
        let (groups, taken_too) = self.weigh_groups(question, view.tree, now);
        Found {
            own: own & BITS,
            groups,
            taken: (taken | taken_too) & BITS,
        }
    }

    fn weigh_own(&self, question: Question<'_>, line: &Line, now: Timestamp) -> (u32, u32) {
        let Question { user, resource, .. } = question;
        let probe = Probe::new(resource);
        if !line.is_overflown(probe.spot.mark) {
            return line.weigh(resource.chain, now);
        }
        let place = user.place();
        if !place.spread {
            return self.weigh_from(place, &probe, probe.spot, now);
        }
        let links = resource.chain.into_iter().map(Spot::of);
        links.fold((0, 0), |(given, taken), spot| {
            let (more, less) = self.weigh_from(place, &probe, spot, now);
            (given | more, taken | less)
        })
    }

    /// What the lines of a row give and take from one home on.
    fn weigh_from(&self, place: Place, probe: &Probe, spot: Spot, now: Timestamp) -> (u32, u32) {
        let (mut given, mut taken) = (0, 0);
        let mut walk = Walk::new(place, spot);
        while let Some(line) = walk.next_line(&self.rows) {
            let (more, less) = line.weigh(probe.chain, now);
            given |= more;
            taken |= less;
        }
        (given, taken)
    }

    /// What the groups of a user give and take.
    fn weigh_groups(&self, question: Question<'_>, line: &Line, now: Timestamp) -> (u32, u32) {
        let Question {
            user,
            role,
            resource,
        } = question;
        let plain = (user.look_closer() == 0 && !line.is_overflown(OVERFLOWN))
            .then(|| line.gather(user.near_groups()))
            .filter(|words| words & SPECIAL == 0);
        if let Some(words) = plain {
            return (words & BITS, 0);
        }
        let chain = resource.chain;
        let on_chain = |on: u32| on == HERE || chain.contains(&on);
        let groups = self.groups_in(user);
        let cells = self.trees.cells(&self.rows, resource, groups);
        let mine = cells.filter(|cell| on_chain(cell.on) && self.is_in(user, cell.key));
        mine.fold((0, 0), |(given, taken), cell| {
            let (gives, takes) = cell.weigh(now);
            let counts = u32::from(self.acts(cell.key, role)).wrapping_neg();
            (given | gives & counts, taken | takes)
        })
    }

    /// The slots of a user's groups.
    pub(super) fn groups_in(&self, user: &UserEntry) -> impl Iterator<Item = u32> + use<'_> {
        let list = user.list();
        let near = list.is_none().then(|| user.near_groups());
        let listed = list.into_iter().flat_map(|it| self.rows.list(it));
        let near = near.into_iter().flatten().filter(|slot| *slot != 0);
        near.chain(listed)
    }

    fn is_in(&self, user: &UserEntry, group: u32) -> bool {
        match user.list() {
            None => user.near_groups().contains(&group),
            Some(list) => {
                let mut lines = self.rows.lines(list);
                lines.any(|line| line.has_number(group))
            }
        }
    }

    /// Whether a group's role is the one acted under.
    pub(super) fn acts(&self, group: u32, role: u32) -> bool {
        self.groups.at(group).is_some_and(|it| it.role == role)
    }
}
