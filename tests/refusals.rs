//! A refusal says what was missing.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test that panics has failed, which is what it is for"
)]

mod looking;

use looking::{ADA, CLEO, DAN, World, actor, framework, model, set, token, version};
use rolebook::{
    Actor, Command, GrantRequest, GroupId, InvitationId, Refusal, Resource, RoleId, Subject, UserId,
};

fn register(resource: Resource, parent: Option<Resource>) -> Command {
    Command::Register { resource, parent }
}

/// What somebody without any right would need for a command of each kind, of these one.
fn commands() -> Vec<(Command, Vec<&'static str>)> {
    let (user, group, role) = (CLEO, GroupId::new(1), RoleId::new(1));
    let (invitation, from, on) = (InvitationId::new(9), Subject::User(CLEO), version(1));
    let unregister = |resource| Command::Unregister { resource };
    let administration = || vec!["organisation.permissions_manage", "model.users_update"];
    vec![
        (
            Command::SetLimits {
                seats: [].into(),
                open_invitations: Some(0),
                custom_roles: None,
                resend_cooldown: None,
            },
            vec!["organisation.security_manage"],
        ),
        (
            Command::DeleteRole {
                role,
                replacement: None,
            },
            vec!["organisation.roles_manage"],
        ),
        (Command::Suspend { user }, vec!["organisation.users_manage"]),
        (
            Command::AddToGroup { group, user },
            vec!["organisation.groups_manage"],
        ),
        (
            Command::CancelInvitation { invitation },
            vec!["organisation.users_invite"],
        ),
        (register(model(9), None), vec!["organisation.models_create"]),
        (
            register(framework(9), None),
            vec!["organisation.frameworks_create"],
        ),
        (
            register(version(9), Some(model(1))),
            vec!["model.version_create"],
        ),
        (register(framework(9), Some(model(1))), vec!["model.update"]),
        (
            register(framework(9), Some(version(1))),
            vec!["version.update"],
        ),
        (register(version(9), None), vec![]),
        (unregister(model(1)), vec!["model.delete"]),
        (unregister(version(1)), vec!["version.delete"]),
        (unregister(framework(1)), vec!["framework.delete"]),
        (unregister(Resource::Organisation), vec![]),
        (
            Command::Grant(GrantRequest::new(from, on)),
            administration(),
        ),
        (Command::Unrestrict { from, on }, administration()),
        (
            Command::Found {
                name: "Acme".to_owned(),
                first_admin: "ada@acme.test".to_owned(),
                invitation,
                token: token(9).digest(),
            },
            vec![],
        ),
    ]
}

#[test]
fn a_missing_right_is_named() {
    let mut world = World::peopled();
    for (command, needed) in commands() {
        let needed = set(needed);
        let refused = world.run(actor(DAN), &command);
        assert_eq!(refused, Err(Refusal::NotAllowed { needed }), "{command:?}");
    }
    let nobody = Refusal::NotAllowed { needed: set([]) };
    assert_eq!(
        world.run(Actor::Operator, &Command::Leave),
        Err(nobody.clone())
    );
    assert_eq!(nobody.to_string(), "the actor has no right to do this");
    let delegation = Refusal::NotAllowed {
        needed: set(["model.users_update", "organisation.permissions_manage"]),
    };
    assert_eq!(
        delegation.to_string(),
        "the actor has no right to do this: it takes organisation.permissions_manage or model.users_update"
    );
}

#[test]
fn an_admin_needs_no_right() {
    for (command, _) in commands() {
        let outcome = World::peopled().run(actor(ADA), &command);
        let is_denied = matches!(outcome, Err(Refusal::NotAllowed { .. }));
        assert_eq!(
            is_denied,
            matches!(command, Command::Found { .. }),
            "{command:?}"
        );
    }
}

#[test]
fn a_refusal_stored_before_rights_were_named_is_read() {
    let older: Refusal = serde_json::from_str(r#"{"code": "not_allowed"}"#).unwrap();
    assert_eq!(older, Refusal::NotAllowed { needed: set([]) });
}

#[test]
fn a_refusal_is_told_with_names_or_with_ids() {
    let mut world = World::peopled();
    let user = UserId::new(70);
    let told =
        |refused: Refusal, world: &World| (refused.sentence(&world.state), refused.to_string());
    let unknown = world.run(Actor::Operator, &Command::Suspend { user });
    let plain = format!("there is no user {user}");
    assert_eq!(told(unknown.unwrap_err(), &world), (plain.clone(), plain));
    let (group, user) = (GroupId::new(1), DAN);
    let mismatch = world.run(Actor::Operator, &Command::AddToGroup { group, user });
    assert_eq!(
        told(mismatch.unwrap_err(), &world),
        (
            "the role of the group Group 1 is not among the roles".to_owned(),
            format!("the role of group {group} is not among the roles"),
        )
    );
    let role = RoleId::REVIEWER;
    let delete = Command::DeleteRole {
        role,
        replacement: None,
    };
    let built_in = world.run(Actor::Operator, &delete);
    let plain = "Reviewer is built in; clone it instead".to_owned();
    assert_eq!(told(built_in.unwrap_err(), &world), (plain.clone(), plain));
}
