//! The rule, slowly: the oracle of every measurement.

use super::{ADMIN, GROUP, NOW, Query, Scope, World};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    Admin,
    Grant,
    GroupGrant,
    RoleScope,
    AboveCeiling,
    Restricted,
    NotGranted,
}

impl Reason {
    pub fn allowed(self) -> bool {
        matches!(
            self,
            Reason::Admin | Reason::Grant | Reason::GroupGrant | Reason::RoleScope
        )
    }
}

impl World {
    /// The decision of the specification, slowly, under the user's primary role at `NOW`.
    pub fn expected(&self, q: Query) -> Reason {
        let user = &self.users[q.user as usize];
        let role = &self.roles[usize::from(user.roles[0])];
        if user.roles[0] == ADMIN {
            return Reason::Admin;
        }
        let chain = self.chain(q.resource);
        let holds = |subject: u32| {
            self.grants_of(subject)
                .iter()
                .any(|g| g.bits & q.bit != 0 && g.live(NOW) && chain.contains(&g.resource))
        };
        let takes = |subject: u32| {
            self.restriction_of(subject)
                .is_some_and(|(on, taken)| taken & q.bit != 0 && chain.contains(&on))
        };
        if role.ceiling & q.bit == 0 {
            return Reason::AboveCeiling;
        }
        if takes(q.user) || user.groups().iter().any(|&g| takes(GROUP | g)) {
            return Reason::Restricted;
        }
        if holds(q.user) {
            return Reason::Grant;
        }
        if user
            .groups()
            .iter()
            .any(|&g| self.groups[g as usize] == user.roles[0] && holds(GROUP | g))
        {
            return Reason::GroupGrant;
        }
        let reaches = match &role.scope {
            Scope::All => true,
            Scope::Selected(list) => chain.iter().any(|r| list.contains(r)),
            Scope::Granted => false,
        };
        if role.defaults & q.bit != 0 && reaches {
            Reason::RoleScope
        } else {
            Reason::NotGranted
        }
    }
}
