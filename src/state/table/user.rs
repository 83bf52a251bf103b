//! What a check needs to know of a user.

use super::ids::{Key, Keyed};
use super::line::OVERFLOWN;
use super::list::ListPlace;
use super::place::{Place, TAIL_BITS};
use crate::user::Status;

const USED: u32 = 1 << 31;
/// Suspended users can do nothing.
pub(crate) const SUSPENDED: u32 = 1 << 24;
/// Subject to single sign-on, to a second factor: where the organisation asks for them.
pub(crate) const SUBJECT_TO_SSO: u32 = 1 << 25;
pub(crate) const SUBJECT_TO_MFA: u32 = 1 << 26;
const FLAGS: u32 = SUSPENDED | SUBJECT_TO_SSO | SUBJECT_TO_MFA;
const TAIL: u32 = (1 << TAIL_BITS) - 1;
const ROLE_AT: u32 = TAIL_BITS;
/// The primary role's slot has no room.
pub(super) const FAR_ROLE: u32 = (1 << 14) - 1;
/// A group is not of the role acted under: each of those in the entry, or where they are listed, by the
/// first, some of them.
const APART_AT: [u32; NEAR] = [27, 29, 30];
const APART: u32 = 1 << 27 | 1 << 29 | 1 << 30;
/// The groups are listed in a row: bits 0..32 of the groups its start, the next ones the rest of its place, the
/// one behind them whether it is a set.
const LISTED: u32 = 1 << 28;
const IS_SET: u32 = 1 << TAIL_BITS;
/// The groups have to be looked at one by one.
const LOOK_CLOSER: u32 = APART | LISTED;
const _: () = assert!(
    OVERFLOWN & (LOOK_CLOSER | FLAGS | USED) == LOOK_CLOSER,
    "read beside lines"
);
/// Groups that stand in the entry itself, 21 bits each; slot 0 is no group's.
pub(super) const NEAR: usize = 3;
const GROUP_BITS: u32 = 21;
const GROUP: u64 = (1 << GROUP_BITS) - 1;

/// A user: half a cache line.
///
/// ```text
/// id 128 | row: start 32, class 7, spread 1, turn 2 | primary role 14 | flags 5 | used 1 | groups 3 x 21, or the row that lists them
/// ```
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct UserEntry {
    low: u64,
    high: u64,
    start: u32,
    word: u32,
    groups: u64,
}

impl UserEntry {
    pub(super) fn new(key: Key) -> Self {
        let fresh = Self {
            low: key.low,
            high: key.high,
            start: 0,
            word: USED,
            groups: 0,
        };
        fresh.with_place(Place::NONE)
    }

    pub(super) fn with_place(self, place: Place) -> Self {
        Self {
            start: place.start,
            word: self.word & !TAIL | place.tail(),
            ..self
        }
    }

    pub(super) fn with_role(self, role: u32, flags: u32) -> Self {
        let role = role.min(FAR_ROLE) << ROLE_AT;
        Self {
            word: self.word & (USED | LOOK_CLOSER | TAIL) | role | flags & FLAGS,
            ..self
        }
    }

    /// The same with these of the groups in the entry apart from the role acted under; where they are
    /// listed, with some of them apart if any is.
    pub(super) fn with_apart(self, apart: [bool; NEAR]) -> Self {
        let bits = apart.into_iter().zip(APART_AT);
        let bits = bits.fold(0, |all, (is, at)| all | u32::from(is) << at);
        Self {
            word: self.word & !APART | bits,
            ..self
        }
    }

    /// The same in these groups; `None` where they have to be listed.
    pub(super) fn with_groups(self, groups: &[u32]) -> Option<Self> {
        let fits = groups.len() <= NEAR && groups.iter().all(|group| u64::from(*group) <= GROUP);
        let packed = groups
            .iter()
            .fold(0, |all, group| all << GROUP_BITS | u64::from(*group));
        fits.then_some(Self {
            groups: packed,
            word: self.word & !LISTED,
            ..self
        })
    }

    pub(super) fn with_list(self, list: ListPlace) -> Self {
        let ListPlace { place, is_set } = list;
        let tail = place.tail() | if is_set { IS_SET } else { 0 };
        Self {
            groups: u64::from(tail) << 32 | u64::from(place.start),
            word: self.word | LISTED,
            ..self
        }
    }

    #[inline]
    pub(super) fn place(&self) -> Place {
        Place::from_parts(self.start, self.word)
    }

    #[inline]
    pub(crate) fn flags(&self) -> u32 {
        self.word & FLAGS
    }

    #[inline]
    pub(super) fn is_active(&self) -> bool {
        self.flags() & SUSPENDED == 0
    }

    pub(crate) fn status(&self) -> Status {
        match self.is_active() {
            true => Status::Active,
            false => Status::Suspended,
        }
    }

    /// The slot of the primary role, [`FAR_ROLE`] where it has no room.
    #[inline]
    pub(crate) fn role(&self) -> u32 {
        self.word >> ROLE_AT & FAR_ROLE
    }

    /// Says, among the bits of [`OVERFLOWN`], why its groups have to be looked at one by one.
    #[inline]
    pub(super) fn look_closer(&self) -> u32 {
        self.word
    }

    /// Whether some groups are not of the role acted under.
    #[inline]
    pub(super) fn is_mixed(&self) -> bool {
        self.word & APART != 0
    }

    /// The row that lists the groups.
    #[inline]
    pub(super) fn list(&self) -> Option<ListPlace> {
        let listed = self.word & LISTED != 0;
        let (start, tail) = (self.groups as u32, (self.groups >> 32) as u32);
        listed.then(|| ListPlace {
            place: Place::from_parts(start, tail),
            is_set: tail & IS_SET != 0,
        })
    }

    /// The groups in the entry itself, 0 for none; numbers without meaning where they are listed.
    #[inline]
    pub(super) fn near_groups(&self) -> [u32; NEAR] {
        let group = |at: u32| (self.groups.wrapping_shr(at) & GROUP) as u32;
        [group(0), group(GROUP_BITS), group(2 * GROUP_BITS)]
    }

    /// The same, 0 for those apart from the role acted under.
    #[inline]
    pub(super) fn near_groups_that_count(&self) -> [u32; NEAR] {
        let [a, b, c] = self.near_groups();
        let [at_a, at_b, at_c] = APART_AT;
        let counts = |at: u32| (self.word.wrapping_shr(at) & 1).wrapping_sub(1);
        [a & counts(at_a), b & counts(at_b), c & counts(at_c)]
    }
}

impl Keyed for UserEntry {
    const VACANT: Self = Self {
        low: 0,
        high: 0,
        start: 0,
        word: 0,
        groups: 0,
    };

    fn key(&self) -> Key {
        Key {
            low: self.low,
            high: self.high,
            sort: 0,
        }
    }

    #[inline]
    fn low(&self) -> u64 {
        self.low
    }

    fn is_vacant(&self) -> bool {
        self.word & USED == 0
    }

    #[inline]
    fn is(&self, key: Key) -> bool {
        (self.low ^ key.low) | (self.high ^ key.high) | u64::from(!self.word & USED) == 0
    }
}
