//! What a session keeps of the table, so that its checks need not look the user up.

use super::Table;
use super::group::RoleEntry;
use super::line::Line;
use super::place::{Place, Spot};
use super::read::{Look, View};
use super::resource::ResourceEntry;
use super::user::{NEAR, UserEntry};
use crate::id::RoleId;

/// The lines of a user as a session sees them.
#[derive(Clone, Copy, Debug)]
struct Row<'s> {
    lines: &'s [Line],
    turn: u8,
}

impl<'s> Row<'s> {
    /// Too long for one page: every check looks further.
    const LONG: Self = Self {
        lines: &[Line::FURTHER],
        turn: 0,
    };

    #[inline]
    fn line(self, spot: Spot) -> &'s Line {
        let Self { lines, turn } = self;
        let home = spot.line(lines.len(), turn);
        lines.get(home).unwrap_or(&Line::FURTHER)
    }
}

/// What a session needs of the table to decide: what every check reads comes first.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct Holdings<'s> {
    row: Row<'s>,
    near: [u32; NEAR],
    /// The slot of the role.
    role: u32,
    pub(crate) definition: RoleEntry,
    user: UserEntry,
}

impl<'s> Holdings<'s> {
    #[inline]
    pub(super) fn line(&self, spot: Spot) -> &'s Line {
        self.row.line(spot)
    }

    pub(super) fn user(&self) -> &UserEntry {
        &self.user
    }

    /// The slot of the role acted under.
    pub(super) fn role(&self) -> u32 {
        self.role
    }

    /// What a session holds on a resource, by its two lines.
    #[inline]
    pub(crate) fn look<'a>(&'a self, resource: &'a ResourceEntry, view: View<'a>) -> Look<'a> {
        Look {
            near: self.near,
            ..Look::new(&self.user, self.role, resource, view)
        }
    }
}

impl Table {
    /// The primary role of a user, and their holdings under it; `None` where it has to be looked up.
    #[inline]
    pub(crate) fn primary_holdings(&self, user: &UserEntry) -> Option<(RoleId, Holdings<'_>)> {
        let definition = *self.primary_role(user)?;
        let holdings = self.acting_holdings(*user, user.role(), definition);
        Some((self.primary_role_id(user)?, holdings))
    }

    /// The holdings of a user who acts under this role.
    pub(crate) fn holdings(
        &self,
        user: &UserEntry,
        role: u32,
        definition: RoleEntry,
    ) -> Holdings<'_> {
        self.acting_holdings(self.acting(*user, role), role, definition)
    }

    /// The same where the entry says which groups count.
    #[inline]
    fn acting_holdings(&self, user: UserEntry, role: u32, definition: RoleEntry) -> Holdings<'_> {
        Holdings {
            row: self.row(user.place()),
            near: user.near_groups(),
            role,
            definition,
            user,
        }
    }

    fn row(&self, place: Place) -> Row<'_> {
        let turn = place.turn;
        let lines = self.rows.slice(place);
        lines.map_or(Row::LONG, |lines| Row { lines, turn })
    }
}
