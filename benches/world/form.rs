//! The serialised form of a world, without going through its events.

use std::collections::{BTreeMap, HashMap};

use rolebook::{
    Event, Grant, Group, GroupId, Limits, PermissionSet, Resource, Role, RoleId, SecuritySettings,
    State, Subject, User, UserId,
};
use serde::Serialize;

use super::generate::World;

type Row = (Vec<(u32, Grant)>, Vec<(u32, PermissionSet)>);

#[derive(Default)]
struct Content {
    roles: BTreeMap<RoleId, Role>,
    users: BTreeMap<UserId, User>,
    groups: BTreeMap<GroupId, Group>,
    members: BTreeMap<GroupId, Vec<UserId>>,
    resources: BTreeMap<Resource, Resource>,
    positions: HashMap<Resource, u32>,
    holdings: BTreeMap<Subject, Row>,
}

impl Content {
    fn take(&mut self, event: Event) {
        match event {
            Event::RoleDefined { role, definition } => {
                self.roles.insert(role, definition);
            }
            Event::ResourceRegistered { resource, parent } => {
                self.resources.insert(resource, parent);
            }
            Event::GroupCreated { group, definition } => {
                self.groups.insert(group, definition);
                self.members.insert(group, Vec::new());
                self.holdings.insert(group.into(), Row::default());
            }
            Event::UserRegistered { user, registration } => {
                self.users.insert(user, registration);
                self.holdings.insert(user.into(), Row::default());
            }
            Event::GroupJoined { group, user } => self.members.get_mut(&group).unwrap().push(user),
            Event::Granted { to, on, after, .. } => {
                let on = self.position(on);
                self.holdings.get_mut(&to).unwrap().0.push((on, after));
            }
            Event::Restricted {
                from, on, after, ..
            } => {
                let on = self.position(on);
                self.holdings.get_mut(&from).unwrap().1.push((on, after));
            }
            _ => {}
        }
    }

    /// Where a resource stands among all, which came before all that is held on them.
    fn position(&mut self, resource: Resource) -> u32 {
        if self.positions.is_empty() {
            self.positions = self.resources.keys().copied().zip(0..).collect();
        }
        self.positions[&resource]
    }

    fn sort(&mut self) {
        for (grants, restrictions) in self.holdings.values_mut() {
            grants.sort_unstable_by_key(|(on, _)| *on);
            restrictions.sort_unstable_by_key(|(on, _)| *on);
        }
        self.members.values_mut().for_each(|it| it.sort_unstable());
    }

    fn form(&self) -> impl Serialize + '_ {
        let users: BTreeMap<UserId, u32> = self.users.keys().copied().zip(0..).collect();
        let members = self.members.values();
        let members: Vec<Vec<u32>> = members
            .map(|members| members.iter().map(|user| users[user]).collect())
            .collect();
        let name = Some("Acme");
        (
            (1_u64, name, SecuritySettings::default(), Limits::default()),
            self.roles.iter().collect::<Vec<_>>(),
            self.users.iter().collect::<Vec<_>>(),
            self.groups.iter().collect::<Vec<_>>(),
            members,
            self.resources.iter().collect::<Vec<_>>(),
            self.holdings.values().collect::<Vec<_>>(),
            // No invitations.
            [(); 0].as_slice(),
        )
    }
}

/// In postcard, where a struct is its fields one after the other.
pub fn form(world: &World) -> Vec<u8> {
    let mut content = Content::default();
    super::events(world).for_each(|event| content.take(event));
    content.sort();
    postcard::to_stdvec(&content.form()).unwrap()
}

/// The organisation, read from its serialised form.
pub fn loaded(world: &World) -> State {
    postcard::from_bytes(&form(world)).expect("it is the form of an organisation")
}
