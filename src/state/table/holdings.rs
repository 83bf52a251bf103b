//! What a session keeps of the table, so that its checks need not look the user up.

use super::Table;
use super::group::RoleEntry;
use super::line::Line;
use super::read::Question;
use super::resource::ResourceEntry;
use super::rows::{Place, Spot};
use super::user::UserEntry;

/// The lines of a user as a session sees them.
#[derive(Clone, Copy, Debug)]
struct Row<'s>(&'s [Line]);

impl<'s> Row<'s> {
    const NONE: Self = Self(&[Line::BLANK]);
    /// Too long for one page: every check looks further.
    const LONG: Self = Self(&[Line::FURTHER]);

    #[inline]
    fn line(self, spot: Spot) -> &'s Line {
        let Self(lines) = self;
        lines.get(spot.line(lines.len())).unwrap_or(&Line::FURTHER)
    }
}

/// What a session needs of the table to decide.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Holdings<'s> {
    row: Row<'s>,
    user: UserEntry,
    /// The slot of the role.
    role: u32,
    pub(crate) definition: RoleEntry,
}

impl<'s> Holdings<'s> {
    #[inline]
    pub(super) fn line(&self, spot: Spot) -> &'s Line {
        self.row.line(spot)
    }

    #[inline]
    pub(super) fn asks<'a>(&'a self, resource: &'a ResourceEntry) -> Question<'a> {
        Question {
            user: &self.user,
            role: self.role,
            resource,
        }
    }
}

impl Table {
    /// The holdings of a user who acts under this role.
    pub(crate) fn holdings(
        &self,
        user: &UserEntry,
        role: u32,
        definition: RoleEntry,
    ) -> Holdings<'_> {
        let mixed = self.groups_in(user).any(|group| !self.acts(group, role));
        Holdings {
            row: self.row(user.place()),
            user: user.with_mixed(mixed),
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
}
