//! The organisation by its serialised form: the sorted lists of a snapshot, read at once.

use rolebook::{
    Event, Grant, Group, GroupId, Limits, Name, PermissionSet, Resource, Role, RoleId,
    SecuritySettings, State, Subject, User, UserId,
};
use serde::ser::SerializeSeq;
use serde::{Serialize, Serializer};

use super::generate::{GROUP, World};

/// The lists of a serialised state, field by field as the library has them.
#[derive(Serialize)]
struct Form<'world> {
    revision: u64,
    name: Option<Name>,
    security: SecuritySettings,
    limits: Limits,
    roles: Vec<(RoleId, Role)>,
    users: Vec<(UserId, User)>,
    groups: Vec<(GroupId, Group)>,
    members: Vec<(GroupId, UserId)>,
    resources: Vec<(Resource, Resource)>,
    grants: Grants<'world>,
    restrictions: Vec<(Subject, Resource, PermissionSet)>,
    invitations: Vec<()>,
}

impl<'world> Form<'world> {
    fn new(world: &'world World) -> Self {
        let mut form = Self {
            revision: 1,
            name: None,
            security: SecuritySettings::default(),
            limits: Limits::default(),
            roles: Vec::new(),
            users: Vec::new(),
            groups: Vec::new(),
            members: Vec::new(),
            resources: Vec::new(),
            grants: Grants(world),
            restrictions: restrictions(world),
            invitations: Vec::new(),
        };
        super::before_entitlements(world).for_each(|event| form.take(event));
        form.sort();
        form
    }

    fn take(&mut self, event: Event) {
        match event {
            Event::Founded { name } => self.name = Some(name),
            Event::RoleDefined { role, definition } => self.roles.push((role, definition)),
            Event::UserRegistered { user, registration } => self.users.push((user, registration)),
            Event::GroupCreated { group, definition } => self.groups.push((group, definition)),
            Event::GroupJoined { group, user } => self.members.push((group, user)),
            Event::ResourceRegistered { resource, parent } => {
                self.resources.push((resource, parent));
            }
            other => panic!("no world begins with {other:?}"),
        }
    }

    fn sort(&mut self) {
        self.roles.sort_by_key(|it| it.0);
        self.users.sort_by_key(|it| it.0);
        self.groups.sort_by_key(|it| it.0);
        self.members.sort();
        self.resources.sort();
    }
}

fn restrictions(world: &World) -> Vec<(Subject, Resource, PermissionSet)> {
    let all = world.restrictions.iter();
    let mut all: Vec<_> = all
        .map(|it| {
            let on = super::resource(world, it.resource);
            (super::subject(it.subject), on, super::set(it.bits))
        })
        .collect();
    all.sort_by_key(|it| (it.0, it.1));
    all
}

/// The grants of a world, sorted while they are written: as a list of its own they would take gigabytes.
struct Grants<'world>(&'world World);

impl Grants<'_> {
    fn subjects(&self) -> Vec<(Subject, u32)> {
        let groups = (0..self.0.groups.len() as u32).map(|group| GROUP | group);
        let numbers = (0..self.0.users.len() as u32).chain(groups);
        let mut subjects: Vec<_> = numbers.map(|it| (super::subject(it), it)).collect();
        subjects.sort();
        subjects
    }

    fn row(&self, number: u32) -> Vec<(Resource, Grant)> {
        let grants = self.0.grants_of(number).iter();
        let mut row: Vec<_> = grants
            .map(|it| (super::resource(self.0, it.resource), super::grant(it)))
            .collect();
        row.sort_by_key(|it| it.0);
        row
    }
}

impl Serialize for Grants<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.0.grants.len()))?;
        for (subject, number) in self.subjects() {
            for (on, grant) in self.row(number) {
                list.serialize_element(&(subject, on, grant))?;
            }
        }
        list.end()
    }
}

/// A snapshot of the organisation, at revision 1.
pub fn snapshot(world: &World) -> Vec<u8> {
    postcard::to_stdvec(&Form::new(world)).expect("lists serialise")
}

/// The organisation, read from its snapshot.
pub fn organisation(world: &World) -> State {
    postcard::from_bytes(&snapshot(world)).expect("the lists fit")
}
