//! Reading the form: everything is put in once, then what follows is found from all of it together.

use serde::de::Error;
use serde::{Deserialize, Deserializer};

use super::super::invariants::{
    EXISTING_HOLDERS, FITTING_KINDS, REGISTERED_RESOURCES, RESOURCES_FIT, rule,
};
use super::super::table::{Holder, Link};
use super::super::{Corrupt, State};
use super::Row;
use crate::group::Group;
use crate::id::{GroupId, InvitationId, RoleId, UserId};
use crate::invitation::Invitation;
use crate::name::Name;
use crate::resource::{Resource, ResourceKind};
use crate::role::Role;
use crate::settings::{Limits, SecuritySettings};
use crate::user::User;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename = "State")]
struct Form {
    revision: u64,
    name: Option<Name>,
    security: SecuritySettings,
    limits: Limits,
    roles: Vec<(RoleId, Role)>,
    users: Vec<(UserId, User)>,
    groups: Vec<(GroupId, Group)>,
    /// Of each group, the positions of its members among the users.
    members: Vec<Vec<u32>>,
    resources: Vec<(Resource, Resource)>,
    /// Of each user, then of each group.
    holdings: Vec<Row>,
    invitations: Vec<(InvitationId, Invitation)>,
}

const TOO_MANY: &str = "there are at most two thousand million of a kind";
const EXISTING_GROUPS: &str = "members are users who exist, of groups that exist";

/// Link and kind of each resource, by position.
type Resources = Vec<(Link, ResourceKind)>;

impl Form {
    fn into_state(self) -> Result<State, Corrupt> {
        self.check_order()?;
        let mut state = State {
            revision: self.revision,
            name: self.name,
            security: self.security,
            limits: self.limits,
            ..State::default()
        };
        let resources = state.fill_resources(&self.resources)?;
        for (id, role) in self.roles {
            state.put_role(id, role);
        }
        rule(state.fill_users(self.users), TOO_MANY, "users")?;
        for (id, group) in self.groups {
            rule(state.put_group(id, group), TOO_MANY, id)?;
        }
        state.fill_members(&self.members)?;
        state.fill_rows(self.holdings, &resources)?;
        for (id, invitation) in self.invitations {
            state.invitations.put(id, invitation);
        }
        state.check_invariants()?;
        Ok(state)
    }

    /// Every list is strictly ascending: the form of a state is one, and nothing stands in it twice.
    fn check_order(&self) -> Result<(), Corrupt> {
        ascending("roles", self.roles.iter().map(|(id, _)| id))?;
        ascending("users", self.users.iter().map(|(id, _)| id))?;
        ascending("groups", self.groups.iter().map(|(id, _)| id))?;
        ascending("resources", self.resources.iter().map(|(id, _)| id))?;
        ascending("invitations", self.invitations.iter().map(|(id, _)| id))?;
        let mut members = self.members.iter();
        members.try_for_each(|members| ascending("members", members))?;
        self.holdings.iter().try_for_each(|row| {
            ascending("grants", row.grants.iter().map(|(on, _)| on))?;
            ascending("restrictions", row.restrictions.iter().map(|(on, _)| on))
        })
    }
}

impl State {
    fn fill_members(&mut self, members: &[Vec<u32>]) -> Result<(), Corrupt> {
        let users: Vec<(UserId, u32)> = self.users.slots().collect();
        let groups: Vec<(GroupId, u32)> = self.groups.slots().collect();
        rule(groups.len() == members.len(), EXISTING_GROUPS, "members")?;
        let mut pairs = Vec::new();
        for ((id, group), members) in groups.into_iter().zip(members) {
            for position in members {
                let user = users.get(*position as usize);
                rule(user.is_some(), EXISTING_GROUPS, id)?;
                pairs.extend(user.map(|(_, slot)| (group, *slot)));
            }
        }
        self.table.fill_groups(&pairs);
        Ok(())
    }

    /// Registers resources, each with those beneath it side by side: so lists find them together in memory.
    fn fill_resources(&mut self, links: &[(Resource, Resource)]) -> Result<Resources, Corrupt> {
        let beneath = links.iter().zip(0_usize..);
        let mut beneath: Vec<_> = beneath
            .map(|((it, parent), at)| (*parent, *it, at))
            .collect();
        beneath.sort_unstable();
        let mut places = vec![None; links.len()];
        let mut ahead = vec![Resource::Organisation];
        while let Some(parent) = ahead.pop() {
            let first = beneath.partition_point(|(above, ..)| *above < parent);
            let children = beneath.iter().skip(first);
            for (_, resource, at) in children.take_while(|(above, ..)| *above == parent) {
                let place = self.fill_resource(*resource, parent)?;
                if let Some(at) = places.get_mut(*at) {
                    *at = Some(place);
                }
                ahead.push(*resource);
            }
        }
        let astray = links.iter().zip(&places).find(|(_, place)| place.is_none());
        astray.map_or(Ok(()), |((resource, _), _)| {
            rule(false, RESOURCES_FIT, resource)
        })?;
        self.resources.fill(links);
        Ok(places.into_iter().flatten().collect())
    }

    fn fill_resource(
        &mut self,
        resource: Resource,
        parent: Resource,
    ) -> Result<(Link, ResourceKind), Corrupt> {
        rule(
            resource.fits_beneath(parent.kind()),
            RESOURCES_FIT,
            resource,
        )?;
        let added = self.table.add_resource(resource, parent);
        let link = self.table.link(resource).filter(|_| added);
        rule(link.is_some(), TOO_MANY, resource)?;
        Ok((link.unwrap_or_default(), resource.kind()))
    }

    fn fill_rows(&mut self, rows: Vec<Row>, resources: &Resources) -> Result<(), Corrupt> {
        let holders: Vec<Holder> = self.holders_of_rows().collect();
        rule(holders.len() == rows.len(), EXISTING_HOLDERS, "holdings")?;
        let mut entries = Vec::new();
        for (holder, row) in holders.iter().zip(rows) {
            entries.clear();
            for (on, entry) in row.entries() {
                let resource = resources.get(on as usize);
                rule(resource.is_some(), REGISTERED_RESOURCES, on)?;
                let fits = resource.is_some_and(|(_, kind)| entry.fits(*kind));
                rule(fits, FITTING_KINDS, on)?;
                entries.extend(resource.map(|(link, _)| (*link, entry)));
            }
            self.table.fill(*holder, &entries);
        }
        self.table.find_holders(holders);
        Ok(())
    }
}

fn ascending<T: PartialOrd>(
    list: &'static str,
    items: impl IntoIterator<Item = T>,
) -> Result<(), Corrupt> {
    if items.into_iter().is_sorted_by(|one, next| one < next) {
        return Ok(());
    }
    Err(Corrupt::Invariant {
        rule: "lists of a serialised state are strictly ascending",
        what: list.to_owned(),
    })
}

impl<'de> Deserialize<'de> for State {
    /// Reads the form and refuses, with the rule that is broken, one that no command could have made.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let form = Form::deserialize(deserializer)?;
        form.into_state()
            .map_err(|corrupt| D::Error::custom(format_args!("corrupt: {corrupt}")))
    }
}
