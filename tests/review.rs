//! Each finding in an organisation that has it, and in one that has not; every mend mends.
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

use looking::{ADA, BEN, CLEO, DAN, EVE, World, actor, at, framework, model, set, steps, version};
use proptest::prelude::*;
use rolebook::decision::reference::effective_throughout;
use rolebook::review::{SeparatedDuties, Usage, Use};
use rolebook::{
    Actor, Affiliation, Command, Finding, FindingCode, Grant, GrantRequest, Permission, Resource,
    ReviewOptions, RoleId, Scope, SignIn, SignInProof, State, Subject, Timestamp, Topic, UserId,
    review,
};

use FindingCode as Code;

fn found(world: &World, options: &ReviewOptions, code: Code) -> Vec<Finding> {
    let findings = review(&world.state, options, world.now).into_iter();
    findings.filter(|it| it.code == code).collect()
}

fn codes(world: &World, code: Code) -> Vec<Vec<Topic>> {
    let findings = found(world, &ReviewOptions::default(), code);
    findings.into_iter().map(|it| it.subjects).collect()
}

/// Gives the first mend of a finding, as the operator.
fn mend(world: &mut World, code: Code) {
    let finding = found(world, &ReviewOptions::default(), code).remove(0);
    world.operator(finding.mend[0].clone());
}

fn topics<const N: usize>(topics: [Topic; N]) -> Vec<Vec<Topic>> {
    vec![topics.to_vec()]
}

fn nothing() -> Vec<Vec<Topic>> {
    Vec::new()
}

fn grant(to: impl Into<Subject>, on: Resource) -> GrantRequest {
    GrantRequest::new(to, on)
}

fn restrict(world: &mut World, from: impl Into<Subject>, on: Resource, names: &[&str]) {
    world.operator(Command::Restrict {
        from: from.into(),
        on,
        permissions: set(names.iter().copied()),
    });
}

fn assign(world: &mut World, user: UserId, roles: &[RoleId]) {
    let roles = roles.to_vec();
    world.operator(Command::AssignRoles { user, roles });
}

const MAKER: RoleId = RoleId::new(1);
const KEEPER: RoleId = RoleId::new(2);

#[test]
fn nothing_is_found_before_the_founding() {
    let findings = review(&State::new(), &ReviewOptions::default(), at(0));
    assert_eq!(findings, []);
}

#[test]
fn admins() {
    let mut world = World::founded();
    assert_eq!(codes(&world, Code::SingleAdmin), topics([ADA.into()]));
    assert_eq!(
        codes(&world, Code::AdminWithoutEverydayRole),
        topics([ADA.into()])
    );
    mend(&mut world, Code::AdminWithoutEverydayRole);
    assert_eq!(codes(&world, Code::AdminWithoutEverydayRole), nothing());
    world.join(BEN, "ben", &[RoleId::ADMIN, RoleId::REVIEWER]);
    assert_eq!(codes(&world, Code::SingleAdmin), nothing());
    assert_eq!(
        codes(&world, Code::TooManyAdmins),
        nothing(),
        "two are never too many"
    );
    world.join(CLEO, "cleo", &[RoleId::ADMIN, RoleId::REVIEWER]);
    let all: [Topic; 3] = [ADA.into(), BEN.into(), CLEO.into()];
    assert_eq!(codes(&world, Code::TooManyAdmins), topics(all));
    let lenient = ReviewOptions {
        admin_share: 100,
        ..ReviewOptions::default()
    };
    assert_eq!(found(&world, &lenient, Code::TooManyAdmins), []);
    assert_eq!(codes(&world, Code::NoAdmin), nothing());
}

#[test]
fn no_admin_before_the_first_one_joins() {
    let mut world = World::founded();
    let mut unaccepted = State::new();
    unaccepted.apply(&world.log[0]).unwrap();
    world.state = unaccepted;
    assert_eq!(codes(&world, Code::NoAdmin), topics([]));
}

#[test]
fn users_without_access() {
    let mut world = World::peopled();
    let idle: Vec<Vec<Topic>> = vec![vec![DAN.into()], vec![EVE.into()]];
    assert_eq!(codes(&world, Code::UserWithoutAccess), idle);
    world.grant(DAN, model(1));
    assert_eq!(codes(&world, Code::UserWithoutAccess), topics([EVE.into()]));
}

#[test]
fn external_managers() {
    let mut world = World::peopled();
    assert_eq!(codes(&world, Code::ExternalManager), nothing());
    assign(&mut world, EVE, &[RoleId::DATA_ARCHITECT]);
    world.grant(EVE, model(1));
    assert_eq!(codes(&world, Code::ExternalManager), nothing());
    world.operator(Command::Grant(GrantRequest {
        extend: set(["model.users_update"]),
        ..grant(EVE, model(1))
    }));
    let [finding] = <[_; 1]>::try_from(found(
        &world,
        &ReviewOptions::default(),
        Code::ExternalManager,
    ))
    .unwrap();
    assert_eq!(finding.permissions, set(["model.users_update"]));
    assert_eq!(
        finding.sentence(&world.state),
        "eve@acme.test, from outside, has models: users update."
    );
}

#[test]
fn delegates_beyond_their_role() {
    let mut world = World::peopled();
    let mut request = GrantRequest {
        extend: set(["model.users_update"]),
        ..grant(CLEO, model(1))
    };
    world.operator(Command::Grant(request.clone()));
    assert_eq!(codes(&world, Code::DelegateBeyondRole), nothing());
    request.extend = set(["model.users_update", "model.delete"]);
    world.operator(Command::Grant(request));
    let subjects: [Topic; 2] = [CLEO.into(), model(1).into()];
    assert_eq!(codes(&world, Code::DelegateBeyondRole), topics(subjects));
    // What is taken from them beneath, they cannot hand out.
    world.operator(Command::Grant(GrantRequest {
        extend: set(["model.users_update", "version.delete"]),
        ..grant(CLEO, model(1))
    }));
    assert_eq!(codes(&world, Code::DelegateBeyondRole), topics(subjects));
    restrict(&mut world, CLEO, version(1), &["version.delete"]);
    assert_eq!(codes(&world, Code::DelegateBeyondRole), nothing());
}

#[test]
fn separated_duties() {
    let mut world = World::peopled();
    let one: Permission = "model.update".parse().unwrap();
    let other: Permission = "version.export_manage".parse().unwrap();
    let options = ReviewOptions {
        duties: vec![SeparatedDuties { one, other }],
        ..ReviewOptions::default()
    };
    assert_eq!(found(&world, &options, Code::SeparationOfDuties), []);
    world.grant(CLEO, model(1));
    let findings = found(&world, &options, Code::SeparationOfDuties);
    assert_eq!(findings[0].subjects, [CLEO.into()]);
    restrict(&mut world, CLEO, model(1), &["version.export_manage"]);
    assert_eq!(found(&world, &options, Code::SeparationOfDuties), []);
}

#[test]
fn grants_over_or_about_to_be() {
    let mut world = World::peopled();
    let end = world
        .now
        .checked_add(Duration::from_secs(10 * 86_400))
        .unwrap();
    world.operator(Command::Grant(GrantRequest {
        expires_at: Some(end),
        ..grant(DAN, model(1))
    }));
    let subjects: [Topic; 2] = [DAN.into(), model(1).into()];
    assert_eq!(codes(&world, Code::GrantExpiring), nothing());
    world.now = world
        .now
        .checked_add(Duration::from_secs(4 * 86_400))
        .unwrap();
    assert_eq!(codes(&world, Code::GrantExpiring), topics(subjects));
    assert_eq!(codes(&world, Code::GrantExpired), nothing());
    world.now = end;
    assert_eq!(codes(&world, Code::GrantExpiring), nothing());
    assert_eq!(codes(&world, Code::GrantExpired), topics(subjects));
    mend(&mut world, Code::GrantExpired);
    assert_eq!(codes(&world, Code::GrantExpired), nothing());
}

#[test]
fn grants_to_admins() {
    let mut world = World::peopled();
    world.grant(ADA, model(1));
    world.grant(BEN, model(1));
    let subjects: [Topic; 2] = [ADA.into(), model(1).into()];
    assert_eq!(
        codes(&world, Code::GrantToAdmin),
        topics(subjects),
        "Ben has another role"
    );
    mend(&mut world, Code::GrantToAdmin);
    assert_eq!(codes(&world, Code::GrantToAdmin), nothing());
}

#[test]
fn grants_wholly_restricted() {
    let mut world = World::peopled();
    world.grant(DAN, version(1));
    restrict(&mut world, DAN, model(1), &["version.read"]);
    assert_eq!(
        codes(&world, Code::GrantRestricted),
        nothing(),
        "frameworks are left"
    );
    restrict(
        &mut world,
        DAN,
        model(1),
        &["version.read", "framework.read"],
    );
    let subjects: [Topic; 2] = [DAN.into(), version(1).into()];
    assert_eq!(codes(&world, Code::GrantRestricted), topics(subjects));
    mend(&mut world, Code::GrantRestricted);
    assert_eq!(codes(&world, Code::GrantRestricted), nothing());
}

#[test]
fn grants_given_already() {
    let mut world = World::peopled();
    world.grant(DAN, version(1));
    assert_eq!(codes(&world, Code::GrantRedundant), nothing());
    let subjects: [Topic; 2] = [DAN.into(), version(1).into()];
    let end = world.now.checked_add(Duration::from_secs(60)).unwrap();
    world.operator(Command::Grant(GrantRequest {
        expires_at: Some(end),
        ..grant(DAN, model(1))
    }));
    assert_eq!(
        codes(&world, Code::GrantRedundant),
        nothing(),
        "the one above ends before"
    );
    world.grant(DAN, model(1));
    assert_eq!(codes(&world, Code::GrantRedundant), topics(subjects));
    world.operator(Command::Revoke {
        from: DAN.into(),
        on: model(1),
    });
    // By a group.
    world.group(3, RoleId::REVIEWER);
    let group = rolebook::GroupId::from(3_u64);
    world.operator(Command::AddToGroup { group, user: DAN });
    world.grant(group, model(1));
    assert_eq!(codes(&world, Code::GrantRedundant), topics(subjects));
    assign(&mut world, DAN, &[RoleId::REVIEWER, RoleId::DATA_ARCHITECT]);
    assert_eq!(
        codes(&world, Code::GrantRedundant),
        nothing(),
        "under the other role the group's does not count"
    );
    assign(&mut world, DAN, &[RoleId::REVIEWER]);
    mend(&mut world, Code::GrantRedundant);
    assert_eq!(codes(&world, Code::GrantRedundant), nothing());
    // By a grant of the group above, as long as it lasts.
    world.operator(Command::Grant(GrantRequest {
        expires_at: Some(end),
        ..grant(group, model(1))
    }));
    world.grant(group, version(1));
    assert_eq!(codes(&world, Code::GrantRedundant), nothing());
    world.grant(group, model(1));
    let subjects: [Topic; 2] = [group.into(), version(1).into()];
    assert_eq!(codes(&world, Code::GrantRedundant), topics(subjects));
    mend(&mut world, Code::GrantRedundant);
    // By the role, to a group.
    let makers = rolebook::GroupId::from(2_u64);
    world.grant(makers, model(1));
    let subjects: [Topic; 2] = [makers.into(), model(1).into()];
    assert_eq!(codes(&world, Code::GrantRedundant), topics(subjects));
}

#[test]
fn restrictions_that_take_nothing() {
    let mut world = World::peopled();
    restrict(&mut world, ADA, model(1), &["model.update"]);
    restrict(&mut world, DAN, model(1), &["model.update"]);
    restrict(&mut world, DAN, model(2), &["version.read"]);
    restrict(&mut world, DAN, version(2), &["version.comment_create"]);
    restrict(&mut world, CLEO, model(1), &["model.update"]);
    let of = |user: UserId, on: Resource| topics::<2>([user.into(), on.into()]);
    assert_eq!(codes(&world, Code::RestrictionOnAdmin), of(ADA, model(1)));
    assert_eq!(
        codes(&world, Code::RestrictionWithoutEffect),
        of(DAN, model(1))
    );
    assert_eq!(
        codes(&world, Code::RestrictionRedundant),
        of(DAN, version(2))
    );
    for code in [
        Code::RestrictionOnAdmin,
        Code::RestrictionWithoutEffect,
        Code::RestrictionRedundant,
    ] {
        mend(&mut world, code);
        assert_eq!(codes(&world, code), nothing());
    }
}

#[test]
fn roles_equal_contained_and_unused() {
    let mut world = World::peopled();
    assert_eq!(codes(&world, Code::RolesEqual), nothing());
    assert_eq!(codes(&world, Code::RoleContained), nothing());
    assert_eq!(
        codes(&world, Code::RoleUnused),
        topics([KEEPER.into()]),
        "makers have a group"
    );
    let clone = |role: u64, from: RoleId| Command::CloneRole {
        role: role.into(),
        from,
        name: format!("Clone {role}"),
    };
    world.operator(clone(3, MAKER));
    world.operator(clone(4, RoleId::REVIEWER));
    let equal: Vec<Vec<Topic>> = vec![
        vec![RoleId::new(3).into(), MAKER.into()],
        vec![RoleId::new(4).into(), RoleId::REVIEWER.into()],
    ];
    assert_eq!(codes(&world, Code::RolesEqual), equal);
    mend(&mut world, Code::RolesEqual);
    mend(&mut world, Code::RolesEqual);
    assert_eq!(codes(&world, Code::RolesEqual), nothing());
    world.define(
        5,
        "Looker",
        ["model.read"],
        Scope::Selected([version(1)].into()),
    );
    assert_eq!(
        codes(&world, Code::RoleContained),
        topics([RoleId::new(5).into(), MAKER.into()])
    );
    mend(&mut world, Code::RoleUnused);
    mend(&mut world, Code::RoleUnused);
    assert_eq!(codes(&world, Code::RoleUnused), nothing());
}

#[test]
fn groups_empty_or_idle() {
    let mut world = World::peopled();
    let [first, second] = [1_u64, 2].map(rolebook::GroupId::from);
    let both: Vec<Vec<Topic>> = vec![vec![first.into()], vec![second.into()]];
    assert_eq!(codes(&world, Code::GroupEmpty), both);
    assert_eq!(codes(&world, Code::GroupWithoutGrants), both);
    world.operator(Command::AddToGroup {
        group: first,
        user: CLEO,
    });
    restrict(&mut world, first, model(1), &["model.update"]);
    assert_eq!(codes(&world, Code::GroupEmpty), topics([second.into()]));
    assert_eq!(
        codes(&world, Code::GroupWithoutGrants),
        topics([second.into()])
    );
    let offered = offer(&mut world, second, MAKER);
    assert_eq!(
        codes(&world, Code::GroupEmpty),
        nothing(),
        "somebody is invited to it"
    );
    world.operator(Command::CancelInvitation {
        invitation: offered,
    });
    mend(&mut world, Code::GroupEmpty);
    assert_eq!(codes(&world, Code::GroupEmpty), nothing());
    assert_eq!(codes(&world, Code::GroupWithoutGrants), nothing());
}

/// Invites somebody to a group.
fn offer(world: &mut World, group: rolebook::GroupId, role: RoleId) -> rolebook::InvitationId {
    let roles = vec![role];
    let from = Affiliation::Internal;
    let invitation = world.invite(from, "x@acme.test", &roles, Actor::Operator);
    let invitation = rolebook::InvitationId::from(invitation);
    world.operator(Command::ChangeInvitation {
        invitation,
        roles,
        groups: [group].into(),
    });
    invitation
}

#[test]
fn models_unused() {
    let mut world = World::peopled();
    let both: Vec<Vec<Topic>> = vec![vec![model(1).into()], vec![model(2).into()]];
    assert_eq!(codes(&world, Code::ModelUnused), both);
    world.grant(DAN, framework(3));
    assert_eq!(codes(&world, Code::ModelUnused), topics([model(2).into()]));
    assign(&mut world, CLEO, &[RoleId::DATA_ARCHITECT, MAKER]);
    assert_eq!(codes(&world, Code::ModelUnused), nothing());
}

#[test]
fn stale_invitations() {
    let mut world = World::peopled();
    let sent = world.invite(
        Affiliation::Internal,
        "x@acme.test",
        &[RoleId::REVIEWER],
        actor(BEN),
    );
    let subject = rolebook::InvitationId::from(sent);
    assert_eq!(codes(&world, Code::InvitationPendingLong), nothing());
    assert_eq!(codes(&world, Code::InvitationUnacceptable), nothing());
    let impatient = ReviewOptions {
        pending_at_most: Duration::from_secs(3_600),
        ..ReviewOptions::default()
    };
    world.now = world.now.checked_add(Duration::from_secs(3_601)).unwrap();
    let pending = found(&world, &impatient, Code::InvitationPendingLong);
    assert_eq!(pending[0].subjects, [subject.into()]);
    assign(&mut world, BEN, &[RoleId::REVIEWER]);
    assert_eq!(
        codes(&world, Code::InvitationUnacceptable),
        topics([subject.into()])
    );
    world.now = world
        .now
        .checked_add(Duration::from_secs(48 * 3_600))
        .unwrap();
    assert_eq!(codes(&world, Code::InvitationUnacceptable), nothing());
    assert_eq!(
        codes(&world, Code::InvitationExpired),
        topics([subject.into()])
    );
    mend(&mut world, Code::InvitationExpired);
    assert_eq!(codes(&world, Code::InvitationExpired), nothing());
}

fn used(user: UserId, permission: &str, resource: Option<Resource>, last_used: Timestamp) -> Use {
    Use {
        user,
        permission: permission.parse().unwrap(),
        resource,
        last_used,
    }
}

fn with_usage(uses: Vec<Use>) -> ReviewOptions {
    ReviewOptions {
        usage: Some(Usage { since: at(0), uses }),
        ..ReviewOptions::default()
    }
}

#[test]
fn without_figures_nothing_is_said_of_use() {
    let world = World::peopled();
    for code in [
        Code::PermissionUnused,
        Code::RoleBroaderThanUsed,
        Code::SmallerRoleSuffices,
    ] {
        assert_eq!(codes(&world, code), nothing());
    }
}

#[test]
fn permissions_never_used() {
    let mut world = World::peopled();
    world.grant(DAN, model(1));
    let all = [
        "version.comment_create",
        "framework.comment_create",
        "model.read",
    ];
    let uses = |count: usize, when| {
        let used = all.into_iter().take(count);
        with_usage(used.map(|name| used_by_dan(name, when)).collect())
    };
    let findings = found(&world, &uses(2, at(5)), Code::PermissionUnused);
    let of_dan: Vec<_> = findings
        .iter()
        .filter(|it| it.subjects == [DAN.into()])
        .collect();
    assert_eq!(of_dan[0].permissions, set(["model.read"]));
    let findings = found(&world, &uses(3, at(5)), Code::PermissionUnused);
    assert!(findings.iter().all(|it| it.subjects != [DAN.into()]));
    let long_ago = found(&world, &uses(3, Timestamp::EPOCH), Code::PermissionUnused);
    assert!(long_ago.iter().any(|it| it.subjects == [DAN.into()]));
}

fn used_by_dan(permission: &str, when: Timestamp) -> Use {
    used(DAN, permission, None, when)
}

#[test]
fn roles_broader_than_used() {
    let mut world = World::peopled();
    assign(&mut world, DAN, &[MAKER]);
    let reading = with_usage(vec![used(DAN, "model.read", Some(model(1)), at(1))]);
    let findings = found(&world, &reading, Code::RoleBroaderThanUsed);
    assert_eq!(findings[0].subjects, [MAKER.into()]);
    assert_eq!(findings[0].permissions, set(["model.update"]));
    world.operator(findings[0].mend[0].clone());
    assert_eq!(found(&world, &reading, Code::RoleBroaderThanUsed), []);
}

#[test]
fn smaller_roles_that_would_serve() {
    let mut world = World::peopled();
    assign(&mut world, CLEO, &[RoleId::ADMIN]);
    world.grant(CLEO, model(1));
    let uses = |permission| with_usage(vec![used(CLEO, permission, Some(model(1)), at(1))]);
    let findings = found(&world, &uses("model.read"), Code::SmallerRoleSuffices);
    let of_cleo = findings
        .iter()
        .find(|it| it.subjects[0] == CLEO.into())
        .unwrap();
    assert_eq!(
        of_cleo.subjects[1],
        MAKER.into(),
        "two permissions, one of them needed"
    );
    world.operator(of_cleo.mend[0].clone());
    let findings = found(&world, &uses("model.read"), Code::SmallerRoleSuffices);
    assert!(findings.iter().all(|it| it.subjects[0] != CLEO.into()));
    // What only an Admin can do leaves nothing smaller.
    assign(&mut world, CLEO, &[RoleId::ADMIN]);
    let findings = found(&world, &uses("model.delete"), Code::SmallerRoleSuffices);
    assert!(findings.iter().all(|it| it.subjects[0] != CLEO.into()));
}

#[test]
fn every_code_has_its_own_name_and_reason() {
    let names: BTreeSet<_> = Code::ALL.iter().map(|code| code.name()).collect();
    let reasons: BTreeSet<_> = Code::ALL.iter().map(|code| code.why()).collect();
    assert_eq!(
        (names.len(), reasons.len()),
        (Code::ALL.len(), Code::ALL.len())
    );
    for code in Code::ALL {
        let serialised = serde_json::to_string(code).unwrap();
        assert_eq!(serialised, format!("\"{code}\""));
    }
}

/// Everything of every active user under each of their roles.
fn everything(state: &State, now: Timestamp) -> BTreeSet<(UserId, RoleId, Resource, Permission)> {
    let mut held = BTreeSet::new();
    for (user, registration) in state.users() {
        for role in registration.roles.iter() {
            let sign_in = SignIn::new(user).under(role).with_proof(SignInProof::FULL);
            for resource in state.resources().chain([Resource::Organisation]) {
                let session = state.session(sign_in);
                let set = session
                    .map(|it| it.effective(resource, now))
                    .unwrap_or_default();
                held.extend(
                    set.iter()
                        .map(|permission| (user, role, resource, permission)),
                );
            }
        }
    }
    held
}

/// Whether a user may do the same throughout a resource after the grant there is revoked, now and in its last
/// moment, under each role of theirs but Admin.
fn is_idle(world: &World, user: UserId, on: Resource, grant: Grant) -> bool {
    let mut without = world.clone();
    without.operator(Command::Revoke {
        from: user.into(),
        on,
    });
    let last = grant
        .expires_at
        .map_or(u64::MAX, |end| end.milliseconds() - 1);
    let moments = [world.now, Timestamp::from_milliseconds(last)];
    let roles = world.state.user(user).unwrap().roles.iter();
    let everyday: Vec<_> = roles.filter(|role| *role != RoleId::ADMIN).collect();
    let held = |state: &State, role: RoleId, at: Timestamp| {
        let sign_in = SignIn::new(user).under(role).with_proof(SignInProof::FULL);
        let session = state.session(sign_in).ok()?;
        Some(effective_throughout(&session, on, at))
    };
    let is_same = |role: &RoleId| {
        moments.into_iter().all(|at| {
            let before = held(&world.state, *role, at);
            before.is_some() && before == held(&without.state, *role, at)
        })
    };
    !everyday.is_empty() && everyday.iter().all(is_same)
}

fn random_options(world: &World, seed: &[(u64, u8)]) -> ReviewOptions {
    let uses = seed.iter().map(|(user, bit)| Use {
        user: (*user).into(),
        permission: Permission::from_bit(*bit).unwrap(),
        resource: None,
        last_used: world.now,
    });
    ReviewOptions {
        usage: Some(Usage {
            since: at(0),
            uses: uses.collect(),
        }),
        pending_at_most: Duration::from_secs(3_600),
        ..ReviewOptions::default()
    }
}

/// What mends without changing anybody's access.
const CLUTTER: [Code; 8] = [
    Code::GrantExpired,
    Code::GrantToAdmin,
    Code::GrantRestricted,
    Code::GrantRedundant,
    Code::RestrictionWithoutEffect,
    Code::RestrictionRedundant,
    Code::RestrictionOnAdmin,
    Code::GroupEmpty,
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 200 } else { 2_000 }))]

    #[test]
    fn every_mend_is_accepted_and_mends(
        steps in steps(40),
        uses in proptest::collection::vec((1_u64..8, 0_u8..33), 0..12),
    ) {
        let mut world = World::peopled();
        world.play(&steps);
        let options = random_options(&world, &uses);
        let findings = review(&world.state, &options, world.now);
        prop_assert_eq!(&findings, &review(&world.state, &options, world.now));
        for finding in findings {
            prop_assert!(!finding.to_string().is_empty());
            for mend in &finding.mend {
                let mut mended = world.clone();
                mended.run(Actor::Operator, mend).unwrap();
                let left = review(&mended.state, &options, mended.now);
                let is_same = |it: &Finding| it.code == finding.code && it.subjects == finding.subjects;
                prop_assert!(!left.iter().any(is_same), "{finding:?}");
                if CLUTTER.contains(&finding.code) {
                    let before = everything(&world.state, world.now);
                    prop_assert_eq!(before, everything(&mended.state, mended.now), "{:?}", finding);
                }
            }
        }
    }

    /// All idle grants at once: none of them leans on another that goes too.
    #[test]
    fn idle_grants_can_all_go_together(steps in steps(60)) {
        let mut world = World::peopled();
        world.play(&steps);
        let idle = [Code::GrantExpired, Code::GrantToAdmin, Code::GrantRestricted, Code::GrantRedundant];
        let findings = review(&world.state, &ReviewOptions::default(), world.now);
        let before = everything(&world.state, world.now);
        for finding in findings.into_iter().filter(|it| idle.contains(&it.code)) {
            world.operator(finding.mend[0].clone());
        }
        prop_assert_eq!(before, everything(&world.state, world.now));
    }

    /// Each grant of a user, and no other, without which they could do the same under every everyday role, as
    /// long as it would last.
    #[test]
    fn a_grant_is_idle_where_it_would_not_be_missed(steps in steps(60)) {
        let mut world = World::peopled();
        world.play(&steps);
        let idle = [Code::GrantRestricted, Code::GrantRedundant];
        let findings = review(&world.state, &ReviewOptions::default(), world.now).into_iter();
        let idle = findings.filter(|it| idle.contains(&it.code)).map(|it| it.subjects);
        let idle: BTreeSet<_> = idle.collect();
        for (user, _) in world.state.users() {
            for (on, grant) in world.state.grants_of(user.into()) {
                let expected = grant.is_live(world.now) && is_idle(&world, user, on, grant);
                let subjects: Vec<Topic> = vec![user.into(), on.into()];
                prop_assert_eq!(idle.contains(&subjects), expected, "{:?}: {:?}", subjects, grant);
            }
        }
    }

    #[test]
    fn users_without_access_can_do_nothing(steps in steps(40)) {
        let mut world = World::peopled();
        world.play(&steps);
        let held = everything(&world.state, world.now);
        let able: BTreeSet<_> = held.iter().map(|(user, ..)| *user).collect();
        for (user, it) in world.state.users().filter(|(_, it)| it.is_active()) {
            let idle = codes(&world, Code::UserWithoutAccess).contains(&vec![user.into()]);
            prop_assert_eq!(idle, !able.contains(&user), "{:?}", it);
        }
    }
}
