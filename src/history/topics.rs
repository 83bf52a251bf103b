//! What an event is about.

use crate::event::Event;
use crate::id::RoleId;
use crate::resource::Resource;
use crate::role::Role;
use crate::subject::Subject;
use crate::topic::Topic;

impl Event {
    /// What it is about: the things whose history it belongs to, the foremost first.
    ///
    /// A change of roles is about the user and the roles that came or went; a change of a role's
    /// scope about the resources that came or went.
    #[must_use]
    pub fn topics(&self) -> Vec<Topic> {
        match self {
            Self::Founded { .. } | Self::SecurityChanged { .. } | Self::LimitsChanged { .. } => {
                vec![Resource::Organisation.into()]
            }
            Self::RoleDefined {
                role,
                definition: it,
            }
            | Self::RoleDeleted { role, before: it } => {
                let selected = it.scope.selected().map(Topic::Resource);
                [Topic::Role(*role)].into_iter().chain(selected).collect()
            }
            Self::RoleRedefined {
                role,
                before,
                after,
            } => scoped(*role, selected(before), selected(after)),
            Self::RoleScopeNarrowed {
                role,
                before,
                after,
            } => scoped(
                *role,
                before.selected().collect(),
                after.selected().collect(),
            ),
            Self::UserRegistered {
                user,
                registration: it,
            }
            | Self::UserRemoved { user, before: it } => {
                let roles = it.roles.iter().map(Topic::Role);
                [Topic::User(*user)].into_iter().chain(roles).collect()
            }
            Self::RolesAssigned {
                user,
                before,
                after,
            } => {
                let gone = before.iter().filter(|role| !after.contains(*role));
                let come = after.iter().filter(|role| !before.contains(*role));
                let roles = gone.chain(come).map(Topic::Role);
                [Topic::User(*user)].into_iter().chain(roles).collect()
            }
            Self::UserSuspended { user }
            | Self::UserReinstated { user }
            | Self::EmailChanged { user, .. } => vec![Topic::User(*user)],
            Self::GroupCreated {
                group,
                definition: it,
            }
            | Self::GroupDeleted { group, before: it } => {
                vec![Topic::Group(*group), Topic::Role(it.role)]
            }
            Self::GroupRenamed { group, .. } => vec![Topic::Group(*group)],
            Self::GroupRoleReplaced {
                group,
                before,
                after,
            } => vec![
                Topic::Group(*group),
                Topic::Role(*before),
                Topic::Role(*after),
            ],
            Self::GroupJoined { group, user } | Self::GroupLeft { group, user } => {
                vec![Topic::Group(*group), Topic::User(*user)]
            }
            Self::ResourceRegistered { resource, parent }
            | Self::ResourceUnregistered { resource, parent } => {
                vec![Topic::Resource(*resource), Topic::Resource(*parent)]
            }
            Self::Granted { to, on, .. }
            | Self::GrantClipped { to, on, .. }
            | Self::Revoked { from: to, on, .. }
            | Self::Restricted { from: to, on, .. }
            | Self::Unrestricted { from: to, on, .. } => entitlement(*to, *on),
            Self::InvitationAccepted { invitation, user } => {
                vec![Topic::Invitation(*invitation), Topic::User(*user)]
            }
            Self::Invited { invitation, .. }
            | Self::InvitationResent { invitation, .. }
            | Self::InvitationChanged { invitation, .. }
            | Self::InvitationCancelled { invitation, .. }
            | Self::InvitationDeclined { invitation } => vec![Topic::Invitation(*invitation)],
        }
    }
}

fn entitlement(subject: Subject, on: Resource) -> Vec<Topic> {
    vec![subject.into(), on.into()]
}

fn selected(role: &Role) -> Vec<Resource> {
    role.scope.selected().collect()
}

/// A role, and the resources that are in one of its scopes and not in the other.
fn scoped(role: RoleId, before: Vec<Resource>, after: Vec<Resource>) -> Vec<Topic> {
    let gone = before.iter().filter(|it| !after.contains(it));
    let come = after.iter().filter(|it| !before.contains(it));
    let resources = gone.chain(come).copied().map(Topic::Resource);
    [Topic::Role(role)].into_iter().chain(resources).collect()
}
