//! Why a command was refused: a stable code, and the facts.

use serde::{Deserialize, Serialize};

use crate::id::{GroupId, InvitationId, RoleId, UserId};
use crate::permission::PermissionSet;
use crate::resource::Resource;
use crate::session::SessionRefusal;

macro_rules! refusals {
    ($(
        $(#[doc = $doc:literal])*
        #[error($message:literal $(, $($argument:tt)*)?)]
        $code:literal $variant:ident $({ $($(#[doc = $field_doc:literal])* $field:ident: $type:ty),* $(,)? })?,
    )*) => {
        /// Why a command was refused. A refused command changes nothing.
        ///
        /// [`code`](Self::code) is the stable name of the variant, and its name in serialised form.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
        #[serde(tag = "code", rename_all = "snake_case", deny_unknown_fields)]
        pub enum Refusal {$(
            $(#[doc = $doc])*
            #[error($message $(, $($argument)*)?)]
            $variant $({ $($(#[doc = $field_doc])* $field: $type),* })?,
        )*}

        impl Refusal {
            /// The stable name, as in the specification and in scenario files.
            #[must_use]
            pub const fn code(&self) -> &'static str {
                match self {$(
                    Self::$variant $({ $($field: _),* })? => $code,
                )*}
            }

            /// Every code there is, in the order of the variants.
            pub const CODES: &'static [&'static str] = &[$($code),*];
        }
    };
}

refusals! {
    /// The organisation is not founded yet.
    #[error("the organisation is not founded yet")]
    "not_founded" NotFounded,
    /// The organisation is founded already.
    #[error("the organisation is founded already")]
    "already_founded" AlreadyFounded,
    /// The actor is no registered user.
    #[error("the actor is no registered user")]
    "unknown_user" UnknownUser,
    /// The actor is suspended.
    #[error("the actor is suspended")]
    "suspended" Suspended,
    /// The actor does not hold the role they would act under.
    #[error("the actor does not hold the role they would act under")]
    "role_not_held" RoleNotHeld,
    /// The actor must sign in through single sign-on.
    #[error("the organisation requires single sign-on")]
    "sso_required" SsoRequired,
    /// The actor must prove a second factor.
    #[error("the organisation requires a second factor")]
    "mfa_required" MfaRequired,
    /// The actor has no right to give this command.
    #[error("the actor has no right to do this")]
    "not_allowed" NotAllowed,
    /// A user named in the command is unknown, invited only, or removed.
    #[error("there is no user {user}")]
    "not_registered" NotRegistered {
        /// The user.
        user: UserId,
    },
    /// A role named in the command does not exist.
    #[error("there is no role {role}")]
    "unknown_role" UnknownRole {
        /// The role.
        role: RoleId,
    },
    /// A group named in the command does not exist.
    #[error("there is no group {group}")]
    "unknown_group" UnknownGroup {
        /// The group.
        group: GroupId,
    },
    /// A resource named in the command is not registered.
    #[error("there is no {resource}")]
    "unknown_resource" UnknownResource {
        /// The resource.
        resource: Resource,
    },
    /// An invitation named in the command does not exist.
    #[error("there is no invitation {invitation}")]
    "unknown_invitation" UnknownInvitation {
        /// The invitation.
        invitation: InvitationId,
    },
    /// A name is empty, too long or holds control characters.
    #[error("a name has 1 to 64 characters and no control characters: {name:?}")]
    "invalid_name" InvalidName {
        /// The name as given.
        name: String,
    },
    /// An address is none, or the user is a service and has none.
    #[error("not an e-mail address: {email:?}")]
    "invalid_email" InvalidEmail {
        /// The address as given.
        email: String,
    },
    /// An allowed domain is malformed.
    #[error("neither a domain nor `*.` and a domain: {domain:?}")]
    "invalid_domain" InvalidDomain {
        /// The domain as given.
        domain: String,
    },
    /// A time to live is zero or ends past the end of time.
    #[error("a time to live is at least a millisecond and ends before the end of time")]
    "invalid_ttl" InvalidTtl,
    /// A resource or permission is of a kind that does not fit here.
    #[error("wrong kind: {}", describe_wrong_kind(*.resource, *.permissions))]
    "wrong_kind" WrongKind {
        /// The resource that is of the wrong kind, or on which the permissions are.
        resource: Resource,
        /// The permissions that cannot be at or below it; empty where the resource itself is wrong.
        permissions: PermissionSet,
    },
    /// A permission set lacks prerequisites.
    #[error("prerequisites are missing: {missing}")]
    "missing_prerequisite" MissingPrerequisite {
        /// The prerequisites that are missing.
        missing: PermissionSet,
    },
    /// A role's defaults are not within its ceiling.
    #[error("the defaults exceed the ceiling by {excess}")]
    "defaults_exceed_ceiling" DefaultsExceedCeiling {
        /// The permissions beyond.
        excess: PermissionSet,
    },
    /// A scope selects no resource.
    #[error("a selected scope names at least one resource")]
    "empty_scope" EmptyScope,
    /// Built-in roles cannot be redefined or deleted.
    #[error("role {role} is built in; clone it instead")]
    "built_in_role" BuiltInRole {
        /// The role.
        role: RoleId,
    },
    /// A user holds one or more roles.
    #[error("at least one role is needed")]
    "no_roles" NoRoles,
    /// Extend and narrow overlap.
    #[error("both added and taken: {overlap}")]
    "contradiction" Contradiction {
        /// The permissions in both.
        overlap: PermissionSet,
    },
    /// The grant would hold nothing.
    #[error("the grant would give nothing")]
    "empty_grant" EmptyGrant,
    /// The restriction would hold nothing.
    #[error("the restriction would take nothing")]
    "empty_restriction" EmptyRestriction,
    /// The grant would be over before it begins.
    #[error("the grant would be over before it begins")]
    "already_expired" AlreadyExpired,
    /// The grant goes beyond what its subject can ever have.
    #[error("the grant exceeds the ceiling by {excess}")]
    "exceeds_ceiling" ExceedsCeiling {
        /// The permissions beyond.
        excess: PermissionSet,
    },
    /// Nobody changes this about themselves.
    #[error("nobody changes this about themselves")]
    "self_administration" SelfAdministration,
    /// The target holds a role that the actor cannot confer.
    #[error("the target outranks the actor")]
    "target_outranks_actor" TargetOutranksActor,
    /// The actor would confer what they do not hold.
    #[error("the actor would confer what they do not hold: {excess}{}", if *.scope { ", beyond their scope" } else { "" })]
    "exceeds_actor" ExceedsActor {
        /// The permissions beyond.
        excess: PermissionSet,
        /// Whether the scope is beyond.
        scope: bool,
    },
    /// The id is taken.
    #[error("the id is taken")]
    "duplicate_id" DuplicateId,
    /// The name is taken.
    #[error("the name is taken: {name:?}")]
    "name_taken" NameTaken {
        /// The name as given.
        name: String,
    },
    /// There are as many custom roles as the limit allows.
    #[error("there are {limit} custom roles, as many as allowed")]
    "too_many_roles" TooManyRoles {
        /// The limit.
        limit: u32,
    },
    /// The role is in use and no replacement is named.
    #[error("users, groups or open invitations have the role ({users}, {groups}, {invitations}): name a replacement")]
    "role_in_use" RoleInUse {
        /// How many users hold it.
        users: u64,
        /// How many groups are for it.
        groups: u64,
        /// How many open invitations offer it.
        invitations: u64,
    },
    /// Services never hold Admin.
    #[error("a service cannot hold Admin")]
    "service_admin" ServiceAdmin,
    /// External users may not hold Admin.
    #[error("an external user cannot hold Admin here")]
    "external_admin" ExternalAdmin,
    /// No effective Admin would remain.
    #[error("no active Admin of the organisation would remain")]
    "last_admin" LastAdmin,
    /// No seat of a role is free.
    #[error("no seat of role {role} is free")]
    "seat_limit" SeatLimit {
        /// The role.
        role: RoleId,
    },
    /// The user is suspended already.
    #[error("the user is suspended already")]
    "already_suspended" AlreadySuspended,
    /// The user is not suspended.
    #[error("the user is not suspended")]
    "not_suspended" NotSuspended,
    /// The address belongs to a registered user, or the user is a member of the group.
    #[error("is a member already")]
    "already_member" AlreadyMember,
    /// The address belongs to a suspended user.
    #[error("is a member already, and suspended")]
    "member_suspended" MemberSuspended,
    /// The address has a live invitation.
    #[error("the address has a live invitation")]
    "already_invited" AlreadyInvited,
    /// There are as many live invitations as the limit allows.
    #[error("there are {limit} live invitations, as many as allowed")]
    "too_many_invitations" TooManyInvitations {
        /// The limit.
        limit: u32,
    },
    /// The domain of the address is not among those allowed.
    #[error("the domain of the address is not allowed")]
    "domain_not_allowed" DomainNotAllowed,
    /// The address stands in the batch already.
    #[error("the address stands in the batch already")]
    "duplicate_in_batch" DuplicateInBatch,
    /// There is nothing in the batch.
    #[error("there is nothing in the batch")]
    "empty_batch" EmptyBatch,
    /// The command cannot be part of a batch.
    #[error("found, accept, decline and batches are not parts of a batch")]
    "not_in_batch" NotInBatch,
    /// The invitation is not pending, or not live where it must be.
    #[error("the invitation is not pending")]
    "not_pending" NotPending,
    /// The cool-down since the last sending is not over.
    #[error("the invitation was sent too recently")]
    "resend_too_soon" ResendTooSoon,
    /// The token is the one sent before.
    #[error("the token was used before")]
    "token_reused" TokenReused,
    /// The user, or the invitation, does not hold the role of the group.
    #[error("the role of group {group} is not among the roles")]
    "group_role_mismatch" GroupRoleMismatch {
        /// The group.
        group: GroupId,
    },
    /// The user is not in the group.
    #[error("the user is not in the group")]
    "not_a_member" NotAMember,
    /// The resource is registered already.
    #[error("the resource is registered already")]
    "already_registered" AlreadyRegistered,
    /// The subject has no grant on the resource.
    #[error("the subject has no grant there")]
    "no_grant" NoGrant,
    /// The subject has no restriction on the resource.
    #[error("the subject has no restriction there")]
    "no_restriction" NoRestriction,
    /// The actor's session does not meet the new requirements.
    #[error("the actor's own sign-in does not meet the new requirements")]
    "posture_not_met" PostureNotMet,
    /// There is no such invitation for whoever asks.
    #[error("the invitation is not available")]
    "unavailable" Unavailable,
    /// The user accepted it and was removed since.
    #[error("the membership was removed since")]
    "membership_removed" MembershipRemoved,
    /// The invitation was cancelled.
    #[error("the invitation was cancelled")]
    "invitation_cancelled" InvitationCancelled,
    /// The invitation was declined.
    #[error("the invitation was declined")]
    "invitation_declined" InvitationDeclined,
    /// The invitation has expired.
    #[error("the invitation has expired")]
    "invitation_expired" InvitationExpired,
    /// The verified address is not the one invited.
    #[error("the invitation is for another address")]
    "email_mismatch" EmailMismatch,
    /// The inviter could no longer send this invitation.
    #[error("the inviter is no longer authorised to offer this")]
    "inviter_not_authorised" InviterNotAuthorised,
}

impl From<SessionRefusal> for Refusal {
    fn from(refusal: SessionRefusal) -> Self {
        match refusal {
            SessionRefusal::UnknownUser => Self::UnknownUser,
            SessionRefusal::Suspended => Self::Suspended,
            SessionRefusal::RoleNotHeld => Self::RoleNotHeld,
            SessionRefusal::SsoRequired => Self::SsoRequired,
            SessionRefusal::MfaRequired => Self::MfaRequired,
        }
    }
}

fn describe_wrong_kind(resource: Resource, permissions: PermissionSet) -> String {
    if permissions.is_empty() {
        format!("{resource} cannot stand here")
    } else {
        format!("{permissions} cannot be on {resource}")
    }
}
