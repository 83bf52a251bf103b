//! Many questions side by side: what one waits for in memory, the others wait for meanwhile.

use smallvec::SmallVec;

use super::holdings::Holdings;
use super::ids::{IdTable, Key, Keyed};
use super::read::{Question, View};
use super::resource::{self, ResourceEntry};
use super::rows::Spot;
use super::user::UserEntry;
use super::{Found, Table};
use crate::id::UserId;
use crate::resource::Resource;
use crate::time::Timestamp;

/// Questions in a batch: enough to keep the memory busy, few enough to stay in the nearest cache.
pub(crate) const BATCH: usize = 32;

/// Something for each question of a batch.
pub(crate) type Batch<T> = SmallVec<[T; BATCH]>;

impl<E: Keyed> IdTable<E> {
    /// Finds many: first all lines are asked for, then they are looked at.
    fn find_many(&self, keys: impl Iterator<Item = Key>) -> Batch<Option<&E>> {
        let starts: Batch<_> = keys.map(|key| (key, self.start(key))).collect();
        let touched = starts.iter().fold(0, |all, (_, start)| all ^ start.touch());
        std::hint::black_box(touched);
        let found = starts
            .iter()
            .map(|(key, start)| self.find_from(*start, *key));
        found.collect()
    }
}

impl Table {
    /// What a check needs to know of each of these users.
    pub(crate) fn users(&self, ids: impl Iterator<Item = UserId>) -> Batch<Option<&UserEntry>> {
        self.users.find_many(ids.map(|id| Key::new(id.value(), 0)))
    }

    /// What a check needs to know of each of these resources; nothing for the organisation.
    pub(crate) fn resources(
        &self,
        resources: impl Iterator<Item = Resource>,
    ) -> Batch<Option<&ResourceEntry>> {
        self.resources.find_many(resources.map(resource::key))
    }

    /// What users who act under roles hold on resources, by the slot of the role.
    pub(crate) fn found_many<'t>(
        &'t self,
        asked: impl Iterator<Item = (&'t UserEntry, u32, &'t ResourceEntry)>,
        now: Timestamp,
    ) -> Batch<Found> {
        let views = asked.map(|(user, role, resource)| {
            let question = Question::new(user, role, resource);
            (question, self.view(user, resource))
        });
        self.found_in_views(views.collect(), now)
    }

    /// What a session's user holds on resources.
    pub(crate) fn found_many_in<'t>(
        &'t self,
        holdings: &'t Holdings<'t>,
        resources: impl Iterator<Item = &'t ResourceEntry>,
        now: Timestamp,
    ) -> Batch<Found> {
        let views = resources.map(|resource| {
            let view = View {
                own: holdings.line(Spot::of(resource.root())),
                tree: self.trees.line(resource.tree()),
            };
            (holdings.asks(resource), view)
        });
        self.found_in_views(views.collect(), now)
    }

    fn found_in_views(
        &self,
        views: Batch<(Question<'_>, View<'_>)>,
        now: Timestamp,
    ) -> Batch<Found> {
        let touched = views.iter().fold(0, |all, (_, view)| all ^ view.touch());
        std::hint::black_box(touched);
        let found = views.iter();
        found
            .map(|(question, view)| self.found_in_view(*question, *view, now))
            .collect()
    }
}
