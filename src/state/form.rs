//! The serialised form of a state: plain sorted lists, checked when they are read.

use std::fmt;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::invariants::{
    EXISTING_HOLDERS, FITTING_KINDS, MEMBERS_HOLD_THE_ROLE, REGISTERED_RESOURCES, RESOURCES_FIT,
    rule,
};
use super::table::Entry;
use super::{Corrupt, State};
use crate::grant::Grant;
use crate::group::Group;
use crate::id::{GroupId, InvitationId, RoleId, UserId};
use crate::invitation::Invitation;
use crate::name::Name;
use crate::permission::PermissionSet;
use crate::resource::Resource;
use crate::role::Role;
use crate::settings::{Limits, SecuritySettings};
use crate::subject::Subject;
use crate::user::User;

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    revision: u64,
    name: Option<Name>,
    security: SecuritySettings,
    limits: Limits,
    roles: Vec<(RoleId, Role)>,
    users: Vec<(UserId, User)>,
    groups: Vec<(GroupId, Group)>,
    members: Vec<(GroupId, UserId)>,
    resources: Vec<(Resource, Resource)>,
    grants: Vec<(Subject, Resource, Grant)>,
    restrictions: Vec<(Subject, Resource, PermissionSet)>,
    invitations: Vec<(InvitationId, Invitation)>,
}

impl Form {
    fn of(state: &State) -> Self {
        let subjects = || state.subjects();
        let grants = subjects().flat_map(|subject| {
            state
                .grants_of(subject)
                .map(move |(resource, grant)| (subject, resource, grant))
        });
        let restrictions = subjects().flat_map(|subject| {
            state
                .restrictions_of(subject)
                .map(move |(resource, set)| (subject, resource, set))
        });
        Self {
            revision: state.revision,
            name: state.name.clone(),
            security: state.security.clone(),
            limits: state.limits.clone(),
            roles: state
                .custom_roles()
                .map(|(id, role)| (id, role.clone()))
                .collect(),
            users: state.users().map(|(id, user)| (id, user.clone())).collect(),
            groups: state
                .groups()
                .map(|(id, group)| (id, group.clone()))
                .collect(),
            members: state.memberships().collect(),
            resources: state.links().collect(),
            grants: grants.collect(),
            restrictions: restrictions.collect(),
            invitations: state
                .invitations()
                .map(|(id, it)| (id, it.clone()))
                .collect(),
        }
    }

    fn into_state(self) -> Result<State, Corrupt> {
        self.check_order()?;
        let mut state = State {
            revision: self.revision,
            name: self.name,
            security: self.security,
            limits: self.limits,
            ..State::default()
        };
        for (resource, parent) in self.resources {
            let fits = state.is_registered(parent) && resource.fits_beneath(parent.kind());
            rule(fits, RESOURCES_FIT, resource)?;
            rule(state.insert_resource(resource, parent), TOO_MANY, resource)?;
        }
        for (id, role) in self.roles {
            state.put_role(id, role);
        }
        for (id, user) in self.users {
            rule(state.put_user(id, user), TOO_MANY, id)?;
        }
        for (id, group) in self.groups {
            rule(state.put_group(id, group), TOO_MANY, id)?;
        }
        for (group, user) in self.members {
            rule(state.join(group, user), MEMBERS_HOLD_THE_ROLE, user)?;
        }
        state.fill(self.grants, self.restrictions)?;
        self.invitations
            .into_iter()
            .for_each(|(id, it)| state.invitations.put(id, it));
        state.check_invariants()?;
        Ok(state)
    }

    /// Every list is strictly ascending: the form of a state is one, and nothing stands in it twice.
    fn check_order(&self) -> Result<(), Corrupt> {
        ascending("roles", self.roles.iter().map(|(id, _)| id))?;
        ascending("users", self.users.iter().map(|(id, _)| id))?;
        ascending("groups", self.groups.iter().map(|(id, _)| id))?;
        ascending("members", &self.members)?;
        ascending("resources", self.resources.iter().map(|(id, _)| id))?;
        ascending(
            "grants",
            self.grants.iter().map(|(subject, on, _)| (subject, on)),
        )?;
        ascending(
            "restrictions",
            self.restrictions
                .iter()
                .map(|(subject, on, _)| (subject, on)),
        )?;
        ascending("invitations", self.invitations.iter().map(|(id, _)| id))
    }
}

const TOO_MANY: &str = "there are at most two thousand million of a kind";

impl State {
    /// Puts grants and restrictions, each ascending by subject and resource, row by row.
    fn fill(
        &mut self,
        grants: Vec<(Subject, Resource, Grant)>,
        restrictions: Vec<(Subject, Resource, PermissionSet)>,
    ) -> Result<(), Corrupt> {
        let mut grants = grants.into_iter().peekable();
        let mut restrictions = restrictions.into_iter().peekable();
        let mut row = Vec::new();
        loop {
            let next = [
                grants.peek().map(|(subject, ..)| *subject),
                restrictions.peek().map(|(subject, ..)| *subject),
            ];
            let Some(subject) = next.into_iter().flatten().min() else {
                return Ok(());
            };
            row.clear();
            while let Some((_, on, it)) = grants.next_if(|(one, ..)| *one == subject) {
                row.push((on, Entry::Grant(it)));
            }
            while let Some((_, on, it)) = restrictions.next_if(|(one, ..)| *one == subject) {
                row.push((on, Entry::Restriction(it)));
            }
            self.fill_row(subject, &row)?;
        }
    }

    fn fill_row(&mut self, subject: Subject, row: &[(Resource, Entry)]) -> Result<(), Corrupt> {
        for (on, entry) in row {
            let registered = *on != Resource::Organisation && self.is_registered(*on);
            rule(registered, REGISTERED_RESOURCES, on)?;
            rule(entry.fits(on.kind()), FITTING_KINDS, subject)?;
        }
        let holder = self.holder(subject);
        rule(holder.is_some(), EXISTING_HOLDERS, subject)?;
        holder
            .into_iter()
            .for_each(|holder| self.table.fill(holder, row));
        Ok(())
    }
}

fn ascending<T: PartialOrd>(
    list: &'static str,
    items: impl IntoIterator<Item = T>,
) -> Result<(), Corrupt> {
    let mut items = items.into_iter();
    let Some(mut last) = items.next() else {
        return Ok(());
    };
    for item in items {
        if item <= last {
            let rule = "lists of a serialised state are strictly ascending";
            return Err(Corrupt::Invariant {
                rule,
                what: list.to_owned(),
            });
        }
        last = item;
    }
    Ok(())
}

impl State {
    /// Users, then groups, in the order of their ids: everyone who may hold a grant.
    pub(crate) fn subjects(&self) -> impl Iterator<Item = Subject> + '_ {
        let users = self.users().map(|(id, _)| Subject::User(id));
        users.chain(self.groups().map(|(id, _)| Subject::Group(id)))
    }
}

impl fmt::Debug for State {
    /// Its content: in what order it came about does not show.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        Form::of(self).fmt(formatter)
    }
}

impl PartialEq for State {
    /// Whether both hold the same, however it came about. Cost in proportion to the organisation.
    fn eq(&self, other: &Self) -> bool {
        let same_settings = self.revision == other.revision
            && self.name == other.name
            && self.security == other.security
            && self.limits == other.limits;
        same_settings
            && self.custom_roles().eq(other.custom_roles())
            && self.users().eq(other.users())
            && self.groups().eq(other.groups())
            && self.memberships().eq(other.memberships())
            && self.links().eq(other.links())
            && self.subjects().all(|it| self.holds_the_same(other, it))
            && self.invitations().eq(other.invitations())
    }
}

impl State {
    fn holds_the_same(&self, other: &Self, subject: Subject) -> bool {
        self.grants_of(subject).eq(other.grants_of(subject))
            && self
                .restrictions_of(subject)
                .eq(other.restrictions_of(subject))
    }

    /// All memberships, in order.
    pub(super) fn memberships(&self) -> impl Iterator<Item = (GroupId, UserId)> + '_ {
        let groups = self.groups().map(|(group, _)| group);
        groups.flat_map(|group| self.members(group).map(move |user| (group, user)))
    }

    /// The resources, each with what it stands beneath, in order.
    fn links(&self) -> impl Iterator<Item = (Resource, Resource)> + '_ {
        let resources = self.resources();
        resources.filter_map(|resource| Some((resource, self.parent(resource)?)))
    }
}

impl Serialize for State {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Form::of(self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for State {
    /// Reads the form and refuses, with the rule that is broken, one that no command could have made.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let form = Form::deserialize(deserializer)?;
        form.into_state()
            .map_err(|corrupt| D::Error::custom(format_args!("corrupt: {corrupt}")))
    }
}
