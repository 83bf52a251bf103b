//! A preview says what a command would change, and nothing else.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test that panics has failed, which is what it is for"
)]

mod looking;

use std::collections::BTreeSet;
use std::time::Duration;

use looking::{
    ADA, BEN, CLEO, DAN, EVE, GUS, World, actor, at, model, set, step, steps, token, version,
};
use proptest::prelude::*;
use rolebook::preview::{AccessTriple, preview};
use rolebook::{
    Actor, Affiliation, Cancellation, Command, InvitationId, OrganisationPermissions, Permission,
    Refusal, Resource, RoleDefinition, RoleId, Scope, SessionRefusal, SignIn, SignInProof, State,
    Timestamp, decide,
};

/// Every permission of every active user under their primary role, asked one by one.
fn everything(state: &State, now: Timestamp) -> BTreeSet<AccessTriple> {
    let mut held = BTreeSet::new();
    for (user, _) in state.users() {
        for resource in state.resources().chain([Resource::Organisation]) {
            for permission in Permission::all() {
                let sign_in = SignIn::new(user).with_proof(SignInProof::FULL);
                if state.check(sign_in, permission, resource, now).is_allowed() {
                    held.insert((user, resource, permission));
                }
            }
        }
    }
    held
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 200 } else { 2_000 }))]

    #[test]
    fn a_preview_is_the_difference_of_everything(steps in steps(20), last in step()) {
        let mut world = World::entitled();
        world.play(&steps);
        let before = world.clone();
        let previewed = preview(&world.state, &last.actor, &last.command, world.now);
        prop_assert_eq!(&world.state, &before.state);
        match (previewed, world.run(last.actor, &last.command)) {
            (Ok(preview), Ok(decided)) => {
                let was = everything(&before.state, world.now);
                let is = everything(&world.state, world.now);
                let gained: BTreeSet<_> = preview.gained().collect();
                let lost: BTreeSet<_> = preview.lost().collect();
                prop_assert_eq!(gained, is.difference(&was).copied().collect());
                prop_assert_eq!(lost, was.difference(&is).copied().collect());
                prop_assert_eq!(&preview.events, &decided.events);
                prop_assert_eq!(preview.revision, before.state.revision());
                prop_assert!(preview.access.is_sorted());
                prop_assert!(!preview.to_string().is_empty());
            }
            (Err(one), Err(other)) => prop_assert_eq!(one, other),
            (one, other) => prop_assert!(false, "{:?} {:?}", one, other),
        }
    }

    /// What is said to be unacceptable is refused, and was not; what is not said to be is as before.
    #[test]
    fn invitations_said_to_be_unacceptable_are(steps in steps(20), last in step()) {
        let mut world = World::entitled();
        let ben = actor(BEN);
        world.invite(Affiliation::External, "x@else.test", &[RoleId::REVIEWER], ben);
        world.invite(Affiliation::Internal, "y@acme.test", &[RoleId::ADMIN], ben);
        world.play(&steps);
        let before = world.state.clone();
        let Ok(preview) = preview(&before, &last.actor, &last.command, world.now) else {
            return Ok(());
        };
        world.run(last.actor, &last.command).unwrap();
        let said: BTreeSet<_> = preview.invitations_unacceptable.iter().map(|it| it.invitation).collect();
        for (id, it) in world.state.live_invitations(world.now) {
            let answer = |state: &State| decide(state, &Actor::Invitee, &Command::Accept {
                invitation: id,
                token: token(u64::try_from(id.value()).unwrap()),
                user: 999_u64.into(),
                email: it.email.to_string(),
                affiliation: None,
            }, world.now).is_ok();
            let was_live = before.invitation(id).is_some();
            prop_assert_eq!(said.contains(&id), !answer(&world.state) && (!was_live || answer(&before)));
        }
    }
}

#[test]
fn a_refused_command_has_no_preview() {
    let world = World::peopled();
    let remove = Command::Remove { user: ADA };
    let refused = preview(&world.state, &actor(DAN), &remove, world.now);
    let needed = OrganisationPermissions::USERS_MANAGE.into();
    assert_eq!(refused, Err(Refusal::NotAllowed { needed }));
}

#[test]
fn what_changes_nothing_says_so() {
    let mut world = World::peopled();
    world.grant(DAN, model(1));
    let again = Command::Grant(rolebook::GrantRequest::new(DAN, model(1)));
    let preview = preview(&world.state, &Actor::Operator, &again, world.now).unwrap();
    assert!(!preview.is_change() && preview.access.is_empty());
    assert!(preview.to_string().starts_with("Nothing would change"));
}

#[test]
fn an_offboarding_shows_all_that_goes() {
    let mut world = World::peopled();
    world.operator(Command::AddToGroup {
        group: 1_u64.into(),
        user: BEN,
    });
    let sent = world.invite(
        Affiliation::Internal,
        "new@acme.test",
        &[RoleId::REVIEWER],
        actor(BEN),
    );
    let remove = Command::Remove { user: BEN };
    let preview = preview(&world.state, &actor(ADA), &remove, world.now).unwrap();
    assert_eq!(preview.groups_left.len(), 1);
    assert_eq!(
        preview.invitations_cancelled[0].invitation,
        InvitationId::from(sent)
    );
    assert_eq!(
        preview.invitations_cancelled[0].reason,
        Cancellation::InviterLeft
    );
    assert_eq!(
        preview.sign_ins_failing[0].reason,
        SessionRefusal::UnknownUser
    );
    assert_eq!(
        (preview.effective_admins, preview.admin_remains()),
        (1, true)
    );
    // An Admin may do all that there is on the seven resources and the organisation.
    assert_eq!(preview.lost().count(), 10 + 2 * 6 + 2 * 10 + 3 * 7);
    let text = preview.describe(&world.state).to_string();
    assert!(
        text.contains("ben@acme.test leaves the group Group 1"),
        "{text}"
    );
    assert!(
        text.contains("the invitation of new@acme.test is cancelled"),
        "{text}"
    );
    assert!(text.contains("One Admin remains."), "{text}");
}

#[test]
fn a_redefined_role_shows_clipped_grants_and_the_difference() {
    let mut world = World::peopled();
    world.operator(Command::AssignRoles {
        user: DAN,
        roles: vec![1_u64.into()],
    });
    world.grant(DAN, model(1));
    let command = Command::RedefineRole {
        role: 1_u64.into(),
        definition: RoleDefinition {
            name: "Maker".into(),
            description: String::new(),
            defaults: set(["model.read"]),
            ceiling: None,
            scope: Scope::Granted,
        },
    };
    let preview = preview(&world.state, &Actor::Operator, &command, world.now).unwrap();
    assert_eq!(preview.grants_clipped[0].to, DAN.into());
    assert_eq!(preview.roles[0].diff.loses, set(["model.update"]));
    let text = preview.describe(&world.state).to_string();
    assert_eq!(
        text,
        "What would change at revision 18
  Recorded as
    redefined the role Maker: Maker: models: read; by grant alone; before: Maker: models: read, update; all resources
    clipped the grant of dan@acme.test on model 00000000000000000000000000000001: models: read; \
before: models: read, update
  Access
    dan@acme.test on model 00000000000000000000000000000001: loses update
    dan@acme.test on model 00000000000000000000000000000002: loses read, update
  Roles
    Maker loses models: update
    Maker can be granted no more models: update
    Maker held on all current and future resources, holds only where a grant gives it
  Grants clipped
    dan@acme.test on model 00000000000000000000000000000001 loses models: update
  2 Admins remain."
            .replace("18", &world.state.revision().to_string())
    );
}

#[test]
fn tighter_settings_show_who_could_sign_in_no_more() {
    let world = World::peopled();
    let command = Command::SetSecurity {
        require_sso: Some(true),
        require_mfa: Some(true),
        allowed_domains: None,
        allow_external_admins: None,
    };
    let preview = preview(&world.state, &Actor::Operator, &command, world.now).unwrap();
    let of = |user| {
        let failing = preview
            .sign_ins_failing
            .iter()
            .filter(move |it| it.user == user);
        failing.map(|it| it.reason).collect::<Vec<_>>()
    };
    assert_eq!(
        of(CLEO),
        [SessionRefusal::SsoRequired, SessionRefusal::MfaRequired]
    );
    assert_eq!(
        of(EVE),
        [SessionRefusal::MfaRequired],
        "from outside: exempt from single sign-on"
    );
    assert!(preview.access.is_empty());
}

#[test]
fn an_inviter_who_loses_the_right_leaves_unacceptable_invitations() {
    let mut world = World::peopled();
    let sent = world.invite(
        Affiliation::Internal,
        "new@acme.test",
        &[RoleId::REVIEWER],
        actor(BEN),
    );
    let command = Command::AssignRoles {
        user: BEN,
        roles: vec![RoleId::REVIEWER],
    };
    let previewed = preview(&world.state, &Actor::Operator, &command, world.now).unwrap();
    let [it] = previewed.invitations_unacceptable.as_slice() else {
        panic!("{previewed:?}");
    };
    assert_eq!(
        (it.invitation, &it.refusal),
        (sent.into(), &Refusal::InviterNotAuthorised)
    );
    // Expired it could not be accepted anyway.
    let later = world.now.checked_add(Duration::from_secs(200_000)).unwrap();
    let previewed = preview(&world.state, &Actor::Operator, &command, later).unwrap();
    assert!(previewed.invitations_unacceptable.is_empty());
}

#[test]
fn joining_a_group_gives_its_grants_and_its_restrictions() {
    let mut world = World::entitled();
    let command = Command::AddToGroup {
        group: 1_u64.into(),
        user: CLEO,
    };
    let joining = preview(&world.state, &Actor::Operator, &command, world.now).unwrap();
    let of = |resource| {
        let mut changes = joining.access.iter();
        changes.find(|it| it.resource == resource).unwrap()
    };
    assert!(set(["model.update"]).is_within(of(model(1)).gained));
    assert_eq!(of(model(2)).lost, set(["model.update"]));
    world.operator(command);
    let command = Command::RemoveFromGroup {
        group: 1_u64.into(),
        user: CLEO,
    };
    let leaving = preview(&world.state, &Actor::Operator, &command, world.now).unwrap();
    let swapped = leaving
        .access
        .iter()
        .map(|it| (it.resource, it.lost, it.gained));
    let joined = joining
        .access
        .iter()
        .map(|it| (it.resource, it.gained, it.lost));
    assert!(joined.eq(swapped));
}

#[test]
fn a_new_resource_is_there_for_roles_that_reach_it() {
    let mut world = World::entitled();
    world.grant(CLEO, model(1));
    let command = Command::Register {
        resource: version(9),
        parent: Some(model(1)),
    };
    let preview = preview(&world.state, &Actor::Operator, &command, world.now).unwrap();
    let users: Vec<_> = preview.access.iter().map(|it| it.user).collect();
    // Ben acts as Admin first; Cleo has a grant on the model, Gus a role that has it selected.
    assert_eq!(users, [ADA, BEN, CLEO, GUS]);
}

#[test]
fn a_batch_is_previewed_as_a_whole() {
    let world = World::peopled();
    let grant = rolebook::GrantRequest::new(DAN, version(1));
    let command = Command::Batch {
        commands: vec![
            Command::Grant(grant),
            Command::Revoke {
                from: DAN.into(),
                on: version(1),
            },
            Command::Grant(rolebook::GrantRequest::new(DAN, model(1))),
        ],
    };
    let preview = preview(&world.state, &Actor::Operator, &command, at(1)).unwrap();
    let touched: Vec<_> = preview
        .access
        .iter()
        .map(|it| (it.user, it.resource))
        .collect();
    assert_eq!(
        touched.len(),
        4,
        "the model, its version and their frameworks: {touched:?}"
    );
    let json = serde_json::to_string(&preview).unwrap();
    assert_eq!(
        serde_json::from_str::<rolebook::Preview>(&json).unwrap(),
        preview
    );
}
