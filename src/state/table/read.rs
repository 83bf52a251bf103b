//! Reading: what the rows of a user and of their groups hold on a chain.

use super::Table;
use super::group::{Group, RoleEntry};
use super::line::{CELLS, EXPIRES, Line, RESTRICTS};
use super::resource::ResourceEntry;
use super::rows::{Place, Spot, Walk};
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

/// What is looked for in every row.
#[derive(Clone, Copy)]
pub(super) struct Probe {
    chain: [u32; 3],
    spot: Spot,
}

const LANES: usize = 4;

/// Words side by side, or-ed lane by lane.
#[derive(Clone, Copy)]
struct Lanes([u32; LANES]);

impl Lanes {
    const NONE: Self = Self([0; LANES]);

    #[inline]
    fn or(mut self, other: Self) -> Self {
        for (one, other) in self.0.iter_mut().zip(other.0) {
            *one |= other;
        }
        self
    }

    #[inline]
    fn within(self, mask: u32) -> Self {
        Self(self.0.map(|lane| lane & mask))
    }

    #[inline]
    fn join(self) -> u32 {
        let [a, b, c, d] = self.0;
        (a | b) | (c | d)
    }
}

impl Probe {
    #[inline]
    pub(super) fn new(resource: &ResourceEntry) -> Self {
        Self {
            chain: resource.chain,
            spot: Spot::of(resource.root()),
        }
    }

    /// The words of all cells on the chain, without a branch.
    #[inline]
    fn gather(&self, line: &Line) -> Lanes {
        let [a, b, c] = self.chain;
        let mut lanes = Lanes::NONE;
        let halves = line
            .slots
            .chunks_exact(LANES)
            .zip(line.data.chunks_exact(LANES));
        for (slots, data) in halves {
            for (lane, (&slot, &data)) in lanes.0.iter_mut().zip(slots.iter().zip(data)) {
                let hit = (slot == a) | (slot == b) | (slot == c);
                *lane |= if hit { data } else { 0 };
            }
        }
        lanes
    }
}

const _: () = assert!(CELLS == 2 * LANES, "a line is two registers of slots");

/// The lines where a check looks first: of the user, then of the groups near.
struct View<'t> {
    own: &'t Line,
    groups: [&'t Line; NEAR],
    /// All ones for each group whose grants count.
    counts: [u32; NEAR],
}

impl View<'_> {
    /// What the lines hold; `None` where something expires, restricts, or stands further.
    #[inline]
    fn found(&self, probe: &Probe) -> Option<Found> {
        let own = probe.gather(self.own);
        let (mut groups, mut seen) = (Lanes::NONE, own);
        let mut overflown = self.own.data[0];
        for (line, counts) in self.groups.iter().zip(self.counts) {
            let words = probe.gather(line);
            groups = groups.or(words.within(counts));
            seen = seen.or(words);
            overflown |= line.data[0];
        }
        let special = seen.join() & (EXPIRES | RESTRICTS) | overflown & probe.spot.mark;
        (special == 0).then(|| Found {
            own: own.join(),
            groups: groups.join(),
            taken: 0,
        })
    }

    /// The same, cell by cell; `None` where something stands further.
    fn weigh(&self, probe: &Probe, now: Timestamp) -> Option<Found> {
        let overflown = self.groups.iter().map(|line| line.data[0]);
        if overflown.fold(self.own.data[0], |all, word| all | word) & probe.spot.mark != 0 {
            return None;
        }
        let (own, taken) = self.own.weigh(probe.chain, now);
        let found = Found {
            own,
            groups: 0,
            taken,
        };
        let groups = self.groups.iter().zip(self.counts);
        Some(groups.fold(found, |found, (line, counts)| {
            let (given, taken) = line.weigh(probe.chain, now);
            Found {
                groups: found.groups | given & counts,
                taken: found.taken | taken,
                ..found
            }
        }))
    }
}

/// The lines of a subject as a session sees them.
#[derive(Clone, Copy, Debug)]
struct Row<'s>(&'s [Line]);

impl<'s> Row<'s> {
    const NONE: Self = Self(&[Line::BLANK]);
    /// Too long for one page: every check looks further.
    const LONG: Self = Self(&[Line::FURTHER]);

    #[inline]
    fn line(self, probe: &Probe) -> &'s Line {
        let Self(lines) = self;
        lines
            .get(probe.spot.home(lines.len()))
            .unwrap_or(&Line::FURTHER)
    }
}

/// What a session needs of the table to decide.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Holdings<'s> {
    own: Row<'s>,
    groups: [Row<'s>; NEAR],
    counts: [u32; NEAR],
    /// The slot of the role.
    role: u32,
    /// The groups are not all near.
    listed: bool,
    pub(crate) definition: RoleEntry,
    user: &'s UserEntry,
}

impl Table {
    /// The holdings of a user who acts under this role.
    pub(crate) fn holdings<'s>(
        &'s self,
        user: &'s UserEntry,
        role: u32,
        definition: RoleEntry,
    ) -> Holdings<'s> {
        let groups = self.near(user);
        Holdings {
            own: self.row(user.place()),
            groups: groups.map(|group| self.row(group.place())),
            counts: groups.map(|group| counts(group, role)),
            role,
            listed: user.list().is_some(),
            definition,
            user,
        }
    }

    fn row(&self, place: Place) -> Row<'_> {
        if place == Place::NONE {
            return Row::NONE;
        }
        self.rows.slice(place).map_or(Row::LONG, Row)
    }

    /// What a session's user holds on a resource.
    #[inline]
    pub(crate) fn found_in(
        &self,
        holdings: &Holdings<'_>,
        resource: &ResourceEntry,
        now: Timestamp,
    ) -> Found {
        let probe = Probe::new(resource);
        let view = View {
            own: holdings.own.line(&probe),
            groups: holdings.groups.map(|row| row.line(&probe)),
            counts: holdings.counts,
        };
        match view.found(&probe) {
            Some(found) if !holdings.listed => found,
            _ => self.found_exactly((holdings.user, holdings.role), &view, &probe, now),
        }
    }

    /// What a user who acts under a role holds on a resource.
    #[inline]
    pub(crate) fn found(
        &self,
        user: &UserEntry,
        role: u32,
        resource: &ResourceEntry,
        now: Timestamp,
    ) -> Found {
        let probe = Probe::new(resource);
        let groups = self.near(user);
        let view = View {
            own: self.line(user.place(), &probe),
            groups: groups.map(|group| self.line(group.place(), &probe)),
            counts: groups.map(|group| counts(group, role)),
        };
        match view.found(&probe) {
            Some(found) if user.list().is_none() => found,
            _ => self.found_exactly((user, role), &view, &probe, now),
        }
    }

    /// The groups that stand in the entry itself.
    #[inline]
    fn near(&self, user: &UserEntry) -> [&Group; NEAR] {
        let groups = match user.list() {
            None => user.near_groups(),
            Some(_) => [0; NEAR],
        };
        groups.map(|slot| self.groups.at(slot).unwrap_or(&Group::NONE))
    }

    #[inline]
    pub(super) fn line(&self, place: Place, probe: &Probe) -> &Line {
        let home = probe.spot.home(place.lines());
        self.rows.line(place, home).unwrap_or(&Line::FURTHER)
    }

    #[cold]
    #[inline(never)]
    fn found_exactly(
        &self,
        (user, role): (&UserEntry, u32),
        view: &View<'_>,
        probe: &Probe,
        now: Timestamp,
    ) -> Found {
        let near = user.list().is_none().then(|| view.weigh(probe, now));
        near.flatten()
            .unwrap_or_else(|| self.found_further(user, role, probe, now))
    }

    /// With every line that may matter.
    fn found_further(&self, user: &UserEntry, role: u32, probe: &Probe, now: Timestamp) -> Found {
        let (own, taken) = self.weigh(user.place(), probe, now);
        let start = Found {
            own,
            groups: 0,
            taken,
        };
        let add = |found: Found, slot: u32| {
            let group = self.groups.at(slot).unwrap_or(&Group::NONE);
            let (given, taken) = self.weigh(group.place(), probe, now);
            Found {
                groups: found.groups | given & counts(group, role),
                taken: found.taken | taken,
                ..found
            }
        };
        match user.list() {
            Some(list) => self.rows.list(list).fold(start, add),
            None => user.near_groups().into_iter().fold(start, add),
        }
    }

    /// What a row gives and takes on a chain.
    #[inline]
    pub(super) fn weigh(&self, place: Place, probe: &Probe, now: Timestamp) -> (u32, u32) {
        if place.spread {
            return self.weigh_spread(place, probe, now);
        }
        self.weigh_from(place, probe, probe.spot, now)
    }

    #[cold]
    #[inline(never)]
    fn weigh_spread(&self, place: Place, probe: &Probe, now: Timestamp) -> (u32, u32) {
        let links = probe.chain.into_iter().map(Spot::of);
        links.fold((0, 0), |(given, taken), spot| {
            let (more, less) = self.weigh_from(place, probe, spot, now);
            (given | more, taken | less)
        })
    }

    /// The same from one home on.
    #[inline]
    fn weigh_from(&self, place: Place, probe: &Probe, spot: Spot, now: Timestamp) -> (u32, u32) {
        let (mut given, mut taken) = (0, 0);
        let mut walk = Walk::new(place, spot);
        while let Some(line) = walk.next_line(&self.rows) {
            let words = probe.gather(line).join();
            if words & (EXPIRES | RESTRICTS) == 0 {
                given |= words;
            } else {
                let (more, less) = line.weigh(probe.chain, now);
                given |= more;
                taken |= less;
            }
        }
        (given, taken)
    }
}

#[inline]
fn counts(group: &Group, role: u32) -> u32 {
    u32::from(group.role == role).wrapping_neg()
}
