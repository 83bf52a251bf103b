//! The difference between two roles, in words.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::summary::{by_kind, place};
use super::{Role, Scope};
use crate::name::Name;
use crate::permission::PermissionSet;
use crate::resource::{Resource, ResourceKind};

/// What becomes of a role, or tells two roles apart.
///
/// `Display` gives one line for each thing that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleDiff {
    /// The names, where they differ.
    pub name: Option<Change<Name>>,
    /// The descriptions, where they differ.
    pub description: Option<Change<String>>,
    /// Defaults that only the second has.
    pub gains: PermissionSet,
    /// Defaults that only the first has.
    pub loses: PermissionSet,
    /// What a grant can give under the second alone. Organisation permissions come from defaults,
    /// so none is here.
    pub ceiling_raised: PermissionSet,
    /// What a grant can give under the first alone. Stored grants are clipped by it.
    pub ceiling_lowered: PermissionSet,
    /// The scopes, where they differ.
    pub scope: Option<Change<Scope>>,
}

/// A value that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change<T> {
    /// What it was.
    pub before: T,
    /// What it is.
    pub after: T,
}

impl<T: Clone + PartialEq> Change<T> {
    fn between(before: &T, after: &T) -> Option<Self> {
        (before != after).then(|| Self {
            before: before.clone(),
            after: after.clone(),
        })
    }
}

impl Role {
    /// What becomes of this role with another definition.
    #[must_use]
    pub fn diff(&self, after: &Self) -> RoleDiff {
        let grantable = |role: &Self| {
            let organisation = PermissionSet::of_kind(ResourceKind::Organisation);
            role.ceiling.without(organisation)
        };
        RoleDiff {
            name: Change::between(&self.name, &after.name),
            description: Change::between(&self.description, &after.description),
            gains: after.defaults.without(self.defaults),
            loses: self.defaults.without(after.defaults),
            ceiling_raised: grantable(after).without(grantable(self)),
            ceiling_lowered: grantable(self).without(grantable(after)),
            scope: Change::between(&self.scope, &after.scope),
        }
    }
}

impl RoleDiff {
    /// Whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.clauses().is_empty()
    }

    /// What differs, one clause for each thing.
    #[must_use]
    pub fn clauses(&self) -> Vec<String> {
        let name = self.name.as_ref();
        let renamed = name.map(|it| format!("was called {}, is {}", it.before, it.after));
        let description = self.description.as_ref();
        let described = description.map(|it| format!("is described as {:?}", it.after));
        let permissions = [
            ("gains", self.gains),
            ("loses", self.loses),
            ("can be granted", self.ceiling_raised),
            ("can be granted no more", self.ceiling_lowered),
        ];
        let permissions = permissions
            .into_iter()
            .filter(|(_, set)| !set.is_empty())
            .map(|(verb, set)| format!("{verb} {}", by_kind(set)));
        let scope = self.scope.as_ref().map(scope_in_words);
        let names = [renamed, described].into_iter().flatten();
        names.chain(permissions).chain(scope).collect()
    }
}

fn scope_in_words(scope: &Change<Scope>) -> String {
    let (Scope::Selected(before), Scope::Selected(after)) = (&scope.before, &scope.after) else {
        return format!(
            "held {}, holds {}",
            place(&scope.before),
            place(&scope.after)
        );
    };
    let listed = |set: BTreeSet<&Resource>| {
        let names: Vec<_> = set.into_iter().map(Resource::to_string).collect();
        names.join(", ")
    };
    let added = listed(after.difference(before).collect());
    let removed = listed(before.difference(after).collect());
    match (added.is_empty(), removed.is_empty()) {
        (false, true) => format!("also holds on {added}"),
        (true, _) => format!("holds no more on {removed}"),
        (false, false) => format!("also holds on {added}, no more on {removed}"),
    }
}

impl fmt::Display for RoleDiff {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let clauses = self.clauses();
        if clauses.is_empty() {
            return formatter.write_str("nothing differs");
        }
        formatter.write_str(&clauses.join("\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{ModelId, RoleId};
    use crate::permission::ModelPermissions;
    use crate::role::built_in;

    fn reviewer() -> Role {
        built_in(RoleId::REVIEWER).unwrap().clone()
    }

    #[test]
    fn a_role_does_not_differ_from_itself() {
        let diff = reviewer().diff(&reviewer());
        assert!(diff.is_empty());
        assert_eq!(diff.to_string(), "nothing differs");
    }

    #[test]
    fn says_what_is_gained_lost_and_where() {
        let before = Role {
            scope: Scope::Selected([ModelId::new(1).into()].into()),
            ..reviewer()
        };
        let after = Role {
            defaults: ModelPermissions::READ | PermissionSet::from(ModelPermissions::UPDATE),
            ceiling: PermissionSet::of_kind(ResourceKind::Model),
            scope: Scope::All,
            ..reviewer()
        };
        let expected = "gains models: update\n\
            loses versions: read, comment read, comment create; \
            frameworks: read, comment read, comment create\n\
            can be granted models: update, delete, import db, version create, users update\n\
            can be granted no more versions: read, users read, export read, comment read, \
            comment create, comment update; \
            frameworks: read, comment read, comment create, comment update\n\
            held on one selected resource and all beneath it, \
            holds on all current and future resources";
        assert_eq!(before.diff(&after).to_string(), expected);
    }

    #[test]
    fn the_other_way_round_gains_and_losses_change_places() {
        let architect = built_in(RoleId::DATA_ARCHITECT).unwrap();
        let (there, back) = (reviewer().diff(architect), architect.diff(&reviewer()));
        assert_eq!((there.gains, there.loses), (back.loses, back.gains));
        assert_eq!(there.ceiling_raised, back.ceiling_lowered);
    }
}
