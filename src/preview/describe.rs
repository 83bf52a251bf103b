//! A preview in words.

use std::collections::BTreeMap;
use std::fmt;

use super::{AccessChange, Preview, SignInFailure};
use crate::history::deed_with_values;
use crate::id::UserId;
use crate::names::{Names, PlainIds};
use crate::permission::PermissionSet;
use crate::resource::Resource;
use crate::role::by_kind;
use crate::session::SessionRefusal;

/// How many resources are named before the rest is counted.
const NAMED: usize = 4;
/// How many events are told before the rest is counted.
const RECORDED: usize = 12;

/// A preview as text, with names for what it is about.
pub struct DescribedPreview<'a> {
    preview: &'a Preview,
    names: &'a dyn Names,
}

impl fmt::Debug for DescribedPreview<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.preview, formatter)
    }
}

impl Preview {
    /// The preview as text for an administrator.
    #[must_use]
    pub const fn describe<'a>(&'a self, names: &'a dyn Names) -> DescribedPreview<'a> {
        DescribedPreview {
            preview: self,
            names,
        }
    }
}

impl fmt::Display for Preview {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.describe(&PlainIds).fmt(formatter)
    }
}

impl fmt::Display for DescribedPreview<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let revision = self.preview.revision;
        if !self.preview.is_change() {
            return write!(formatter, "Nothing would change at revision {revision}.");
        }
        write!(formatter, "What would change at revision {revision}")?;
        section(formatter, "Recorded as", &self.events())?;
        let access = access_lines(&self.preview.access, self.names);
        section(formatter, "Access", &access)?;
        section(formatter, "Roles", &self.roles())?;
        section(formatter, "Grants clipped", &self.grants_clipped())?;
        section(formatter, "Groups left", &self.groups_left())?;
        section(formatter, "Invitations", &self.invitations())?;
        section(formatter, "Sign-ins that would fail", &self.sign_ins())?;
        match self.preview.effective_admins {
            0 => formatter.write_str("\n  No Admin remains."),
            1 => formatter.write_str("\n  One Admin remains."),
            count => write!(formatter, "\n  {count} Admins remain."),
        }
    }
}

fn section(formatter: &mut fmt::Formatter<'_>, title: &str, lines: &[String]) -> fmt::Result {
    if lines.is_empty() {
        return Ok(());
    }
    write!(formatter, "\n  {title}")?;
    lines
        .iter()
        .try_for_each(|line| write!(formatter, "\n    {line}"))
}

impl DescribedPreview<'_> {
    fn events(&self) -> Vec<String> {
        let events = &self.preview.events;
        let some = events.iter().take(RECORDED);
        let more = events.len().saturating_sub(RECORDED);
        some.map(|event| deed_with_values(event, self.names))
            .chain((more > 0).then(|| format!("and {more} more")))
            .collect()
    }

    fn roles(&self) -> Vec<String> {
        let named = |role| self.names.role(role);
        let roles = self.preview.roles.iter();
        roles
            .flat_map(|it| {
                let clauses = it.diff.clauses().into_iter();
                clauses.map(move |clause| format!("{} {clause}", named(it.role)))
            })
            .collect()
    }

    fn grants_clipped(&self) -> Vec<String> {
        let clipped = self.preview.grants_clipped.iter();
        let line = |it: &super::ClippedGrant| {
            let left = it.after.map(|grant| grant.permissions).unwrap_or_default();
            let gone = by_kind(it.before.permissions.without(left));
            let (to, on) = (self.names.subject(it.to), self.names.resource(it.on));
            format!("{to} on {on} loses {gone}")
        };
        clipped.map(line).collect()
    }

    fn groups_left(&self) -> Vec<String> {
        let left = self.preview.groups_left.iter();
        left.map(|it| {
            let (user, group) = (self.names.user(it.user), self.names.group(it.group));
            format!("{user} leaves {group}")
        })
        .collect()
    }

    fn invitations(&self) -> Vec<String> {
        let cancelled = self.preview.invitations_cancelled.iter();
        let cancelled =
            cancelled.map(|it| format!("{} is cancelled", self.names.invitation(it.invitation)));
        let unacceptable = self.preview.invitations_unacceptable.iter();
        let unacceptable = unacceptable.map(|it| {
            let name = self.names.invitation(it.invitation);
            format!("{name} could not be accepted: {}", it.refusal)
        });
        cancelled.chain(unacceptable).collect()
    }

    fn sign_ins(&self) -> Vec<String> {
        let failures = self.preview.sign_ins_failing.iter();
        failures.map(|failure| self.sign_in(failure)).collect()
    }

    fn sign_in(&self, failure: &SignInFailure) -> String {
        let user = self.names.user(failure.user);
        let role = failure.role.map(|role| self.names.role(role));
        match (failure.reason, role) {
            (SessionRefusal::UnknownUser, _) => format!("{user} is no member any more"),
            (SessionRefusal::Suspended, _) => format!("{user} is suspended"),
            (SessionRefusal::RoleNotHeld, Some(role)) => format!("{user} as {role}"),
            (SessionRefusal::RoleNotHeld, None) => format!("{user} under a role that is gone"),
            (SessionRefusal::SsoRequired, _) => format!("{user} without single sign-on"),
            (SessionRefusal::MfaRequired, _) => format!("{user} without a second factor"),
        }
    }
}

type Kinds = (PermissionSet, PermissionSet);

/// What each user gains and loses, resources with the same change on one line.
pub(crate) fn access_lines(changes: &[AccessChange], names: &dyn Names) -> Vec<String> {
    let mut groups: BTreeMap<(UserId, Kinds), Vec<Resource>> = BTreeMap::new();
    for change in changes {
        let key = (change.user, (change.gained, change.lost));
        groups.entry(key).or_default().push(change.resource);
    }
    let lines = groups.into_iter().map(|((user, kinds), resources)| {
        let (user, places) = (names.user(user), places(&resources, names));
        format!("{user} on {places}: {}", verbs(kinds))
    });
    lines.collect()
}

fn verbs((gained, lost): Kinds) -> String {
    let verbs = [("gains", gained), ("loses", lost)];
    let some = verbs.into_iter().filter(|(_, set)| !set.is_empty());
    let words: Vec<_> = some
        .map(|(verb, set)| format!("{verb} {}", actions(set)))
        .collect();
    words.join("; ")
}

/// The permissions of one kind of resource, without the kind.
fn actions(set: PermissionSet) -> String {
    let words = by_kind(set);
    match words.split_once(": ") {
        Some((_, actions)) => actions.to_owned(),
        None => words,
    }
}

fn places(resources: &[Resource], names: &dyn Names) -> String {
    let named = resources.iter().take(NAMED);
    let named: Vec<_> = named.map(|it| names.resource(*it)).collect();
    match resources.len().saturating_sub(NAMED) {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}
