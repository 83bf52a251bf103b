//! Putting one role in the place of another, for all who hold it.

use super::{Cleared, Guard};
use crate::event::Event;
use crate::id::{GroupId, InvitationId, RoleId, UserId};
use crate::invitation::Offer;
use crate::refusal::Refusal;
use crate::user::User;

/// A replacement that the actor may make: of the old role, the new one, and every holder.
#[derive(Clone, Copy, Debug)]
pub(in crate::admin) struct Replacement {
    old: RoleId,
    new: RoleId,
}

impl Guard<'_> {
    /// Replacing needs the old and the new role to be conferrable, and every holder outranked.
    pub(in crate::admin) fn replace_role(
        &self,
        old: RoleId,
        new: RoleId,
    ) -> Result<Replacement, Refusal> {
        self.require_not_held(old)?;
        self.state
            .holders(old)
            .try_for_each(|(_, user)| self.outrank(user))?;
        self.excess_of_roles([old, new]).refuse()?;
        Ok(Replacement { old, new })
    }
}

impl Replacement {
    pub(in crate::admin) fn of_user(self, id: UserId, user: &User) -> Cleared {
        let before = user.roles.clone();
        let after = before.replacing(self.old, self.new);
        Cleared(Event::RolesAssigned {
            user: id,
            before,
            after,
        })
    }

    pub(in crate::admin) fn of_group(self, group: GroupId) -> Cleared {
        Cleared(Event::GroupRoleReplaced {
            group,
            before: self.old,
            after: self.new,
        })
    }

    /// Open invitations move unchecked: accepting checks.
    pub(in crate::admin) fn of_invitation(
        self,
        invitation: InvitationId,
        before: &Offer,
    ) -> Cleared {
        let roles = before.roles.replacing(self.old, self.new);
        let after = Offer {
            roles,
            ..before.clone()
        };
        Cleared(Event::InvitationChanged {
            invitation,
            before: before.clone(),
            after,
        })
    }
}
