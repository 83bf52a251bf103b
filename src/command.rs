//! What can be asked for: the commands, as data.
//!
//! Names, addresses and domains are raw text here; deciding reads them, so that a refusal comes in
//! its place. A command that sends an invitation carries the digest of the token, never the token.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::id::{GroupId, InvitationId, RoleId, UserId};
use crate::invitation::{Token, TokenDigest};
use crate::nesting;
use crate::permission::PermissionSet;
use crate::resource::Resource;
use crate::role::Scope;
use crate::settings::SignInProof;
use crate::subject::Subject;
use crate::time::Timestamp;
use crate::user::Affiliation;

/// Who asks: the host itself, a user, or somebody who holds the token of an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// The host itself: Admin authority, no user.
    Operator,
    /// A user, acting under one of their roles.
    User(SignIn),
    /// The actor of `accept` and `decline`: the proof is in the command.
    Invitee,
}

/// A user who signs in: who, under which role, with what proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The user.
    pub user: UserId,
    /// The role to act under; the primary one where absent.
    #[serde(default)]
    pub role: Option<RoleId>,
    /// How they signed in.
    #[serde(default)]
    pub proof: SignInProof,
}

impl SignIn {
    /// A user under their primary role, with no proof of single sign-on or a second factor.
    #[must_use]
    pub const fn new(user: UserId) -> Self {
        Self {
            user,
            role: None,
            proof: SignInProof::NONE,
        }
    }

    /// The same under this role.
    #[must_use]
    pub const fn under(self, role: RoleId) -> Self {
        Self {
            role: Some(role),
            ..self
        }
    }

    /// The same with this proof.
    #[must_use]
    pub const fn with_proof(self, proof: SignInProof) -> Self {
        Self { proof, ..self }
    }
}

impl From<SignIn> for Actor {
    fn from(sign_in: SignIn) -> Self {
        Self::User(sign_in)
    }
}

/// What a role is to be: the arguments of `define_role` and `redefine_role`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleDefinition {
    /// Its name.
    pub name: String,
    /// What it is for.
    #[serde(default)]
    pub description: String,
    /// What it gives; [`Levels::permissions`](crate::Levels::permissions) for the simple setup.
    pub defaults: PermissionSet,
    /// The most its holders can ever have; the defaults where absent.
    #[serde(default)]
    pub ceiling: Option<PermissionSet>,
    /// Where its defaults hold without a grant.
    pub scope: Scope,
}

/// What is to be granted: the arguments of `grant`.
///
/// The permissions are those of a role's defaults at or below the resource, with some more and some
/// less.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GrantRequest {
    /// To whom.
    pub to: Subject,
    /// On what.
    pub on: Resource,
    /// The role whose defaults are the base; the primary role of the user, or the role of the group.
    #[serde(default)]
    pub role: Option<RoleId>,
    /// Permissions added to the base.
    #[serde(default)]
    pub extend: PermissionSet,
    /// Permissions taken from the base.
    #[serde(default)]
    pub narrow: PermissionSet,
    /// Whether the base gives permissions of the kinds beneath the resource too.
    #[serde(default = "yes")]
    pub cascade: bool,
    /// The first moment at which it counts no more.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
}

const fn yes() -> bool {
    true
}

impl GrantRequest {
    /// The defaults of the subject's role, on this resource and beneath, for ever.
    #[must_use]
    pub fn new(to: impl Into<Subject>, on: impl Into<Resource>) -> Self {
        Self {
            to: to.into(),
            on: on.into(),
            role: None,
            extend: PermissionSet::EMPTY,
            narrow: PermissionSet::EMPTY,
            cascade: true,
            expires_at: None,
        }
    }
}

/// Who is to be invited: the arguments of `invite`, and an entry of `invite_many`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InvitationRequest {
    /// The id of the invitation. Never free again.
    pub invitation: InvitationId,
    /// The address.
    pub email: String,
    /// The roles offered, the primary one first.
    pub roles: Vec<RoleId>,
    /// The groups offered.
    #[serde(default)]
    pub groups: BTreeSet<GroupId>,
    /// Of the organisation or from outside.
    #[serde(default)]
    pub affiliation: Affiliation,
    /// The digest of the token.
    pub token: TokenDigest,
    /// How long it is good for; 48 hours where absent.
    #[serde(default)]
    pub ttl: Option<Duration>,
}

/// A change that somebody asks for.
///
/// The variants are the commands of the specification; [`decide`](crate::decide) says what each
/// refuses, and in which order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "the fields are named like the things they hold; the variants say the rest"
)]
pub enum Command {
    /// Creates the organisation and invites its first Admin. The operator's.
    Found {
        name: String,
        first_admin: String,
        invitation: InvitationId,
        token: TokenDigest,
    },
    /// Changes security settings; absent fields stay.
    SetSecurity {
        #[serde(default)]
        require_sso: Option<bool>,
        #[serde(default)]
        require_mfa: Option<bool>,
        #[serde(default)]
        allowed_domains: Option<Vec<String>>,
        #[serde(default)]
        allow_external_admins: Option<bool>,
    },
    /// Changes limits; absent fields stay, a seat limit of `None` is lifted.
    SetLimits {
        #[serde(default)]
        seats: BTreeMap<RoleId, Option<u32>>,
        #[serde(default)]
        open_invitations: Option<u32>,
        #[serde(default)]
        custom_roles: Option<u32>,
        #[serde(default)]
        resend_cooldown: Option<Duration>,
    },
    /// Defines a custom role.
    DefineRole {
        role: RoleId,
        definition: RoleDefinition,
    },
    /// Restates everything of a custom role.
    RedefineRole {
        role: RoleId,
        definition: RoleDefinition,
    },
    /// Defines a role like another, but for id and name.
    CloneRole {
        role: RoleId,
        from: RoleId,
        name: String,
    },
    /// Deletes a custom role; its users, groups and open invitations move to the replacement.
    DeleteRole {
        role: RoleId,
        #[serde(default)]
        replacement: Option<RoleId>,
    },
    /// Gives a user these roles in place of those they hold.
    AssignRoles { user: UserId, roles: Vec<RoleId> },
    /// Suspends a user: they keep everything and can do nothing.
    Suspend { user: UserId },
    /// Reinstates a suspended user.
    Reinstate { user: UserId },
    /// Removes a user, with their grants, restrictions, memberships and open invitations.
    Remove { user: UserId },
    /// Removes the actor.
    Leave,
    /// Registers a programmatic user.
    AddServiceUser {
        user: UserId,
        name: String,
        roles: Vec<RoleId>,
    },
    /// Changes a person's address.
    ChangeEmail { user: UserId, email: String },
    /// Creates a group for holders of a role.
    CreateGroup {
        group: GroupId,
        name: String,
        role: RoleId,
    },
    /// Renames a group.
    RenameGroup { group: GroupId, name: String },
    /// Deletes a group, with its grants, restrictions and place in open invitations.
    DeleteGroup { group: GroupId },
    /// Adds a user to a group of a role they hold.
    AddToGroup { group: GroupId, user: UserId },
    /// Removes a user from a group.
    RemoveFromGroup { group: GroupId, user: UserId },
    /// Registers a resource.
    Register {
        resource: Resource,
        #[serde(default)]
        parent: Option<Resource>,
    },
    /// Unregisters a resource and everything beneath it.
    Unregister { resource: Resource },
    /// Gives a grant, in place of the one that the subject has on the resource.
    Grant(GrantRequest),
    /// Takes a grant back.
    Revoke { from: Subject, on: Resource },
    /// Puts a restriction, in place of the one that the subject has on the resource.
    Restrict {
        from: Subject,
        on: Resource,
        permissions: PermissionSet,
    },
    /// Lifts a restriction.
    Unrestrict { from: Subject, on: Resource },
    /// Invites a person.
    Invite(InvitationRequest),
    /// Invites several, each judged after the ones before; the good ones are committed together.
    InviteMany { entries: Vec<InvitationRequest> },
    /// Sends an invitation again, with a new token.
    Resend {
        invitation: InvitationId,
        token: TokenDigest,
        #[serde(default)]
        ttl: Option<Duration>,
    },
    /// Changes what a live invitation offers.
    ChangeInvitation {
        invitation: InvitationId,
        roles: Vec<RoleId>,
        #[serde(default)]
        groups: BTreeSet<GroupId>,
    },
    /// Cancels an open invitation.
    CancelInvitation { invitation: InvitationId },
    /// Accepts an invitation, with its token and the address that the host has verified. Whoever gives it, the
    /// author is the person invited.
    ///
    /// An affiliation stands in place of the one invited: it is the host's word, like the address. Never take it
    /// from the person, for people from outside are not asked for single sign-on.
    Accept {
        invitation: InvitationId,
        token: Token,
        user: UserId,
        email: String,
        #[serde(default)]
        affiliation: Option<Affiliation>,
    },
    /// Declines an invitation.
    Decline {
        invitation: InvitationId,
        token: Token,
        email: String,
    },
    /// Several commands as one commit, all or nothing, each judged after the ones before.
    ///
    /// `found`, `accept`, `decline` and batches are not parts of a batch.
    Batch {
        #[serde(deserialize_with = "nesting::read_parts")]
        commands: Vec<Command>,
    },
}
