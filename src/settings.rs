//! What an organisation asks of sign-ins and addresses, and its limits.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::address::{DomainPattern, EmailAddress};
use crate::id::RoleId;
use crate::user::{Identity, User};

/// The proof of how somebody signed in, as the host has verified it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignInProof {
    /// Through the organisation's single sign-on.
    #[serde(default)]
    pub sso: bool,
    /// With a second factor.
    #[serde(default)]
    pub mfa: bool,
}

impl SignInProof {
    /// Neither single sign-on nor a second factor.
    pub const NONE: Self = Self {
        sso: false,
        mfa: false,
    };
    /// Both.
    pub const FULL: Self = Self {
        sso: true,
        mfa: true,
    };
}

/// The proof that a sign-in lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MissingProof {
    /// Single sign-on.
    Sso,
    /// A second factor.
    Mfa,
}

/// The security settings of an organisation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecuritySettings {
    /// People of the organisation must come through single sign-on.
    pub require_sso: bool,
    /// People must prove a second factor.
    pub require_mfa: bool,
    /// The domains that addresses may have; empty: all.
    pub allowed_domains: BTreeSet<DomainPattern>,
    /// External users may hold Admin.
    pub allow_external_admins: bool,
}

impl SecuritySettings {
    /// The first proof that `user` would need and `proof` does not hold.
    ///
    /// Services are exempt from both, external users from single sign-on (specification, 4).
    #[must_use]
    pub fn missing_proof(&self, user: &User, proof: SignInProof) -> Option<MissingProof> {
        if matches!(user.identity, Identity::Service { .. }) {
            None
        } else if self.require_sso && !proof.sso && !user.is_external() {
            Some(MissingProof::Sso)
        } else if self.require_mfa && !proof.mfa {
            Some(MissingProof::Mfa)
        } else {
            None
        }
    }

    /// Whether addresses of this domain may join.
    #[must_use]
    pub fn allows(&self, address: &EmailAddress) -> bool {
        self.allowed_domains.is_empty()
            || self
                .allowed_domains
                .iter()
                .any(|pattern| pattern.matches(address))
    }
}

/// The limits of an organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Seats of a role: how many active people of the organisation may hold it. Absent: no limit.
    pub seats: BTreeMap<RoleId, u32>,
    /// How many live invitations there may be.
    pub open_invitations: u32,
    /// How many custom roles there may be.
    pub custom_roles: u32,
    /// The time that must pass between two sendings of an invitation.
    pub resend_cooldown: Duration,
}

impl Default for Limits {
    /// No seat limits, 1,000 invitations, 100 custom roles, no cool-down.
    fn default() -> Self {
        Self {
            seats: BTreeMap::new(),
            open_invitations: 1_000,
            custom_roles: 100,
            resend_cooldown: Duration::ZERO,
        }
    }
}
