//! Why a decision is what it is, as data with ids.
//!
//! An [`Explanation`] holds every fact that the rule looks at for one user, one permission and one
//! resource. [`Explanation::decision`] decides again from these facts alone.

mod bearing;
mod describe;
mod facts;
mod phrase;
mod public;

use serde::{Deserialize, Serialize};

use super::{AllowReason, Decision, DenyReason};
use crate::id::{GroupId, RoleId, UserId};
use crate::permission::Permission;
use crate::resource::Resource;
use crate::session::SessionRefusal;
use crate::settings::MissingProof;
use crate::subject::Subject;
use crate::time::Timestamp;
use crate::user::Status;

pub use describe::DescribedExplanation;
pub use public::{PublicAnswer, PublicExplanation};

pub(crate) use phrase::phrase;

/// Why one user may or may not do one thing on one resource: see [`State::explain`].
///
/// [`State::explain`]: crate::State::explain
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Explanation {
    /// What was asked for.
    pub permission: Permission,
    /// On what.
    pub resource: Resource,
    /// When.
    pub at: Timestamp,
    /// How the sign-in came out.
    pub sign_in: SignInReport,
    /// The resource and what it stands beneath; `None` where it is not registered.
    pub chain: Option<Vec<Resource>>,
    /// Everything that gives the permission there, whether it counts or not: first Admin, then the
    /// user's grants from the resource upwards, those of each group likewise, and the role's scope.
    pub sources: Vec<Source>,
    /// Every restriction that takes the permission there: from the resource upwards, the user's own
    /// first, then those of their groups.
    pub restrictions: Vec<TakenBy>,
    /// Whether the role can have it at all; `None` where there is no such role.
    pub ceiling: Option<Ceiling>,
}

/// The facts of a sign-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignInReport {
    /// Who.
    pub user: UserId,
    /// The role they act under; `None` where they named none and are not registered.
    pub role: Option<RoleId>,
    /// Active or suspended; `None` where the id is not registered.
    pub status: Option<Status>,
    /// Whether they hold that role.
    pub holds_role: bool,
    /// The proofs that the organisation requires, single sign-on first.
    pub demands: Vec<Demand>,
}

/// A proof of sign-in that the organisation requires.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Demand {
    /// Which.
    pub proof: MissingProof,
    /// What it came to in this sign-in.
    pub outcome: DemandOutcome,
}

/// What a required proof came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DemandOutcome {
    /// It was given.
    Given,
    /// It was not given.
    Missing,
    /// It is not asked of this user: a service, or for single sign-on somebody from outside.
    Exempt,
}

/// Something that gives the permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// What it is.
    pub origin: Origin,
    /// Whether it counts, and if not, why.
    pub standing: Standing,
    /// Its part in the decision.
    pub bearing: Bearing,
}

/// What gives a permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The session acts as Admin.
    Admin,
    /// A grant to the user.
    UserGrant {
        /// On the resource, or on something above it.
        on: Resource,
        /// The first moment at which it counts no more.
        expires_at: Option<Timestamp>,
    },
    /// A grant to a group that the user is in.
    GroupGrant {
        /// The group.
        group: GroupId,
        /// The role of the group: the grant counts for those who act under it.
        role: RoleId,
        /// On the resource, or on something above it.
        on: Resource,
        /// The first moment at which it counts no more.
        expires_at: Option<Timestamp>,
    },
    /// The defaults of the role acted under, where it is not Admin.
    RoleScope(ScopeReach),
}

/// How the scope of a role reaches a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScopeReach {
    /// It is a permission on the organisation: those hold always.
    Organisation,
    /// The scope is every resource.
    All,
    /// The scope selects this resource: the one asked about, or one above it.
    Selected(Resource),
}

/// Whether a source counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It counts.
    Counts,
    /// It is a grant that is over.
    Expired,
    /// It is a grant to a group of another role than the one acted under.
    OtherRole,
}

/// A restriction that takes the permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TakenBy {
    /// Whose: the user's, or that of a group they are in.
    pub from: Subject,
    /// On the resource, or on something above it.
    pub on: Resource,
    /// Its part in the decision.
    pub bearing: Bearing,
}

/// What the ceiling of the role says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ceiling {
    /// The role.
    pub role: RoleId,
    /// Whether its holders can have the permission.
    pub holds: bool,
    /// Its part in the decision.
    pub bearing: Bearing,
}

/// The part that a fact has in a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bearing {
    /// It alone decides: without it, the answer would be the other one.
    Decisive,
    /// It is among what decides: it gives the reason, but without it the answer would be the same.
    Shared,
    /// It changes nothing here.
    None,
}

impl SignInReport {
    /// Why the sign-in gives no session, if it gives none.
    #[must_use]
    pub fn refusal(&self) -> Option<SessionRefusal> {
        let missing = |demand: &&Demand| demand.outcome == DemandOutcome::Missing;
        match self.status {
            None => Some(SessionRefusal::UnknownUser),
            Some(Status::Suspended) => Some(SessionRefusal::Suspended),
            Some(Status::Active) if !self.holds_role => Some(SessionRefusal::RoleNotHeld),
            Some(Status::Active) => {
                let demand = self.demands.iter().find(missing);
                demand.map(|demand| demand.proof.into())
            }
        }
    }
}

impl Source {
    /// The reason that an allow from it has.
    #[must_use]
    pub const fn reason(&self) -> AllowReason {
        match self.origin {
            Origin::Admin => AllowReason::Admin,
            Origin::UserGrant { .. } => AllowReason::Grant,
            Origin::GroupGrant { .. } => AllowReason::GroupGrant,
            Origin::RoleScope(_) => AllowReason::RoleScope,
        }
    }

    /// Whether it counts.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.standing == Standing::Counts
    }
}

/// What the facts of an explanation come to, once there is a session on a resource of the right kind.
#[derive(Clone, Copy)]
struct Facts {
    /// The strongest reason of what counts.
    given: Option<AllowReason>,
    is_restricted: bool,
    /// The ceiling holds the permission.
    is_within: bool,
}

impl Explanation {
    /// The decision, from the facts of the explanation alone.
    pub fn decision(&self) -> Decision {
        self.decision_by(self.facts())
    }

    fn facts(&self) -> Facts {
        Facts {
            given: self.given_without(None),
            is_restricted: !self.restrictions.is_empty(),
            is_within: self.ceiling.is_some_and(|ceiling| ceiling.holds),
        }
    }

    /// The strongest reason of the sources that count, but for one of them.
    fn given_without(&self, index: Option<usize>) -> Option<AllowReason> {
        let others = self.sources.iter().enumerate();
        let others = others.filter(|(at, source)| source.counts() && Some(*at) != index);
        others.map(|(_, source)| source.reason()).min()
    }

    fn decision_by(&self, facts: Facts) -> Decision {
        if let Some(refusal) = self.sign_in.refusal() {
            Decision::Deny(refusal.into())
        } else if self.chain.is_none() {
            Decision::Deny(DenyReason::UnknownResource)
        } else if self.permission.kind() != self.resource.kind() {
            Decision::Deny(DenyReason::WrongKind)
        } else if facts.given == Some(AllowReason::Admin) {
            Decision::Allow(AllowReason::Admin)
        } else if !facts.is_within {
            Decision::Deny(DenyReason::AboveCeiling)
        } else if facts.is_restricted {
            Decision::Deny(DenyReason::Restricted)
        } else {
            let denied = Decision::Deny(DenyReason::NotGranted);
            facts.given.map_or(denied, Decision::Allow)
        }
    }
}
