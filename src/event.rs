//! What happened: the audit trail, the replication log and the way back to any past revision in one.
//!
//! Events are in the past tense and complete: applying one takes no decision. What a command
//! changes beside what it names (grants clipped, groups left, invitations cancelled) is an event of
//! its own, so that the trail lists what went, with its value before and after.

use serde::{Deserialize, Serialize};

use crate::address::EmailAddress;
use crate::grant::Grant;
use crate::group::Group;
use crate::id::{GroupId, InvitationId, RoleId, UserId};
use crate::invitation::{Cancellation, Invitation, Offer, Sending};
use crate::name::Name;
use crate::permission::PermissionSet;
use crate::resource::Resource;
use crate::role::{Role, Roles, Scope};
use crate::settings::{Limits, SecuritySettings};
use crate::subject::Subject;
use crate::time::Timestamp;
use crate::user::User;

/// Who caused a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Author {
    /// The host itself.
    Operator,
    /// A user, and the role they acted under.
    User {
        /// The user.
        user: UserId,
        /// The role of the session.
        role: RoleId,
    },
    /// Somebody who held the token of an invitation and its verified address.
    Invitee,
}

/// One revision: the events of one command or batch, all or none of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Commit {
    /// The revision that the organisation has with it; the first commit is 1.
    pub revision: u64,
    /// When the host says it happened.
    pub at: Timestamp,
    /// Who caused it.
    pub author: Author,
    /// What happened, in order; never empty.
    pub events: Vec<Event>,
}

/// One thing that happened to an organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "the fields are named like the things they hold; the variants say the rest"
)]
pub enum Event {
    /// The organisation was founded.
    Founded { name: Name },
    /// The security settings changed.
    SecurityChanged {
        before: SecuritySettings,
        after: SecuritySettings,
    },
    /// The limits changed.
    LimitsChanged { before: Limits, after: Limits },
    /// A custom role was defined or cloned.
    RoleDefined { role: RoleId, definition: Role },
    /// A custom role was redefined.
    RoleRedefined {
        role: RoleId,
        before: Role,
        after: Role,
    },
    /// A selected resource of a role's scope was unregistered.
    RoleScopeNarrowed {
        role: RoleId,
        before: Scope,
        after: Scope,
    },
    /// A custom role was deleted.
    RoleDeleted { role: RoleId, before: Role },
    /// A person or a service became a user.
    UserRegistered { user: UserId, registration: User },
    /// A user left or was removed.
    UserRemoved { user: UserId, before: User },
    /// A user's roles changed.
    RolesAssigned {
        user: UserId,
        before: Roles,
        after: Roles,
    },
    /// A user was suspended.
    UserSuspended { user: UserId },
    /// A suspended user was reinstated.
    UserReinstated { user: UserId },
    /// A person's address changed.
    EmailChanged {
        user: UserId,
        before: EmailAddress,
        after: EmailAddress,
    },
    /// A group was created.
    GroupCreated { group: GroupId, definition: Group },
    /// A group was renamed.
    GroupRenamed {
        group: GroupId,
        before: Name,
        after: Name,
    },
    /// A group moved to another role, because its own was replaced.
    GroupRoleReplaced {
        group: GroupId,
        before: RoleId,
        after: RoleId,
    },
    /// A group was deleted.
    GroupDeleted { group: GroupId, before: Group },
    /// A user joined a group.
    GroupJoined { group: GroupId, user: UserId },
    /// A user left a group.
    GroupLeft { group: GroupId, user: UserId },
    /// A resource was registered; its parent is the organisation where it has no other.
    ResourceRegistered {
        resource: Resource,
        parent: Resource,
    },
    /// A resource was unregistered.
    ResourceUnregistered {
        resource: Resource,
        parent: Resource,
    },
    /// A grant was given, in place of the one before.
    Granted {
        to: Subject,
        on: Resource,
        before: Option<Grant>,
        after: Grant,
    },
    /// A grant was clipped to a new ceiling; dropped where nothing is left.
    GrantClipped {
        to: Subject,
        on: Resource,
        before: Grant,
        after: Option<Grant>,
    },
    /// A grant was revoked, or went with its subject or resource.
    Revoked {
        from: Subject,
        on: Resource,
        before: Grant,
    },
    /// A restriction was put, in place of the one before.
    Restricted {
        from: Subject,
        on: Resource,
        before: Option<PermissionSet>,
        after: PermissionSet,
    },
    /// A restriction was lifted, or went with its subject or resource.
    Unrestricted {
        from: Subject,
        on: Resource,
        before: PermissionSet,
    },
    /// Somebody was invited.
    Invited {
        invitation: InvitationId,
        sent: Box<Invitation>,
    },
    /// An invitation was sent again, with a new token; the resender answers for it.
    InvitationResent {
        invitation: InvitationId,
        before: Sending,
        after: Sending,
        offer_before: Offer,
        offer_after: Offer,
    },
    /// What an invitation offers changed, or who answers for it.
    InvitationChanged {
        invitation: InvitationId,
        before: Offer,
        after: Offer,
    },
    /// An invitation was cancelled.
    InvitationCancelled {
        invitation: InvitationId,
        reason: Cancellation,
    },
    /// An invitation was accepted.
    InvitationAccepted {
        invitation: InvitationId,
        user: UserId,
    },
    /// An invitation was declined.
    InvitationDeclined { invitation: InvitationId },
}
