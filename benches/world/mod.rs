//! The worlds to measure on, as organisations.

#![allow(dead_code, unused_imports, reason = "each bench uses a part of it")]

pub mod form;
pub mod generate;
pub mod limits;

use rolebook::{
    Author, Commit, Event, FrameworkId, Grant, Group, GroupId, Identity, ModelId, PermissionSet,
    Resource, Role, RoleId, Roles, Scope, SignIn, State, Status, Subject, Timestamp, User, UserId,
    VersionId,
};

pub use form::loaded;

use generate::{Features, GROUP, Kind, NONE, Query, Spec, World};

/// The moment all queries are asked at.
pub const NOW: Timestamp = Timestamp::from_milliseconds(generate::NOW);

/// The world `S`, `M` or `L` with the whole rule in force.
pub fn world(name: &str) -> World {
    World::new(Spec::named(name, Features::ALL).expect("S, M, L or a number of users"))
}

/// A question by ids.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    pub user: UserId,
    pub resource: Resource,
    pub permissions: PermissionSet,
}

pub fn question(world: &World, query: Query) -> Question {
    question_of(&world.spec, query)
}

/// The same, where the world itself is not at hand.
pub fn question_of(spec: &Spec, query: Query) -> Question {
    Question {
        user: user(query.user),
        resource: resource_of(spec, query.resource),
        permissions: PermissionSet::from_bits(query.bit).unwrap(),
    }
}

/// Whether a check by ids allows.
#[inline]
pub fn ask(state: &State, question: &Question) -> bool {
    let Question {
        user,
        resource,
        permissions,
    } = *question;
    let decision = state.check(SignIn::new(user), permissions, resource, NOW);
    decision.is_allowed()
}

/// How many of these are allowed.
#[inline]
pub fn sum<T>(of: &[T], mut allows: impl FnMut(&T) -> bool) -> u64 {
    of.iter().map(|it| u64::from(allows(it))).sum()
}

pub fn user(number: u32) -> UserId {
    UserId::new(generate::user_id(number))
}

pub fn group(number: u32) -> GroupId {
    GroupId::new(generate::group_id(number))
}

pub fn resource(world: &World, number: u32) -> Resource {
    resource_of(&world.spec, number)
}

pub fn resource_of(spec: &Spec, number: u32) -> Resource {
    let id = generate::resource_id(number);
    match spec.kind(number) {
        Kind::Model => ModelId::new(id).into(),
        Kind::Version => VersionId::new(id).into(),
        Kind::Framework => FrameworkId::new(id).into(),
    }
}

pub fn role(number: u8) -> RoleId {
    match number {
        0 => RoleId::ADMIN,
        1 => RoleId::DATA_ARCHITECT,
        2 => RoleId::REVIEWER,
        custom => RoleId::new(u128::from(custom)),
    }
}

pub fn subject(number: u32) -> Subject {
    if number & GROUP == 0 {
        user(number).into()
    } else {
        group(number & !GROUP).into()
    }
}

pub fn set(bits: u64) -> PermissionSet {
    PermissionSet::from_bits(bits).unwrap()
}

/// The events that make the organisation, in an order that fits.
pub fn events(world: &World) -> impl Iterator<Item = Event> + '_ {
    let founded = Event::Founded {
        name: "Acme".parse().unwrap(),
    };
    let resources = (0..world.resources.len() as u32).map(|number| {
        let parent = world.resources[number as usize].parent;
        Event::ResourceRegistered {
            resource: resource(world, number),
            parent: match parent {
                NONE => Resource::Organisation,
                parent => resource(world, parent),
            },
        }
    });
    let before_the_rest = std::iter::once(founded).chain(resources);
    before_the_rest
        .chain(roles(world))
        .chain(people(world))
        .chain(entitlements(world))
}

fn roles(world: &World) -> impl Iterator<Item = Event> + '_ {
    let custom = world.roles.iter().enumerate().skip(3);
    custom.map(|(number, it)| Event::RoleDefined {
        role: role(number as u8),
        definition: Role {
            name: it.name.parse().unwrap(),
            description: String::new(),
            defaults: set(it.defaults),
            ceiling: set(it.ceiling),
            scope: match &it.scope {
                generate::Scope::All => Scope::All,
                generate::Scope::Granted => Scope::Granted,
                generate::Scope::Selected(on) => {
                    Scope::Selected(on.iter().map(|number| resource(world, *number)).collect())
                }
            },
        },
    })
}

fn people(world: &World) -> impl Iterator<Item = Event> + '_ {
    let groups = world.groups.iter().enumerate();
    let groups = groups.map(|(number, of)| Event::GroupCreated {
        group: group(number as u32),
        definition: Group {
            name: format!("Group {number}").parse().unwrap(),
            role: role(*of),
        },
    });
    let users = world.users.iter().enumerate().flat_map(|(number, it)| {
        let id = user(number as u32);
        let registered = Event::UserRegistered {
            user: id,
            registration: User {
                identity: Identity::Person {
                    email: format!("user{number}@acme.example").parse().unwrap(),
                    affiliation: rolebook::Affiliation::Internal,
                },
                roles: Roles::new(it.roles().iter().map(|of| role(*of))).unwrap(),
                status: Status::Active,
            },
        };
        let joined = it.groups().iter().map(move |number| Event::GroupJoined {
            group: group(*number),
            user: id,
        });
        std::iter::once(registered).chain(joined)
    });
    groups.chain(users)
}

fn entitlements(world: &World) -> impl Iterator<Item = Event> + '_ {
    let grants = world.grants.iter().map(|it| Event::Granted {
        to: subject(it.subject),
        on: resource(world, it.resource),
        before: None,
        after: Grant {
            permissions: set(it.bits),
            expires_at: it.expires_at().map(Timestamp::from_milliseconds),
        },
    });
    let restrictions = world.restrictions.iter().map(|it| Event::Restricted {
        from: subject(it.subject),
        on: resource(world, it.resource),
        before: None,
        after: set(it.bits),
    });
    grants.chain(restrictions)
}

/// The organisation, event by event.
pub fn organisation(world: &World) -> State {
    let mut state = State::new();
    for (event, revision) in events(world).zip(1..) {
        let commit = Commit {
            revision,
            at: NOW,
            author: Author::Operator,
            events: vec![event],
        };
        state.apply(&commit).expect("the events fit");
    }
    state
}
