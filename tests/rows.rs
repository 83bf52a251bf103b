//! Rows that are long, crowded, lopsided or churned, held against plain ordered maps, and the fast
//! decision against the rule as written on them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test that panics has failed, which is what it is for"
)]

use std::collections::{BTreeMap, BTreeSet};

use rolebook::decision::reference;
use rolebook::{
    Author, Commit, Event, FrameworkId, Grant, Group, GroupId, Identity, ModelId, Name, Permission,
    PermissionSet, Resource, Role, RoleId, Roles, Scope, SignIn, State, Status, Subject, Timestamp,
    User, UserId, VersionId,
};

#[path = "rows/decisions.rs"]
mod decisions;
#[path = "rows/explanations.rs"]
mod explanations;
#[path = "rows/logs.rs"]
mod logs;
#[path = "rows/memberships.rs"]
mod memberships;
#[path = "rows/roles.rs"]
mod roles;

/// splitmix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}

/// A state, and the same kept in plain ordered maps.
struct World {
    state: State,
    parents: BTreeMap<Resource, Resource>,
    grants: BTreeMap<(Subject, Resource), Grant>,
    restrictions: BTreeMap<(Subject, Resource), PermissionSet>,
    members: BTreeSet<(GroupId, UserId)>,
    users: Vec<UserId>,
    groups: Vec<GroupId>,
}

const CUSTOM: [RoleId; 4] = [
    RoleId::new(1),
    RoleId::new(2),
    RoleId::new(3),
    RoleId::new(4),
];

fn name(text: &str) -> Name {
    text.parse().unwrap()
}

fn at(milliseconds: u64) -> Timestamp {
    Timestamp::from_milliseconds(milliseconds)
}

impl World {
    fn new(users: Vec<UserId>, groups: usize) -> Self {
        Self::of(State::new(), users, groups)
    }

    /// The same in a state in which nothing has happened yet.
    fn of(state: State, users: Vec<UserId>, groups: usize) -> Self {
        let mut world = Self {
            state,
            parents: BTreeMap::new(),
            grants: BTreeMap::new(),
            restrictions: BTreeMap::new(),
            members: BTreeSet::new(),
            users: users.clone(),
            groups: (0..groups as u128).map(GroupId::new).collect(),
        };
        world.apply(Event::Founded { name: name("Acme") });
        for (number, role) in CUSTOM.into_iter().enumerate() {
            let definition = Role {
                name: name(&format!("Role {number}")),
                description: String::new(),
                defaults: PermissionSet::ALL,
                ceiling: PermissionSet::ALL,
                scope: Scope::Granted,
            };
            world.apply(Event::RoleDefined { role, definition });
        }
        for user in users {
            world.register_user(user);
        }
        for (number, group) in world.groups.clone().into_iter().enumerate() {
            let definition = Group {
                name: name(&format!("Group {number}")),
                role: CUSTOM[number % 2],
            };
            world.apply(Event::GroupCreated { group, definition });
        }
        world
    }

    fn apply(&mut self, event: Event) {
        let commit = Commit {
            revision: self.state.revision() + 1,
            at: at(0),
            author: Author::Operator,
            events: vec![event],
        };
        self.state.apply(&commit).expect("the event fits");
    }

    fn register_user(&mut self, user: UserId) {
        let registration = User {
            identity: Identity::Service { name: name("s") },
            roles: Roles::new(CUSTOM).unwrap(),
            status: Status::Active,
        };
        self.apply(Event::UserRegistered { user, registration });
    }

    fn register(&mut self, resource: Resource, parent: Resource) {
        if self.parents.insert(resource, parent).is_none() {
            self.apply(Event::ResourceRegistered { resource, parent });
        }
    }

    fn subjects(&self) -> Vec<Subject> {
        let users = self.users.iter().map(|id| Subject::User(*id));
        users
            .chain(self.groups.iter().map(|id| Subject::Group(*id)))
            .collect()
    }

    fn resources(&self) -> Vec<Resource> {
        self.parents.keys().copied().collect()
    }

    fn grant(&mut self, to: Subject, on: Resource, random: &mut Random) {
        let within = PermissionSet::at_or_below(on.kind());
        let bits = random.next() & random.next() & within.bits();
        let Some(permissions) = PermissionSet::from_bits(bits).filter(|it| !it.is_empty()) else {
            return;
        };
        let permissions = permissions | permissions.missing_prerequisites();
        let ends = [5, 10, 20, u64::MAX, 1 << 63, (1 << 63) + 7].map(at);
        let expires_at = (random.below(3) == 0).then(|| random.pick(&ends));
        let after = Grant {
            permissions,
            expires_at,
        };
        let before = self.grants.insert((to, on), after);
        self.apply(Event::Granted {
            to,
            on,
            before,
            after,
        });
    }

    fn restrict(&mut self, from: Subject, on: Resource, random: &mut Random) {
        let within = PermissionSet::at_or_below(on.kind());
        let bits = random.next() & random.next() & random.next() & within.bits();
        let Some(after) = PermissionSet::from_bits(bits).filter(|it| !it.is_empty()) else {
            return;
        };
        let after = after.with_dependants();
        let before = self.restrictions.insert((from, on), after);
        self.apply(Event::Restricted {
            from,
            on,
            before,
            after,
        });
    }

    fn release(&mut self, from: Subject, on: Resource) {
        if let Some(before) = self.grants.remove(&(from, on)) {
            self.apply(Event::Revoked { from, on, before });
        }
        if let Some(before) = self.restrictions.remove(&(from, on)) {
            self.apply(Event::Unrestricted { from, on, before });
        }
    }

    fn switch_membership(&mut self, group: GroupId, user: UserId) {
        if self.members.remove(&(group, user)) {
            self.apply(Event::GroupLeft { group, user });
        } else {
            self.members.insert((group, user));
            self.apply(Event::GroupJoined { group, user });
        }
    }

    fn unregister(&mut self, resource: Resource) {
        if self.parents.values().any(|parent| *parent == resource) {
            return;
        }
        for subject in self.subjects() {
            self.release(subject, resource);
        }
        self.narrow(resource);
        let parent = self.parents.remove(&resource).unwrap();
        self.apply(Event::ResourceUnregistered { resource, parent });
    }

    fn remove_and_register(&mut self, user: UserId) {
        for resource in self.resources() {
            self.release(user.into(), resource);
        }
        for group in self.groups.clone() {
            if self.members.contains(&(group, user)) {
                self.switch_membership(group, user);
            }
        }
        let before = self.state.user(user).unwrap().clone();
        self.apply(Event::UserRemoved { user, before });
        assert_eq!(self.state.user(user), None);
        self.register_user(user);
    }

    /// Everything that can be read of the state is what the maps hold, in their order.
    fn agrees(&self) {
        for subject in self.subjects() {
            let first = (subject, Resource::Organisation);
            let grants = self.grants.range(first..).map(|(key, it)| (*key, *it));
            let of_subject = grants.take_while(|((one, _), _)| *one == subject);
            let expected: Vec<_> = of_subject.map(|((_, on), it)| (on, it)).collect();
            assert_eq!(self.state.grants_of(subject).collect::<Vec<_>>(), expected);
            let taken = self
                .restrictions
                .range(first..)
                .map(|(key, it)| (*key, *it));
            let of_subject = taken.take_while(|((one, _), _)| *one == subject);
            let expected: Vec<_> = of_subject.map(|((_, on), it)| (on, it)).collect();
            let found: Vec<_> = self.state.restrictions_of(subject).collect();
            assert_eq!(found, expected);
        }
        assert!(self.state.resources().eq(self.parents.keys().copied()));
        let (grants, restrictions) = (by_resource(&self.grants), by_resource(&self.restrictions));
        for (resource, parent) in &self.parents {
            assert_eq!(self.state.parent(*resource), Some(*parent));
            let expected = grants.get(resource).into_iter().flatten().copied();
            assert!(self.state.grants_on(*resource).eq(expected));
            let expected = restrictions.get(resource).into_iter().flatten().copied();
            assert!(self.state.restrictions_on(*resource).eq(expected));
        }
        for user in &self.users {
            let expected = self.members.iter().filter(|(_, one)| one == user);
            let expected = expected.map(|(group, _)| *group);
            assert!(self.state.groups_of(*user).eq(expected));
        }
        for group in &self.groups {
            let expected = self.members.iter().filter(|(one, _)| one == group);
            assert!(
                self.state
                    .members(*group)
                    .eq(expected.map(|(_, user)| *user))
            );
        }
    }

    /// The fast decision is the rule, by ids and through sessions, for so many questions.
    fn decides_by_the_rule(&self, questions: usize, random: &mut Random) {
        let resources = self.resources();
        let permissions: Vec<Permission> = Permission::all().collect();
        for _ in 0..questions {
            let sign_in = SignIn::new(random.pick(&self.users));
            let sign_in = match random.below(3) {
                0 => sign_in.under(random.pick(&CUSTOM)),
                _ => sign_in,
            };
            let resource = random.pick(&resources);
            let now = at(random.pick(&[0, 4, 5, 9, 10, 19, 20, 21, 1 << 63, u64::MAX - 1]));
            let one = PermissionSet::from(random.pick(&permissions));
            let asked = one | PermissionSet::from(random.pick(&permissions));
            let session = self.state.session(sign_in).unwrap();
            for asked in [one, asked] {
                let expected = reference::check(&self.state, sign_in, asked, resource, now);
                assert_eq!(self.state.check(sign_in, asked, resource, now), expected);
                assert_eq!(session.check(asked, resource, now), expected);
            }
            let expected = reference::effective(&session, resource, now);
            assert_eq!(session.effective(resource, now), expected);
        }
    }

    /// The serialised form makes an equal state, whatever slots this one has.
    fn goes_through_its_form(&self) {
        assert_eq!(self.state.check_invariants(), Ok(()));
        let bytes = postcard::to_stdvec(&self.state).unwrap();
        let read: State = postcard::from_bytes(&bytes).unwrap();
        assert_eq!(read, self.state);
    }

    fn is_sound(&self, random: &mut Random) {
        self.agrees();
        self.decides_by_the_rule(1_500, random);
        self.goes_through_its_form();
    }

    /// So many changes of every sort; most to the first users and groups.
    fn churn(&mut self, changes: usize, random: &mut Random) {
        for _ in 0..changes {
            let resources = self.resources();
            let subjects = self.subjects();
            let few = [subjects[0], subjects[1], Subject::Group(self.groups[0])];
            let subject = match random.below(4) {
                0 => random.pick(&subjects),
                _ => random.pick(&few),
            };
            let on = random.pick(&resources);
            let (group, user) = (random.pick(&self.groups), random.pick(&self.users));
            match random.below(100) {
                0..50 => self.grant(subject, on, random),
                50..60 => self.restrict(subject, on, random),
                60..85 => self.release(subject, on),
                85..96 => self.switch_membership(group, user),
                96..98 => self.unregister(on),
                98 => self.remove_and_register(random.pick(&self.users)),
                _ => self.grow(random),
            }
        }
    }

    /// A model with a version and a framework beneath it, which ids may have had before.
    fn grow(&mut self, random: &mut Random) {
        let mut number = || random.below(60) as u128;
        let model = Resource::from(ModelId::new(number()));
        let version = Resource::from(VersionId::new(number()));
        let framework = Resource::from(FrameworkId::new(number()));
        self.register(model, Resource::Organisation);
        if !self.parents.contains_key(&version) {
            self.register(version, model);
        }
        if !self.parents.contains_key(&framework) {
            self.register(framework, version);
        }
    }
}

fn by_resource<T: Copy>(
    of: &BTreeMap<(Subject, Resource), T>,
) -> BTreeMap<Resource, Vec<(Subject, T)>> {
    let mut all = BTreeMap::<_, Vec<_>>::new();
    for ((subject, on), it) in of {
        all.entry(*on).or_default().push((*subject, *it));
    }
    all
}

fn users(count: u128) -> Vec<UserId> {
    (0..count).map(UserId::new).collect()
}

#[test]
fn a_churned_organisation_is_what_was_said_of_it() {
    let mut random = Random(1);
    let mut world = World::new(users(6), 90);
    (0..40).for_each(|_| world.grow(&mut random));
    for _ in 0..4 {
        world.churn(500, &mut random);
        let held = world.state.clone();
        let before = held.clone();
        world.churn(100, &mut random);
        assert_eq!(held, before, "a snapshot stays what it was");
        world.is_sound(&mut random);
    }
}

#[test]
fn a_user_may_hold_much_on_one_tree() {
    let mut random = Random(2);
    let mut world = World::new(users(3), 4);
    let model = Resource::from(ModelId::new(1));
    world.register(model, Resource::Organisation);
    for number in 0..200 {
        let version = VersionId::new(number).into();
        world.register(version, model);
        world.register(FrameworkId::new(number).into(), version);
    }
    for (number, resource) in world.resources().into_iter().enumerate() {
        for subject in [world.subjects()[0], world.subjects()[3]] {
            world.grant(subject, resource, &mut random);
            if number % 3 == 0 {
                world.restrict(subject, resource, &mut random);
            }
        }
    }
    world.switch_membership(world.groups[0], world.users[1]);
    world.is_sound(&mut random);
    world.churn(1_000, &mut random);
    world.is_sound(&mut random);
}

#[test]
fn a_row_may_be_longer_than_a_page() {
    let mut random = Random(3);
    let mut world = World::new(users(2), 2);
    for number in 0..2_500 {
        let model = Resource::from(ModelId::new(number));
        world.register(model, Resource::Organisation);
        world.grant(world.subjects()[0], model, &mut random);
        world.grant(world.subjects()[2], model, &mut random);
    }
    world.switch_membership(world.groups[0], world.users[1]);
    world.is_sound(&mut random);
    world.churn(2_000, &mut random);
    world.is_sound(&mut random);
}

#[test]
fn ids_may_collide() {
    let mut random = Random(4);
    let same_hash = |high: u128| UserId::new(high << 64 | 0x243f_6a88_85a3_08d3);
    let same_half = |high: u128| UserId::new(high << 64);
    let colliding = (0..200).map(same_hash).chain((0..200).map(same_half));
    let mut world = World::new(colliding.collect(), 5);
    (0..10).for_each(|_| world.grow(&mut random));
    world.churn(3_000, &mut random);
    world.is_sound(&mut random);
}

#[test]
fn equal_content_is_equal_whatever_the_history() {
    let build = |order: &[u128]| {
        let mut world = World::new(users(2), 2);
        for number in order {
            world.register(ModelId::new(*number).into(), Resource::Organisation);
        }
        for number in order {
            let (to, on) = (UserId::new(1).into(), ModelId::new(*number).into());
            let all = PermissionSet::at_or_below(Resource::kind(on));
            let after = Grant::new(all);
            world.apply(Event::Granted {
                to,
                on,
                before: None,
                after,
            });
        }
        world.state
    };
    let (one, other) = (build(&[1, 2, 3]), build(&[3, 1, 2]));
    assert_eq!(one, other);
    assert_ne!(one, build(&[1, 2]));
    assert_eq!(
        postcard::to_stdvec(&one).unwrap(),
        postcard::to_stdvec(&other).unwrap()
    );
}
