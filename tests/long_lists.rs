//! Lists of many rows against brute force by checks: long chains of children, large groups, many ids.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test that panics has failed, which is what it is for"
)]

mod universe;

use rolebook::{
    Actor, Command, FrameworkId, GrantRequest, GroupId, ModelId, Permission, PermissionSet,
    Resource, RoleId, Session, SignIn, State, Subject, Timestamp, UserId, VersionId,
};
use universe::{NOW, execute, founded, moments};

/// Numbers that look like drawn at random.
fn scattered(number: u128) -> u128 {
    number
        .wrapping_add(11)
        .wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835)
}

fn users() -> impl Iterator<Item = UserId> {
    (100..200).map(|number| UserId::new(scattered(number)))
}

fn groups() -> [GroupId; 3] {
    [11, 12, 13].map(GroupId::new)
}

fn model(number: u128) -> Resource {
    ModelId::new(scattered(number)).into()
}

fn version(number: u128) -> Resource {
    VersionId::new(scattered(number)).into()
}

fn framework(number: u128) -> Resource {
    FrameworkId::new(scattered(number)).into()
}

fn run(state: &mut State, command: &Command) {
    execute(state, Actor::Operator, command).unwrap();
}

fn grant(
    state: &mut State,
    to: Subject,
    on: Resource,
    cascade: bool,
    expires_at: Option<Timestamp>,
) {
    let of_kind = if cascade {
        PermissionSet::at_or_below(on.kind())
    } else {
        PermissionSet::of_kind(on.kind())
    };
    let reviewer = state.role(RoleId::REVIEWER).unwrap().ceiling;
    let request = GrantRequest {
        role: Some(RoleId::REVIEWER),
        extend: of_kind.intersection(reviewer),
        cascade,
        expires_at,
        ..GrantRequest::new(to, on)
    };
    run(state, &Command::Grant(request));
}

fn restrict(state: &mut State, from: Subject, on: Resource) {
    let permissions = PermissionSet::at_or_below(on.kind());
    let restrict = Command::Restrict {
        from,
        on,
        permissions,
    };
    run(state, &restrict);
}

/// Models with many versions, of which some have frameworks; some versions are gone again.
fn resources(state: &mut State) {
    let mut register = |resource, parent| run(state, &Command::Register { resource, parent });
    (1..4).for_each(|number| register(model(number), None));
    (1..301).for_each(|number| register(version(number), Some(model(number % 3 + 1))));
    (1..121).for_each(|number| register(framework(number), Some(version(number * 2))));
    for number in (1..301).step_by(14) {
        let resource = version(number);
        run(state, &Command::Unregister { resource });
    }
}

/// Reviewers, every seventh of them a Data Architect too and every fifth first; some suspended.
fn people(state: &mut State) {
    for (number, user) in (0..).zip(users()) {
        let roles = match number {
            number if number % 7 == 0 => vec![RoleId::REVIEWER, RoleId::DATA_ARCHITECT],
            number if number % 5 == 0 => vec![RoleId::DATA_ARCHITECT, RoleId::REVIEWER],
            _ => vec![RoleId::REVIEWER],
        };
        let name = format!("Service {number}");
        run(state, &Command::AddServiceUser { user, name, roles });
    }
    let roles = [RoleId::REVIEWER, RoleId::REVIEWER, RoleId::DATA_ARCHITECT];
    for (group, role) in groups().into_iter().zip(roles) {
        let name = format!("Group {}", group.value());
        run(state, &Command::CreateGroup { group, name, role });
    }
    for (number, user) in (0..).zip(users()) {
        let [one, other, architects] = groups();
        let joined = [
            (number % 4 != 0, one),
            (number % 3 == 0, other),
            (number % 35 == 5, architects),
        ];
        for (_, group) in joined.into_iter().filter(|(joins, _)| *joins) {
            run(state, &Command::AddToGroup { group, user });
        }
    }
    for user in users().step_by(9) {
        run(state, &Command::Suspend { user });
    }
}

fn organisation() -> State {
    let mut state = founded();
    resources(&mut state);
    people(&mut state);
    let soon = Some(Timestamp::from_milliseconds(NOW.milliseconds() + 2));
    let [one, other, architects] = groups().map(Subject::Group);
    grant(&mut state, one, model(1), true, None);
    grant(&mut state, one, model(2), false, None);
    grant(&mut state, other, model(2), true, soon);
    grant(&mut state, other, model(1), true, None);
    grant(&mut state, architects, model(3), true, None);
    for (number, user) in (0..).zip(users()) {
        (0..6).for_each(|step| {
            let on = version(2 + 14 * ((number + step) % 20));
            grant(
                &mut state,
                user.into(),
                on,
                step % 2 == 0,
                soon.filter(|_| step == 3),
            );
        });
    }
    restrict(&mut state, other, version(3));
    users()
        .step_by(8)
        .for_each(|user| restrict(&mut state, user.into(), version(6)));
    users()
        .step_by(13)
        .for_each(|user| restrict(&mut state, user.into(), model(1)));
    state
}

fn places(state: &State) -> Vec<Resource> {
    state.resources().collect()
}

fn asked() -> impl Iterator<Item = Permission> {
    let names = [
        "model.read",
        "version.read",
        "version.delete",
        "framework.comment_create",
    ];
    names.into_iter().map(|name| name.parse().unwrap())
}

fn sessions(state: &State) -> impl Iterator<Item = Session<'_>> {
    let roles = [RoleId::REVIEWER, RoleId::DATA_ARCHITECT];
    let sign_ins = users().flat_map(move |user| roles.map(|role| SignIn::new(user).under(role)));
    sign_ins.filter_map(|sign_in| state.session(sign_in).ok())
}

#[test]
fn resources_are_those_that_checks_allow() {
    let state = organisation();
    let mut longest = 0;
    for (now, session) in moments()
        .into_iter()
        .flat_map(|now| sessions(&state).map(move |it| (now, it)))
    {
        for permission in asked() {
            let expected: Vec<_> = session.filter(permission, places(&state), now).collect();
            let listed: Vec<_> = session.resources_for(permission, now).collect();
            assert_eq!(listed, expected);
            longest = longest.max(listed.len());
        }
    }
    assert!(longest > 100, "the longest list is long");
}

#[test]
fn users_are_those_whom_checks_allow() {
    let state = organisation();
    let mut longest = 0;
    let on = [1, 2, 3]
        .map(model)
        .into_iter()
        .chain([3, 6, 16, 30, 44].map(version))
        .chain([framework(8)]);
    for (now, on) in moments()
        .into_iter()
        .flat_map(|now| on.clone().map(move |on| (now, on)))
    {
        for permission in asked() {
            let allowed = |session: &Session<'_>| session.check(permission, on, now).is_allowed();
            let mut expected: Vec<_> = sessions(&state)
                .filter(allowed)
                .map(|it| it.user())
                .collect();
            if permission.kind() == on.kind() {
                expected.push(UserId::new(1));
            }
            expected.sort_unstable();
            expected.dedup();
            let listed: Vec<_> = state.users_for(permission, on, now).collect();
            assert_eq!(listed, expected);
            longest = longest.max(listed.len());
        }
    }
    assert!(longest > 70, "the longest list is long");
}

#[test]
fn what_is_visible_is_where_something_may_be_done_and_the_way_there() {
    let state = organisation();
    for session in sessions(&state).step_by(3) {
        let listed: Vec<_> = session.visible(NOW).map(|it| it.resource).collect();
        let may = |it: &Resource| !session.effective(*it, NOW).is_empty();
        let leading = places(&state).into_iter().filter(may);
        let mut expected: Vec<_> = leading.filter_map(|it| state.chain(it)).flatten().collect();
        expected.sort_unstable();
        expected.dedup();
        assert_eq!(listed, expected);
    }
}

#[test]
fn a_page_begins_after_a_cursor_that_is_not_there() {
    let state = organisation();
    let read: Permission = "version.read".parse().unwrap();
    let gone = (1..301).step_by(14).map(version);
    let others = [model(1), framework(1), Resource::Organisation];
    let cursors: Vec<_> = gone.chain(others).collect();
    for session in sessions(&state).step_by(5) {
        let whole: Vec<_> = session.resources_for(read, NOW).collect();
        for (cursor, limit) in cursors.iter().zip([1, 2, 7, 40, 1_000].into_iter().cycle()) {
            let page = session.resources_for(read, NOW).page(Some(*cursor), limit);
            let mut rest = whole.iter().filter(|it| *it > cursor).copied();
            assert_eq!(page.items, rest.by_ref().take(limit).collect::<Vec<_>>());
            let last = page.items.last().copied();
            assert_eq!(page.next, last.filter(|_| rest.next().is_some()));
        }
    }
}
