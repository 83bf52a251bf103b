//! What would allow something that is denied.

use serde::{Deserialize, Serialize};

use super::candidates::{Candidate, candidates, last_resorts};
use super::extent::Extent;
use super::givers::Giver;
use crate::admin::decide;
use crate::command::{Actor, Command, SignIn};
use crate::decision::{Decision, DenyReason, Explanation};
use crate::event::Event;
use crate::permission::Permission;
use crate::resource::Resource;
use crate::state::State;
use crate::time::Timestamp;

/// What would allow something that is denied: see [`State::remedies`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Remedies {
    /// The question and the facts of the answer.
    pub explanation: Explanation,
    /// Single changes, each of which would allow it, the smallest first.
    pub found: Vec<Remedy>,
    /// Why there are none, where there are none.
    pub none: Option<NoRemedy>,
}

/// A single change that would allow something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Remedy {
    /// The change.
    pub step: RemedyStep,
    /// The sign-in that is allowed after it. It differs from the one asked about only where the remedy is
    /// another sign-in, or where the user must act under another role then.
    pub then: SignIn,
    /// How much the change touches; nothing for another sign-in.
    pub extent: Extent,
    /// Who may give the command. For another sign-in nobody is needed.
    pub givers: Vec<Giver>,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RemedyStep {
    /// The user signs in otherwise: under another of their roles, or with the proofs that are missing.
    SignIn,
    /// Somebody gives this command.
    Command(Command),
}

/// Why no single change would allow something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoRemedy {
    /// It is allowed already.
    Allowed,
    /// There is no such user.
    UnknownUser,
    /// There is no such resource.
    UnknownResource,
    /// It is not a permission on resources of this kind.
    WrongKind,
    /// The ceilings of all roles that the user holds forbid it, and no role gives it by itself.
    CeilingsForbid,
    /// More than one thing stands in the way.
    NoSingleChange,
}

impl Remedy {
    /// Whether another one is the same, or a redefinition that goes further than this.
    fn makes_needless(&self, other: &RemedyStep, sign_ins: &[SignIn]) -> bool {
        let is_redefinition =
            |step: &RemedyStep| matches!(step, RemedyStep::Command(Command::RedefineRole { .. }));
        (self.step == *other && sign_ins.contains(&self.then))
            || (is_redefinition(&self.step) && is_redefinition(other))
    }
}

impl State {
    /// The single changes that would allow a user something that is denied to them, the smallest
    /// first by [`Extent`], of equal ones the one nearest to the resource first.
    ///
    /// Each is verified: the command is decided as the operator's and carried out on a copy, where
    /// the check then allows. Each names who among the active users may give it.
    ///
    /// ```
    /// # use rolebook::{ModelId, Permission, SignIn, State, Timestamp, UserId};
    /// # fn example(state: &State, now: Timestamp) -> Result<(), rolebook::UnknownPermission> {
    /// let update: Permission = "model.update".parse()?;
    /// let remedies = state.remedies(SignIn::new(UserId::new(7)), update, ModelId::new(1), now);
    /// println!("{}", remedies.describe(state));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn remedies(
        &self,
        sign_in: SignIn,
        permission: Permission,
        resource: impl Into<Resource>,
        now: Timestamp,
    ) -> Remedies {
        let explanation = self.explain(sign_in, permission, resource, now);
        let found = match explanation.decision() {
            Decision::Allow(_) => Vec::new(),
            Decision::Deny(_) => self.verified_remedies(sign_in, &explanation),
        };
        let none = found.is_empty().then(|| self.why_none(&explanation));
        Remedies {
            explanation,
            found,
            none,
        }
    }

    fn verified_remedies(&self, sign_in: SignIn, explanation: &Explanation) -> Vec<Remedy> {
        let found = self.verified(explanation, candidates(self, sign_in, explanation));
        if found.is_empty() {
            return self.verified(explanation, last_resorts(self, sign_in, explanation));
        }
        found
    }

    fn verified(&self, explanation: &Explanation, candidates: Vec<Candidate>) -> Vec<Remedy> {
        let mut found: Vec<Remedy> = Vec::new();
        for (step, sign_ins) in candidates {
            if found.iter().any(|it| it.makes_needless(&step, &sign_ins)) {
                continue;
            }
            if let Some((then, extent)) = self.would_allow(explanation, &step, &sign_ins) {
                let givers = self.givers_of(&step, explanation.at);
                found.push(Remedy {
                    step,
                    then,
                    extent,
                    givers,
                });
            }
        }
        found.sort_by_key(|remedy| remedy.extent);
        found
    }

    /// The first of the sign-ins for which what was asked for is allowed after a step, and the extent of that.
    fn would_allow(
        &self,
        explanation: &Explanation,
        step: &RemedyStep,
        sign_ins: &[SignIn],
    ) -> Option<(SignIn, Extent)> {
        let Explanation {
            permission,
            resource,
            at,
            ..
        } = *explanation;
        let is_allowed = |state: &Self, then: SignIn| {
            let decision = state.check(then, permission, resource, at);
            decision.is_allowed()
        };
        let mut sign_ins = sign_ins.iter().copied();
        match step {
            RemedyStep::SignIn => {
                let then = sign_ins.find(|then| is_allowed(self, *then))?;
                Some((then, Extent::default()))
            }
            RemedyStep::Command(command) => {
                let (after, events) = self.after(&Actor::Operator, command, at)?;
                // Where the sign-in alone is enough, the command is a change too many.
                let mut denied = sign_ins.filter(|then| !is_allowed(self, *then));
                let then = denied.find(|then| is_allowed(&after, *then))?;
                Some((then, Extent::of(self, &events)))
            }
        }
    }

    fn givers_of(&self, step: &RemedyStep, now: Timestamp) -> Vec<Giver> {
        match step {
            RemedyStep::SignIn => Vec::new(),
            RemedyStep::Command(command) => self.who_may_give(command, now),
        }
    }

    /// The state after a command, and what happened; `None` where it is refused.
    pub(super) fn after(
        &self,
        actor: &Actor,
        command: &Command,
        now: Timestamp,
    ) -> Option<(Self, Vec<Event>)> {
        let decided = decide(self, actor, command, now).ok()?;
        let mut after = self.clone();
        for event in &decided.events {
            after.apply_event(event).ok()?;
        }
        Some((after, decided.events))
    }

    fn why_none(&self, explanation: &Explanation) -> NoRemedy {
        match explanation.decision() {
            Decision::Allow(_) => NoRemedy::Allowed,
            Decision::Deny(DenyReason::UnknownUser) => NoRemedy::UnknownUser,
            Decision::Deny(DenyReason::UnknownResource) => NoRemedy::UnknownResource,
            Decision::Deny(DenyReason::WrongKind) => NoRemedy::WrongKind,
            Decision::Deny(_) => {
                let ceiling = self.ceiling_of(explanation.sign_in.user.into());
                if ceiling.holds(explanation.permission) {
                    NoRemedy::NoSingleChange
                } else {
                    NoRemedy::CeilingsForbid
                }
            }
        }
    }
}
