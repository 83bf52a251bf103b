//! How much memory the table takes.

use super::Table;
use crate::state::Footprint;

impl Table {
    pub(in crate::state) fn footprint(&self) -> Footprint {
        let groups = self.groups.footprint();
        let ids = self.user_ids.footprint();
        Footprint {
            users: self.users.footprint(),
            resources: self.resources.footprint(),
            rows: self.rows.footprint(),
            trees: self.trees.footprint(),
            groups: groups.saturating_add(self.roles.footprint()),
            ids: ids.saturating_add(self.resource_slots.footprint()),
            holders: self.holders.footprint(),
            members: self.members.footprint(),
        }
    }
}
