//! An explanation in words, for an administrator.

use std::fmt::{self, Formatter};

use super::{
    Bearing, Demand, DemandOutcome, Explanation, Origin, ScopeReach, Source, Standing, TakenBy,
    phrase,
};
use crate::decision::{AllowReason, Decision, DenyReason};
use crate::names::Names;
use crate::resource::{Resource, ResourceKind};
use crate::settings::MissingProof;
use crate::subject::Subject;
use crate::time::Timestamp;

impl Explanation {
    /// The explanation in words, with these names: first the answer, then what gives the permission,
    /// what takes it, and what the role and the organisation ask.
    #[must_use]
    pub fn describe<'a>(&'a self, names: &'a dyn Names) -> DescribedExplanation<'a> {
        DescribedExplanation {
            explanation: self,
            names,
        }
    }
}

/// An explanation with the names to tell it in. `Display` gives a few lines.
#[derive(Clone, Copy)]
pub struct DescribedExplanation<'a> {
    explanation: &'a Explanation,
    names: &'a dyn Names,
}

impl fmt::Debug for DescribedExplanation<'_> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.explanation, formatter)
    }
}

impl fmt::Display for DescribedExplanation<'_> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        self.answer(formatter)?;
        section(formatter, "Given by", &self.sources())?;
        section(formatter, "Taken by", &self.restrictions())?;
        section(formatter, "Ceiling", &self.ceiling())?;
        section(formatter, "Sign-in", &self.demands())
    }
}

fn section(formatter: &mut Formatter<'_>, heading: &str, lines: &[String]) -> fmt::Result {
    if lines.is_empty() {
        return Ok(());
    }
    write!(formatter, "\n  {heading}")?;
    lines
        .iter()
        .try_for_each(|line| write!(formatter, "\n    - {line}"))
}

const fn decides(bearing: Bearing) -> &'static str {
    match bearing {
        Bearing::Decisive => "  <- the reason",
        Bearing::Shared => "  <- a reason, but not the only one",
        Bearing::None => "",
    }
}

impl DescribedExplanation<'_> {
    fn answer(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let Explanation {
            permission,
            resource,
            ..
        } = *self.explanation;
        let decision = self.explanation.decision();
        let does = phrase(permission, &self.names.resource(resource));
        let (answer, may) = if decision.is_allowed() {
            ("Yes", "may")
        } else {
            ("No", "may not")
        };
        let who = self.who();
        let because = self.because(decision);
        write!(
            formatter,
            "{answer}: {who} {may} {does} ({permission}), {because}."
        )
    }

    /// The user, and the role if they hold it.
    fn who(&self) -> String {
        let sign_in = &self.explanation.sign_in;
        let user = self.names.user(sign_in.user);
        match sign_in.role.filter(|_| sign_in.status.is_some()) {
            Some(role) => format!("{user}, acting as {},", self.names.role(role)),
            None => user,
        }
    }

    fn because(&self, decision: Decision) -> String {
        let reason = match decision {
            Decision::Allow(AllowReason::Admin) => "because Admins may do everything",
            Decision::Allow(AllowReason::Grant) => "because it was granted to them",
            Decision::Allow(AllowReason::GroupGrant) => {
                "because it was granted to a group they are in"
            }
            Decision::Allow(AllowReason::RoleScope) => "because their role gives it",
            Decision::Deny(DenyReason::UnknownUser) => "because there is no such user",
            Decision::Deny(DenyReason::Suspended) => "because they are suspended",
            Decision::Deny(DenyReason::RoleNotHeld) => "because they do not hold this role",
            Decision::Deny(DenyReason::SsoRequired) => {
                "because the organisation requires single sign-on"
            }
            Decision::Deny(DenyReason::MfaRequired) => {
                "because the organisation requires a second factor"
            }
            Decision::Deny(DenyReason::UnknownResource) => "because there is no such thing",
            Decision::Deny(DenyReason::WrongKind) => return self.wrong_kind(),
            Decision::Deny(DenyReason::AboveCeiling) => {
                "because this role can never do it, whatever is granted"
            }
            Decision::Deny(DenyReason::Restricted) => {
                "because a restriction takes it, and a restriction always wins"
            }
            Decision::Deny(DenyReason::NotGranted) => self.nothing_gives_it(),
        };
        reason.to_owned()
    }

    fn wrong_kind(&self) -> String {
        let Explanation {
            permission,
            resource,
            ..
        } = *self.explanation;
        let (asked, found) = (one(permission.kind()), one(resource.kind()));
        format!("because this can be done to {asked} only, and here is {found}")
    }

    fn nothing_gives_it(&self) -> &'static str {
        if self.explanation.sources.is_empty() {
            "because nothing gives it"
        } else {
            "because nothing that counts gives it"
        }
    }

    fn sources(&self) -> Vec<String> {
        let sources = self.explanation.sources.iter();
        sources.map(|source| self.source(source)).collect()
    }

    fn source(&self, source: &Source) -> String {
        let what = self.origin(source);
        let but = match source.standing {
            Standing::Counts => String::new(),
            Standing::Expired => ", which is over".to_owned(),
            Standing::OtherRole => self.other_role(source),
        };
        format!("{what}{but}{}", decides(source.bearing))
    }

    fn other_role(&self, source: &Source) -> String {
        match source.origin {
            Origin::GroupGrant { role, .. } => {
                let role = self.names.role(role);
                format!(", which counts only for those who act as {role}")
            }
            _ => String::new(),
        }
    }

    fn origin(&self, source: &Source) -> String {
        let until = |expires_at: Option<Timestamp>| match expires_at {
            Some(end) => format!(" until {end}"),
            None => String::new(),
        };
        match source.origin {
            Origin::Admin => "the role Admin, which may do everything".to_owned(),
            Origin::UserGrant { on, expires_at } => {
                let (place, until) = (self.place(on), until(expires_at));
                format!("a grant of their own {place}{until}")
            }
            Origin::GroupGrant {
                group,
                on,
                expires_at,
                ..
            } => {
                let (place, until) = (self.place(on), until(expires_at));
                format!("a grant to {} {place}{until}", self.names.group(group))
            }
            Origin::RoleScope(reach) => self.scope(reach),
        }
    }

    fn scope(&self, reach: ScopeReach) -> String {
        let role = self.explanation.sign_in.role;
        let role = role.map_or_else(String::new, |role| self.names.role(role));
        match reach {
            ScopeReach::Organisation => format!("the role {role}"),
            ScopeReach::All => format!("the role {role}, which reaches everything"),
            ScopeReach::Selected(on) => format!("the role {role}, which reaches {}", self.seat(on)),
        }
    }

    /// Where a grant or restriction is, and that it comes from above where it does.
    fn place(&self, on: Resource) -> String {
        format!("on {}", self.seat(on))
    }

    fn seat(&self, on: Resource) -> String {
        let name = self.names.resource(on);
        if on == self.explanation.resource {
            name
        } else {
            format!("{name} and all beneath it")
        }
    }

    fn restrictions(&self) -> Vec<String> {
        let restrictions = self.explanation.restrictions.iter();
        let lines = restrictions.map(|taken| self.restriction(taken));
        lines.collect()
    }

    fn restriction(&self, taken: &TakenBy) -> String {
        let from = match taken.from {
            Subject::User(_) => "their own".to_owned(),
            Subject::Group(group) => self.names.group(group),
        };
        let place = self.place(taken.on);
        let but = if self.explanation.decision() == Decision::Allow(AllowReason::Admin) {
            ", which does not bind an Admin"
        } else {
            ""
        };
        format!(
            "a restriction of {from} {place}{but}{}",
            decides(taken.bearing)
        )
    }

    fn ceiling(&self) -> Vec<String> {
        let ceiling = self.explanation.ceiling.into_iter();
        let relevant = ceiling.filter(|ceiling| !ceiling.holds);
        relevant
            .map(|ceiling| {
                let role = self.names.role(ceiling.role);
                format!("{role} can never have it{}", decides(ceiling.bearing))
            })
            .collect()
    }

    fn demands(&self) -> Vec<String> {
        let demands = self.explanation.sign_in.demands.iter();
        demands.map(demand).collect()
    }
}

fn demand(demand: &Demand) -> String {
    let proof = match demand.proof {
        MissingProof::Sso => "single sign-on",
        MissingProof::Mfa => "a second factor",
    };
    let outcome = match demand.outcome {
        DemandOutcome::Given => "is required and was given",
        DemandOutcome::Missing => "is required and was not given",
        DemandOutcome::Exempt => "is required, but not of this user",
    };
    format!("{proof} {outcome}")
}

/// One of a kind, with its article.
fn one(kind: ResourceKind) -> String {
    match kind {
        ResourceKind::Organisation => "the organisation".to_owned(),
        other => format!("a {other}"),
    }
}
