//! Looking (12).

use std::collections::{BTreeMap, BTreeSet};

use rolebook::{
    GroupId, InvitationId, Permission, PermissionSet, Resource, SignIn, Subject, Timestamp, UserId,
};

use super::catalogue::kind_of;
use super::{InvitationState, Model};

/// Where an invitation stands at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Pending,
    Expired,
    Accepted,
    Declined,
    Cancelled,
}

/// The model at a time, to be asked.
#[derive(Clone, Copy)]
pub(crate) struct Look<'model> {
    pub(crate) model: &'model Model,
    pub(crate) now: Timestamp,
}

impl Look<'_> {
    /// All bits of a session on a resource; nothing where there is no session.
    pub(crate) fn effective(self, sign_in: &SignIn, on: Resource) -> PermissionSet {
        match self.model.sign_in(sign_in) {
            Ok(role) => self.model.effective(sign_in.user, role, on, self.now),
            Err(_) => PermissionSet::EMPTY,
        }
    }

    /// Every registered resource, and the organisation.
    pub(crate) fn resources(self) -> BTreeSet<Resource> {
        let mut resources: BTreeSet<Resource> = self.model.parents.keys().copied().collect();
        resources.insert(Resource::Organisation);
        resources
    }

    /// The resources of the permission's kind on which the session has it.
    pub(crate) fn resources_for(self, sign_in: &SignIn, permission: Permission) -> Vec<Resource> {
        let kind = kind_of(permission);
        let of_kind = self
            .resources()
            .into_iter()
            .filter(|resource| resource.kind() == kind);
        of_kind
            .filter(|resource| self.effective(sign_in, *resource).holds(permission))
            .collect()
    }

    /// Active users who have the permission under a role they hold, sign-in proof ignored.
    pub(crate) fn users_for(self, permission: Permission, on: Resource) -> Vec<UserId> {
        let active = self.model.users.iter().filter(|(_, user)| !user.suspended);
        let having = active.filter(|(id, user)| {
            let mut roles = user.roles.iter();
            roles.any(|role| {
                self.model
                    .effective(**id, *role, on, self.now)
                    .holds(permission)
            })
        });
        having.map(|(id, _)| *id).collect()
    }

    /// The live grants of a subject.
    pub(crate) fn grants(self, subject: Subject) -> BTreeMap<Resource, PermissionSet> {
        let grants = self
            .model
            .grants
            .iter()
            .filter(|((to, _), _)| *to == subject);
        let live = grants.filter(|(_, grant)| grant.is_live(self.now));
        live.map(|((_, on), grant)| (*on, grant.bits)).collect()
    }

    pub(crate) fn restrictions(self, subject: Subject) -> BTreeMap<Resource, PermissionSet> {
        let restrictions = self.model.restrictions.iter();
        let of_subject = restrictions.filter(|((from, _), _)| *from == subject);
        of_subject.map(|((_, on), bits)| (*on, *bits)).collect()
    }

    pub(crate) fn groups_of(self, user: UserId) -> BTreeSet<GroupId> {
        let groups = self.model.groups.iter();
        groups
            .filter(|(_, group)| group.members.contains(&user))
            .map(|(id, _)| *id)
            .collect()
    }

    /// Every invitation, and where it stands.
    pub(crate) fn invitations(self) -> BTreeMap<InvitationId, Status> {
        let status = |id: &InvitationId| {
            let invitation = &self.model.invitations[id];
            match invitation.state {
                InvitationState::Pending if invitation.is_live(self.now) => Status::Pending,
                InvitationState::Pending => Status::Expired,
                InvitationState::Accepted(_) => Status::Accepted,
                InvitationState::Declined => Status::Declined,
                InvitationState::Cancelled(_) => Status::Cancelled,
            }
        };
        self.model
            .invitations
            .keys()
            .map(|id| (*id, status(id)))
            .collect()
    }
}
