//! Explanations, remedies and who may give them, over random organisations in a small universe.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test that panics has failed, which is what it is for"
)]

mod universe;

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample::select;
use rolebook::decision::explain::{Bearing, Origin};
use rolebook::{
    Actor, Command, Decision, Explanation, Extent, Giver, GrantRequest, HandOutWay, Permission,
    PermissionSet, PublicAnswer, RemedyStep, Resource, ResourceKind, RoleDefinition, RoleId, Scope,
    SignIn, SignInProof, State, Subject, Timestamp, UserId, decide,
};
use universe::{NOW, execute, moments, organisations, places, sign_ins};

fn secured(mut state: State, sso: bool, mfa: bool) -> State {
    let settings = Command::SetSecurity {
        require_sso: Some(sso),
        require_mfa: Some(mfa),
        allowed_domains: None,
        allow_external_admins: None,
    };
    execute(&mut state, Actor::Operator, &settings).unwrap();
    state
}

fn proofs() -> [SignInProof; 3] {
    let sso = SignInProof {
        sso: true,
        mfa: false,
    };
    [SignInProof::NONE, sso, SignInProof::FULL]
}

fn permissions() -> impl Strategy<Value = Permission> {
    select(Permission::all().collect::<Vec<_>>())
}

fn some_place() -> impl Strategy<Value = Resource> {
    select(places())
}

/// A permission, and a place of its kind.
fn fitting() -> impl Strategy<Value = (Permission, Resource)> {
    some_place().prop_flat_map(|on| {
        let of_kind: Vec<_> = PermissionSet::of_kind(on.kind()).iter().collect();
        (select(of_kind), Just(on))
    })
}

/// Organisations whose custom roles hold many of the rights over users, groups and roles. The first
/// may be a role of great power, so that there is something that it can confer.
fn empowered() -> impl Strategy<Value = State> {
    let more = || {
        any::<u64>().prop_map(|bits| {
            let organisation = PermissionSet::of_kind(ResourceKind::Organisation);
            let set = PermissionSet::from_bits(bits & organisation.bits()).unwrap();
            set | set.missing_prerequisites()
        })
    };
    let sets = || universe::permission_sets();
    let powers = (sets(), sets(), sets()).prop_map(|(one, other, third)| {
        let weak = one.intersection(other).intersection(third);
        PermissionSet::ALL.without(weak.with_dependants())
    });
    let mighty = proptest::option::weighted(0.7, (powers, any::<bool>(), any::<bool>()));
    (organisations(), [more(), more(), more()], mighty).prop_map(|(mut state, rights, mighty)| {
        for (role, more) in universe::roles().into_iter().zip(rights) {
            redefine(&mut state, role, |it| {
                it.defaults = it.defaults | more;
                it.ceiling = it.ceiling.map(|ceiling| ceiling | more);
            });
        }
        if let Some((power, everywhere, free)) = mighty {
            empower(&mut state, power, everywhere, free);
        }
        state
    })
}

/// Gives user 2 a role of great power, and nothing else; user 3 a role that it may confer.
fn empower(state: &mut State, power: PermissionSet, everywhere: bool, free: bool) {
    let [first, second, ..] = universe::roles();
    redefine(state, first, |it| {
        it.ceiling = it.ceiling.map(|ceiling| ceiling | power);
        it.defaults = it.defaults | power;
        if everywhere {
            it.scope = Scope::All;
        }
    });
    let [_, mighty, meek, _] = universe::users();
    let mut run = |command| execute(state, Actor::Operator, &command).is_ok();
    run(Command::AssignRoles {
        user: mighty,
        roles: vec![first],
    });
    run(Command::AssignRoles {
        user: meek,
        roles: vec![second, RoleId::REVIEWER],
    });
    if free {
        for from in universe::groups()
            .map(Subject::Group)
            .into_iter()
            .chain([mighty.into()])
        {
            for on in places() {
                run(Command::Unrestrict { from, on });
            }
        }
    }
}

fn redefine(state: &mut State, role: RoleId, change: impl FnOnce(&mut RoleDefinition)) {
    let Some(before) = state.role(role).cloned() else {
        return;
    };
    let mut definition = RoleDefinition {
        name: before.name.to_string(),
        description: before.description,
        defaults: before.defaults,
        ceiling: Some(before.ceiling),
        scope: before.scope,
    };
    change(&mut definition);
    execute(
        state,
        Actor::Operator,
        &Command::RedefineRole { role, definition },
    )
    .unwrap();
}

fn closed(permission: Permission) -> PermissionSet {
    permission.prerequisites() | permission
}

/// Whether the user may, under at least one role, with every proof.
fn may(state: &State, user: UserId, permission: Permission, on: Resource) -> bool {
    state.users_for(permission, on, NOW).any(|it| it == user)
}

/// Who may give a command, by asking for everybody under each of their roles.
fn givers_by_deciding(state: &State, command: &Command) -> Vec<Giver> {
    let givers = universe::users().into_iter().filter_map(|user| {
        let roles = state.user(user).map(|it| it.roles.iter());
        let mut givers = roles.into_iter().flatten().map(|role| Giver { user, role });
        givers.find(|giver| decide(state, &giver.actor(), command, NOW).is_ok())
    });
    givers.collect()
}

/// The grant of a permission and what it needs, and of no more.
fn exact_grant(state: &State, to: Subject, on: Resource, set: PermissionSet) -> Option<Command> {
    let role = match to {
        Subject::User(user) => state.user(user)?.roles.primary(),
        Subject::Group(group) => state.group(group)?.role,
    };
    let reach = PermissionSet::at_or_below(on.kind());
    let base = state.role(role)?.defaults.intersection(reach);
    Some(Command::Grant(GrantRequest {
        extend: set.without(base),
        narrow: base.without(set),
        ..GrantRequest::new(to, on)
    }))
}

/// Single commands by which a permission on a resource could come to somebody.
fn commands_that_give(state: &State, permission: Permission, on: Resource) -> Vec<Command> {
    let subjects = || {
        let users = universe::users().map(Subject::User);
        users
            .into_iter()
            .chain(universe::groups().map(Subject::Group))
    };
    let chain = state.chain(on).unwrap_or_default();
    let mut commands = Vec::new();
    for (subject, link) in subjects().flat_map(|it| chain.iter().map(move |link| (it, *link))) {
        let old = state.grant(subject, link);
        for set in [
            closed(permission),
            closed(permission) | old.map(|it| it.permissions).unwrap_or_default(),
        ] {
            for end in [
                None,
                old.and_then(|it| it.expires_at),
                Some(Timestamp::from_milliseconds(NOW.milliseconds() + 1)),
            ] {
                if let Some(Command::Grant(request)) = exact_grant(state, subject, link, set) {
                    commands.push(Command::Grant(GrantRequest {
                        expires_at: end,
                        ..request
                    }));
                }
            }
        }
        commands.push(Command::Unrestrict {
            from: subject,
            on: link,
        });
        if let Some(set) = state.restriction(subject, link) {
            let permissions = set.without(closed(permission));
            commands.push(Command::Restrict {
                from: subject,
                on: link,
                permissions,
            });
        }
    }
    for user in universe::users() {
        for group in universe::groups() {
            commands.push(Command::AddToGroup { group, user });
            commands.push(Command::RemoveFromGroup { group, user });
        }
        commands.push(Command::Reinstate { user });
        for first in universe::roles() {
            commands.extend(universe::roles().map(|other| Command::AssignRoles {
                user,
                roles: vec![first, other],
            }));
        }
    }
    commands.extend(universe::groups().map(|group| Command::DeleteGroup { group }));
    for (role, before) in state.custom_roles() {
        let scope = if on == Resource::Organisation {
            Scope::Granted
        } else {
            Scope::Selected([on].into())
        };
        let definition = |defaults: PermissionSet, scope: Scope| RoleDefinition {
            name: before.name.to_string(),
            description: String::new(),
            defaults,
            ceiling: Some(before.ceiling | defaults),
            scope,
        };
        let more = before.defaults | closed(permission);
        commands.push(Command::RedefineRole {
            role,
            definition: definition(closed(permission), scope.clone()),
        });
        commands.push(Command::RedefineRole {
            role,
            definition: definition(more, before.scope.clone()),
        });
        commands.push(Command::RedefineRole {
            role,
            definition: definition(more, scope),
        });
        commands.extend(universe::roles().map(|other| Command::DeleteRole {
            role,
            replacement: Some(other),
        }));
    }
    commands
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..Default::default() })]

    #[test]
    fn an_explanation_decides_as_the_check(
        state in organisations(),
        sso: bool,
        mfa: bool,
        proof in select(proofs().to_vec()),
    ) {
        let state = secured(state, sso, mfa);
        for sign_in in sign_ins().map(|it| it.with_proof(proof)) {
            for (permission, on) in Permission::all().flat_map(|it| places().into_iter().map(move |on| (it, on))) {
                let why = state.explain(sign_in, permission, on, NOW);
                prop_assert_eq!(why.decision(), state.check(sign_in, permission, on, NOW));
                prop_assert_eq!(why.sign_in.refusal(), state.session(sign_in).err());
            }
        }
    }

    #[test]
    fn an_explanation_keeps_its_facts_in_its_serialised_form(state in organisations(), permission in permissions()) {
        for now in moments() {
            for (sign_in, on) in sign_ins().flat_map(|it| places().into_iter().map(move |on| (it, on))) {
                let why = state.explain(sign_in, permission, on, now);
                let json = serde_json::to_string(&why).unwrap();
                let read: Explanation = serde_json::from_str(&json).unwrap();
                prop_assert_eq!(read.decision(), state.check(sign_in, permission, on, now));
                prop_assert_eq!(read, why);
            }
        }
    }

    #[test]
    fn what_decides_turns_the_answer_when_it_goes(state in organisations(), permission in permissions()) {
        for (sign_in, on) in sign_ins().flat_map(|it| places().into_iter().map(move |on| (it, on))) {
            let why = state.explain(sign_in, permission, on, NOW);
            let turns = |command: Command| {
                let mut other = state.clone();
                execute(&mut other, Actor::Operator, &command).unwrap();
                other.check(sign_in, permission, on, NOW).is_allowed() != why.decision().is_allowed()
            };
            for source in &why.sources {
                let revoke = match source.origin {
                    Origin::UserGrant { on, .. } => Command::Revoke { from: sign_in.user.into(), on },
                    Origin::GroupGrant { group, on, .. } => Command::Revoke { from: group.into(), on },
                    Origin::Admin | Origin::RoleScope(_) => continue,
                };
                prop_assert_eq!(source.bearing == Bearing::Decisive, turns(revoke));
                if source.bearing != Bearing::None {
                    prop_assert_eq!(why.decision(), Decision::Allow(source.reason()));
                }
            }
            for taken in &why.restrictions {
                let lift = Command::Unrestrict { from: taken.from, on: taken.on };
                prop_assert_eq!(taken.bearing == Bearing::Decisive, turns(lift));
            }
        }
    }

    #[test]
    fn something_hidden_reads_like_something_unknown(state in organisations(), sso: bool) {
        let state = secured(state, sso, false);
        for place in universe::resources().map(|it| it.0) {
            let mut without = state.clone();
            execute(&mut without, Actor::Operator, &Command::Unregister { resource: place }).unwrap();
            for (sign_in, permission) in sign_ins().flat_map(|it| Permission::all().map(move |one| (it, one))) {
                let told = state.explain_publicly(sign_in, permission, place, NOW);
                let unknown = without.explain_publicly(sign_in, permission, place, NOW);
                let sees = state.session(sign_in).is_ok_and(|it| !it.effective(place, NOW).is_empty());
                if sees {
                    prop_assert!(told.answer != PublicAnswer::NotAvailable);
                } else {
                    prop_assert_eq!(told, unknown);
                    prop_assert_eq!(told.to_string(), unknown.to_string());
                }
                let allowed = state.check(sign_in, permission, place, NOW).is_allowed();
                prop_assert_eq!(told.answer == PublicAnswer::Allowed, allowed);
            }
        }
    }

    #[test]
    fn remedies_allow_what_they_are_for(
        state in empowered(),
        (permission, on) in fitting(),
        sso: bool,
    ) {
        let state = secured(state, sso, false);
        for sign_in in sign_ins() {
            let remedies = state.remedies(sign_in, permission, on, NOW);
            prop_assert_eq!(remedies.found.is_empty(), remedies.none.is_some());
            prop_assert!(remedies.found.is_sorted_by_key(|it| it.extent));
            for remedy in &remedies.found {
                prop_assert!(!state.check(sign_in, permission, on, NOW).is_allowed());
                prop_assert_eq!(remedy.then.user, sign_in.user);
                let mut after = state.clone();
                if let RemedyStep::Command(command) = &remedy.step {
                    execute(&mut after, Actor::Operator, command).unwrap();
                    prop_assert_eq!(&remedy.givers, &givers_by_deciding(&state, command));
                    prop_assert_eq!(remedy.then.proof, sign_in.proof);
                    prop_assert!(remedy.extent > Extent::default());
                }
                prop_assert!(after.check(remedy.then, permission, on, NOW).is_allowed());
            }
        }
    }

    #[test]
    fn where_no_remedy_is_found_no_command_helps(state in organisations(), (permission, on) in fitting()) {
        let is_allowed = |state: &State, it: SignIn| state.check(it, permission, on, NOW).is_allowed();
        let denied = sign_ins().filter(|it| !is_allowed(&state, *it));
        let hopeless = denied.filter(|it| state.remedies(*it, permission, on, NOW).found.is_empty());
        let hopeless: Vec<SignIn> = hopeless.collect();
        for command in commands_that_give(&state, permission, on) {
            // These help by the way, with something that many lose.
            if matches!(command, Command::DeleteRole { .. } | Command::DeleteGroup { .. }) {
                continue;
            }
            let mut after = state.clone();
            if execute(&mut after, Actor::Operator, &command).is_ok() {
                let helped = hopeless.iter().find(|it| is_allowed(&after, **it));
                prop_assert_eq!(helped, None, "{:?}", command);
            }
        }
    }

    #[test]
    fn givers_are_those_who_are_not_refused(state in empowered(), permission in permissions(), on in universe::registered()) {
        let mut commands = commands_that_give(&state, permission, on);
        commands.extend(universe::users().map(|user| Command::Suspend { user }));
        commands.push(Command::Unregister { resource: on });
        commands.push(Command::Batch { commands: vec![Command::Unregister { resource: on }] });
        for command in commands {
            let givers = state.who_may_give(&command, NOW);
            prop_assert_eq!(givers, givers_by_deciding(&state, &command));
        }
    }

    #[test]
    fn whoever_can_hand_out_is_listed(state in empowered(), (permission, on) in fitting()) {
        let listed = state.who_could_hand_out(permission, on, NOW).into_iter();
        let listed: BTreeSet<_> = listed.map(|it| (it.user, Some(it.role))).collect();
        let before: Vec<UserId> = state.users_for(permission, on, NOW).collect();
        let bound = sign_ins().filter(|it| it.role.is_some_and(|role| role != RoleId::ADMIN));
        let actors: Vec<_> = bound.filter(|it| state.session(*it).is_ok()).collect();
        for command in commands_that_give(&state, permission, on) {
            for actor in &actors {
                let mut after = state.clone();
                if execute(&mut after, (*actor).into(), &command).is_err() {
                    continue;
                }
                let mut users = after.users_for(permission, on, NOW);
                let gained = users.any(|user| user != actor.user && !before.contains(&user));
                let is_listed = listed.contains(&(actor.user, actor.role));
                prop_assert!(!gained || is_listed, "{:?} by {:?}", actor, command);
            }
        }
    }

    #[test]
    fn whoever_is_listed_has_the_right_to_it(state in empowered(), permission in permissions()) {
        use rolebook::OrganisationPermissions as P;
        for on in places() {
            for found in state.who_could_hand_out(permission, on, NOW) {
                let sign_in = SignIn::new(found.user).under(found.role);
                let session = state.session(sign_in).unwrap();
                let holds = |it: P| session.organisation_permissions().intersects(it.into());
                let fits = match found.way {
                    HandOutWay::Admin => session.is_admin(),
                    HandOutWay::PermissionsManager => holds(P::PERMISSIONS_MANAGE),
                    HandOutWay::Delegate => may(&state, found.user, permission, on),
                    HandOutWay::AddToGroup(_) | HandOutWay::RemoveFromGroup(_) => holds(P::GROUPS_MANAGE),
                    HandOutWay::GiveRole(_) | HandOutWay::ChangeRoles(_) | HandOutWay::Reinstate(_) => holds(P::USERS_MANAGE),
                    HandOutWay::DefineRole => holds(P::ROLES_MANAGE),
                    HandOutWay::InviteWithRole(_) | HandOutWay::InviteToGroup(_) => holds(P::USERS_INVITE),
                };
                prop_assert!(fits, "{found:?}");
                prop_assert!(session.is_admin() || found.way != HandOutWay::Admin);
            }
        }
    }
}
