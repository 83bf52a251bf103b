//! Many questions side by side: what one waits for in memory, the others wait for meanwhile.

use super::holdings::Holdings;
use super::ids::{IdTable, Key, Keyed, Start};
use super::read::View;
use super::resource::{self, ResourceEntry};
use super::user::UserEntry;
use super::{Table, ahead};
use crate::id::UserId;
use crate::resource::Resource;

/// Questions in a batch: enough to keep the memory busy, few enough to stay in the nearest cache.
pub(crate) const BATCH: usize = 64;

/// What was found for each question of a batch; the rest is empty.
pub(crate) type Entries<'t, E> = [Option<&'t E>; BATCH];

/// The lines of each check of a batch.
pub(crate) type Views<'t> = [Option<View<'t>>; BATCH];

impl<E: Keyed> IdTable<E> {
    /// Finds many: first all lines are asked for, then they are looked at.
    #[inline]
    fn find_many(&self, keys: impl Iterator<Item = Key> + Clone) -> Entries<'_, E> {
        let mut starts = [None; BATCH];
        for (start, key) in starts.iter_mut().zip(keys.clone()) {
            *start = self.start(key);
        }
        // In a loop of its own, as many are on their way as the processor can wait for.
        ahead::read(starts.iter().flatten().map(Start::touch));
        let mut entries = [None; BATCH];
        for (entry, (start, key)) in entries.iter_mut().zip(starts.iter().zip(keys)) {
            *entry = start.and_then(|start| self.find_from(start, key));
        }
        entries
    }
}

/// Pages of users, and of resources, in a table that the caches hold, or soon will: some 1,300 of each.
const NEAR: usize = 4;

impl Table {
    /// Whether there is so little to wait for that questions are decided one by one.
    #[inline]
    pub(crate) fn is_near(&self) -> bool {
        self.users.pages().max(self.resources.pages()) <= NEAR
    }

    /// What a check needs to know of each of these users.
    pub(crate) fn users(
        &self,
        ids: impl Iterator<Item = UserId> + Clone,
    ) -> Entries<'_, UserEntry> {
        self.users.find_many(ids.map(|id| Key::new(id.value(), 0)))
    }

    /// What a check needs to know of each of these resources; nothing for the organisation.
    pub(crate) fn resources(
        &self,
        resources: impl Iterator<Item = Resource> + Clone,
    ) -> Entries<'_, ResourceEntry> {
        self.resources.find_many(resources.map(resource::key))
    }

    /// The lines of these checks, read, so that they are near when they are decided.
    #[inline]
    pub(crate) fn views<'t>(
        &'t self,
        checks: impl Iterator<Item = Option<(&'t UserEntry, &'t ResourceEntry)>>,
    ) -> Views<'t> {
        views(checks.map(|check| check.map(|(user, resource)| self.view(user, resource))))
    }

    /// The same for a session.
    #[inline]
    pub(crate) fn views_in<'t>(
        &'t self,
        holdings: &Holdings<'t>,
        resources: impl Iterator<Item = Option<&'t ResourceEntry>>,
    ) -> Views<'t> {
        views(resources.map(|resource| Some(self.view_in(holdings, resource?))))
    }
}

#[inline]
fn views<'t>(views: impl Iterator<Item = Option<View<'t>>>) -> Views<'t> {
    let mut found = [None; BATCH];
    for (place, view) in found.iter_mut().zip(views) {
        *place = view;
    }
    ahead::read(found.iter().flatten().map(View::touch));
    found
}
