//! Outcomes and answers as a line of a report shows them.

use std::collections::BTreeMap;
use std::fmt;

use super::answer::permission_names;
use super::step::{Changes, Fact, Outcome, Table, Verdict};
use super::world::NotPerformed;
use crate::decision::Decision;
use crate::permission::PermissionSet;
use crate::refusal::Refusal;

/// The members of a refusal that `detail` may name.
pub(super) fn facts(refusal: &Refusal) -> Vec<(&'static str, Fact)> {
    let names = |set: &PermissionSet| Fact::Names(permission_names(*set));
    match refusal {
        Refusal::NotAllowed { needed } => vec![("needed", names(needed))],
        Refusal::MissingPrerequisite { missing } => vec![("missing", names(missing))],
        Refusal::DefaultsExceedCeiling { excess } | Refusal::ExceedsCeiling { excess } => {
            vec![("excess", names(excess))]
        }
        Refusal::ExceedsActor { excess, scope } => {
            vec![("excess", names(excess)), ("scope", Fact::Flag(*scope))]
        }
        Refusal::RoleInUse {
            users,
            groups,
            invitations,
        } => vec![
            ("users", Fact::Count(*users)),
            ("groups", Fact::Count(*groups)),
            ("invitations", Fact::Count(*invitations)),
        ],
        _ => Vec::new(),
    }
}

pub(super) fn show_stop(stopped: &NotPerformed) -> String {
    match stopped {
        NotPerformed::Refused(refusal) => show_refusal(refusal.code(), &facts(refusal)),
        NotPerformed::Corrupt(corrupt) => format!("events that do not apply: {corrupt}"),
    }
}

pub(super) fn show_outcome(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Done {
            unchanged: true, ..
        } => "done, no change".to_owned(),
        Outcome::Done { .. } => "done".to_owned(),
        Outcome::Refused { code, detail } => show_refusal(code, detail),
    }
}

pub(super) fn show_refusal(code: &str, facts: &[(&'static str, Fact)]) -> String {
    let facts = facts.iter().map(|(key, fact)| format!("{key} {fact}"));
    let facts: Vec<_> = facts.collect();
    if facts.is_empty() {
        format!("refused {code}")
    } else {
        format!("refused {code} ({})", facts.join(", "))
    }
}

pub(super) fn show_list<T: AsRef<str>>(items: &[T]) -> String {
    let items: Vec<_> = items.iter().map(T::as_ref).collect();
    format!("[{}]", items.join(", "))
}

pub(super) fn show_table(table: &BTreeMap<String, Vec<String>>) -> String {
    let row = |(on, set): (&String, &Vec<String>)| format!("{on}: {}", show_list(set));
    let rows: Vec<_> = table.iter().map(row).collect();
    format!("{{{}}}", rows.join(", "))
}

pub(super) fn show_preview(preview: &Result<Changes, &'static str>) -> String {
    let show = |changes: &[[String; 3]]| {
        let changes: Vec<_> = changes.iter().map(|change| change.join(" ")).collect();
        show_list(&changes)
    };
    match preview {
        Ok(Changes { gained, lost }) => format!("gained {}, lost {}", show(gained), show(lost)),
        Err(code) => show_refusal(code, &[]),
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Names(names) => formatter.write_str(&show_list(names)),
            Self::Count(count) => write!(formatter, "{count}"),
            Self::Flag(flag) => write!(formatter, "{flag}"),
        }
    }
}

impl Verdict {
    /// Whether a decision is the one expected, and for the reason expected where one is.
    pub(super) fn holds(self, decision: Decision) -> bool {
        match (self, decision) {
            (Self::Allow(expected), Decision::Allow(came)) => expected.is_none_or(|it| it == came),
            (Self::Deny(expected), Decision::Deny(came)) => expected.is_none_or(|it| it == came),
            _ => false,
        }
    }
}

impl fmt::Display for Verdict {
    /// As a decision is shown; the word alone where no reason is expected.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Allow(None) => formatter.write_str("allow"),
            Self::Deny(None) => formatter.write_str("deny"),
            Self::Allow(Some(reason)) => write!(formatter, "{}", Decision::Allow(reason)),
            Self::Deny(Some(reason)) => write!(formatter, "{}", Decision::Deny(reason)),
        }
    }
}

impl Table {
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::Grants => "grants",
            Self::Restrictions => "restrictions",
        }
    }
}
