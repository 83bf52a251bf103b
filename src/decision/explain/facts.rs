//! Gathering the facts of an explanation from the state.

use smallvec::SmallVec;

use super::{
    Bearing, Ceiling, Demand, DemandOutcome, Explanation, Origin, ScopeReach, SignInReport, Source,
    Standing, TakenBy,
};
use crate::command::SignIn;
use crate::grant::Grant;
use crate::id::RoleId;
use crate::permission::Permission;
use crate::resource::{Resource, ResourceKind};
use crate::role::Scope;
use crate::settings::{MissingProof, SignInProof};
use crate::state::{Chain, Entry, Holding, SUBJECT_TO_MFA, SUBJECT_TO_SSO, State, UserEntry};
use crate::subject::Subject;
use crate::time::Timestamp;

impl State {
    /// Why a user may or may not do something on a resource: every fact that the rule looks at.
    ///
    /// Meant for administrators: it names groups, grants and restrictions. What the user may be told
    /// is [`State::explain_publicly`].
    ///
    /// ```
    /// # use rolebook::{ModelId, Permission, SignIn, State, Timestamp, UserId};
    /// # fn example(state: &State, now: Timestamp) -> Result<(), rolebook::UnknownPermission> {
    /// let sign_in = SignIn::new(UserId::new(7));
    /// let update: Permission = "model.update".parse()?;
    /// let why = state.explain(sign_in, update, ModelId::new(1), now);
    /// assert_eq!(why.decision(), state.check(sign_in, update, ModelId::new(1), now));
    /// println!("{}", why.describe(state));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn explain(
        &self,
        sign_in: SignIn,
        permission: Permission,
        resource: impl Into<Resource>,
        now: Timestamp,
    ) -> Explanation {
        let resource = resource.into();
        let report = self.sign_in_report(sign_in);
        let mut explanation = Explanation {
            permission,
            resource,
            at: now,
            ceiling: self.ceiling_fact(report.role, permission),
            chain: self.chain(resource).map(Chain::into_vec),
            sources: Vec::new(),
            restrictions: Vec::new(),
            sign_in: report,
        };
        if permission.kind() == resource.kind() {
            self.add_facts(&mut explanation);
        }
        explanation.weigh();
        explanation
    }

    fn sign_in_report(&self, sign_in: SignIn) -> SignInReport {
        let entry = self.table().user(sign_in.user);
        let (role, holds_role) = self.role_and_whether_held(sign_in, entry);
        let demands = entry.map(|entry| self.demands(entry, sign_in.proof));
        SignInReport {
            user: sign_in.user,
            role,
            status: entry.map(UserEntry::status),
            holds_role,
            demands: demands.unwrap_or_default(),
        }
    }

    /// The role acted under, and whether the user holds it: from what checks know where it is their primary one.
    fn role_and_whether_held(
        &self,
        SignIn { user, role, .. }: SignIn,
        entry: Option<&UserEntry>,
    ) -> (Option<RoleId>, bool) {
        let primary = entry.and_then(|entry| self.table().primary_role_id(entry));
        if primary.is_some() && (role.is_none() || role == primary) {
            return (primary, true);
        }
        let registration = self.user(user);
        let role = role.or_else(|| registration.map(|it| it.roles.primary()));
        let holds = |role: RoleId| registration.is_some_and(|it| it.roles.contains(role));
        let is_held = role.is_some_and(|role| holds(role) && self.role(role).is_some());
        (role, is_held)
    }

    fn demands(&self, user: &UserEntry, proof: SignInProof) -> Vec<Demand> {
        let security = self.security();
        let sso = security
            .require_sso
            .then_some((MissingProof::Sso, SUBJECT_TO_SSO, proof.sso));
        let mfa = security
            .require_mfa
            .then_some((MissingProof::Mfa, SUBJECT_TO_MFA, proof.mfa));
        let required = sso.into_iter().chain(mfa);
        let demands = required.map(|(proof, subject, given)| {
            let outcome = match (user.flags() & subject != 0, given) {
                (false, _) => DemandOutcome::Exempt,
                (true, true) => DemandOutcome::Given,
                (true, false) => DemandOutcome::Missing,
            };
            Demand { proof, outcome }
        });
        demands.collect()
    }

    fn ceiling_fact(&self, role: Option<RoleId>, permission: Permission) -> Option<Ceiling> {
        let role = role?;
        let definition = self.role(role)?;
        Some(Ceiling {
            role,
            holds: definition.ceiling.holds(permission),
            bearing: Bearing::None,
        })
    }

    fn add_facts(&self, explanation: &mut Explanation) {
        let Some(chain) = &explanation.chain else {
            return;
        };
        let (user, permission) = (explanation.sign_in.user, explanation.permission);
        let inquiry = Inquiry {
            state: self,
            asked: explanation,
            chain,
            held: &self.held_on(user, explanation.resource, permission.into()),
        };
        let (sources, restrictions) = (inquiry.sources(), inquiry.restrictions());
        explanation.sources = sources;
        explanation.restrictions = restrictions;
    }
}

/// What is asked, and what there is to it.
struct Inquiry<'a> {
    state: &'a State,
    asked: &'a Explanation,
    chain: &'a [Resource],
    /// What the user and each group of theirs has on the chain that holds the permission.
    held: &'a [Holding],
}

impl Inquiry<'_> {
    fn role(&self) -> Option<RoleId> {
        self.asked.sign_in.role
    }

    fn sources(&self) -> Vec<Source> {
        let admin = (self.role() == Some(RoleId::ADMIN)).then_some(Origin::Admin);
        let scope = self.scope().map(Origin::RoleScope);
        let of_role = usize::from(admin.is_some() || scope.is_some());
        let mut sources = Vec::with_capacity(self.held.len().saturating_add(of_role));
        let counts = |origin| source(origin, Standing::Counts);
        sources.extend(admin.map(counts));
        sources.extend(self.held.iter().filter_map(|held| self.grant(held)));
        sources.extend(scope.map(counts));
        sources
    }

    /// A grant, live or over.
    fn grant(&self, held: &Holding) -> Option<Source> {
        let on = *self.chain.get(held.link)?;
        let Entry::Grant(grant) = held.entry else {
            return None;
        };
        let expires_at = grant.expires_at;
        let Some((group, role)) = held.group else {
            let origin = Origin::UserGrant { on, expires_at };
            return Some(source(origin, self.liveness(grant)));
        };
        let origin = Origin::GroupGrant {
            group,
            role,
            on,
            expires_at,
        };
        let standing = if Some(role) == self.role() {
            self.liveness(grant)
        } else {
            Standing::OtherRole
        };
        Some(source(origin, standing))
    }

    fn liveness(&self, grant: Grant) -> Standing {
        if grant.is_live(self.asked.at) {
            Standing::Counts
        } else {
            Standing::Expired
        }
    }

    fn scope(&self) -> Option<ScopeReach> {
        // Admin is a source of its own.
        let role = self.role().filter(|role| *role != RoleId::ADMIN)?;
        let role = self.state.role(role)?;
        if !role.defaults.holds(self.asked.permission) {
            return None;
        }
        if self.asked.permission.kind() == ResourceKind::Organisation {
            return Some(ScopeReach::Organisation);
        }
        match &role.scope {
            Scope::All => Some(ScopeReach::All),
            Scope::Selected(selected) => {
                let reached = self.chain.iter().find(|link| selected.contains(link));
                reached.copied().map(ScopeReach::Selected)
            }
            Scope::Granted => None,
        }
    }

    /// The restrictions, link by link.
    fn restrictions(&self) -> Vec<TakenBy> {
        let held = self.held.iter().filter(|it| it.entry.restricts());
        let mut held: SmallVec<[&Holding; 4]> = held.collect();
        held.sort_by_key(|it| it.link);
        let user = Subject::User(self.asked.sign_in.user);
        let taken = held.into_iter().filter_map(|it| {
            Some(TakenBy {
                from: it.group.map_or(user, |(group, _)| Subject::Group(group)),
                on: *self.chain.get(it.link)?,
                bearing: Bearing::None,
            })
        });
        taken.collect()
    }
}

const fn source(origin: Origin, standing: Standing) -> Source {
    Source {
        origin,
        standing,
        bearing: Bearing::None,
    }
}
