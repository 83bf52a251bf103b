//! The first promise: no sequence of commands by people who are not Admins, together, reaches a
//! permission on a resource that none of them had there, or keeps it longer than they had it.
//!
//! Power is given on purpose in three places, and these are the only exceptions:
//! `organisation.permissions_manage` is Admin authority over grants up to the ceilings (nobody has
//! it here); a new resource gives its creator the role's defaults (new resources are not looked
//! at); removing a user takes their restrictions along (whoever is restricted is not removed here).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test that panics has failed, which is what it is for"
)]

mod universe;

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::sample::select;
use rolebook::{
    Actor, Affiliation, Command, Event, GrantRequest, InvitationId, InvitationRequest, ModelId,
    ModelPermissions, OrganisationPermissions, Permission, PermissionSet, Resource, ResourceKind,
    RoleDefinition, RoleId, Scope, SignIn, State, Subject, Timestamp, Token, UserId, VersionId,
    decide,
};
use universe::{NOW, groups, registered, resources, users};

/// What acts: one of the people, under one of the roles, some time after the beginning.
#[derive(Clone, Debug)]
struct Move {
    actor: UserId,
    role: Option<RoleId>,
    command: Command,
    later: u64,
}

fn people() -> Vec<UserId> {
    let newcomers = [11, 12, 13].map(UserId::new);
    users().into_iter().skip(1).chain(newcomers).collect()
}

/// Those who are there from the beginning act most.
fn actors() -> impl Strategy<Value = UserId> {
    let first = users().into_iter().skip(1).collect::<Vec<_>>();
    prop_oneof![6 => select(first), 1 => select(people())]
}

fn newcomers() -> Vec<UserId> {
    people().into_iter().skip(3).collect()
}

/// Mostly the roles of the beginning, whose holders can go on acting.
fn likely_roles() -> impl Strategy<Value = RoleId> {
    prop_oneof![4 => select(vec![1, 2, 3]).prop_map(RoleId::new), 1 => select(all_roles())]
}

fn all_roles() -> Vec<RoleId> {
    let custom = (1..=5).map(RoleId::new);
    custom
        .chain([RoleId::REVIEWER, RoleId::DATA_ARCHITECT, RoleId::ADMIN])
        .collect()
}

fn everything_but_permissions_manage() -> PermissionSet {
    PermissionSet::ALL.without(OrganisationPermissions::PERMISSIONS_MANAGE.into())
}

fn closed(set: PermissionSet) -> PermissionSet {
    (set | set.missing_prerequisites()).intersection(everything_but_permissions_manage())
}

/// A permission or two, with what they need: such that people often may.
fn sets() -> impl Strategy<Value = PermissionSet> {
    let permissions = Permission::all().collect::<Vec<_>>();
    proptest::sample::subsequence(permissions, 1..=2)
        .prop_map(|chosen| closed(chosen.into_iter().collect()))
}

/// Much of everything, so that people often have something to hand on.
fn wide_sets() -> impl Strategy<Value = PermissionSet> {
    proptest::collection::vec(sets(), 4..12).prop_map(PermissionSet::from_iter)
}

/// What the people at the beginning have: every right to manage, and something on resources.
fn managing_sets() -> impl Strategy<Value = PermissionSet> {
    let organisation = PermissionSet::of_kind(ResourceKind::Organisation);
    wide_sets().prop_map(move |set| {
        set | closed(organisation).intersection(everything_but_permissions_manage())
    })
}

fn scopes() -> impl Strategy<Value = Scope> {
    let places = resources().map(|it| it.0).to_vec();
    let selected = proptest::sample::subsequence(places, 1..=2);
    prop_oneof![
        Just(Scope::All),
        Just(Scope::Granted),
        selected.prop_map(|chosen| Scope::Selected(chosen.into_iter().collect())),
    ]
}

fn definitions(
    sets: impl Strategy<Value = PermissionSet>,
) -> impl Strategy<Value = RoleDefinition> {
    let ceilings = prop_oneof![4 => Just(everything_but_permissions_manage()), 1 => wide_sets()];
    (sets, ceilings, scopes(), any::<u32>()).prop_map(|(defaults, more, scope, name)| {
        RoleDefinition {
            name: format!("Role {name}"),
            description: String::new(),
            defaults,
            ceiling: Some(defaults | more),
            scope,
        }
    })
}

fn subjects() -> impl Strategy<Value = Subject> {
    prop_oneof![
        select(people()).prop_map(Subject::User),
        select(groups().to_vec()).prop_map(Subject::Group),
    ]
}

fn grants(sets: impl Strategy<Value = PermissionSet>) -> impl Strategy<Value = GrantRequest> {
    let ends = prop_oneof![
        2 => Just(None),
        1 => (1..40u64).prop_map(|later| Some(after(later))),
    ];
    // The base is a role that gives nothing here, so that what is asked for is what is granted.
    (subjects(), registered(), sets, ends).prop_map(|(to, on, set, expires_at)| {
        let reach = PermissionSet::at_or_below(on.kind());
        let extend = set.intersection(reach);
        let role = Some(RoleId::REVIEWER);
        let base = RoleDefaults::reviewer().intersection(reach);
        let narrow = base.without(extend);
        GrantRequest {
            role,
            extend,
            narrow,
            expires_at,
            ..GrantRequest::new(to, on)
        }
    })
}

/// The defaults of Reviewer, learnt from the library once.
struct RoleDefaults;

impl RoleDefaults {
    fn reviewer() -> PermissionSet {
        State::new().role(RoleId::REVIEWER).unwrap().defaults
    }
}

fn after(later: u64) -> Timestamp {
    Timestamp::from_milliseconds(NOW.milliseconds() + later)
}

fn token(invitation: InvitationId) -> Token {
    Token::new(invitation.to_string())
}

fn invitation_requests() -> impl Strategy<Value = InvitationRequest> {
    let groups = proptest::collection::btree_set(select(groups().to_vec()), 0..=1);
    (100..106u128, 0..4u8, some_roles(), groups).prop_map(|(id, address, roles, groups)| {
        let invitation = InvitationId::new(id);
        InvitationRequest {
            invitation,
            email: format!("new{address}@acme.test"),
            roles,
            groups,
            affiliation: Affiliation::Internal,
            token: token(invitation).digest(),
            ttl: None,
        }
    })
}

fn some_roles() -> impl Strategy<Value = Vec<RoleId>> {
    proptest::collection::vec(likely_roles(), 1..=2)
}

fn commands() -> impl Strategy<Value = Command> {
    let user = || select(people());
    let group = || select(groups().to_vec());
    let role = likely_roles;
    let newcomer = || (100..106u128).prop_map(InvitationId::new);
    let entitlements = prop_oneof![
        8 => grants(sets()).prop_map(Command::Grant),
        3 => (subjects(), registered()).prop_map(|(from, on)| Command::Revoke { from, on }),
        3 => (subjects(), registered(), sets()).prop_map(|(from, on, set)| {
            let permissions = set.intersection(PermissionSet::at_or_below(on.kind()));
            Command::Restrict { from, on, permissions }
        }),
        4 => (subjects(), registered()).prop_map(|(from, on)| Command::Unrestrict { from, on }),
    ];
    let roles = prop_oneof![
        3 => (role(), definitions(sets()))
            .prop_map(|(role, definition)| Command::DefineRole { role, definition }),
        3 => (role(), definitions(sets()))
            .prop_map(|(role, definition)| Command::RedefineRole { role, definition }),
        1 => (role(), role(), any::<u32>()).prop_map(|(role, from, name)| {
            Command::CloneRole { role, from, name: format!("Clone {name}") }
        }),
        1 => (role(), likely_roles()).prop_map(|(role, replacement)| {
            Command::DeleteRole { role, replacement: Some(replacement) }
        }),
    ];
    let members = prop_oneof![
        3 => (user(), some_roles()).prop_map(|(user, roles)| Command::AssignRoles { user, roles }),
        1 => select(newcomers()).prop_map(|user| Command::Suspend { user }),
        1 => user().prop_map(|user| Command::Reinstate { user }),
        1 => select(newcomers()).prop_map(|user| Command::Remove { user }),
        1 => (select(newcomers()), some_roles()).prop_map(|(user, roles)| {
            Command::AddServiceUser { user, name: "Bot".into(), roles }
        }),
    ];
    let circles = prop_oneof![
        6 => (group(), user()).prop_map(|(group, user)| Command::AddToGroup { group, user }),
        4 => (group(), user()).prop_map(|(group, user)| Command::RemoveFromGroup { group, user }),
        1 => group().prop_map(|group| Command::DeleteGroup { group }),
        2 => (group(), role(), any::<u32>()).prop_map(|(group, role, name)| {
            Command::CreateGroup { group, name: format!("Group {name}"), role }
        }),
    ];
    let invitations = prop_oneof![
        4 => invitation_requests().prop_map(Command::Invite),
        1 => (newcomer(), some_roles()).prop_map(|(invitation, roles)| {
            Command::ChangeInvitation { invitation, roles, groups: BTreeSet::new() }
        }),
        4 => (newcomer(), 11..14u128, 0..4u8).prop_map(|(invitation, user, address)| {
            let email = format!("new{address}@acme.test");
            let user = UserId::new(user);
            Command::Accept { invitation, token: token(invitation), user, email, affiliation: None }
        }),
    ];
    let tree = prop_oneof![
        Just(Command::Register {
            resource: ModelId::new(7).into(),
            parent: None
        }),
        Just(Command::Register {
            resource: VersionId::new(7).into(),
            parent: Some(ModelId::new(1).into()),
        }),
        registered().prop_map(|resource| Command::Unregister { resource }),
    ];
    prop_oneof![8 => entitlements, 4 => roles, 4 => members, 5 => circles, 4 => invitations, 1 => tree]
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let role = prop_oneof![5 => Just(None), 1 => likely_roles().prop_map(Some)];
    let one =
        (actors(), role, commands(), 0..3u64).prop_map(|(actor, role, command, later)| Move {
            actor,
            role,
            command,
            later,
        });
    proptest::collection::vec(one, 60..120)
}

/// What the operator set up before: roles, people, groups, grants and restrictions.
fn beginnings() -> impl Strategy<Value = State> {
    let role = || definitions(managing_sets());
    let roles = [role(), role(), role()];
    let of_people = proptest::collection::vec(proptest::collection::vec(1..=3u128, 1..=2), 3);
    let users_update = PermissionSet::from(ModelPermissions::USERS_UPDATE);
    let delegating = wide_sets().prop_map(move |set| closed(set | users_update));
    let given = proptest::collection::vec(grants(delegating), 4..10);
    let taken = proptest::collection::vec(universe::restrictions(), 0..4);
    let joined =
        proptest::collection::vec((select(groups().to_vec()), select(users().to_vec())), 0..5);
    (
        roles,
        of_people,
        [1..=3u128, 1..=3u128],
        given,
        taken,
        joined,
    )
        .prop_map(|(roles, of_people, of_groups, given, taken, joined)| {
            let mut state = universe::founded();
            let mut order = |command| {
                let _ = universe::execute(&mut state, Actor::Operator, &command);
            };
            for (role, definition) in (1..).map(RoleId::new).zip(roles) {
                order(Command::DefineRole { role, definition });
            }
            for (user, roles) in users().into_iter().skip(1).zip(of_people) {
                let roles = roles.into_iter().map(RoleId::new).collect();
                order(Command::AddServiceUser {
                    user,
                    name: "Person".into(),
                    roles,
                });
            }
            for ((group, role), name) in groups().into_iter().zip(of_groups).zip(["G", "H"]) {
                order(Command::CreateGroup {
                    group,
                    name: name.into(),
                    role: RoleId::new(role),
                });
            }
            joined
                .into_iter()
                .for_each(|(group, user)| order(Command::AddToGroup { group, user }));
            given
                .into_iter()
                .for_each(|grant| order(Command::Grant(grant)));
            taken.into_iter().for_each(&mut order);
            state
        })
}

/// What people who are not Admins may do on each resource, in union, at a moment; those who are
/// suspended as if they were not.
fn reach(state: &State, now: Timestamp) -> BTreeMap<Resource, PermissionSet> {
    let mut active = state.clone();
    for (user, _) in state.users().filter(|(_, user)| !user.is_active()) {
        let reinstate = Command::Reinstate { user };
        let decided = decide(&active, &Actor::Operator, &reinstate, now).unwrap();
        let commit = decided.into_commit(active.revision(), now).unwrap();
        active.apply(&commit).unwrap();
    }
    let mut reach = BTreeMap::new();
    for (id, user) in active.users() {
        for role in user.roles.iter().filter(|role| *role != RoleId::ADMIN) {
            let session = active.session(SignIn::new(id).under(role)).unwrap();
            for place in active.resources().chain([Resource::Organisation]) {
                let set: &mut PermissionSet = reach.entry(place).or_default();
                *set = *set | session.effective(place, now);
            }
        }
    }
    reach
}

/// Whether removing this user would take a restriction along.
fn is_restricted(state: &State, user: UserId) -> bool {
    let groups = state.groups_of(user).map(Subject::Group);
    let mut subjects = groups.chain([Subject::User(user)]);
    subjects.any(|subject| state.restrictions_of(subject).next().is_some())
}

/// Plays the moves and holds the promise after each; gives how many were carried out.
fn play(beginning: &State, moves: &[Move]) -> Result<usize, TestCaseError> {
    let mut state = beginning.clone();
    let mut gone = BTreeSet::new();
    let mut now = NOW;
    let mut done = 0;
    for Move {
        actor,
        role,
        command,
        later,
    } in moves
    {
        now = Timestamp::from_milliseconds(now.milliseconds() + later);
        if matches!(command, Command::Remove { user } if is_restricted(&state, *user)) {
            continue;
        }
        let actor = Actor::User(SignIn {
            role: *role,
            ..SignIn::new(*actor)
        });
        let Ok(decided) = decide(&state, &actor, command, now) else {
            continue;
        };
        let Some(commit) = decided.into_commit(state.revision(), now) else {
            continue;
        };
        gone.extend(commit.events.iter().filter_map(|event| match event {
            Event::ResourceUnregistered { resource, .. } => Some(*resource),
            _ => None,
        }));
        state.apply(&commit).unwrap();
        done += 1;
        let had = reach(beginning, now);
        for (place, has) in reach(&state, now) {
            let Some(had) = had.get(&place).filter(|_| !gone.contains(&place)) else {
                continue;
            };
            prop_assert!(
                has.is_within(*had),
                "{actor:?} did {command:?} at {now} and somebody has {:?} on {place}",
                has.without(*had),
            );
        }
        let admins = state
            .holders(RoleId::ADMIN)
            .map(|(id, _)| id)
            .collect::<Vec<_>>();
        prop_assert_eq!(admins, vec![UserId::new(1)]);
    }
    Ok(done)
}

fn cases() -> u32 {
    std::env::var("ROLEBOOK_SEQUENCES")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(200)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: cases(),
        failure_persistence: None,
        max_shrink_iters: 20_000,
        ..Default::default()
    })]

    #[test]
    fn nobody_reaches_more_than_somebody_had(beginning in beginnings(), moves in moves()) {
        play(&beginning, &moves)?;
    }
}

/// The property says nothing where nothing happens: enough of the moves must be carried out.
#[test]
fn the_moves_do_something() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let total: usize = (0..40)
        .map(|_| {
            let (beginning, moves) = (beginnings(), moves())
                .new_tree(&mut runner)
                .unwrap()
                .current();
            play(&beginning, &moves).unwrap()
        })
        .sum();
    assert!(
        total > 40 * 4,
        "{total} of some 3,600 moves were carried out"
    );
}
