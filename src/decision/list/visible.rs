//! What a session can see at all.

use serde::{Deserialize, Serialize};

use super::page::{Listing, Page, Walk};
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
    view: View<'state>,
    resources: Listing<'state, Resource>,
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
        let resources = if view.is_everywhere() {
            Listing::walked(EverythingSeen::new(view))
        } else {
            Listing::known(view.seen())
        };
        VisibleListing { view, resources }
    }
}

impl<'state> VisibleListing<'state> {
    /// The rows after this resource; all of them where there is none.
    pub fn after(self, cursor: Option<Resource>) -> Self {
        let resources = self.resources.after(cursor);
        Self { resources, ..self }
    }

    /// At most `limit` rows after this resource, and the cursor of the next page if there are more.
    ///
    /// A limit of 0 counts as 1, so that every page leads on.
    #[must_use]
    pub fn page(self, after: Option<Resource>, limit: usize) -> Page<Visible, Resource> {
        let Self { view, resources } = self;
        let Page { items, next } = resources.page(after, limit);
        let items = items.into_iter().map(|it| view.visible(it)).collect();
        Page { items, next }
    }
}

impl Iterator for VisibleListing<'_> {
    type Item = Visible;

    fn next(&mut self) -> Option<Visible> {
        let resource = self.resources.next()?;
        Some(self.view.visible(resource))
    }
}

#[derive(Clone, Copy, Debug)]
struct View<'state> {
    session: Session<'state>,
    now: Timestamp,
}

impl View<'_> {
    fn visible(&self, resource: Resource) -> Visible {
        Visible {
            resource,
            permissions: self.session.effective(resource, self.now),
        }
    }

    fn may_anything(&self, resource: Resource) -> bool {
        !self.session.effective(resource, self.now).is_empty()
    }

    /// Whether something may be done here or beneath.
    fn is_seen(&self, resource: Resource) -> bool {
        let children = || self.session.state().children(resource);
        self.may_anything(resource) || children().any(|child| self.is_seen(child))
    }

    fn is_everywhere(&self) -> bool {
        let role = self.session.role_definition();
        let organisation = role.organisation_defaults();
        let reaches_all = role.scope == Scope::All && role.defaults != organisation;
        self.session.is_admin() || reaches_all
    }

    /// Everything seen from the grants and the selected resources, in order.
    fn seen(&self) -> Vec<Resource> {
        let table = self.session.state().table();
        let mut seen = table.leading(self.roots(), |it| self.may_anything(it));
        if !seen.is_empty() || self.may_anything(Resource::Organisation) {
            seen.push(Resource::Organisation);
        }
        seen.sort_unstable();
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

/// Every resource that is seen by a role that reaches everything, looked at when it is asked for.
struct EverythingSeen<'state> {
    view: View<'state>,
    rows: Box<dyn Iterator<Item = Resource> + 'state>,
}

impl<'state> EverythingSeen<'state> {
    fn new(view: View<'state>) -> Self {
        let rows = rows_after(view, None);
        Self { view, rows }
    }
}

fn rows_after<'state>(
    view: View<'state>,
    cursor: Option<Resource>,
) -> Box<dyn Iterator<Item = Resource> + 'state> {
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
    Box::new(organisation.into_iter().chain(others))
}

impl std::fmt::Debug for EverythingSeen<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut debug = formatter.debug_struct("EverythingSeen");
        debug.field("view", &self.view).finish_non_exhaustive()
    }
}

impl Iterator for EverythingSeen<'_> {
    type Item = Resource;

    fn next(&mut self) -> Option<Resource> {
        let view = self.view;
        self.rows.find(|resource| view.is_seen(*resource))
    }
}

impl Walk<Resource> for EverythingSeen<'_> {
    fn continue_after(&mut self, cursor: Resource) {
        self.rows = rows_after(self.view, Some(cursor));
    }
}
