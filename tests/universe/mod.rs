//! A small universe for property tests: up to 4 users, 3 custom roles, 2 groups, 6 resources, and
//! random organisations in it, each made by commands.
#![allow(dead_code, reason = "each test file takes what it needs of it")]

use std::collections::BTreeSet;

use proptest::prelude::*;
use rolebook::{
    Actor, Affiliation, Command, Decided, FrameworkId, FrameworkPermissions, GrantRequest, GroupId,
    InvitationId, InvitationRequest, ModelId, ModelPermissions, Permission, PermissionSet, Refusal,
    Resource, RoleDefinition, RoleId, Scope, SignIn, State, Subject, Timestamp, Token, UserId,
    VersionId, VersionPermissions, decide,
};

pub const NOW: Timestamp = Timestamp::from_milliseconds(1_000_000);

pub fn users() -> [UserId; 4] {
    [1, 2, 3, 4].map(UserId::new)
}

pub fn groups() -> [GroupId; 2] {
    [1, 2].map(GroupId::new)
}

/// The three custom roles, Reviewer and Admin.
pub fn roles() -> [RoleId; 5] {
    let [a, b, c] = [1, 2, 3].map(RoleId::new);
    [a, b, c, RoleId::REVIEWER, RoleId::ADMIN]
}

/// A model with a version and frameworks at every place, and another model.
pub fn resources() -> [(Resource, Option<Resource>); 6] {
    let model = Resource::from(ModelId::new(1));
    let version = Resource::from(VersionId::new(1));
    [
        (model, None),
        (version, Some(model)),
        (FrameworkId::new(1).into(), Some(version)),
        (FrameworkId::new(2).into(), Some(model)),
        (FrameworkId::new(3).into(), None),
        (ModelId::new(2).into(), None),
    ]
}

/// Every resource, the organisation, and one that is not registered.
pub fn places() -> Vec<Resource> {
    let registered = resources().map(|(resource, _)| resource);
    let others = [Resource::Organisation, Resource::from(ModelId::new(9))];
    registered.into_iter().chain(others).collect()
}

/// Every sign-in of the universe: each user under each role, with every proof.
pub fn sign_ins() -> impl Iterator<Item = SignIn> {
    users()
        .into_iter()
        .chain([UserId::new(9)])
        .flat_map(|user| {
            let under = roles().map(|role| SignIn::new(user).under(role));
            under.into_iter().chain([SignIn::new(user)])
        })
}

/// Carries out a command; a refused one changes nothing.
pub fn execute(state: &mut State, actor: Actor, command: &Command) -> Result<Decided, Refusal> {
    let decided = decide(state, &actor, command, NOW)?;
    if let Some(commit) = decided.clone().into_commit(state.revision(), NOW) {
        state
            .apply(&commit)
            .expect("a decided commit fits the state");
    }
    Ok(decided)
}

/// A founded organisation with the resources and an Admin, user 1.
pub fn founded() -> State {
    let mut state = State::new();
    let token = Token::new("first");
    let found = Command::Found {
        name: "Acme".into(),
        first_admin: "user1@acme.test".into(),
        invitation: InvitationId::new(1),
        token: token.digest(),
    };
    execute(&mut state, Actor::Operator, &found).unwrap();
    join(&mut state, UserId::new(1), InvitationId::new(1), token);
    for (resource, parent) in resources() {
        let register = Command::Register { resource, parent };
        execute(&mut state, Actor::Operator, &register).unwrap();
    }
    state
}

fn join(state: &mut State, user: UserId, invitation: InvitationId, token: Token) {
    let email = state.invitation(invitation).unwrap().email.to_string();
    let accept = Command::Accept {
        invitation,
        token,
        user,
        email,
        affiliation: None,
    };
    execute(state, Actor::Invitee, &accept).unwrap();
}

/// Invites and registers a person; nothing happens where that is refused.
fn enrol(state: &mut State, number: u128, roles: Vec<RoleId>, affiliation: Affiliation) {
    let invitation = InvitationId::new(number);
    let token = Token::new(format!("token {number}"));
    let request = InvitationRequest {
        invitation,
        email: format!("user{number}@acme.test"),
        roles,
        groups: BTreeSet::new(),
        affiliation,
        token: token.digest(),
        ttl: None,
    };
    if execute(state, Actor::Operator, &Command::Invite(request)).is_ok() {
        join(state, UserId::new(number), invitation, token);
    }
}

pub fn permission_sets() -> impl Strategy<Value = PermissionSet> {
    (any::<u64>(), any::<u64>()).prop_map(|(one, other)| {
        let bits = one & other & PermissionSet::ALL.bits();
        let set = PermissionSet::from_bits(bits).unwrap();
        set | set.missing_prerequisites()
    })
}

fn scopes() -> impl Strategy<Value = Scope> {
    let selected = proptest::sample::subsequence(resources().map(|it| it.0).to_vec(), 1..=2);
    prop_oneof![
        Just(Scope::All),
        Just(Scope::Granted),
        selected.prop_map(|chosen| Scope::Selected(chosen.into_iter().collect())),
    ]
}

fn definitions() -> impl Strategy<Value = RoleDefinition> {
    (permission_sets(), permission_sets(), scopes(), any::<u32>()).prop_map(
        |(defaults, more, scope, name)| RoleDefinition {
            name: format!("Role {name}"),
            description: String::new(),
            defaults,
            ceiling: Some(defaults | more),
            scope,
        },
    )
}

pub fn subjects() -> impl Strategy<Value = Subject> {
    prop_oneof![
        proptest::sample::select(users().to_vec()).prop_map(Subject::User),
        proptest::sample::select(groups().to_vec()).prop_map(Subject::Group),
    ]
}

pub fn registered() -> impl Strategy<Value = Resource> {
    proptest::sample::select(resources().map(|it| it.0).to_vec())
}

/// Some grants are over at [`NOW`]'s next millisecond, some later, most never.
fn expiries() -> impl Strategy<Value = Option<Timestamp>> {
    let soon = NOW.milliseconds() + 1..NOW.milliseconds() + 4;
    prop_oneof![
        3 => Just(None),
        1 => soon.prop_map(|at| Some(Timestamp::from_milliseconds(at))),
    ]
}

pub fn grants() -> impl Strategy<Value = GrantRequest> {
    (
        subjects(),
        registered(),
        permission_sets(),
        any::<bool>(),
        expiries(),
    )
        .prop_map(|(to, on, set, cascade, expires_at)| {
            let reach = if cascade {
                PermissionSet::at_or_below(on.kind())
            } else {
                PermissionSet::of_kind(on.kind())
            };
            let extend = set.intersection(reach);
            GrantRequest {
                extend,
                cascade,
                expires_at,
                ..GrantRequest::new(to, on)
            }
        })
}

pub fn restrictions() -> impl Strategy<Value = Command> {
    (subjects(), registered(), permission_sets()).prop_map(|(from, on, set)| {
        let permissions = set.intersection(PermissionSet::at_or_below(on.kind()));
        Command::Restrict {
            from,
            on,
            permissions,
        }
    })
}

/// A command of the operator's that moves an organisation somewhere.
fn moves() -> impl Strategy<Value = Command> {
    let user = || proptest::sample::select(users().to_vec());
    let group = || proptest::sample::select(groups().to_vec());
    let role = || proptest::sample::select(roles().to_vec());
    let some_roles = || proptest::collection::vec(role(), 1..=2);
    prop_oneof![
        6 => grants().prop_map(Command::Grant),
        3 => restrictions(),
        2 => (user(), some_roles()).prop_map(|(user, roles)| Command::AssignRoles { user, roles }),
        3 => (group(), user()).prop_map(|(group, user)| Command::AddToGroup { group, user }),
        1 => (role(), definitions())
            .prop_map(|(role, definition)| Command::RedefineRole { role, definition }),
        1 => user().prop_map(|user| Command::Suspend { user }),
    ]
}

/// Random organisations: custom roles, people, groups, and what the operator did then.
pub fn organisations() -> impl Strategy<Value = State> {
    let people = proptest::collection::vec(
        (
            proptest::collection::vec(proptest::sample::select(roles().to_vec()), 1..=2),
            any::<bool>(),
        ),
        3,
    );
    let group_roles = [
        proptest::sample::select(roles().to_vec()),
        proptest::sample::select(roles().to_vec()),
    ];
    let definitions = [definitions(), definitions(), definitions()];
    let history = proptest::collection::vec(moves(), 0..40);
    (definitions, people, group_roles, history).prop_map(
        |(definitions, people, group_roles, history)| {
            let mut state = founded();
            for (role, definition) in roles().into_iter().zip(definitions) {
                let define = Command::DefineRole { role, definition };
                let _ = execute(&mut state, Actor::Operator, &define);
            }
            for (number, (roles, external)) in (2..).zip(people) {
                let affiliation = if external {
                    Affiliation::External
                } else {
                    Affiliation::Internal
                };
                enrol(&mut state, number, roles, affiliation);
            }
            for ((group, role), name) in groups().into_iter().zip(group_roles).zip(["G", "H"]) {
                let create = Command::CreateGroup {
                    group,
                    name: name.into(),
                    role,
                };
                let _ = execute(&mut state, Actor::Operator, &create);
            }
            for command in history {
                let _ = execute(&mut state, Actor::Operator, &command);
            }
            state
        },
    )
}

/// Questions: every single permission, and the sets that people ask for.
pub fn questions() -> Vec<PermissionSet> {
    let sets = [
        PermissionSet::EMPTY,
        ModelPermissions::READ | PermissionSet::from(ModelPermissions::UPDATE),
        VersionPermissions::READ | PermissionSet::from(VersionPermissions::COMMENT_CREATE),
        VersionPermissions::READ | PermissionSet::from(FrameworkPermissions::READ),
        FrameworkPermissions::READ | PermissionSet::from(FrameworkPermissions::UPDATE),
    ];
    Permission::all()
        .map(PermissionSet::from)
        .chain(sets)
        .collect()
}

/// The moments at which something may differ.
pub fn moments() -> [Timestamp; 3] {
    [0, 2, 5].map(|later| Timestamp::from_milliseconds(NOW.milliseconds() + later))
}
