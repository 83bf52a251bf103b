//! Judging: what a step gave against what it must give.

use std::fmt::Display;

use super::report::Mismatch;
use super::show::{
    facts, show_list, show_outcome, show_preview, show_refusal, show_stop, show_table,
};
use super::step::{Action, Changes, Fact, Look, Order, Outcome, Verdict};
use super::world::{NotPerformed, World};
use crate::command::SignIn;
use crate::event::Commit;
use crate::permission::PermissionSet;
use crate::refusal::Refusal;
use crate::resource::Resource;
use crate::state::State;

type Judged = Result<(), Mismatch>;

impl World {
    /// Takes a step and judges what came.
    pub(super) fn take(&mut self, action: &Action) -> Judged {
        match action {
            Action::Order { order, outcome } => self.take_order(order, outcome),
            Action::Look(look) => self.take_look(look),
        }
    }

    fn take_order(&mut self, order: &Order, outcome: &Outcome) -> Judged {
        let what = self.describe(order);
        let (before, commits) = (self.state().clone(), self.log().len());
        let came = self.perform(&order.actor, &order.command);
        let changed = *self.state() != before || self.log().len() != commits;
        match (outcome, came) {
            (
                Outcome::Done {
                    unchanged: true, ..
                },
                Ok(_),
            ) if changed => mismatch(what, "no change", "a change"),
            (Outcome::Done { results, .. }, Ok(came)) => judge_results(what, results, &came),
            (Outcome::Refused { .. }, Err(NotPerformed::Refused(_))) if changed => {
                mismatch(what, "a refusal", "a refusal that changed the state")
            }
            (Outcome::Refused { code, detail }, Err(NotPerformed::Refused(refusal))) => {
                judge_refusal(what, code, detail, &refusal)
            }
            (outcome, Ok(_)) => mismatch(what, show_outcome(outcome), "done"),
            (outcome, Err(stopped)) => mismatch(what, show_outcome(outcome), show_stop(&stopped)),
        }
    }

    fn take_look(&self, look: &Look) -> Judged {
        match look {
            Look::Check {
                sign_in,
                permissions,
                on,
                expect,
            } => self.take_check(*sign_in, *permissions, *on, *expect),
            Look::Listing { listing, expect } => {
                let came = self.listing(listing);
                equal(self.describe_listing(listing), expect, &came, |it| {
                    show_list(it)
                })
            }
            Look::Table {
                table,
                subject,
                expect,
            } => {
                let came = self.table(*table, *subject);
                let what = format!("{} of {}", table.key(), self.names().subject(*subject));
                equal(what, expect, &came, show_table)
            }
            Look::Preview { order, expect } => self.take_preview(order, expect),
            Look::Restore => self.take_restore(),
            Look::Every(looks) => looks.iter().try_for_each(|look| self.take_look(look)),
        }
    }

    fn take_check(
        &self,
        sign_in: SignIn,
        permissions: PermissionSet,
        on: Resource,
        expect: Verdict,
    ) -> Judged {
        let came = self.state().check(sign_in, permissions, on, self.now());
        if expect.holds(came) {
            return Ok(());
        }
        Err(Mismatch {
            what: self.describe_check(sign_in, permissions, on),
            expected: expect.to_string(),
            came: came.to_string(),
            why: Some(self.explain(sign_in, permissions, on)),
        })
    }

    fn take_preview(&self, order: &Order, expect: &Result<Changes, &'static str>) -> Judged {
        let what = format!("preview {}", self.describe(order));
        let came = match self.foresee(&order.actor, &order.command) {
            Ok(after) => Ok(self.changes_to(&after)),
            Err(NotPerformed::Refused(refusal)) => Err(refusal.code()),
            Err(stopped) => return mismatch(what, show_preview(expect), show_stop(&stopped)),
        };
        equal(what, expect, &came, show_preview)
    }

    fn take_restore(&self) -> Judged {
        let same = |what: &str, came: Result<State, String>| match came {
            Ok(state) if state == *self.state() => Ok(()),
            Ok(_) => mismatch(what, "the same state", "another state"),
            Err(error) => mismatch(what, "the same state", error),
        };
        same("restore the serialised state", through_json(self.state()))?;
        let replayed = |log: &[Commit]| State::replay(log).map_err(|error| error.to_string());
        same("replay the log", replayed(self.log()))?;
        let log: Result<Vec<Commit>, _> = through_json(self.log());
        same(
            "replay the serialised log",
            log.and_then(|log| replayed(&log)),
        )
    }
}

fn through_json<T, U>(value: &T) -> Result<U, String>
where
    T: serde::Serialize + ?Sized,
    U: for<'de> serde::Deserialize<'de>,
{
    let json = serde_json::to_string(value).map_err(|error| error.to_string())?;
    serde_json::from_str(&json).map_err(|error| error.to_string())
}

fn judge_results(
    what: String,
    expect: &Option<Vec<&'static str>>,
    came: &[Result<(), Refusal>],
) -> Judged {
    let Some(expect) = expect else {
        return Ok(());
    };
    let came: Vec<_> = came
        .iter()
        .map(|one| one.as_ref().map_or_else(Refusal::code, |()| "ok"))
        .collect();
    equal(what, expect, &came, |it| show_list(it))
}

fn judge_refusal(
    what: String,
    code: &str,
    detail: &[(&'static str, Fact)],
    refusal: &Refusal,
) -> Judged {
    let facts = facts(refusal);
    let holds = |fact: &(&'static str, Fact)| facts.contains(fact);
    if refusal.code() == code && detail.iter().all(holds) {
        return Ok(());
    }
    let expected = show_refusal(code, detail);
    mismatch(what, expected, show_refusal(refusal.code(), &facts))
}

fn equal<T: PartialEq + ?Sized>(
    what: impl Display,
    expected: &T,
    came: &T,
    show: impl Fn(&T) -> String,
) -> Judged {
    if expected == came {
        Ok(())
    } else {
        mismatch(what, show(expected), show(came))
    }
}

fn mismatch(what: impl Display, expected: impl Display, came: impl Display) -> Judged {
    Err(Mismatch {
        what: what.to_string(),
        expected: expected.to_string(),
        came: came.to_string(),
        why: None,
    })
}
