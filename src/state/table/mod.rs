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

mod access;
mod batch;
mod cell;
mod family;
mod footprint;
mod group;
mod held;
mod holdings;
mod ids;
mod lanes;
mod line;
mod load;
mod membership;
mod pages;
mod pairs;
mod people;
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
pub(crate) use holdings::Holdings;
pub(crate) use reach::Reach;
pub(crate) use read::Found;
pub(crate) use resource::ResourceEntry;
pub(crate) use user::{SUBJECT_TO_MFA, SUBJECT_TO_SSO, SUSPENDED, UserEntry};
pub(super) use write::Holder;

use family::Family;
use group::Group;
use ids::{IdTable, Key};
use pages::Column;
use pairs::Pairs;
use people::Person;
use resource::ResourceSlot;
use rows::{Place, Rows};
use slots::Slots;
use tree::Trees;

/// See the [module](self).
#[derive(Clone)]
pub(crate) struct Table {
    users: IdTable<UserEntry>,
    resources: IdTable<ResourceEntry>,
    groups: Column<Group>,
    roles: Column<RoleEntry>,
    rows: Rows,
    trees: Trees,
    people: Column<Person>,
    resource_slots: Column<ResourceSlot>,
    family: Family,
    role_slots: OrdMap<RoleId, u32>,
    /// Slot of a resource, then number of a holder: who holds anything on what.
    holders: Pairs,
    /// Slot of a group, then slot of a user.
    members: Pairs,
    free_users: Slots,
    free_groups: Slots,
    free_resources: Slots,
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
            rows: Rows::new(),
            trees: Trees::new(),
            people: Column::new(),
            resource_slots: Column::new(),
            family: Family::new(),
            role_slots: OrdMap::new(),
            holders: Pairs::new(),
            members: Pairs::new(),
            free_users: Slots::from(0),
            free_groups: Slots::from(1),
            free_resources: Slots::from(0),
        };
        table.groups.set(0, Group::NONE, Group::NONE);
        for id in RoleId::BUILT_IN {
            table.set_role(id, built_in(id));
        }
        table
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
        above.map_or(Some(Resource::Organisation), |slot| self.resource_at(slot))
    }

    /// The resource and its ancestors, without the organisation.
    pub(crate) fn links<'t>(
        &'t self,
        resource: &ResourceEntry,
    ) -> impl Iterator<Item = Resource> + use<'t> {
        resource.links().filter_map(|slot| self.resource_at(slot))
    }

    fn resource_at(&self, slot: u32) -> Option<Resource> {
        self.resource_slots.at(slot).map(ResourceSlot::resource)
    }

    fn root_of(&self, slot: u32) -> u32 {
        self.resource_slots.at(slot).map_or(slot, |it| it.root)
    }

    /// The slot of a role, whether or not there is a role of this id at present.
    fn role_slot(&mut self, id: RoleId) -> u32 {
        if let Some(slot) = self.role_slots.get(&id) {
            return *slot;
        }
        let slot = self.role_slots.len() as u32;
        self.role_slots.insert(id, slot);
        self.roles.set(slot, RoleEntry::BLANK, RoleEntry::BLANK);
        slot
    }

    /// The role a user acts under who names none; `None` where it has to be looked up.
    #[inline]
    pub(crate) fn primary_role(&self, user: &UserEntry) -> Option<&RoleEntry> {
        let role = user.role();
        let entry = self.roles.at(role)?;
        (role != user::FAR_ROLE && entry.nature != Nature::Undefined).then_some(entry)
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
