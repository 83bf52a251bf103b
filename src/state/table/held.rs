//! What one holder has on a chain, as it is told: with resources and expiries.

use smallvec::SmallVec;

use super::cell::Cell;
use super::line::Line;
use super::{Entry, Holder, ResourceEntry, Table};
use crate::resource::Resource;

impl Table {
    /// What a holder has on a resource and on what it stands beneath, from the resource upwards.
    pub(in crate::state) fn held_on(
        &self,
        holder: Holder,
        resource: &ResourceEntry,
    ) -> impl Iterator<Item = (Resource, Entry)> + '_ {
        let place = self.place(holder);
        let links: SmallVec<[u32; 3]> = resource.links().collect();
        let homes = if place.spread {
            links.clone()
        } else {
            SmallVec::from_iter([resource.root()])
        };
        let mut cells: SmallVec<[Cell; 4]> = SmallVec::new();
        let lines = homes.iter().flat_map(|home| self.rows.path(place, *home));
        for cell in lines.flat_map(Line::cells) {
            let known = cells.iter().any(|it| it.label() == cell.label());
            if links.contains(&cell.key) && !known {
                cells.push(cell);
            }
        }
        cells.sort_by_key(|cell| links.iter().position(|link| *link == cell.key));
        let entries = cells.into_iter();
        entries.filter_map(|cell| Some((self.resource_at(cell.key)?, cell.entry())))
    }
}
