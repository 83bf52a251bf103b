//! A world of the application as an organisation of Rolebook's.
//!
//! An organisation is a model, a repository a version of its owner. A level is a set of permissions on versions; a level on
//! an organisation reaches its repositories as a grant on a model reaches its versions. Teams and organisations as holders
//! are groups; the nesting of teams is flattened when it is written.

use super::app::{App, Holder, Link};
use crate::world::generate::{bits, group_id, resource_id, user_id};
use crate::world::{NOW, set};
use rolebook::{
    Author, Commit, Event, Grant, Group, GroupId, Identity, ModelId, Name, PermissionSet, Resource,
    Role, RoleId, Roles, Scope, State, Status, Subject, User, UserId, VersionId,
};

/// What each level adds to those below it.
pub const LEVELS: [u64; 5] = [
    bits::V_READ,
    bits::V_COMMENT_READ,
    bits::V_COMMENT_CREATE,
    bits::V_UPDATE,
    bits::V_DELETE,
];
const CONTRIBUTOR: RoleId = RoleId::new(1);

fn level(level: u8) -> PermissionSet {
    set(LEVELS[..=usize::from(level)]
        .iter()
        .fold(0, |all, bit| all | bit))
}

/// The id of a user.
pub fn user(number: u32) -> UserId {
    UserId::new(user_id(number))
}

fn organisation(number: u32) -> Resource {
    ModelId::new(resource_id(number)).into()
}

/// A repository.
pub fn repository(app: &App, number: u32) -> Resource {
    VersionId::new(resource_id(app.n + number)).into()
}

fn subject(app: &App, holder: Holder) -> Subject {
    match holder {
        Holder::User(number) => user(number).into(),
        group => Subject::Group(group_of(app, group)),
    }
}

/// Teams, then organisations.
fn group_of(app: &App, holder: Holder) -> GroupId {
    match holder {
        Holder::User(_) => unreachable!("a user is no group"),
        Holder::Team(number) => GroupId::new(group_id(number)),
        Holder::Organisation(number) => GroupId::new(group_id(app.n + number)),
    }
}

/// The world, by the events that would have made it, in one commit.
pub fn state(app: &App) -> State {
    let all = foundation()
        .into_iter()
        .chain(resources(app))
        .chain(groups(app))
        .chain(users(app));
    let events = all.chain(grants(app)).collect();
    let mut state = State::new();
    state
        .apply(&Commit {
            revision: 1,
            at: NOW,
            author: Author::Operator,
            events,
        })
        .expect("the events fit");
    state
}

fn name(text: &str) -> Name {
    text.parse().expect("a name")
}

fn foundation() -> [Event; 2] {
    let definition = Role {
        name: name("Contributor"),
        description: String::new(),
        defaults: PermissionSet::EMPTY,
        ceiling: set(bits::VERSION),
        scope: Scope::Granted,
    };
    [
        Event::Founded {
            name: name("GitHub"),
        },
        Event::RoleDefined {
            role: CONTRIBUTOR,
            definition,
        },
    ]
}

fn resources(app: &App) -> impl Iterator<Item = Event> + '_ {
    let organisations = (0..app.n).map(|i| Event::ResourceRegistered {
        resource: organisation(i),
        parent: Resource::Organisation,
    });
    let repositories = app
        .owners
        .iter()
        .zip(0..)
        .map(|(owner, i)| Event::ResourceRegistered {
            resource: repository(app, i),
            parent: organisation(*owner),
        });
    organisations.chain(repositories)
}

fn groups(app: &App) -> impl Iterator<Item = Event> + '_ {
    let group = |holder, text: String| Event::GroupCreated {
        group: group_of(app, holder),
        definition: Group {
            name: name(&text),
            role: CONTRIBUTOR,
        },
    };
    let teams = (0..app.n).map(move |i| group(Holder::Team(i), format!("Team {i}")));
    teams
        .chain((0..app.n).map(move |i| group(Holder::Organisation(i), format!("Organisation {i}"))))
}

fn users(app: &App) -> impl Iterator<Item = Event> + '_ {
    (0..app.n).flat_map(move |number| {
        let identity = Identity::Service {
            name: name(&format!("User {number}")),
        };
        let roles = Roles::new([CONTRIBUTOR]).expect("a role");
        let registration = User {
            identity,
            roles,
            status: Status::Active,
        };
        let registered = Event::UserRegistered {
            user: user(number),
            registration,
        };
        let joined = app.holders(number).into_iter().skip(1);
        let joined = joined.map(move |of| Event::GroupJoined {
            group: group_of(app, of),
            user: user(number),
        });
        std::iter::once(registered).chain(joined)
    })
}

fn grants(app: &App) -> impl Iterator<Item = Event> + '_ {
    let granted = |link: &Link, on| Event::Granted {
        to: subject(app, link.holder),
        on,
        before: None,
        after: Grant::new(level(link.level)),
    };
    let on_repositories = app.on_repositories.iter();
    let on_repositories = on_repositories.map(move |link| granted(link, repository(app, link.on)));
    let on_organisations = app.on_organisations.iter();
    on_repositories.chain(on_organisations.map(move |link| granted(link, organisation(link.on))))
}
