//! The store of ids, grants and restrictions, laid out for the check.
//!
//! ```text
//! user id -----hash--> UserEntry      32 bytes: id, place of the row, primary role, flags, up to 3 groups
//!                        |
//!                        +--> line of the user: 8 keys (slots of resources) | 8 words (23 permissions, flags)
//!
//! resource id -hash--> ResourceEntry  32 bytes: id, slots of the resource and its ancestors, tree, kind
//!                        |
//!                        +--> line of the tree: 8 keys (slots of groups)    | 8 words (the same)
//! ```
//!
//! The line of a user is chosen by the *root* of the resource's tree, so that the grants on a model, on its
//! versions and on their frameworks share one line. The line of a tree holds what groups have there. So a
//! check reads four lines, two by two, whatever the depth and however many the groups, and compares all eight
//! keys of a line at once with the three of the chain, or of the user's groups.
//!
//! All of it is in persistent pages: a clone of the table is a snapshot, a change copies a few pages.
//! Slots are numbers within: they show nowhere, are given again only when nothing names them any more, and
//! two tables of the same content may differ in them.
//!
//! Why these lines do, counted in the worlds of the benches (`S`, `M` and `L`: 35 grants a user, 20 a group, three
//! groups a user), read from their serialised form; [`deal`] and [`tree`] have the distributions:
//!
//! ```text
//! per cent                              S     M     L
//! user rows of which no line overflows  100   100   99.999   (11 of 990,000 do)
//! trees whose line does not overflow    100   100   99.92    (89 of 105,000 do)
//! checks: the two lines or-ed           86.4  94.5  95.8
//!         the two lines weighed         13.6   5.5   4.0     an expiry, a restriction, a group's word beneath a
//!                                                            root, or a group of another role
//!         looks further                  0     0     0.2     a full tree
//! ```
//!
//! Questions by Zipf give the same within 0.2 at M and L; at S, where single users weigh more, 82.9 and 17.1.
//! A table that grew event by event decides as many checks each way at S and M, from 2 to 5 per cent more lines.
//!
//! What lost, in times of one hash table keyed by holder and resource (foldhash and hashbrown, as
//! `limits::Raw` of the benches has it: dense numbers, no rule), each in one run with it; the least and the
//! greatest of several runs on two shared cores (of a processor that `M` just fits; where it just does not,
//! the first line took up to 1.9 there, the second 1.6, before both became a tenth shorter):
//!
//! ```text
//!                                        S           M           L           by Zipf: S, M
//! this layout, by ids, the whole rule    0.7 to 0.8  0.8         1.0 to 1.2  0.8   0.8
//!   through a session                    0.6         0.5         0.7 to 0.8  0.6   0.6
//!   in batches                           0.7 to 0.8  0.6         0.5         0.8   0.6
//! rows of groups beside those of users   1.6         2.0 to 4.2  1.7         2.0   1.4         a line for each group
//!   through a session                    1.1 to 1.2  2.0 to 4.0  0.9         1.0   1.4
//! one hash table                         1           1           1           1     1           up to eight probes
//! rows sorted, searched by halves        1.6         0.9 to 1.5  1.7                           no rule
//! rows flattened over groups, in lines   0.1 to 0.2  0.4 to 0.9  0.5         0.2   0.4 to 0.5  no rule
//! ```
//!
//! The flattened rows are the fastest to read and were not taken: they hold 2.3 (S) to 2.7 times (M, L) the words of
//! the users' own rows, a grant to a group of M or L writes to 300 members, and what a group gave cannot be told from
//! what the user holds, though it counts under the group's role alone. Their idea of one line
//! for a resource and its ancestors is what was kept. The line of a tree costs what they spare, one line,
//! and that one is read while the user's is: the two do not wait for each other.
//!
//! `cargo bench --bench ratios -- S M L 9` prints such ratios (`zipf` skews the questions), `cargo bench --bench load -- M`
//! the bytes by table, `checks` in `benches/peers` the rows searched by halves.

mod access;
mod ahead;
mod batch;
mod cell;
mod children;
mod deal;
mod family;
#[cfg(test)]
mod fill;
mod footprint;
mod group;
mod held;
mod holdings;
mod ids;
mod lanes;
mod line;
mod list;
mod load;
mod membership;
mod pages;
mod pairs;
mod people;
mod place;
mod reach;
mod read;
mod resource;
mod rows;
mod slots;
mod tree;
mod user;
mod write;

use imbl::OrdMap;

use crate::id::{RoleId, UserId};
use crate::resource::Resource;
use crate::role::built_in;

pub(crate) use access::Access;
pub(crate) use batch::BATCH;
pub(crate) use cell::{Entry, pack, unpack};
pub(crate) use group::{Nature, RoleEntry};
pub(crate) use held::{Held, Holding};
pub(crate) use holdings::Holdings;
pub(crate) use lanes::{Fourfold, nothing_missing};
pub(crate) use reach::Reach;
pub(crate) use read::{Found, Look, View};
pub(super) use resource::Link;
pub(crate) use resource::ResourceEntry;
pub(crate) use user::{SUBJECT_TO_MFA, SUBJECT_TO_SSO, SUSPENDED, UserEntry};
pub(super) use write::Holder;

use family::Family;
use group::Group;
use ids::{IdTable, Key};
use pages::Column;
use pairs::Pairs;
use people::Person;
use place::Place;
use rows::Rows;
use slots::Slots;
use tree::Trees;

/// See the [module](self).
#[derive(Clone)]
pub(crate) struct Table {
    users: IdTable<UserEntry>,
    resources: IdTable<ResourceEntry>,
    groups: Column<Group>,
    roles: Column<RoleEntry>,
    role_ids: Column<RoleId>,
    rows: Rows,
    trees: Trees,
    people: Column<Person>,
    family: Family,
    role_slots: OrdMap<RoleId, u32>,
    /// Slot of a resource, then number of a holder: who holds anything on what.
    holders: Pairs,
    /// Slot of a group, then slot of a user.
    members: Pairs,
    free_users: Slots,
    free_groups: Slots,
    free_resources: Slots,
    free_roles: Slots,
}

impl Default for Table {
    fn default() -> Self {
        Self::new(0x243f_6a88_85a3_08d3)
    }
}

impl Table {
    /// An empty table whose ids are hashed with this seed.
    pub(super) fn new(seed: u64) -> Self {
        let mut table = Self {
            users: IdTable::new(seed),
            resources: IdTable::new(seed),
            groups: Column::new(),
            roles: Column::new(),
            role_ids: Column::new(),
            rows: Rows::new(),
            trees: Trees::new(),
            people: Column::new(),
            family: Family::new(),
            role_slots: OrdMap::new(),
            holders: Pairs::new(),
            members: Pairs::new(),
            free_users: Slots::from(0),
            free_groups: Slots::from(1),
            free_resources: Slots::from(0),
            free_roles: Slots::from(0),
        };
        table.groups.set(0, Group::NONE, Group::NONE);
        for id in RoleId::BUILT_IN {
            built_in(id)
                .into_iter()
                .for_each(|role| table.set_role(id, role));
        }
        table
    }

    /// The same, with ids hashed by this seed.
    pub(super) fn hashed_with(mut self, seed: u64) -> Self {
        self.users = self.users.hashed_with(seed);
        self.resources = self.resources.hashed_with(seed);
        self
    }

    #[cfg(test)]
    pub(crate) fn hash_seeds(&self) -> [u64; 2] {
        [self.users.seed(), self.resources.seed()]
    }

    /// What a check needs to know of a user.
    #[inline]
    pub(crate) fn user(&self, id: UserId) -> Option<&UserEntry> {
        self.users.find(Key::new(id.value(), 0))
    }

    /// What a check needs to know of a resource; nothing for the organisation.
    #[inline]
    pub(crate) fn resource(&self, resource: Resource) -> Option<&ResourceEntry> {
        self.resources.find(resource::key(resource))
    }

    /// What stands directly above a resource.
    pub(super) fn parent(&self, resource: Resource) -> Option<Resource> {
        let above = self.resource(resource)?.links().nth(1);
        above.map_or(Some(Resource::Organisation), |slot| {
            self.family.resource(slot)
        })
    }

    /// What a resource stands beneath, from its parent upwards, without the organisation.
    pub(super) fn ancestors<'t>(
        &'t self,
        resource: &ResourceEntry,
    ) -> impl Iterator<Item = Resource> + use<'t> {
        let above = resource.links().skip(1);
        above.filter_map(|slot| self.family.resource(slot))
    }

    /// The slot of a role, whether or not there is a role of this id at present.
    fn role_slot(&mut self, id: RoleId) -> u32 {
        if let Some(slot) = self.role_slots.get(&id) {
            return *slot;
        }
        // No role stands at the slot that means another one.
        let mut slots = std::iter::from_fn(|| self.free_roles.take());
        let slot = slots.find(|slot| *slot != user::FAR_ROLE);
        let slot = slot.unwrap_or(user::FAR_ROLE);
        self.role_slots.insert(id, slot);
        self.roles.set(slot, RoleEntry::BLANK, RoleEntry::BLANK);
        self.role_ids.set(slot, id, id);
        slot
    }

    /// The role a user acts under who names none; `None` where it has to be looked up.
    #[inline]
    pub(crate) fn primary_role(&self, user: &UserEntry) -> Option<&RoleEntry> {
        let entry = self.roles.at(user.role())?;
        (entry.nature != Nature::Undefined).then_some(entry)
    }

    /// The id of that role.
    #[inline]
    pub(crate) fn primary_role_id(&self, user: &UserEntry) -> Option<RoleId> {
        self.primary_role(user)?;
        self.role_ids.at(user.role()).copied()
    }

    /// What a check needs to know of a role.
    pub(crate) fn role(&self, id: RoleId) -> Option<(u32, &RoleEntry)> {
        let slot = *self.role_slots.get(&id)?;
        Some((slot, self.roles.at(slot)?))
    }

    fn place(&self, holder: Holder) -> Place {
        let place = match holder {
            Holder::User(id, _) => self.user(id).map(UserEntry::place),
            Holder::Group(slot) => self.groups.at(slot).map(Group::place),
        };
        place.unwrap_or(Place::NONE)
    }
}
