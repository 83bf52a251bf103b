//! The path of a check allocates nothing, and counts no reference that threads share.
//!
//! Every check is asked once before it is measured: a thread that reads for the first time gets its place
//! among the readers, and the built-in roles are made once per process.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test that panics has failed, which is what it is for"
)]

use std::hint::black_box;
use std::sync::Arc;

use allocation_counter::measure;
use rolebook::store::{LogEntry, MemoryStore, Store};
use rolebook::{
    Affiliation, Author, Commit, Decision, Engine, Event, FrameworkId, FrameworkPermissions, Grant,
    Group, GroupId, Identity, ModelId, ModelPermissions, Organisation, OrganisationId,
    OrganisationPermissions, PermissionSet, Reader, Resource, ResourceKind, Role, RoleId, Roles,
    Scope, SecuritySettings, SignIn, SignInProof, Status, Subject, Timestamp, User, UserId,
    VersionId, VersionPermissions,
};

const ACME: OrganisationId = OrganisationId::new(1);
const NOW: Timestamp = Timestamp::from_milliseconds(1_000);
const MODEL: ModelId = ModelId::new(1);
const VERSION: VersionId = VersionId::new(2);
const FRAMEWORK: FrameworkId = FrameworkId::new(3);
const UNKNOWN: ModelId = ModelId::new(4);
const SELECTING: RoleId = RoleId::new(7);

/// As many as it takes for no list of groups to fit into a user's own line.
const GROUPS: u128 = 40;

const ADMIN: UserId = UserId::new(1);
const OWNER: UserId = UserId::new(2);
const LATE: UserId = UserId::new(3);
const RESTRICTED: UserId = UserId::new(4);
const MEMBER: UserId = UserId::new(5);
const SELECTED: UserId = UserId::new(6);
const SUSPENDED: UserId = UserId::new(7);
const EXTERNAL: UserId = UserId::new(8);
const STRANGER: UserId = UserId::new(99);

/// Everything that a grant on the model can give.
const ALL: PermissionSet = PermissionSet::at_or_below(ResourceKind::Model);

fn registered(user: UserId, roles: &[RoleId]) -> Event {
    let external = user == EXTERNAL;
    Event::UserRegistered {
        user,
        registration: User {
            identity: Identity::Person {
                email: format!("{user}@acme.example").parse().unwrap(),
                affiliation: [Affiliation::Internal, Affiliation::External][usize::from(external)],
            },
            roles: Roles::new(roles.iter().copied()).unwrap(),
            status: Status::Active,
        },
    }
}

fn granted(to: impl Into<Subject>, expires_at: Option<Timestamp>) -> Event {
    Event::Granted {
        to: to.into(),
        on: MODEL.into(),
        before: None,
        after: Grant {
            permissions: ALL,
            expires_at,
        },
    }
}

fn restricted(from: impl Into<Subject>) -> Event {
    Event::Restricted {
        from: from.into(),
        on: VERSION.into(),
        before: None,
        after: VersionPermissions::UPDATE.into(),
    }
}

fn joined(number: u128) -> [Event; 3] {
    let group = GroupId::new(number);
    let definition = Group {
        name: format!("Group {number}").parse().unwrap(),
        role: RoleId::DATA_ARCHITECT,
    };
    let user = MEMBER;
    [
        Event::GroupCreated { group, definition },
        Event::GroupJoined { group, user },
        granted(group, None),
    ]
}

fn selecting() -> Event {
    Event::RoleDefined {
        role: SELECTING,
        definition: Role {
            name: "Selecting".parse().unwrap(),
            description: String::new(),
            defaults: ALL,
            ceiling: ALL,
            scope: Scope::Selected([Resource::from(MODEL)].into()),
        },
    }
}

fn resources() -> [Event; 3] {
    let (model, version) = (MODEL.into(), VERSION.into());
    let registered = |resource, parent| Event::ResourceRegistered { resource, parent };
    [
        registered(model, Resource::Organisation),
        registered(version, model),
        registered(FRAMEWORK.into(), version),
    ]
}

fn users() -> [Event; 8] {
    let architect = RoleId::DATA_ARCHITECT;
    [
        registered(ADMIN, &[RoleId::ADMIN]),
        registered(OWNER, &[architect, RoleId::REVIEWER]),
        registered(LATE, &[architect]),
        registered(RESTRICTED, &[architect]),
        registered(MEMBER, &[architect]),
        registered(SELECTED, &[SELECTING]),
        registered(SUSPENDED, &[architect]),
        registered(EXTERNAL, &[architect]),
    ]
}

fn events() -> Vec<Event> {
    let name = "Acme".parse().unwrap();
    let mut events = vec![Event::Founded { name }];
    events.extend(resources());
    events.push(selecting());
    events.extend(users());
    events.extend((1..=GROUPS).flat_map(joined));
    events.extend([OWNER, RESTRICTED].map(|user| granted(user, None)));
    events.push(granted(LATE, Some(Timestamp::from_milliseconds(999))));
    events.push(restricted(RESTRICTED));
    events.push(Event::UserSuspended { user: SUSPENDED });
    events.push(Event::SecurityChanged {
        before: SecuritySettings::default(),
        after: SecuritySettings {
            require_mfa: true,
            ..SecuritySettings::default()
        },
    });
    events
}

fn engine() -> Engine<MemoryStore> {
    let store = MemoryStore::new();
    let commit = Commit {
        revision: 1,
        at: Timestamp::EPOCH,
        author: Author::Operator,
        events: events(),
    };
    let organisation = ACME;
    store
        .append(&LogEntry {
            organisation,
            commit,
        })
        .unwrap();
    Engine::new(store)
}

fn reader() -> Reader {
    engine().open(ACME).unwrap().unwrap()
}

fn signed_in(user: UserId) -> SignIn {
    SignIn::new(user).with_proof(SignInProof::FULL)
}

/// A question, and its answer.
type Case = (SignIn, PermissionSet, Resource, &'static str);

fn case(
    sign_in: SignIn,
    permissions: impl Into<PermissionSet>,
    resource: impl Into<Resource>,
    answer: &'static str,
) -> Case {
    (sign_in, permissions.into(), resource.into(), answer)
}

fn cases() -> Vec<Case> {
    let (read, update) = (ModelPermissions::READ, VersionPermissions::UPDATE);
    let framework = FrameworkPermissions::READ;
    let member = signed_in(MEMBER);
    let owner = signed_in(OWNER);
    vec![
        case(signed_in(ADMIN), update, VERSION, "admin"),
        case(owner, read, MODEL, "grant"),
        case(owner, update, VERSION, "grant"),
        case(owner, framework, FRAMEWORK, "grant"),
        case(
            owner.under(RoleId::REVIEWER),
            update,
            VERSION,
            "above_ceiling",
        ),
        case(owner.under(RoleId::ADMIN), read, MODEL, "role_not_held"),
        case(owner, read, VERSION, "wrong_kind"),
        case(owner, read, UNKNOWN, "unknown_resource"),
        case(owner, PermissionSet::default(), MODEL, "not_granted"),
        case(
            owner,
            OrganisationPermissions::USERS_READ,
            Organisation,
            "role_scope",
        ),
        case(signed_in(LATE), update, VERSION, "not_granted"),
        case(signed_in(RESTRICTED), update, VERSION, "restricted"),
        case(signed_in(RESTRICTED), framework, FRAMEWORK, "grant"),
        case(member, update, VERSION, "group_grant"),
        case(
            member,
            OrganisationPermissions::USERS_READ,
            Organisation,
            "role_scope",
        ),
        case(
            member,
            OrganisationPermissions::USERS_INVITE,
            Organisation,
            "above_ceiling",
        ),
        case(member, read, UNKNOWN, "unknown_resource"),
        case(member, framework, FRAMEWORK, "group_grant"),
        case(signed_in(SELECTED), framework, FRAMEWORK, "role_scope"),
        case(signed_in(SELECTED), update, VERSION, "role_scope"),
        case(signed_in(SUSPENDED), update, VERSION, "suspended"),
        case(signed_in(EXTERNAL), framework, FRAMEWORK, "not_granted"),
        case(signed_in(STRANGER), read, MODEL, "unknown_user"),
        case(SignIn::new(OWNER), read, MODEL, "mfa_required"),
    ]
}

/// What one run after the first allocates.
fn allocations(mut run: impl FnMut()) -> u64 {
    run();
    measure(run).count_total
}

#[test]
fn allocations_are_counted() {
    assert_eq!(allocations(|| drop(black_box(Box::new(1)))), 1);
    let reader = reader();
    let read = "model.read".parse().unwrap();
    let explain = || {
        drop(
            reader
                .snapshot()
                .explain(signed_in(OWNER), read, MODEL, NOW),
        )
    };
    assert!(allocations(explain) > 0);
}

#[test]
fn a_check_by_ids_allocates_nothing() {
    let snapshot = reader().snapshot();
    for (sign_in, permissions, resource, answer) in cases() {
        let check = || {
            let decision = snapshot.check(sign_in, permissions, resource, NOW);
            assert_eq!(black_box(decision).reason(), answer);
        };
        assert_eq!(allocations(check), 0, "{answer}");
    }
}

#[test]
fn a_session_and_its_checks_allocate_nothing() {
    let snapshot = reader().snapshot();
    for (sign_in, permissions, resource, answer) in cases() {
        let check = || match snapshot.session(sign_in) {
            Ok(session) => {
                let decision = session.check(permissions, resource, NOW);
                assert_eq!(black_box(decision).reason(), answer);
                black_box(session.effective(resource, NOW));
            }
            Err(refusal) => assert_eq!(Decision::Deny(black_box(refusal).into()).reason(), answer),
        };
        assert_eq!(allocations(check), 0, "{answer}");
    }
}

#[test]
fn typed_questions_allocate_nothing() {
    let snapshot = reader().snapshot();
    for user in [ADMIN, OWNER, LATE, RESTRICTED, MEMBER, SELECTED, EXTERNAL] {
        let session = snapshot.session(signed_in(user)).unwrap();
        let ask = || {
            black_box(session.can(ModelPermissions::READ, MODEL, NOW));
            black_box(session.can(VersionPermissions::UPDATE, VERSION, NOW));
            black_box(session.can(FrameworkPermissions::READ, FRAMEWORK, NOW));
            black_box(session.can(OrganisationPermissions::USERS_READ, Organisation, NOW));
        };
        assert_eq!(allocations(ask), 0, "{user}");
    }
}

#[test]
fn taking_a_revision_allocates_nothing() {
    let engine = engine();
    let reader = engine.open(ACME).unwrap().unwrap();
    let mut cached = reader.cached();
    let ask = |state: &rolebook::State| {
        let decision = state.check(signed_in(OWNER), ModelPermissions::READ, MODEL, NOW);
        assert!(decision.is_allowed());
    };
    assert_eq!(allocations(|| ask(&reader.snapshot())), 0);
    assert_eq!(allocations(|| ask(&engine.snapshot(ACME).unwrap())), 0);
    assert_eq!(allocations(|| ask(cached.state())), 0);
}

#[test]
fn taking_a_revision_counts_no_reference() {
    let engine = engine();
    let reader = engine.open(ACME).unwrap().unwrap();
    let mut cached = reader.cached();
    let counted = reader.snapshot().into_arc();
    let before = Arc::strong_count(&counted);
    let (one, other) = (reader.snapshot(), engine.snapshot(ACME).unwrap());
    assert_eq!(cached.state().revision(), one.revision());
    let session = other.session(signed_in(MEMBER)).unwrap();
    assert!(session.can(ModelPermissions::READ, MODEL, NOW));
    assert_eq!(Arc::strong_count(&counted), before);
    let another = one.into_arc();
    assert_eq!(Arc::strong_count(&another), before + 1);
}
