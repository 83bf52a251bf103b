//! Every listing against brute force by checks, over random organisations in a small universe.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test that panics has failed, which is what it is for"
)]

mod universe;

use proptest::prelude::*;
use rolebook::{
    Actor, Command, Decision, ModelId, Page, Permission, Resource, Session, SignIn, State,
    Timestamp, UserId, Visible,
};
use universe::{NOW, execute, moments, organisations, places, sign_ins};

fn sessions(state: &State) -> impl Iterator<Item = Session<'_>> {
    sign_ins().filter_map(|sign_in| state.session(sign_in).ok())
}

fn sorted(mut resources: Vec<Resource>) -> Vec<Resource> {
    resources.sort_unstable();
    resources
}

fn resources_by_checks(
    session: &Session<'_>,
    permission: Permission,
    now: Timestamp,
) -> Vec<Resource> {
    let allowed = |place: &Resource| session.check(permission, *place, now).is_allowed();
    sorted(places().into_iter().filter(allowed).collect())
}

fn users_by_checks(
    state: &State,
    permission: Permission,
    on: Resource,
    now: Timestamp,
) -> Vec<UserId> {
    let may = |user: &UserId| {
        let mut roles = state.user(*user).into_iter().flat_map(|it| it.roles.iter());
        roles.any(|role| {
            state
                .check(SignIn::new(*user).under(role), permission, on, now)
                .is_allowed()
        })
    };
    universe::users().into_iter().filter(may).collect()
}

/// All rows, page by page.
fn paged<Row, Id: Copy>(mut page: impl FnMut(Option<Id>) -> Page<Row, Id>) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut cursor = None;
    loop {
        let Page { items, next } = page(cursor);
        assert!(
            !items.is_empty() || next.is_none(),
            "an empty page ends the listing"
        );
        rows.extend(items);
        cursor = next;
        if cursor.is_none() {
            return rows;
        }
    }
}

/// What is seen, as the rule is written: something may be done there or beneath.
fn visible_by_checks(session: &Session<'_>, now: Timestamp) -> Vec<Visible> {
    let state = session.state();
    let permissions = |place: Resource| session.effective(place, now);
    let may = |place: &Resource| !permissions(*place).is_empty();
    let is_seen = |place: &Resource| {
        let beneath = places()
            .into_iter()
            .filter(|it| state.is_at_or_beneath(*it, *place));
        beneath.into_iter().any(|it| may(&it))
    };
    let seen = sorted(places().into_iter().filter(is_seen).collect());
    seen.into_iter()
        .map(|resource| Visible {
            resource,
            permissions: permissions(resource),
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..Default::default() })]

    #[test]
    fn resources_are_those_that_checks_allow(state in organisations()) {
        for (now, session) in moments().into_iter().flat_map(|now| sessions(&state).map(move |it| (now, it))) {
            for permission in Permission::all() {
                let expected = resources_by_checks(&session, permission, now);
                let listed: Vec<_> = session.resources_for(permission, now).collect();
                prop_assert_eq!(&listed, &expected);
                let filtered = session.filter(permission, places(), now).collect();
                prop_assert_eq!(sorted(filtered), expected);
            }
        }
    }

    #[test]
    fn users_are_those_whom_checks_allow(state in organisations()) {
        for now in moments() {
            for (permission, on) in Permission::all().flat_map(|it| places().into_iter().map(move |on| (it, on))) {
                let listed: Vec<_> = state.users_for(permission, on, now).collect();
                prop_assert_eq!(listed, users_by_checks(&state, permission, on, now));
            }
        }
    }

    #[test]
    fn many_checks_are_each_check(state in organisations()) {
        let questions: Vec<_> = universe::questions().into_iter()
            .flat_map(|asked| places().into_iter().map(move |on| (asked, on))).collect();
        let everybody: Vec<_> = questions.iter()
            .flat_map(|(asked, on)| sign_ins().map(move |it| (it, *asked, *on))).collect();
        let each = everybody.iter().map(|(sign_in, asked, on)| state.check(*sign_in, *asked, *on, NOW));
        let expected: Vec<Decision> = each.collect();
        prop_assert_eq!(state.check_many(everybody.iter().copied(), NOW), expected);
        for session in sessions(&state) {
            let each = questions.iter().map(|(asked, on)| session.check(*asked, *on, NOW));
            let expected: Vec<Decision> = each.collect();
            let together: Vec<Decision> = session.check_many(questions.iter().copied(), NOW).collect();
            prop_assert_eq!(together, expected);
        }
    }

    #[test]
    fn what_is_visible_is_what_leads_to_something(state in organisations()) {
        for (now, session) in moments().into_iter().flat_map(|now| sessions(&state).map(move |it| (now, it))) {
            let listed: Vec<_> = session.visible(now).collect();
            prop_assert_eq!(&listed, &visible_by_checks(&session, now));
            for row in &listed {
                let parent = state.parent(row.resource);
                prop_assert!(parent.is_none_or(|it| listed.iter().any(|other| other.resource == it)));
            }
            for limit in 1..4 {
                prop_assert_eq!(&paged(|after| session.visible(now).page(after, limit)), &listed);
            }
        }
    }

    #[test]
    fn the_matrix_holds_what_users_for_lists(state in organisations()) {
        let users = || universe::users().into_iter().chain([UserId::new(9)]);
        let matrix = state.access_matrix(users(), places(), NOW);
        prop_assert_eq!(&matrix.resources, &places());
        for (user, cells) in &matrix.rows {
            for (on, cell) in places().into_iter().zip(cells) {
                prop_assert!(!cell.permissions.intersects(cell.withheld));
                for permission in Permission::all() {
                    let listed = state.users_for(permission, on, NOW).any(|it| it == *user);
                    prop_assert_eq!(cell.permissions.holds(permission), listed);
                }
                let level = cell.level(on.kind());
                prop_assert!(level.permissions(on.kind()).is_within(cell.permissions));
            }
        }
    }

    #[test]
    fn what_is_withheld_comes_back_without_restrictions(state in organisations()) {
        let mut free = state.clone();
        let subjects = universe::users().map(Into::into).into_iter().chain(universe::groups().map(Into::into));
        for (from, on) in subjects.flat_map(|it| places().into_iter().map(move |on| (it, on))) {
            let _ = execute(&mut free, Actor::Operator, &Command::Unrestrict { from, on });
        }
        let before = state.access_matrix(universe::users(), places(), NOW);
        let after = free.access_matrix(universe::users(), places(), NOW);
        for ((_, before), (_, after)) in before.rows.iter().zip(&after.rows) {
            for (before, after) in before.iter().zip(after) {
                prop_assert_eq!(before.permissions | before.withheld, after.permissions);
            }
        }
    }

    #[test]
    fn pages_are_the_whole(state in organisations()) {
        for session in sessions(&state) {
            for permission in Permission::all() {
                let whole: Vec<_> = session.resources_for(permission, NOW).collect();
                for limit in 0..4 {
                    let pages = paged(|after| session.resources_for(permission, NOW).page(after, limit));
                    prop_assert_eq!(&pages, &whole);
                }
            }
        }
        for (permission, on) in Permission::all().flat_map(|it| places().into_iter().map(move |on| (it, on))) {
            let whole: Vec<_> = state.users_for(permission, on, NOW).collect();
            let pages = paged(|after| state.users_for(permission, on, NOW).page(after, 2));
            prop_assert_eq!(pages, whole);
        }
    }

    #[test]
    fn a_cursor_stays_right_when_things_come_and_go(state in organisations(), gone in universe::registered()) {
        let mut next = state.clone();
        let arrived = Resource::from(ModelId::new(0));
        let register = Command::Register { resource: arrived, parent: None };
        execute(&mut next, Actor::Operator, &register).unwrap();
        execute(&mut next, Actor::Operator, &Command::Unregister { resource: gone }).unwrap();
        for sign_in in sign_ins() {
            let Ok((before, after)) = state.session(sign_in).and_then(|it| Ok((it, next.session(sign_in)?))) else { continue };
            for permission in Permission::all() {
                let first = before.resources_for(permission, NOW).page(None, 1);
                let Some(cursor) = first.next else { continue };
                let rest: Vec<_> = after.resources_for(permission, NOW).after(Some(cursor)).collect();
                let throughout = resources_by_checks(&after, permission, NOW).into_iter().filter(|it| *it > cursor);
                prop_assert_eq!(rest, throughout.collect::<Vec<_>>());
            }
        }
    }
}
