//! What the looks of a scenario see, in names.

use std::collections::{BTreeMap, BTreeSet};

use super::names::{Named, Names};
use super::step::{Changes, Listing, Table};
use super::world::World;
use crate::command::SignIn;
use crate::decision::reference;
use crate::id::UserId;
use crate::permission::{Permission, PermissionSet};
use crate::resource::Resource;
use crate::review::{ReviewOptions, review};
use crate::session::Session;
use crate::state::State;
use crate::subject::Subject;
use crate::time::Timestamp;

impl World {
    /// The names that a listing holds: sorted, but for roles, of which the primary one is first.
    pub(super) fn listing(&self, listing: &Listing) -> Vec<String> {
        let (state, now) = (self.state(), self.now());
        match *listing {
            Listing::Effective { sign_in, on } => {
                let effective = |it: Session<'_>| permission_names(it.effective(on, now));
                self.in_session(sign_in, effective)
            }
            Listing::ResourcesFor {
                sign_in,
                permission,
            } => self.in_session(sign_in, |it| {
                let resources = it.resources_for(permission, now);
                sorted(resources.map(|one| self.names().resource(one)))
            }),
            Listing::UsersFor { permission, on } => {
                self.sorted_names(state.users_for(permission, on, now))
            }
            Listing::Members(status) => {
                let users = state.users();
                let members = users.filter(|(_, user)| status.is_none_or(|it| it == user.status));
                self.sorted_names(members.map(|(id, _)| id))
            }
            Listing::Invitations(status) => {
                let all = state.invitations();
                let listed = all.filter(|(_, one)| status.is_none_or(|it| it == one.status(now)));
                self.sorted_names(listed.map(|(id, _)| id))
            }
            Listing::GroupsOf(user) => self.sorted_names(state.groups_of(user)),
            Listing::RolesOf(user) => {
                let roles = state.user(user).map(|it| it.roles.iter());
                let names = roles.into_iter().flatten().map(|id| self.names().name(id));
                names.collect()
            }
            Listing::Visible(sign_in) => self.in_session(sign_in, |it| {
                sorted(
                    it.visible(now)
                        .map(|one| self.names().resource(one.resource)),
                )
            }),
            Listing::Sources(question) => self.sources(question),
            Listing::Remedies(question) => self.remedies(question),
            Listing::ReviewCodes => {
                let findings = review(state, &ReviewOptions::default(), now);
                let codes: BTreeSet<_> = findings.iter().map(|it| it.code.name()).collect();
                codes.into_iter().map(str::to_owned).collect()
            }
        }
    }

    /// What a session sees; nothing where there is none.
    fn in_session(
        &self,
        sign_in: SignIn,
        look: impl FnOnce(Session<'_>) -> Vec<String>,
    ) -> Vec<String> {
        self.state().session(sign_in).map(look).unwrap_or_default()
    }

    fn sorted_names<I: Named>(&self, ids: impl Iterator<Item = I>) -> Vec<String> {
        sorted(ids.map(|id| self.names().name(id)))
    }

    /// The live grants or the restrictions of a subject, by resource.
    pub(super) fn table(&self, table: Table, subject: Subject) -> BTreeMap<String, Vec<String>> {
        let (state, now) = (self.state(), self.now());
        let row = |(on, set)| (self.names().resource(on), permission_names(set));
        match table {
            Table::Grants => {
                let live = state
                    .grants_of(subject)
                    .filter(|(_, grant)| grant.is_live(now));
                live.map(|(on, grant)| row((on, grant.permissions)))
                    .collect()
            }
            Table::Restrictions => state.restrictions_of(subject).map(row).collect(),
        }
    }

    /// Who would gain and lose what where, were the state `after`.
    ///
    /// Over every user active on either side, under the primary role of each side and whatever the
    /// proof of sign-in, and every resource registered on either side.
    pub(super) fn changes_to(&self, after: &State) -> Changes {
        let before = self.state();
        let users: BTreeSet<UserId> = [before, after]
            .into_iter()
            .flat_map(|state| state.users().map(|(id, _)| id))
            .collect();
        let resources = registered_on_either([before, after]);
        let mut changes = Changes::default();
        for user in users {
            for on in resources.iter().copied() {
                let effective = |state| primary_effective(state, user, on, self.now());
                let (had, has) = (effective(before), effective(after));
                let named = |set| change_names(self.names(), user, on, set);
                changes.gained.extend(named(has.without(had)));
                changes.lost.extend(named(had.without(has)));
            }
        }
        changes.gained.sort_unstable();
        changes.lost.sort_unstable();
        changes
    }
}

fn registered_on_either(states: [&State; 2]) -> BTreeSet<Resource> {
    let registered = states.into_iter().flat_map(State::resources);
    registered.chain([Resource::Organisation]).collect()
}

/// What a user may do under their primary role, whatever the proof of sign-in; nothing where they
/// are not active.
fn primary_effective(state: &State, user: UserId, on: Resource, now: Timestamp) -> PermissionSet {
    let session = state.session_without_proof(user, None);
    session.map_or(PermissionSet::EMPTY, |it| {
        reference::effective(&it, on, now)
    })
}

fn change_names(names: &Names, user: UserId, on: Resource, set: PermissionSet) -> Vec<[String; 3]> {
    let change = |one: Permission| {
        let permission = one.name().to_owned();
        [names.name(user), names.resource(on), permission]
    };
    set.iter().map(change).collect()
}

pub(super) fn permission_names(set: PermissionSet) -> Vec<String> {
    set.sorted_names().into_iter().map(str::to_owned).collect()
}

fn sorted(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut names: Vec<_> = names.collect();
    names.sort_unstable();
    names
}
