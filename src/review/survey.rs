//! What the review asks of the whole organisation: who can do what anywhere.

use std::collections::BTreeMap;

use super::ReviewOptions;
use crate::admin::decide;
use crate::command::{Actor, Command};
use crate::id::{RoleId, UserId};
use crate::permission::PermissionSet;
use crate::preview::reach::{resources_in_reach, users_in_reach};
use crate::resource::{Resource, ResourceKind};
use crate::session::Session;
use crate::state::State;
use crate::subject::Subject;
use crate::time::Timestamp;
use crate::user::User;

/// The organisation under review, with what each active user holds somewhere.
#[derive(Debug)]
pub(super) struct Survey<'a> {
    pub(super) state: &'a State,
    pub(super) options: &'a ReviewOptions,
    pub(super) now: Timestamp,
    /// Every permission of the kinds of which there is a resource.
    kinds: PermissionSet,
    held: BTreeMap<(UserId, RoleId), PermissionSet>,
}

impl<'a> Survey<'a> {
    pub(super) fn of(state: &'a State, options: &'a ReviewOptions, now: Timestamp) -> Self {
        let mut survey = Self {
            state,
            options,
            now,
            kinds: kinds(state),
            held: BTreeMap::new(),
        };
        for (user, _) in survey.active_users() {
            for session in survey.everyday_sessions(user) {
                let held = survey.held_somewhere(&session);
                survey.held.insert((user, session.role()), held);
            }
        }
        survey
    }

    pub(super) fn active_users(&self) -> impl Iterator<Item = (UserId, &'a User)> + use<'a> {
        self.state.users().filter(|(_, user)| user.is_active())
    }

    /// The sessions of an active user under each role of theirs but Admin.
    pub(super) fn everyday_sessions(&self, user: UserId) -> Vec<Session<'a>> {
        let roles = self.state.user(user).into_iter();
        let roles = roles.flat_map(|it| it.roles.iter());
        let everyday = roles.filter(|role| *role != RoleId::ADMIN);
        let session = |role| self.state.session_without_proof(user, Some(role)).ok();
        everyday.filter_map(session).collect()
    }

    /// What an active user may do on some resource, under whichever role but Admin.
    pub(super) fn held(&self, user: UserId) -> PermissionSet {
        let first = (user, RoleId::new(0));
        let of_user = self
            .held
            .range(first..)
            .take_while(|((one, _), _)| *one == user);
        of_user.map(|(_, set)| *set).collect()
    }

    /// Looks no further than all that could be found.
    fn held_somewhere(&self, session: &Session<'_>) -> PermissionSet {
        let most = self.most(session);
        let mut held = PermissionSet::EMPTY;
        for resource in resources_in_reach(self.state, session.user()) {
            held = held.union(session.effective(resource, self.now));
            if held == most {
                break;
            }
        }
        held
    }

    /// What the role and all grants could give somewhere, on resources of the kinds there are.
    fn most(&self, session: &Session<'_>) -> PermissionSet {
        let role = session.role_definition();
        let groups = self.state.groups_in_no_order(session.user());
        let groups = groups.map(Subject::Group);
        let subjects = groups.chain([Subject::User(session.user())]);
        let grants = subjects.flat_map(|subject| self.state.grants_in_no_order(subject));
        let granted: PermissionSet = grants
            .map(|(_, grant)| grant.permissions_at(self.now))
            .collect();
        let given = role.defaults.union(granted);
        given.intersection(role.ceiling).intersection(self.kinds)
    }

    /// Whether somebody active may do something on a resource under a role that is not Admin.
    pub(super) fn is_used(&self, resource: Resource) -> bool {
        let mut users = users_in_reach(self.state, resource);
        users.any(|user| {
            let mut sessions = self.everyday_sessions(user).into_iter();
            sessions.any(|it| !it.effective(resource, self.now).is_empty())
        })
    }

    /// All grants and restrictions are held by these.
    pub(super) fn subjects(&self) -> impl Iterator<Item = Subject> + 'a {
        let users = self.state.users().map(|(user, _)| Subject::User(user));
        let groups = self.state.groups().map(|(group, _)| Subject::Group(group));
        users.chain(groups)
    }

    /// The command, where the operator could give it as things are.
    pub(super) fn accepted(&self, command: Command) -> Option<Command> {
        let decided = decide(self.state, &Actor::Operator, &command, self.now);
        decided.is_ok().then_some(command)
    }
}

fn kinds(state: &State) -> PermissionSet {
    let kinds = ResourceKind::ALL.into_iter();
    let there = kinds.filter(|kind| state.resources_of(*kind).next().is_some());
    there.map(PermissionSet::of_kind).collect()
}
