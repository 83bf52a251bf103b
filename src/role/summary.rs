//! A role in words.

use std::fmt;

use super::{Role, Scope};
use crate::permission::{Level, Permission, PermissionSet};
use crate::resource::ResourceKind;

/// What a role lets a holder do, where, and what it never can, in words.
///
/// `Display` gives a few lines for an administrator.
#[derive(Clone, Copy, Debug)]
pub struct RoleSummary<'role>(&'role Role);

impl Role {
    /// The role in words.
    #[must_use]
    pub const fn summary(&self) -> RoleSummary<'_> {
        RoleSummary(self)
    }
}

impl fmt::Display for RoleSummary<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(role) = self;
        writeln!(formatter, "{}", role.name)?;
        if !role.description.is_empty() {
            writeln!(formatter, "  {}", role.description)?;
        }
        for kind in ResourceKind::ALL {
            let can = role.defaults.intersection(PermissionSet::of_kind(kind));
            if !can.is_empty() {
                writeln!(formatter, "  {:<16}{}", heading(kind), in_words(can, kind))?;
            }
        }
        writeln!(formatter, "  {:<16}{}", "where", place(&role.scope))?;
        writeln!(formatter, "  {:<16}{}", "by grant, more", more(role))?;
        write!(formatter, "  {:<16}{}", "never", never(role))
    }
}

fn heading(kind: ResourceKind) -> &'static str {
    match kind {
        ResourceKind::Organisation => "organisation",
        ResourceKind::Model => "models",
        ResourceKind::Version => "versions",
        ResourceKind::Framework => "frameworks",
    }
}

/// The highest level within the set, and what goes beyond it by name.
fn in_words(set: PermissionSet, kind: ResourceKind) -> String {
    if kind == ResourceKind::Organisation {
        let all = set == PermissionSet::of_kind(kind);
        return if all {
            "everything".to_owned()
        } else {
            names(set)
        };
    }
    let reached = |level: &Level| level.permissions(kind).is_within(set);
    let level = Level::ALL.into_iter().rfind(reached).unwrap_or_default();
    // On models "comment" adds nothing to "view": the plainer word is the true one.
    let level = if kind == ResourceKind::Model && level == Level::Comment {
        Level::View
    } else {
        level
    };
    let beyond = names(set.without(level.permissions(kind)));
    match (level, beyond.is_empty()) {
        (Level::None, _) => beyond,
        (_, true) => level.to_string(),
        (_, false) => format!("{level}, and {beyond}"),
    }
}

fn names(set: PermissionSet) -> String {
    let short = |permission: Permission| {
        permission
            .name()
            .split_once('.')
            .map_or("", |(_, name)| name)
            .replace('_', " ")
    };
    set.iter().map(short).collect::<Vec<_>>().join(", ")
}

/// Where a scope holds, in words.
pub(super) fn place(scope: &Scope) -> String {
    match scope {
        Scope::All => "on all current and future resources".to_owned(),
        Scope::Granted => "only where a grant gives it".to_owned(),
        Scope::Selected(selected) => match selected.len() {
            1 => "on one selected resource and all beneath it".to_owned(),
            count => format!("on {count} selected resources and all beneath them"),
        },
    }
}

/// A permission set in words, kind by kind.
pub(crate) fn by_kind(set: PermissionSet) -> String {
    by_kind_or(set, "everything")
}

/// The same with a word of its own for all of a kind.
fn by_kind_or(set: PermissionSet, whole: &str) -> String {
    let parts = ResourceKind::ALL.into_iter().filter_map(|kind| {
        let of_kind = set.intersection(PermissionSet::of_kind(kind));
        let all = of_kind == PermissionSet::of_kind(kind);
        let words = if all {
            whole.to_owned()
        } else {
            names(of_kind)
        };
        (!of_kind.is_empty()).then(|| format!("{}: {words}", heading(kind)))
    });
    let parts: Vec<_> = parts.collect();
    if parts.is_empty() {
        "nothing".to_owned()
    } else {
        parts.join("; ")
    }
}

fn more(role: &Role) -> String {
    let organisation = PermissionSet::of_kind(ResourceKind::Organisation);
    by_kind(role.ceiling.without(role.defaults).without(organisation))
}

fn never(role: &Role) -> String {
    let organisation = PermissionSet::of_kind(ResourceKind::Organisation);
    // Organisation permissions come from defaults alone, so a ceiling beyond them gives nothing.
    let reachable = role
        .ceiling
        .without(organisation)
        .union(role.organisation_defaults());
    by_kind_or(PermissionSet::ALL.without(reachable), "anything")
}
