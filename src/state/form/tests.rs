//! What is written is read again, and what no command could have made is refused by the rule it breaks.

use serde_json::{Value, json};

use crate::event::{Author, Commit, Event};
use crate::grant::Grant;
use crate::group::Group;
use crate::id::{GroupId, ModelId, RoleId, UserId, VersionId};
use crate::permission::{ModelPermissions, PermissionSet, VersionPermissions};
use crate::resource::Resource;
use crate::role::Roles;
use crate::state::State;
use crate::subject::Subject;
use crate::time::Timestamp;
use crate::user::{Affiliation, Identity, Status, User};

const MODEL: Resource = Resource::Model(ModelId::new(7));
const VERSION: Resource = Resource::Version(VersionId::new(3));
const GROUP: GroupId = GroupId::new(5);

fn registered(user: u64, email: &str, role: RoleId) -> Event {
    Event::UserRegistered {
        user: UserId::from(user),
        registration: User {
            identity: Identity::Person {
                email: email.parse().unwrap(),
                affiliation: Affiliation::Internal,
            },
            roles: Roles::new([role]).unwrap(),
            status: Status::Active,
        },
    }
}

fn granted(to: impl Into<Subject>, on: Resource, permissions: impl Into<PermissionSet>) -> Event {
    Event::Granted {
        to: to.into(),
        on,
        before: None,
        after: Grant::new(permissions.into()),
    }
}

/// Two users, of whom the second is in the group; grants of all three, a restriction of the first.
fn state() -> State {
    let [first, second] = [1_u64, 2].map(UserId::from);
    let read = VersionPermissions::READ;
    let events = vec![
        Event::Founded {
            name: "Acme".parse().unwrap(),
        },
        // In another order than the lists have, so that slots are not positions.
        Event::ResourceRegistered {
            resource: MODEL,
            parent: Resource::Organisation,
        },
        Event::ResourceRegistered {
            resource: ModelId::new(1).into(),
            parent: Resource::Organisation,
        },
        Event::ResourceRegistered {
            resource: VERSION,
            parent: MODEL,
        },
        registered(2, "b@acme.test", RoleId::REVIEWER),
        registered(1, "a@acme.test", RoleId::DATA_ARCHITECT),
        Event::GroupCreated {
            group: GROUP,
            definition: Group {
                name: "Readers".parse().unwrap(),
                role: RoleId::REVIEWER,
            },
        },
        Event::GroupJoined {
            group: GROUP,
            user: second,
        },
        granted(first, VERSION, read),
        granted(first, MODEL, ModelPermissions::READ),
        granted(second, VERSION, read),
        granted(GROUP, MODEL, ModelPermissions::READ),
        Event::Restricted {
            from: first.into(),
            on: MODEL,
            before: None,
            after: PermissionSet::from(read).with_dependants(),
        },
    ];
    let commit = Commit {
        revision: 1,
        at: Timestamp::from_milliseconds(0),
        author: Author::Operator,
        events,
    };
    State::replay([&commit]).unwrap()
}

fn form() -> Value {
    serde_json::to_value(state()).unwrap()
}

#[test]
fn what_is_written_is_read_again() {
    let state = state();
    assert_eq!(serde_json::from_value::<State>(form()).unwrap(), state);
    let bytes = postcard::to_stdvec(&state).unwrap();
    let read: State = postcard::from_bytes(&bytes).unwrap();
    assert_eq!(read, state);
    assert_eq!(postcard::to_stdvec(&read).unwrap(), bytes);
    assert_eq!(read.members(GROUP).count(), 1);
    assert_eq!(read.grants_on(VERSION).count(), 2);
    assert_eq!(
        read.user_with_email(&"B@acme.test".parse().unwrap()),
        Some(UserId::from(2_u64))
    );
}

#[test]
fn a_state_that_was_read_goes_on() {
    let mut read: State = serde_json::from_value(form()).unwrap();
    let commit = Commit {
        revision: 2,
        at: Timestamp::from_milliseconds(0),
        author: Author::Operator,
        events: vec![
            Event::GroupLeft {
                group: GROUP,
                user: UserId::from(2_u64),
            },
            granted(
                UserId::from(2_u64),
                ModelId::new(1).into(),
                ModelPermissions::READ,
            ),
        ],
    };
    let mut other = state();
    read.apply(&commit).unwrap();
    other.apply(&commit).unwrap();
    assert_eq!(read, other);
    read.check_invariants().unwrap();
}

fn assert_refused(expected: &str, change: impl FnOnce(&mut Value)) {
    let mut form = form();
    change(&mut form);
    let error = serde_json::from_value::<State>(form).unwrap_err();
    let error = error.to_string();
    assert!(error.contains(expected), "{error} instead of {expected}");
}

#[test]
fn lists_have_an_order_and_a_length() {
    assert_refused("ascending", |it| {
        it["users"].as_array_mut().unwrap().reverse()
    });
    assert_refused("ascending", |it| {
        it["resources"].as_array_mut().unwrap().reverse()
    });
    assert_refused("ascending", |it| it["members"][0] = json!([1, 1]));
    assert_refused("ascending", |it| {
        let grants = it["holdings"][0]["grants"].as_array_mut().unwrap();
        grants.push(grants[0].clone());
    });
    assert_refused("subjects that exist", |it| {
        it["holdings"].as_array_mut().unwrap().pop();
    });
    assert_refused("of groups that exist", |it| {
        it["members"].as_array_mut().unwrap().pop();
    });
    assert_refused("unknown field", |it| it["more"] = json!(1));
}

#[test]
fn positions_are_within_their_lists() {
    assert_refused("registered resources", |it| {
        it["holdings"][0]["grants"][1][0] = json!(3);
    });
    assert_refused("users who exist", |it| it["members"][0] = json!([2]));
    assert_refused("of a kind that fits", |it| {
        it["resources"][2][1] = json!({ "model": ModelId::new(9) });
    });
}

#[test]
fn rules_hold_in_what_is_read() {
    assert_refused("room for those that follow", |it| {
        it["revision"] = json!(u64::MAX);
    });
    assert_refused("members of a group", |it| it["members"][0] = json!([0]));
    assert_refused("at or below its resource", |it| {
        it["holdings"][1]["grants"][0][1]["permissions"] = json!(["model.read"]);
    });
    assert_refused("at or below its resource", |it| {
        it["holdings"][1]["grants"][0][1]["permissions"] = json!([]);
    });
    assert_refused("are closed", |it| {
        it["holdings"][0]["grants"][0][1]["permissions"] = json!(["version.update"]);
    });
    assert_refused("within the ceiling", |it| {
        let all = ["version.read", "version.delete"];
        it["holdings"][1]["grants"][0][1]["permissions"] = json!(all);
    });
    assert_refused("takes what needs", |it| {
        it["holdings"][0]["restrictions"][0][1] = json!(["version.read"]);
    });
    assert_refused("addresses of users", |it| {
        it["users"][0][1]["identity"]["person"]["email"] = json!("B@acme.test");
    });
}
