//! The grants and restrictions of an organisation.

use super::State;
use super::table::{Entry, Held, Holder};
use crate::grant::Grant;
use crate::id::UserId;
use crate::permission::PermissionSet;
use crate::resource::Resource;
use crate::subject::Subject;

impl State {
    /// Who holds the row of a subject; `None` where it is not registered.
    pub(super) fn holder(&self, subject: Subject) -> Option<Holder> {
        match subject {
            Subject::User(id) => Some(Holder::User(id, self.users.slot(id)?)),
            Subject::Group(id) => self.groups.slot(id).map(Holder::Group),
        }
    }

    /// What a user and their groups have on a resource and on what it stands beneath, grants, live or over,
    /// and restrictions, of that which holds any of these permissions: first the user's, then group by group,
    /// each from the resource upwards. No permission of the organisation is among them.
    pub(crate) fn held_on(&self, user: UserId, resource: Resource, asked: PermissionSet) -> Held {
        let resource = self.table.resource(resource);
        resource.map_or_else(Held::new, |it| self.table.held_on(user, it, asked))
    }

    fn entries(&self, subject: Subject) -> impl Iterator<Item = (Resource, Entry)> + '_ {
        let holder = self.holder(subject).into_iter();
        holder.flat_map(|holder| self.table.entries(holder))
    }

    /// The grant of a subject on a resource, live or over.
    #[must_use]
    pub fn grant(&self, subject: Subject, resource: Resource) -> Option<Grant> {
        as_grant(self.table.entry(self.holder(subject)?, resource, false)?)
    }

    /// The grants of a subject, live or over, by resource.
    pub fn grants_of(&self, subject: Subject) -> impl Iterator<Item = (Resource, Grant)> + '_ {
        sorted(self.grants_in_no_order(subject))
    }

    /// The same in no order.
    pub(crate) fn grants_in_no_order(
        &self,
        subject: Subject,
    ) -> impl Iterator<Item = (Resource, Grant)> + '_ {
        let entries = self.entries(subject);
        entries.filter_map(|(resource, entry)| Some((resource, as_grant(entry)?)))
    }

    /// The grants on a resource, live or over, by subject.
    pub fn grants_on(&self, resource: Resource) -> impl Iterator<Item = (Subject, Grant)> + '_ {
        let holders = self.table.holders_on(resource);
        sorted(holders.filter_map(move |(subject, holder)| {
            Some((
                subject,
                as_grant(self.table.entry(holder, resource, false)?)?,
            ))
        }))
    }

    /// The restriction of a subject on a resource.
    #[must_use]
    pub fn restriction(&self, subject: Subject, resource: Resource) -> Option<PermissionSet> {
        as_restriction(self.table.entry(self.holder(subject)?, resource, true)?)
    }

    /// The restrictions of a subject, by resource.
    pub fn restrictions_of(
        &self,
        subject: Subject,
    ) -> impl Iterator<Item = (Resource, PermissionSet)> + '_ {
        let entries = self.entries(subject);
        sorted(entries.filter_map(|(resource, entry)| Some((resource, as_restriction(entry)?))))
    }

    /// The restrictions on a resource, by subject.
    pub fn restrictions_on(
        &self,
        resource: Resource,
    ) -> impl Iterator<Item = (Subject, PermissionSet)> + '_ {
        let holders = self.table.holders_on(resource);
        sorted(holders.filter_map(move |(subject, holder)| {
            let entry = self.table.entry(holder, resource, true)?;
            Some((subject, as_restriction(entry)?))
        }))
    }
}

fn as_grant(entry: Entry) -> Option<Grant> {
    match entry {
        Entry::Grant(grant) => Some(grant),
        Entry::Restriction(_) => None,
    }
}

fn as_restriction(entry: Entry) -> Option<PermissionSet> {
    match entry {
        Entry::Restriction(permissions) => Some(permissions),
        Entry::Grant(_) => None,
    }
}

/// In the order of what comes first, which no two share.
fn sorted<K: Ord + Copy, V>(pairs: impl Iterator<Item = (K, V)>) -> std::vec::IntoIter<(K, V)> {
    let mut pairs: Vec<_> = pairs.collect();
    pairs.sort_unstable_by_key(|(key, _)| *key);
    pairs.into_iter()
}
