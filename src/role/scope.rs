//! Where a role's defaults hold without any grant.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::resource::Resource;

/// Where a role's model, version and framework defaults hold without any grant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// On every current and future resource.
    All,
    /// On these resources and all beneath them. Never empty in a stored role.
    Selected(BTreeSet<Resource>),
    /// Nowhere by itself: only where a grant gives it.
    Granted,
}

impl Scope {
    /// Whether it reaches a resource with this chain (the resource and its ancestors).
    #[must_use]
    pub fn reaches(&self, mut chain: impl Iterator<Item = Resource>) -> bool {
        match self {
            Self::All => true,
            Self::Selected(selected) => chain.any(|resource| selected.contains(&resource)),
            Self::Granted => false,
        }
    }

    /// The selected resources; none for the other scopes.
    pub fn selected(&self) -> impl Iterator<Item = Resource> + '_ {
        let selected = match self {
            Self::Selected(selected) => Some(selected),
            Self::All | Self::Granted => None,
        };
        selected.into_iter().flatten().copied()
    }

    /// Whether it is what this scope is without some of its resources.
    #[must_use]
    pub(crate) fn is_narrower_than(&self, before: &Self) -> bool {
        let is_left =
            |resource: &Resource| matches!(self, Self::Selected(left) if left.contains(resource));
        self != before && *self == before.without(|resource| !is_left(resource))
    }

    /// The scope without the resources for which `gone` holds; `Granted` when none is left.
    #[must_use]
    pub(crate) fn without(&self, gone: impl Fn(&Resource) -> bool) -> Self {
        let Self::Selected(selected) = self else {
            return self.clone();
        };
        let left: BTreeSet<_> = selected
            .iter()
            .copied()
            .filter(|resource| !gone(resource))
            .collect();
        if left.is_empty() {
            Self::Granted
        } else {
            Self::Selected(left)
        }
    }
}
