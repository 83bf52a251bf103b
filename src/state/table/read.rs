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
struct Probe {
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
    fn new(resource: &ResourceEntry) -> Self {
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

/// What several rows hold on a chain, as long as one look at each is enough.
#[derive(Clone, Copy)]
struct Sum {
    own: Lanes,
    groups: Lanes,
    /// All words, whether they count or not: for their flags.
    seen: Lanes,
    overflown: u32,
}

impl Sum {
    #[inline]
    fn of_user(probe: &Probe, line: &Line) -> Self {
        let own = probe.gather(line);
        Self {
            own,
            groups: Lanes::NONE,
            seen: own,
            overflown: line.data[0],
        }
    }

    /// With a group: `counts` is all ones where its grants count.
    #[inline]
    fn with_group(self, probe: &Probe, line: &Line, counts: u32) -> Self {
        let words = probe.gather(line);
        Self {
            own: self.own,
            groups: self.groups.or(words.within(counts)),
            seen: self.seen.or(words),
            overflown: self.overflown | line.data[0],
        }
    }

    /// `None` where something expires, restricts, or stands further.
    #[inline]
    fn found(self, probe: &Probe) -> Option<Found> {
        let special = self.seen.join() & (EXPIRES | RESTRICTS) | self.overflown & probe.spot.mark;
        (special == 0).then(|| Found {
            own: self.own.join(),
            groups: self.groups.join(),
            taken: 0,
        })
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
    near: [(Row<'s>, u32); NEAR],
    user: &'s UserEntry,
    role: u32,
    pub(crate) definition: &'s RoleEntry,
}

impl Table {
    /// The holdings of a user who acts under this role.
    pub(crate) fn holdings<'s>(
        &'s self,
        user: &'s UserEntry,
        role: u32,
        definition: &'s RoleEntry,
    ) -> Holdings<'s> {
        let near = self.near(user).map(|slot| {
            let group = self.groups.at(slot).unwrap_or(&Group::NONE);
            (self.row(group.place()), counts(group, role))
        });
        Holdings {
            own: self.row(user.place()),
            near,
            user,
            role,
            definition,
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
        let own = Sum::of_user(&probe, holdings.own.line(&probe));
        let groups = holdings.near.iter();
        let sum = groups.fold(own, |sum, (row, counts)| {
            sum.with_group(&probe, row.line(&probe), *counts)
        });
        self.finish(sum, &probe, (holdings.user, holdings.role), now)
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
        let own = Sum::of_user(&probe, self.line(user.place(), &probe));
        let sum = self.near(user).into_iter().fold(own, |sum, slot| {
            let group = self.groups.at(slot).unwrap_or(&Group::NONE);
            let line = self.line(group.place(), &probe);
            sum.with_group(&probe, line, counts(group, role))
        });
        self.finish(sum, &probe, (user, role), now)
    }

    #[inline]
    fn finish(
        &self,
        sum: Sum,
        probe: &Probe,
        (user, role): (&UserEntry, u32),
        now: Timestamp,
    ) -> Found {
        match sum.found(probe) {
            Some(found) if user.list().is_none() => found,
            _ => self.found_exactly(user, role, probe, now),
        }
    }

    #[inline]
    fn near(&self, user: &UserEntry) -> [u32; NEAR] {
        match user.list() {
            None => user.near_groups(),
            Some(_) => [0; NEAR],
        }
    }

    #[inline]
    fn line(&self, place: Place, probe: &Probe) -> &Line {
        let home = probe.spot.home(place.lines());
        self.rows.line(place, home).unwrap_or(&Line::FURTHER)
    }

    /// With every line that may matter, cell by cell where something expires or restricts.
    #[inline(never)]
    fn found_exactly(&self, user: &UserEntry, role: u32, probe: &Probe, now: Timestamp) -> Found {
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
    fn weigh(&self, place: Place, probe: &Probe, now: Timestamp) -> (u32, u32) {
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
