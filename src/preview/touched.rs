//! Whose access on what events can have changed.
//!
//! What a user may do on a resource follows from their registration, the definition of their primary
//! role, their groups and those groups' roles, the grants and restrictions of them all on the chain
//! of the resource, and that chain. Where the access differs, one of these does, and an event says
//! so; hence everything that an event can bear on is all that needs a look.

use std::collections::{BTreeMap, BTreeSet};

use super::reach::{resources_in_reach, users_in_reach, users_of};
use crate::event::Event;
use crate::id::{GroupId, RoleId, UserId};
use crate::resource::Resource;
use crate::state::State;
use crate::subject::Subject;

/// Where a user's access can have changed.
#[derive(Debug, Default)]
struct Places {
    everywhere: bool,
    with_all_beneath: BTreeSet<Resource>,
    alone: BTreeSet<Resource>,
}

/// Whose access on what can have changed from one state to another.
#[derive(Debug)]
pub(crate) struct Touched<'states> {
    sides: [&'states State; 2],
    places: BTreeMap<UserId, Places>,
}

impl<'states> Touched<'states> {
    pub(crate) const fn nothing(before: &'states State, after: &'states State) -> Self {
        Self {
            sides: [before, after],
            places: BTreeMap::new(),
        }
    }

    /// What the events bear on that made the one state of the other.
    pub(crate) fn by_events<'event>(
        before: &'states State,
        after: &'states State,
        events: impl IntoIterator<Item = &'event Event>,
    ) -> Self {
        let mut touched = Self::nothing(before, after);
        events.into_iter().for_each(|event| touched.add(event));
        touched
    }

    fn add(&mut self, event: &Event) {
        use Event as E;
        match event {
            E::RoleRedefined { role, .. } => self.holders(*role),
            E::UserRegistered { user, .. }
            | E::UserRemoved { user, .. }
            | E::RolesAssigned { user, .. }
            | E::UserSuspended { user }
            | E::UserReinstated { user } => self.user(*user),
            E::GroupRoleReplaced { group, .. } => self.group(*group),
            E::GroupJoined { group, user } | E::GroupLeft { group, user } => {
                self.membership(*group, *user);
            }
            E::ResourceRegistered { resource, .. } | E::ResourceUnregistered { resource, .. } => {
                self.resource(*resource);
            }
            E::Granted { to, on, .. }
            | E::GrantClipped { to, on, .. }
            | E::Revoked { from: to, on, .. }
            | E::Restricted { from: to, on, .. }
            | E::Unrestricted { from: to, on, .. } => self.entitlement(*to, *on),
            // Nobody holds a role that was just defined, nor one that goes; nobody is in a group
            // that was just created, nor in one that goes. A scope narrows with the resources that are
            // unregistered. The rest bears on no access.
            E::RoleDefined { .. }
            | E::RoleScopeNarrowed { .. }
            | E::RoleDeleted { .. }
            | E::GroupCreated { .. }
            | E::GroupDeleted { .. }
            | E::GroupRenamed { .. }
            | E::Founded { .. }
            | E::SecurityChanged { .. }
            | E::LimitsChanged { .. }
            | E::EmailChanged { .. }
            | E::Invited { .. }
            | E::InvitationResent { .. }
            | E::InvitationChanged { .. }
            | E::InvitationCancelled { .. }
            | E::InvitationAccepted { .. }
            | E::InvitationDeclined { .. } => {}
        }
    }

    fn of(&mut self, user: UserId) -> &mut Places {
        self.places.entry(user).or_default()
    }

    fn user(&mut self, user: UserId) {
        self.of(user).everywhere = true;
    }

    fn holders(&mut self, role: RoleId) {
        for (user, _) in self.sides.into_iter().flat_map(|it| it.holders(role)) {
            self.user(user);
        }
    }

    fn members_of(&self, subject: Subject) -> Vec<UserId> {
        let users = |state: &'states State| users_of(state, subject);
        self.sides.into_iter().flat_map(users).collect()
    }

    /// A grant or restriction of a subject on a resource.
    pub(crate) fn entitlement(&mut self, subject: Subject, on: Resource) {
        for user in self.members_of(subject) {
            self.of(user).with_all_beneath.insert(on);
        }
    }

    /// Where a group has grants or restrictions.
    fn places_of(&self, group: GroupId) -> Vec<Resource> {
        let subject = Subject::Group(group);
        let places = |state: &'states State| {
            let grants = state.grants_of(subject).map(|(on, _)| on);
            grants.chain(state.restrictions_of(subject).map(|(on, _)| on))
        };
        self.sides.into_iter().flat_map(places).collect()
    }

    fn membership(&mut self, group: GroupId, user: UserId) {
        let places = self.places_of(group);
        self.of(user).with_all_beneath.extend(places);
    }

    fn group(&mut self, group: GroupId) {
        for user in self.members_of(group.into()) {
            self.membership(group, user);
        }
    }

    fn resource(&mut self, resource: Resource) {
        for user in self
            .sides
            .into_iter()
            .flat_map(|state| users_in_reach(state, resource))
        {
            self.of(user).alone.insert(resource);
        }
    }

    /// The users, in the order of their ids, each with the resources to look at.
    pub(crate) fn users(&self) -> impl Iterator<Item = (UserId, BTreeSet<Resource>)> + '_ {
        let mut trees = Trees::new();
        let users = self.places.iter();
        users.map(move |(user, places)| (*user, self.resources(*user, places, &mut trees)))
    }

    fn resources(&self, user: UserId, places: &Places, trees: &mut Trees) -> BTreeSet<Resource> {
        let mut resources = places.alone.clone();
        for top in &places.with_all_beneath {
            let tree = trees.entry(*top).or_insert_with(|| self.tree(*top));
            resources.extend(tree.iter());
        }
        if places.everywhere {
            let everywhere = self.sides.into_iter();
            resources.extend(everywhere.flat_map(|state| resources_in_reach(state, user)));
        }
        resources
    }

    /// A resource and what stands beneath it on either side.
    fn tree(&self, top: Resource) -> BTreeSet<Resource> {
        let sides = self.sides.into_iter();
        let beneath = sides.flat_map(|state| state.beneath(top));
        beneath.chain([top]).collect()
    }
}

/// What stands at and beneath resources: the same for all members of a group.
type Trees = BTreeMap<Resource, BTreeSet<Resource>>;
