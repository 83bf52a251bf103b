//! On what a session may do something.

use super::page::{Listing, Numbered, Walk};
use super::reach::Reach;
use crate::permission::Permission;
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
            Listing::found(reach.ids(kind), kind)
        }
    }
}

impl Numbered<Resource> for ResourceKind {
    fn one(&self, number: u128) -> Resource {
        Resource::numbered(*self, number)
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
