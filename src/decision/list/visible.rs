//! What a session can see at all.

use serde::{Deserialize, Serialize};

use super::page::Page;
use crate::decision::batch::access_in_batches;
use crate::permission::PermissionSet;
use crate::resource::{Resource, ResourceKind};
use crate::role::Scope;
use crate::session::Session;
use crate::time::Timestamp;

/// A resource on which a session may do something, or through which it comes to one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visible {
    /// The resource.
    pub resource: Resource,
    /// Everything the session may do there.
    pub permissions: PermissionSet,
}

impl Visible {
    const fn new(resource: Resource, permissions: PermissionSet) -> Self {
        Self {
            resource,
            permissions,
        }
    }

    /// Whether it is there only as the way to something beneath it: nothing may be done on it.
    #[must_use]
    pub const fn is_passage(&self) -> bool {
        self.permissions.is_empty()
    }
}

/// What a session can see, as an iterator, or page by page: see [`Session::visible`].
#[derive(Debug)]
#[must_use]
pub struct VisibleListing<'state> {
    rows: Rows<'state>,
}

#[derive(Debug)]
enum Rows<'state> {
    /// All of them, in order.
    Known(std::vec::IntoIter<Visible>),
    Walked(Box<EverythingSeen<'state>>),
}

impl<'state> Session<'state> {
    /// The resources on which the session may do anything at all, and those above them, which it
    /// needs to find its way there; in the order of ids, the organisation first. Every resource of
    /// the listing but the organisation has its parent in it.
    ///
    /// Costs in proportion to what stands at and beneath the session's grants; where a role reaches
    /// everything, to as much of the answer as is taken.
    pub fn visible(&self, now: Timestamp) -> VisibleListing<'state> {
        let view = View {
            session: *self,
            now,
        };
        let rows = if view.is_everywhere() {
            Rows::Walked(Box::new(EverythingSeen::new(view)))
        } else {
            Rows::Known(view.seen().into_iter())
        };
        VisibleListing { rows }
    }
}

impl VisibleListing<'_> {
    /// The rows after this resource; all of them where there is none.
    pub fn after(mut self, cursor: Option<Resource>) -> Self {
        let Some(cursor) = cursor else { return self };
        match &mut self.rows {
            Rows::Known(rows) => {
                let passed = |row: &Visible| row.resource <= cursor;
                let passed = rows.as_slice().partition_point(passed);
                rows.by_ref().take(passed).for_each(drop);
            }
            Rows::Walked(walk) => walk.continue_after(cursor),
        }
        self
    }

    /// At most `limit` rows after this resource, and the cursor of the next page if there are more.
    ///
    /// A limit of 0 counts as 1, so that every page leads on.
    #[must_use]
    pub fn page(self, after: Option<Resource>, limit: usize) -> Page<Visible, Resource> {
        let mut rows = self.after(after);
        let items: Vec<Visible> = rows.by_ref().take(limit.max(1)).collect();
        let last = items.last().map(|it| it.resource);
        let next = last.filter(|_| rows.next().is_some());
        Page { items, next }
    }
}

impl Iterator for VisibleListing<'_> {
    type Item = Visible;

    fn next(&mut self) -> Option<Visible> {
        match &mut self.rows {
            Rows::Known(rows) => rows.next(),
            Rows::Walked(walk) => walk.next(),
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct View<'state> {
    session: Session<'state>,
    now: Timestamp,
}

impl<'state> View<'state> {
    /// Each of these resources with everything that may be done there.
    fn looked_at(
        self,
        resources: impl Iterator<Item = Resource> + 'state,
    ) -> impl Iterator<Item = Visible> + 'state {
        let access = access_in_batches(self.session, resources, self.now);
        access.map(|(resource, (permissions, _))| Visible::new(resource, permissions))
    }

    /// Whether something may be done beneath a resource.
    fn leads_on(&self, resource: Resource) -> bool {
        let may_anything = |on| !self.session.effective(on, self.now).is_empty();
        let mut children = self.session.state().children(resource);
        children.any(|child| may_anything(child) || self.leads_on(child))
    }

    fn is_everywhere(&self) -> bool {
        let role = self.session.role_definition();
        let organisation = role.organisation_defaults();
        let reaches_all = role.scope == Scope::All && role.defaults != organisation;
        self.session.is_admin() || reaches_all
    }

    /// Everything seen from the grants and the selected resources, in order.
    fn seen(&self) -> Vec<Visible> {
        let table = self.session.state().table();
        let places: Vec<(u32, Resource)> = table.at_or_beneath(self.roots()).collect();
        let rows = self.looked_at(places.iter().map(|(_, resource)| *resource));
        let (slots, mut seen): (Vec<u32>, Vec<Visible>) = places
            .iter()
            .map(|(slot, _)| *slot)
            .zip(rows)
            .filter(|(_, row)| !row.is_passage())
            .unzip();
        // What is given above these and counts is at a root, or beneath one.
        let above = table.above(&slots);
        seen.extend(above.map(|it| Visible::new(it, PermissionSet::EMPTY)));
        let here = self.session.effective(Resource::Organisation, self.now);
        if !seen.is_empty() || !here.is_empty() {
            seen.push(Visible::new(Resource::Organisation, here));
        }
        seen.sort_unstable_by_key(|it| it.resource);
        seen
    }

    /// Where grants and the role's scope come in.
    ///
    /// Roots are too many rather than too few: each resource at or beneath them is decided for itself.
    fn roots(&self) -> Vec<u32> {
        let table = self.session.state().table();
        let holdings = self.session.holdings();
        let mut roots = table.reach(holdings, (PermissionSet::ALL, self.now)).given;
        let selected = self.session.role_definition().scope.selected();
        roots.extend(selected.filter_map(|it| table.resource_slot(it)));
        roots
    }
}

/// Every resource that is seen by a role that reaches everything, some looked at when one is asked for.
struct EverythingSeen<'state> {
    view: View<'state>,
    rows: Box<dyn Iterator<Item = Visible> + 'state>,
}

impl<'state> EverythingSeen<'state> {
    fn new(view: View<'state>) -> Self {
        let rows = rows_after(view, None);
        Self { view, rows }
    }

    fn continue_after(&mut self, cursor: Resource) {
        self.rows = rows_after(self.view, Some(cursor));
    }
}

fn rows_after<'state>(
    view: View<'state>,
    cursor: Option<Resource>,
) -> Box<dyn Iterator<Item = Visible> + 'state> {
    let state = view.session.state();
    let organisation = cursor.is_none().then_some(Resource::Organisation);
    let kinds = [
        ResourceKind::Model,
        ResourceKind::Version,
        ResourceKind::Framework,
    ];
    let others = kinds
        .into_iter()
        .flat_map(move |kind| state.resources_after(kind, cursor));
    Box::new(view.looked_at(organisation.into_iter().chain(others)))
}

impl std::fmt::Debug for EverythingSeen<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut debug = formatter.debug_struct("EverythingSeen");
        debug.field("view", &self.view).finish_non_exhaustive()
    }
}

impl Iterator for EverythingSeen<'_> {
    type Item = Visible;

    fn next(&mut self) -> Option<Visible> {
        let view = self.view;
        self.rows
            .find(|it| !it.is_passage() || view.leads_on(it.resource))
    }
}
