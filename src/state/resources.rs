//! The tree of resources of an organisation.

use std::ops::Bound;

use imbl::OrdSet;
use smallvec::SmallVec;

use super::State;
use crate::id::{FrameworkId, ModelId, VersionId};
use crate::resource::{Resource, ResourceKind};

/// The order of resources; all else about them is in the table.
#[derive(Clone, Debug, Default)]
pub(super) struct Resources {
    by_kind: OrdSet<Resource>,
}

impl Resources {
    /// Puts resources, ascending, each with what it stands beneath, where there are none.
    pub(super) fn fill(&mut self, links: &[(Resource, Resource)]) {
        self.by_kind = links.iter().map(|(resource, _)| *resource).collect();
    }
}

impl State {
    /// Registers a resource beneath one that is registered; says whether there was a slot.
    pub(super) fn insert_resource(&mut self, resource: Resource, parent: Resource) -> bool {
        let added = self.table.add_resource(resource, parent);
        if added {
            self.resources.by_kind.insert(resource);
        }
        added
    }

    /// Unregisters a resource that nothing stands beneath and nobody holds anything on.
    pub(super) fn remove_resource(&mut self, resource: Resource) {
        self.table.remove_resource(resource);
        self.resources.by_kind.remove(&resource);
    }
}

/// The lowest resource that there can be of a kind.
const fn first_of(kind: ResourceKind) -> Resource {
    match kind {
        ResourceKind::Organisation => Resource::Organisation,
        ResourceKind::Model => Resource::Model(ModelId::new(0)),
        ResourceKind::Version => Resource::Version(VersionId::new(0)),
        ResourceKind::Framework => Resource::Framework(FrameworkId::new(0)),
    }
}

/// A resource and its ancestors: itself first, the organisation last.
pub type Chain = SmallVec<[Resource; 4]>;

impl State {
    /// Whether a resource is registered. The organisation always is.
    #[must_use]
    pub fn is_registered(&self, resource: Resource) -> bool {
        resource == Resource::Organisation || self.table.resource(resource).is_some()
    }

    /// What a resource stands beneath; `None` for the organisation and for what is not registered.
    #[must_use]
    pub fn parent(&self, resource: Resource) -> Option<Resource> {
        self.table.parent(resource)
    }

    /// The chain of a resource, or `None` where it is not registered.
    #[inline]
    #[must_use]
    pub fn chain(&self, resource: Resource) -> Option<Chain> {
        let mut chain = Chain::new();
        if resource != Resource::Organisation {
            chain.push(resource);
            chain.extend(self.table.ancestors(self.table.resource(resource)?));
        }
        chain.push(Resource::Organisation);
        Some(chain)
    }

    /// Whether `resource` is `ancestor` or stands somewhere beneath it.
    #[must_use]
    pub fn is_at_or_beneath(&self, resource: Resource, ancestor: Resource) -> bool {
        self.chain(resource)
            .is_some_and(|chain| chain.contains(&ancestor))
    }

    /// The registered resources but the organisation, by kind and id.
    pub fn resources(&self) -> impl Iterator<Item = Resource> + '_ {
        self.resources.by_kind.iter().copied()
    }

    /// The registered resources of one kind, in the order of their ids.
    pub fn resources_of(&self, kind: ResourceKind) -> impl Iterator<Item = Resource> + '_ {
        let organisation = (kind == ResourceKind::Organisation).then_some(Resource::Organisation);
        let others = self.resources_after(kind, None);
        organisation.into_iter().chain(others)
    }

    /// The registered models, versions or frameworks behind this one, or all of them where there is
    /// none, in the order of their ids. None for the organisation, which is not registered.
    pub fn resources_after(
        &self,
        kind: ResourceKind,
        cursor: Option<Resource>,
    ) -> impl Iterator<Item = Resource> + '_ {
        // A cursor of a kind before this one is as good as none, one of a kind behind it ends it.
        let first = first_of(kind);
        let start = match cursor {
            Some(cursor) if cursor >= first => Bound::Excluded(cursor),
            _ => Bound::Included(first),
        };
        let resources = self.resources.by_kind.range((start, Bound::Unbounded));
        resources
            .copied()
            .take_while(move |resource| resource.kind() == kind)
    }

    /// What stands directly beneath a resource, by kind and id.
    ///
    /// Costs in proportion to what is there; for the organisation to the models and frameworks that
    /// are passed on the way.
    pub fn children(&self, resource: Resource) -> impl Iterator<Item = Resource> + '_ {
        let tops = (resource == Resource::Organisation).then(|| self.tops());
        let mut others: Vec<Resource> = self.table.children(resource).collect();
        others.sort_unstable();
        tops.into_iter().flatten().chain(others)
    }

    /// The models, and the frameworks that stand beneath the organisation.
    fn tops(&self) -> impl Iterator<Item = Resource> + '_ {
        let frameworks = self.resources_of(ResourceKind::Framework);
        let of_organisation = |it: &Resource| self.parent(*it) == Some(Resource::Organisation);
        self.resources_of(ResourceKind::Model)
            .chain(frameworks.filter(of_organisation))
    }

    /// Everything beneath a resource, each after what it stands beneath; not the resource itself.
    #[must_use]
    pub fn beneath(&self, resource: Resource) -> Vec<Resource> {
        let mut found: Vec<Resource> = self.children(resource).collect();
        let mut next = 0;
        while let Some(parent) = found.get(next).copied() {
            found.extend(self.children(parent));
            next = next.saturating_add(1);
        }
        found
    }
}
