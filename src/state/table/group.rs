//! What a check needs to know of a group and of a role.

use super::cell::pack;
use super::ids::Id;
use super::place::Place;
use crate::id::{GroupId, RoleId};
use crate::permission::PermissionSet;
use crate::role::{Role, Scope};

/// A group: where its row lies and the slot of its role.
#[derive(Clone, Copy, Debug)]
pub(super) struct Group {
    id: Id,
    place: Place,
    pub(super) role: u32,
}

impl Group {
    /// Nobody: what stands at slot 0 and where a group was deleted.
    pub(super) const NONE: Self = Self {
        id: Id::NONE,
        place: Place::NONE,
        role: u32::MAX,
    };

    pub(super) fn new(id: GroupId, role: u32) -> Self {
        Self {
            id: Id::new(id.value()),
            role,
            ..Self::NONE
        }
    }

    pub(super) fn id(&self) -> GroupId {
        GroupId::new(self.id.value())
    }

    pub(super) fn place(&self) -> Place {
        self.place
    }

    pub(super) fn with_role(self, role: u32) -> Self {
        Self { role, ..self }
    }

    pub(super) fn with_place(self, place: Place) -> Self {
        Self { place, ..self }
    }
}

/// What a check needs to know of a role, its permissions packed as in lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub(crate) struct RoleEntry {
    /// What it gives on every resource: its defaults where its scope is all.
    pub(crate) everywhere: u32,
    pub(crate) ceiling: u32,
    /// What kind of role it is.
    pub(crate) nature: Nature,
    /// Where the row of its selected resources lies, each with what the role gives there.
    place: Place,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nature {
    /// No role has this id at present.
    Undefined,
    Admin,
    /// Its scope is all or granted.
    Plain,
    /// Its scope has to be looked at.
    Selected,
}

impl RoleEntry {
    /// No role has this id.
    pub(super) const BLANK: Self = Self {
        everywhere: 0,
        ceiling: 0,
        place: Place::NONE,
        nature: Nature::Undefined,
    };

    pub(super) fn new(id: RoleId, role: &Role) -> Self {
        let (given, nature) = match &role.scope {
            _ if id == RoleId::ADMIN => (PermissionSet::EMPTY, Nature::Admin),
            Scope::All => (role.defaults, Nature::Plain),
            Scope::Granted => (PermissionSet::EMPTY, Nature::Plain),
            Scope::Selected(_) => (PermissionSet::EMPTY, Nature::Selected),
        };
        Self {
            everywhere: pack(given),
            ceiling: pack(role.ceiling),
            nature,
            ..Self::BLANK
        }
    }

    pub(super) fn place(&self) -> Place {
        self.place
    }

    pub(super) fn with_place(self, place: Place) -> Self {
        Self { place, ..self }
    }
}
