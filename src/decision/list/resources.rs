//! On what a session may do something.

use super::page::{Listing, Walk};
use super::reach::Reach;
use crate::decision::Decision;
use crate::id::{FrameworkId, ModelId, VersionId};
use crate::permission::{Permission, PermissionSet};
use crate::resource::{Resource, ResourceKind};
use crate::session::Session;
use crate::time::Timestamp;

impl<'state> Session<'state> {
    /// The resources of the permission's kind on which the session may do it, in the order of ids.
    ///
    /// Costs in proportion to the grants and restrictions of the session and to the answer, of which a
    /// page puts only its own rows in order; where a role gives the permission everywhere, to as much of
    /// the answer as is taken.
    pub fn resources_for(
        &self,
        permission: Permission,
        now: Timestamp,
    ) -> Listing<'state, Resource> {
        let kind = permission.kind();
        if kind == ResourceKind::Organisation {
            let here = Some(Resource::Organisation);
            return Listing::known(self.filter(permission, here, now).collect());
        }
        let reach = Reach::of(self, permission, now);
        if reach.is_everywhere() {
            Listing::walked(Everything::new(reach, kind))
        } else {
            Listing::found(reach.ids(kind), of_kind(kind))
        }
    }

    /// Those of these resources on which the session may do it, in the order they came.
    pub fn filter<'a, I>(
        &'a self,
        permission: Permission,
        resources: I,
        now: Timestamp,
    ) -> impl Iterator<Item = Resource> + 'a
    where
        I: IntoIterator<Item = Resource>,
        I::IntoIter: 'a,
    {
        let resources = resources.into_iter();
        resources.filter(move |resource| self.check(permission, *resource, now).is_allowed())
    }

    /// The decision on each of these questions, in the order they came.
    pub fn check_many<'a, P, I>(
        &'a self,
        questions: I,
        now: Timestamp,
    ) -> impl Iterator<Item = Decision> + 'a
    where
        P: Into<PermissionSet>,
        I: IntoIterator<Item = (P, Resource)>,
        I::IntoIter: 'a,
    {
        let questions = questions.into_iter();
        questions.map(move |(permissions, resource)| self.check(permissions, resource, now))
    }
}

/// What makes a resource of its id.
fn of_kind(kind: ResourceKind) -> fn(u128) -> Resource {
    match kind {
        ResourceKind::Organisation => |_| Resource::Organisation,
        ResourceKind::Model => |id| ModelId::new(id).into(),
        ResourceKind::Version => |id| VersionId::new(id).into(),
        ResourceKind::Framework => |id| FrameworkId::new(id).into(),
    }
}

/// Every resource of a kind but those that are taken, each looked at when it is asked for.
struct Everything<'state> {
    reach: Reach<'state>,
    kind: ResourceKind,
    rows: Box<dyn Iterator<Item = Resource> + 'state>,
}

impl<'state> Everything<'state> {
    fn new(reach: Reach<'state>, kind: ResourceKind) -> Self {
        let rows = Box::new(reach.state().resources_after(kind, None));
        Self { reach, kind, rows }
    }
}

impl std::fmt::Debug for Everything<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut debug = formatter.debug_struct("Everything");
        debug.field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl Iterator for Everything<'_> {
    type Item = Resource;

    fn next(&mut self) -> Option<Resource> {
        let reach = &self.reach;
        self.rows.find(|resource| !reach.is_taken_at(*resource))
    }
}

impl Walk<Resource> for Everything<'_> {
    fn continue_after(&mut self, cursor: Resource) {
        let rows = self.reach.state().resources_after(self.kind, Some(cursor));
        self.rows = Box::new(rows);
    }
}
