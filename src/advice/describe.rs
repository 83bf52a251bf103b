//! Remedies in words, for an administrator.

use std::fmt::{self, Formatter};

use super::{Giver, NoRemedy, Remedies, Remedy, RemedyStep};
use crate::command::{Command, GrantRequest, SignIn};
use crate::decision::Explanation;
use crate::decision::explain::DemandOutcome;
use crate::id::{RoleId, UserId};
use crate::names::Names;
use crate::settings::{MissingProof, SignInProof};

impl Remedies {
    /// The remedies in words, with these names: what was asked and why it is denied, then what
    /// would allow it and who may do that.
    #[must_use]
    pub fn describe<'a>(&'a self, names: &'a dyn Names) -> DescribedRemedies<'a> {
        DescribedRemedies {
            remedies: self,
            names,
        }
    }
}

/// Remedies with the names to tell them in. `Display` gives a few lines.
#[derive(Clone, Copy)]
pub struct DescribedRemedies<'a> {
    remedies: &'a Remedies,
    names: &'a dyn Names,
}

impl fmt::Debug for DescribedRemedies<'_> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.remedies, formatter)
    }
}

impl fmt::Display for DescribedRemedies<'_> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}",
            self.remedies.explanation.describe(self.names)
        )?;
        if let Some(none) = self.remedies.none {
            return write!(formatter, "\n  {}", why_none(none));
        }
        write!(
            formatter,
            "\n  What would allow it, the smallest change first"
        )?;
        for (number, remedy) in (1..).zip(&self.remedies.found) {
            write!(formatter, "\n    {number}. {}", self.step(remedy))?;
            self.givers(formatter, remedy)?;
        }
        Ok(())
    }
}

const fn why_none(none: NoRemedy) -> &'static str {
    match none {
        NoRemedy::Allowed => "Nothing needs to change.",
        NoRemedy::UnknownUser => "Only an invitation makes somebody a user.",
        NoRemedy::UnknownResource => "It must be registered first.",
        NoRemedy::WrongKind => "No change would make this possible.",
        NoRemedy::CeilingsForbid => {
            "No single change would allow it: the ceiling of every role they hold forbids it."
        }
        NoRemedy::NoSingleChange => {
            "No single change would allow it: more than one thing stands in the way."
        }
    }
}

/// How many of those who may give a command are named.
const NAMED: usize = 4;

impl DescribedRemedies<'_> {
    fn givers(&self, formatter: &mut Formatter<'_>, remedy: &Remedy) -> fmt::Result {
        if remedy.step == RemedyStep::SignIn {
            return Ok(());
        }
        let named: Vec<String> = remedy
            .givers
            .iter()
            .take(NAMED)
            .map(|it| self.giver(*it))
            .collect();
        let others = match remedy.givers.len().saturating_sub(NAMED) {
            0 => String::new(),
            others => format!(" and {others} more"),
        };
        if named.is_empty() {
            formatter.write_str("\n       by no active user: the operator must do it")
        } else {
            write!(formatter, "\n       by {}{others}", named.join(", "))
        }
    }

    fn giver(&self, giver: Giver) -> String {
        let (user, role) = (self.names.user(giver.user), self.names.role(giver.role));
        format!("{user} (as {role})")
    }

    fn step(&self, remedy: &Remedy) -> String {
        match &remedy.step {
            RemedyStep::SignIn => self.sign_in(remedy.then),
            RemedyStep::Command(Command::AssignRoles { user, roles }) => {
                format!(
                    "{}{}",
                    self.roles(*user, roles, remedy.then),
                    self.then(remedy.then)
                )
            }
            RemedyStep::Command(command) => {
                let then = self.then(remedy.then);
                format!("{}{then}", self.command(command))
            }
        }
    }

    fn asked_role(&self) -> Option<RoleId> {
        self.remedies.explanation.sign_in.role
    }

    /// Another sign-in: what is different from the one asked about.
    fn sign_in(&self, then: SignIn) -> String {
        let role = then.role.filter(|role| Some(*role) != self.asked_role());
        let role = role.map(|role| format!("act as {}", self.names.role(role)));
        let proof = missing_proofs(self.remedies, then.proof);
        let parts: Vec<String> = role.into_iter().chain(proof).collect();
        format!("{} can {}", self.user(), parts.join(" and "))
    }

    fn user(&self) -> String {
        self.names.user(self.remedies.explanation.sign_in.user)
    }

    fn then(&self, then: SignIn) -> String {
        match then.role.filter(|role| Some(*role) != self.asked_role()) {
            Some(role) => format!(", to act as {}", self.names.role(role)),
            None => String::new(),
        }
    }

    fn command(&self, command: &Command) -> String {
        match command {
            Command::Grant(request) => self.grant(request),
            Command::Restrict {
                from,
                on,
                permissions,
            } => format!(
                "lessen the restriction of {} on {} to {permissions}",
                self.names.subject(*from),
                self.names.resource(*on)
            ),
            Command::Unrestrict { from, on } => format!(
                "lift the restriction of {} on {}",
                self.names.subject(*from),
                self.names.resource(*on)
            ),
            Command::AddToGroup { group, user } => format!(
                "add {} to {}",
                self.names.user(*user),
                self.names.group(*group)
            ),
            Command::RemoveFromGroup { group, user } => format!(
                "take {} out of {}",
                self.names.user(*user),
                self.names.group(*group)
            ),
            Command::Reinstate { user } => format!("reinstate {}", self.names.user(*user)),
            Command::RedefineRole { role, .. } => format!(
                "redefine the role {} to include {}",
                self.names.role(*role),
                self.remedies.explanation.permission
            ),
            other => format!("{other:?}"),
        }
    }

    /// A remedy adds a role behind those that are held, or puts it before those that are kept.
    fn roles(&self, user: UserId, roles: &[RoleId], then: SignIn) -> String {
        let user = self.names.user(user);
        let role = then.role.or(roles.last().copied());
        let role = role.map(|role| self.names.role(role)).unwrap_or_default();
        if roles.first().copied() == then.role {
            format!("give {user} the role {role} in place of those whose groups are restricted")
        } else {
            format!("also give {user} the role {role}")
        }
    }

    fn grant(&self, request: &GrantRequest) -> String {
        let to = self.names.subject(request.to);
        let on = self.names.resource(request.on);
        let Explanation {
            permission,
            resource,
            ..
        } = self.remedies.explanation;
        let beneath = if request.on == resource {
            ""
        } else {
            " and all beneath it"
        };
        let until = request.expires_at.map(|end| format!(" until {end}"));
        let until = until.unwrap_or_default();
        format!("grant {to} {permission} on {on}{beneath}{until}")
    }
}

fn missing_proofs(remedies: &Remedies, proof: SignInProof) -> Option<String> {
    let demands = remedies.explanation.sign_in.demands.iter();
    let missing = demands.filter(|it| it.outcome == DemandOutcome::Missing);
    let words: Vec<&str> = missing
        .filter_map(|demand| match demand.proof {
            MissingProof::Sso if proof.sso => Some("single sign-on"),
            MissingProof::Mfa if proof.mfa => Some("a second factor"),
            _ => None,
        })
        .collect();
    (!words.is_empty()).then(|| format!("sign in with {}", words.join(" and ")))
}
