//! The grants and restrictions of an organisation.

use imbl::{OrdMap, OrdSet};

use super::State;
use crate::grant::Grant;
use crate::permission::PermissionSet;
use crate::resource::Resource;
use crate::subject::Subject;

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Entitlements {
    grants: OrdMap<(Subject, Resource), Grant>,
    granted_on: OrdSet<(Resource, Subject)>,
    restrictions: OrdMap<(Subject, Resource), PermissionSet>,
    restricted_on: OrdSet<(Resource, Subject)>,
}

impl Entitlements {
    pub(super) fn grant(&mut self, subject: Subject, resource: Resource, grant: Grant) {
        self.grants.insert((subject, resource), grant);
        self.granted_on.insert((resource, subject));
    }

    pub(super) fn revoke(&mut self, subject: Subject, resource: Resource) {
        self.grants.remove(&(subject, resource));
        self.granted_on.remove(&(resource, subject));
    }

    pub(super) fn restrict(&mut self, subject: Subject, resource: Resource, set: PermissionSet) {
        self.restrictions.insert((subject, resource), set);
        self.restricted_on.insert((resource, subject));
    }

    /// Everyone who holds a grant or a restriction; some more than once.
    pub(super) fn subjects(&self) -> impl Iterator<Item = Subject> + '_ {
        let granted = self.grants.keys().map(|(subject, _)| *subject);
        granted.chain(self.restrictions.keys().map(|(subject, _)| *subject))
    }

    pub(super) fn unrestrict(&mut self, subject: Subject, resource: Resource) {
        self.restrictions.remove(&(subject, resource));
        self.restricted_on.remove(&(resource, subject));
    }
}

impl State {
    /// The grant of a subject on a resource, live or over.
    #[must_use]
    pub fn grant(&self, subject: Subject, resource: Resource) -> Option<Grant> {
        self.entitlements.grants.get(&(subject, resource)).copied()
    }

    /// The grants of a subject, live or over, by resource.
    pub fn grants_of(&self, subject: Subject) -> impl Iterator<Item = (Resource, Grant)> + '_ {
        let grants = self
            .entitlements
            .grants
            .range((subject, Resource::Organisation)..);
        grants
            .take_while(move |((holder, _), _)| *holder == subject)
            .map(|((_, resource), grant)| (*resource, *grant))
    }

    /// The grants on a resource, live or over, by subject.
    pub fn grants_on(&self, resource: Resource) -> impl Iterator<Item = (Subject, Grant)> + '_ {
        let subjects = on(&self.entitlements.granted_on, resource);
        subjects.filter_map(move |subject| Some((subject, self.grant(subject, resource)?)))
    }

    /// The restriction of a subject on a resource.
    #[must_use]
    pub fn restriction(&self, subject: Subject, resource: Resource) -> Option<PermissionSet> {
        self.entitlements
            .restrictions
            .get(&(subject, resource))
            .copied()
    }

    /// The restrictions of a subject, by resource.
    pub fn restrictions_of(
        &self,
        subject: Subject,
    ) -> impl Iterator<Item = (Resource, PermissionSet)> + '_ {
        let restrictions = self
            .entitlements
            .restrictions
            .range((subject, Resource::Organisation)..);
        restrictions
            .take_while(move |((holder, _), _)| *holder == subject)
            .map(|((_, resource), set)| (*resource, *set))
    }

    /// The restrictions on a resource, by subject.
    pub fn restrictions_on(
        &self,
        resource: Resource,
    ) -> impl Iterator<Item = (Subject, PermissionSet)> + '_ {
        let subjects = on(&self.entitlements.restricted_on, resource);
        subjects.filter_map(move |subject| Some((subject, self.restriction(subject, resource)?)))
    }
}

fn on(
    index: &OrdSet<(Resource, Subject)>,
    resource: Resource,
) -> impl Iterator<Item = Subject> + '_ {
    let first = (resource, Subject::User(crate::id::UserId::new(0)));
    index
        .range(first..)
        .take_while(move |(one, _)| *one == resource)
        .map(|(_, subject)| *subject)
}
