//! How much memory the table takes.

use super::Table;
use crate::state::Footprint;

impl Table {
    pub(in crate::state) fn footprint(&self) -> Footprint {
        let groups = [
            self.groups.footprint(),
            self.roles.footprint(),
            self.role_ids.footprint(),
        ];
        let ids = [self.people.footprint(), self.family.footprint()];
        Footprint {
            users: self.users.footprint(),
            resources: self.resources.footprint(),
            rows: self.rows.footprint(),
            trees: self.trees.footprint(),
            groups: groups.into_iter().fold(0, usize::saturating_add),
            ids: ids.into_iter().fold(0, usize::saturating_add),
            holders: self.holders.footprint(),
            members: self.members.footprint(),
        }
    }
}
