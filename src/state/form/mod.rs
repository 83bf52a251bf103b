//! The serialised form of a state: sorted lists that refer to each other by position.
//!
//! What a subject holds and who is in a group stands in the place of the subject and of the group, and
//! names resources and users by where they stand in their lists: a few bytes a grant, and nothing to look
//! up when it is read. It is written list by list from the state, and checked when it is read.

mod content;
mod read;
#[cfg(test)]
mod tests;
mod write;

use serde::{Deserialize, Serialize};

use super::State;
use super::table::{Entry, Holder};
use crate::grant::Grant;
use crate::id::{GroupId, UserId};
use crate::permission::PermissionSet;
use crate::resource::Resource;
use crate::subject::Subject;

/// What a subject holds, by the positions of the resources.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    grants: Vec<(u32, Grant)>,
    restrictions: Vec<(u32, PermissionSet)>,
}

impl Row {
    fn entries(&self) -> impl Iterator<Item = (u32, Entry)> + '_ {
        let grants = self.grants.iter();
        let grants = grants.map(|(on, grant)| (*on, Entry::Grant(*grant)));
        let restrictions = self.restrictions.iter();
        grants.chain(restrictions.map(|(on, set)| (*on, Entry::Restriction(*set))))
    }
}

impl State {
    /// Users, then groups, in the order of their ids: everyone who may hold a grant.
    pub(crate) fn subjects(&self) -> impl Iterator<Item = Subject> + '_ {
        let users = self.users().map(|(id, _)| Subject::User(id));
        users.chain(self.groups().map(|(id, _)| Subject::Group(id)))
    }

    /// The same as holders of rows.
    pub(super) fn holders_of_rows(&self) -> impl Iterator<Item = Holder> + '_ {
        let users = self.users.slots();
        let users = users.map(|(id, slot)| Holder::User(id, slot));
        users.chain(self.groups.slots().map(|(_, slot)| Holder::Group(slot)))
    }

    /// All memberships, in order.
    fn memberships(&self) -> impl Iterator<Item = (GroupId, UserId)> + '_ {
        let groups = self.groups().map(|(group, _)| group);
        groups.flat_map(|group| self.members(group).map(move |user| (group, user)))
    }

    /// The resources, each with what it stands beneath, in order.
    fn links(&self) -> impl Iterator<Item = (Resource, Resource)> + '_ {
        let resources = self.resources();
        resources.filter_map(|resource| Some((resource, self.parent(resource)?)))
    }
}
