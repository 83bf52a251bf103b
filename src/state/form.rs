//! The serialised form of a state: plain sorted lists, checked when they are read.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

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

#[derive(Serialize, Deserialize)]
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
        let members = state
            .groups()
            .flat_map(|(group, _)| state.members(group).map(move |user| (group, user)));
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
            members: members.collect(),
            resources: state
                .resources()
                .filter_map(|resource| Some((resource, state.parent(resource)?)))
                .collect(),
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
        self.roles
            .into_iter()
            .for_each(|(id, role)| state.roles.put(id, role));
        self.users
            .into_iter()
            .for_each(|(id, user)| state.users.put(id, user));
        self.groups
            .into_iter()
            .for_each(|(id, group)| state.groups.put(id, group));
        self.members
            .into_iter()
            .for_each(|(group, user)| state.groups.join(group, user));
        self.resources
            .into_iter()
            .for_each(|(one, parent)| state.resources.insert(one, parent));
        for (subject, resource, grant) in self.grants {
            state.entitlements.grant(subject, resource, grant);
        }
        for (subject, resource, set) in self.restrictions {
            state.entitlements.restrict(subject, resource, set);
        }
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
