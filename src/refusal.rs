//! Why a command was refused: a stable code, and the facts.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::id::{GroupId, InvitationId, RoleId, UserId};
use crate::names::{Names, PlainIds};
use crate::permission::{Permission, PermissionSet};
use crate::resource::Resource;
use crate::session::SessionRefusal;

macro_rules! refusals {
    ($names:ident; $(
        $(#[doc = $doc:literal])*
        #[says($message:literal $(, $($argument:tt)*)?)]
        $code:literal $variant:ident $({ $($(#[doc = $field_doc:literal])* $(#[serde($($serde:tt)*)])? $field:ident: $type:ty),* $(,)? })?,
    )*) => {
        /// Why a command was refused. A refused command changes nothing.
        ///
        /// [`code`](Self::code) is the stable name of the variant, and its name in serialised form.
        /// `Display` shows ids; [`sentence`](Self::sentence) has names in their place.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "code", rename_all = "snake_case", deny_unknown_fields)]
        pub enum Refusal {$(
            $(#[doc = $doc])*
            $variant $({ $($(#[doc = $field_doc])* $(#[serde($($serde)*)])? $field: $type),* })?,
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

            /// Why, in words, with these names: a clause without a full stop, as errors have it.
            #[must_use]
            pub fn sentence(&self, $names: &dyn Names) -> String {
                match self {$(
                    Self::$variant $({ $($field),* })? => format!($message $(, $($argument)*)?),
                )*}
            }
        }
    };
}

refusals! { names;
    /// The organisation is not founded yet.
    #[says("the organisation is not founded yet")]
    "not_founded" NotFounded,
    /// The organisation is founded already.
    #[says("the organisation is founded already")]
    "already_founded" AlreadyFounded,
    /// The actor is no registered user.
    #[says("the actor is no registered user")]
    "unknown_user" UnknownUser,
    /// The actor is suspended.
    #[says("the actor is suspended")]
    "suspended" Suspended,
    /// The actor does not hold the role they would act under.
    #[says("the actor does not hold the role they would act under")]
    "role_not_held" RoleNotHeld,
    /// The actor must sign in through single sign-on.
    #[says("the organisation requires single sign-on")]
    "sso_required" SsoRequired,
    /// The actor must prove a second factor.
    #[says("the organisation requires a second factor")]
    "mfa_required" MfaRequired,
    /// The actor has no right to give this command.
    #[says("the actor has no right to do this{}", needed_as_words(*needed))]
    "not_allowed" NotAllowed {
        /// The permissions of which one would do; empty where none does.
        #[serde(default)]
        needed: PermissionSet,
    },
    /// A user named in the command is unknown, invited only, or removed.
    #[says("there is no {}", names.user(*user))]
    "not_registered" NotRegistered {
        /// The user.
        user: UserId,
    },
    /// A role named in the command does not exist.
    #[says("there is no {}", names.role(*role))]
    "unknown_role" UnknownRole {
        /// The role.
        role: RoleId,
    },
    /// A group named in the command does not exist.
    #[says("there is no {}", names.group(*group))]
    "unknown_group" UnknownGroup {
        /// The group.
        group: GroupId,
    },
    /// A resource named in the command is not registered.
    #[says("there is no {}", names.resource(*resource))]
    "unknown_resource" UnknownResource {
        /// The resource.
        resource: Resource,
    },
    /// An invitation named in the command does not exist.
    #[says("there is no {}", names.invitation(*invitation))]
    "unknown_invitation" UnknownInvitation {
        /// The invitation.
        invitation: InvitationId,
    },
    /// A name is empty, too long or holds control characters.
    #[says("a name has 1 to 64 characters and no control characters: {name:?}")]
    "invalid_name" InvalidName {
        /// The name as given.
        name: String,
    },
    /// An address is none, or the user is a service and has none.
    #[says("not an e-mail address: {email:?}")]
    "invalid_email" InvalidEmail {
        /// The address as given.
        email: String,
    },
    /// An allowed domain is malformed.
    #[says("neither a domain nor `*.` and a domain: {domain:?}")]
    "invalid_domain" InvalidDomain {
        /// The domain as given.
        domain: String,
    },
    /// A time to live is zero or ends past the end of time.
    #[says("a time to live is at least a millisecond and ends before the end of time")]
    "invalid_ttl" InvalidTtl,
    /// A resource or permission is of a kind that does not fit here.
    #[says("wrong kind: {}", wrong_kind(&names.resource(*resource), *permissions))]
    "wrong_kind" WrongKind {
        /// The resource that is of the wrong kind, or on which the permissions are.
        resource: Resource,
        /// The permissions that cannot be at or below it; empty where the resource itself is wrong.
        permissions: PermissionSet,
    },
    /// A permission set lacks prerequisites.
    #[says("prerequisites are missing: {missing}")]
    "missing_prerequisite" MissingPrerequisite {
        /// The prerequisites that are missing.
        missing: PermissionSet,
    },
    /// A role's defaults are not within its ceiling.
    #[says("the defaults exceed the ceiling by {excess}")]
    "defaults_exceed_ceiling" DefaultsExceedCeiling {
        /// The permissions beyond.
        excess: PermissionSet,
    },
    /// A scope selects no resource.
    #[says("a selected scope names at least one resource")]
    "empty_scope" EmptyScope,
    /// Built-in roles cannot be redefined or deleted.
    #[says("{} is built in; clone it instead", names.role(*role))]
    "built_in_role" BuiltInRole {
        /// The role.
        role: RoleId,
    },
    /// A user holds one or more roles.
    #[says("at least one role is needed")]
    "no_roles" NoRoles,
    /// Extend and narrow overlap.
    #[says("both added and taken: {overlap}")]
    "contradiction" Contradiction {
        /// The permissions in both.
        overlap: PermissionSet,
    },
    /// The grant would hold nothing.
    #[says("the grant would give nothing")]
    "empty_grant" EmptyGrant,
    /// The restriction would hold nothing.
    #[says("the restriction would take nothing")]
    "empty_restriction" EmptyRestriction,
    /// The grant would be over before it begins.
    #[says("the grant would be over before it begins")]
    "already_expired" AlreadyExpired,
    /// The grant goes beyond what its subject can ever have.
    #[says("the grant exceeds the ceiling by {excess}")]
    "exceeds_ceiling" ExceedsCeiling {
        /// The permissions beyond.
        excess: PermissionSet,
    },
    /// Nobody changes this about themselves.
    #[says("nobody changes this about themselves")]
    "self_administration" SelfAdministration,
    /// The target holds a role that the actor cannot confer.
    #[says("the target outranks the actor")]
    "target_outranks_actor" TargetOutranksActor,
    /// The actor would confer what they do not hold.
    #[says("the actor would confer what they do not hold: {excess}{}", if *scope { ", beyond their scope" } else { "" })]
    "exceeds_actor" ExceedsActor {
        /// The permissions beyond.
        excess: PermissionSet,
        /// Whether the scope is beyond.
        scope: bool,
    },
    /// The id is taken.
    #[says("the id is taken")]
    "duplicate_id" DuplicateId,
    /// The name is taken.
    #[says("the name is taken: {name:?}")]
    "name_taken" NameTaken {
        /// The name as given.
        name: String,
    },
    /// There are as many custom roles as the limit allows.
    #[says("there are {limit} custom roles, as many as allowed")]
    "too_many_roles" TooManyRoles {
        /// The limit.
        limit: u32,
    },
    /// The role is in use and no replacement is named.
    #[says("users, groups or open invitations have the role ({users}, {groups}, {invitations}): name a replacement")]
    "role_in_use" RoleInUse {
        /// How many users hold it.
        users: u64,
        /// How many groups are for it.
        groups: u64,
        /// How many open invitations offer it.
        invitations: u64,
    },
    /// Services never hold Admin.
    #[says("a service cannot hold Admin")]
    "service_admin" ServiceAdmin,
    /// External users may not hold Admin.
    #[says("an external user cannot hold Admin here")]
    "external_admin" ExternalAdmin,
    /// No effective Admin would remain.
    #[says("no active Admin of the organisation would remain")]
    "last_admin" LastAdmin,
    /// No seat of a role is free.
    #[says("no seat of {} is free", names.role(*role))]
    "seat_limit" SeatLimit {
        /// The role.
        role: RoleId,
    },
    /// The user is suspended already.
    #[says("the user is suspended already")]
    "already_suspended" AlreadySuspended,
    /// The user is not suspended.
    #[says("the user is not suspended")]
    "not_suspended" NotSuspended,
    /// The address belongs to a registered user, or the user is a member of the group.
    #[says("is a member already")]
    "already_member" AlreadyMember,
    /// The address belongs to a suspended user.
    #[says("is a member already, and suspended")]
    "member_suspended" MemberSuspended,
    /// The address has a live invitation.
    #[says("the address has a live invitation")]
    "already_invited" AlreadyInvited,
    /// There are as many live invitations as the limit allows.
    #[says("there are {limit} live invitations, as many as allowed")]
    "too_many_invitations" TooManyInvitations {
        /// The limit.
        limit: u32,
    },
    /// The domain of the address is not among those allowed.
    #[says("the domain of the address is not allowed")]
    "domain_not_allowed" DomainNotAllowed,
    /// The address stands in the batch already.
    #[says("the address stands in the batch already")]
    "duplicate_in_batch" DuplicateInBatch,
    /// There is nothing in the batch.
    #[says("there is nothing in the batch")]
    "empty_batch" EmptyBatch,
    /// The command cannot be part of a batch.
    #[says("found, accept, decline and batches are not parts of a batch")]
    "not_in_batch" NotInBatch,
    /// The invitation is not pending, or not live where it must be.
    #[says("the invitation is not pending")]
    "not_pending" NotPending,
    /// The cool-down since the last sending is not over.
    #[says("the invitation was sent too recently")]
    "resend_too_soon" ResendTooSoon,
    /// The token is the one sent before.
    #[says("the token was used before")]
    "token_reused" TokenReused,
    /// The user, or the invitation, does not hold the role of the group.
    #[says("the role of {} is not among the roles", names.group(*group))]
    "group_role_mismatch" GroupRoleMismatch {
        /// The group.
        group: GroupId,
    },
    /// The user is not in the group.
    #[says("the user is not in the group")]
    "not_a_member" NotAMember,
    /// The resource is registered already.
    #[says("the resource is registered already")]
    "already_registered" AlreadyRegistered,
    /// The subject has no grant on the resource.
    #[says("the subject has no grant there")]
    "no_grant" NoGrant,
    /// The subject has no restriction on the resource.
    #[says("the subject has no restriction there")]
    "no_restriction" NoRestriction,
    /// The actor's session does not meet the new requirements.
    #[says("the actor's own sign-in does not meet the new requirements")]
    "posture_not_met" PostureNotMet,
    /// There is no such invitation for whoever asks.
    #[says("the invitation is not available")]
    "unavailable" Unavailable,
    /// The user accepted it and was removed since.
    #[says("the membership was removed since")]
    "membership_removed" MembershipRemoved,
    /// The invitation was cancelled.
    #[says("the invitation was cancelled")]
    "invitation_cancelled" InvitationCancelled,
    /// The invitation was declined.
    #[says("the invitation was declined")]
    "invitation_declined" InvitationDeclined,
    /// The invitation has expired.
    #[says("the invitation has expired")]
    "invitation_expired" InvitationExpired,
    /// The verified address is not the one invited.
    #[says("the invitation is for another address")]
    "email_mismatch" EmailMismatch,
    /// The inviter could no longer send this invitation.
    #[says("the inviter is no longer authorised to offer this")]
    "inviter_not_authorised" InviterNotAuthorised,
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.sentence(&PlainIds))
    }
}

impl std::error::Error for Refusal {}

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

fn needed_as_words(needed: PermissionSet) -> String {
    let names: Vec<&str> = needed.iter().map(Permission::name).collect();
    match names.as_slice() {
        [] => String::new(),
        names => format!(": it takes {}", names.join(" or ")),
    }
}

fn wrong_kind(resource: &str, permissions: PermissionSet) -> String {
    if permissions.is_empty() {
        format!("{resource} cannot stand here")
    } else {
        format!("{permissions} cannot be on {resource}")
    }
}
