//! What a review finds.

use serde::{Deserialize, Serialize};

use crate::command::Command;
use crate::permission::PermissionSet;
use crate::topic::Topic;

/// How much a finding presses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Clutter: mending it changes nobody's access.
    Notice,
    /// More power than needed, or something about to lapse.
    Warning,
    /// The organisation can be lost or harmed by one person or one mistake.
    Urgent,
}

macro_rules! finding_codes {
    ($($(#[doc = $doc:literal])* $code:literal $variant:ident $severity:ident $why:literal;)*) => {
        /// The kind of a finding. The names are stable.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum FindingCode {
            $($(#[doc = $doc])* $variant,)*
        }

        impl FindingCode {
            /// Every code, in the order in which findings are listed.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The stable name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// How much it presses.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)* }
            }

            /// Why it matters, as a sentence.
            #[must_use]
            pub const fn why(self) -> &'static str {
                match self { $(Self::$variant => $why,)* }
            }
        }
    };
}

finding_codes! {
    /// No active person of the organisation holds Admin.
    "no_admin" NoAdmin Urgent
        "Nobody in the organisation can govern it; only the operator can.";
    /// One active person alone holds Admin.
    "single_admin" SingleAdmin Urgent
        "If this person is away, nobody can govern the organisation, and nobody can help them.";
    /// More of the organisation's people hold Admin than the share allowed.
    "too_many_admins" TooManyAdmins Warning
        "Grants, restrictions and ceilings do not bind Admins, so each of them is a risk.";
    /// A user holds Admin and no other role.
    "admin_without_everyday_role" AdminWithoutEverydayRole Warning
        "Everything this person does, they do with full power; an everyday role keeps mistakes small.";
    /// One person holds two permissions that the host wants apart.
    "separation_of_duties" SeparationOfDuties Urgent
        "One person alone can do what should take two.";
    /// An external user has manage rights.
    "external_manager" ExternalManager Warning
        "Somebody from outside decides about the organisation's people or resources.";
    /// A delegate can hand out more than their role gives.
    "delegate_beyond_role" DelegateBeyondRole Warning
        "This person can give others more on the model than their role is meant to have.";
    /// A user can do nothing anywhere.
    "user_without_access" UserWithoutAccess Notice
        "An account that is good for nothing is forgotten, and still signs in.";
    /// A grant is over.
    "grant_expired" GrantExpired Notice
        "The grant counts nowhere and hides what is really given.";
    /// A grant ends soon.
    "grant_expiring" GrantExpiring Warning
        "Somebody is about to lose access without a decision.";
    /// A grant goes to somebody who is Admin under every role.
    "grant_to_admin" GrantToAdmin Notice
        "Admins may do everything already, so the grant does nothing.";
    /// All that a grant gives is taken by restrictions.
    "grant_restricted" GrantRestricted Notice
        "Restrictions take all that the grant gives; lifting one of them would give it unnoticed.";
    /// All that a grant gives is given already.
    "grant_redundant" GrantRedundant Notice
        "The role, a group or a grant above gives all of it already.";
    /// A restriction takes nothing that anybody concerned could have.
    "restriction_without_effect" RestrictionWithoutEffect Notice
        "Nobody concerned could ever have what the restriction takes there.";
    /// A restriction takes what one above it takes already.
    "restriction_redundant" RestrictionRedundant Notice
        "A restriction of the same subject above takes all of it already.";
    /// A restriction concerns Admins alone.
    "restriction_on_admin" RestrictionOnAdmin Warning
        "Restrictions do not bind Admins, so it protects nothing.";
    /// Two roles are the same but for their names.
    "roles_equal" RolesEqual Notice
        "Two names for one thing drift apart, and nobody knows which to give.";
    /// A custom role is contained in another.
    "role_contained" RoleContained Notice
        "Whoever holds the larger role gains nothing from the smaller.";
    /// Nobody holds a custom role, nor is anybody invited with it.
    "role_unused" RoleUnused Notice
        "A role that nobody holds is given by mistake sooner or later.";
    /// A group has no members and stands in no open invitation.
    "group_empty" GroupEmpty Notice
        "Whoever is added gets what the group was once meant for.";
    /// A group has neither grants nor restrictions.
    "group_without_grants" GroupWithoutGrants Notice
        "Being in the group changes nothing.";
    /// Nobody but Admins can do anything on a model or beneath it.
    "model_unused" ModelUnused Notice
        "The model is abandoned, or those who should work on it cannot.";
    /// An invitation has expired and is still open.
    "invitation_expired" InvitationExpired Notice
        "It can be sent again as it stands, with roles chosen long ago.";
    /// A live invitation has waited for longer than the window.
    "invitation_pending_long" InvitationPendingLong Warning
        "Whoever comes to have the address or the token joins the organisation.";
    /// A live invitation could not be accepted.
    "invitation_unacceptable" InvitationUnacceptable Warning
        "The person invited will be turned away.";
    /// A user has permissions they have not used.
    "permission_unused" PermissionUnused Notice
        "What is not used is not missed, and can only be misused.";
    /// A custom role gives permissions that none of its holders has used.
    "role_broader_than_used" RoleBroaderThanUsed Warning
        "Everybody who gets the role gets more than anybody needed.";
    /// A smaller role would serve a user for all they have done.
    "smaller_role_suffices" SmallerRoleSuffices Warning
        "The user has more power than their work has needed.";
}

/// One finding of a review.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// What kind of finding it is.
    pub code: FindingCode,
    /// What it is about; the first is the thing that the finding is on.
    pub subjects: Vec<Topic>,
    /// The permissions concerned, where there are any.
    pub permissions: PermissionSet,
    /// Commands that would mend it, each by itself and each accepted from the operator as the state
    /// is; empty where it takes a decision.
    pub mend: Vec<Command>,
}

impl Finding {
    pub(super) fn new(code: FindingCode, subjects: impl Into<Vec<Topic>>) -> Self {
        Self {
            code,
            subjects: subjects.into(),
            permissions: PermissionSet::EMPTY,
            mend: Vec::new(),
        }
    }

    pub(super) fn concerning(self, permissions: PermissionSet) -> Self {
        Self {
            permissions,
            ..self
        }
    }

    pub(super) fn mended_by(self, mend: impl IntoIterator<Item = Command>) -> Self {
        let mend = mend.into_iter().collect();
        Self { mend, ..self }
    }

    /// How much it presses.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        self.code.severity()
    }

    /// Why it matters, as a sentence.
    #[must_use]
    pub const fn why(&self) -> &'static str {
        self.code.why()
    }
}
