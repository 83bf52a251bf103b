//! The engines, each modelled as its own documentation recommends; README.md says why.

mod bucket;
mod casbin;
mod cedar;
mod cedar_relations;
mod cedar_tags;
mod gatehouse;
mod raw;
mod regorus;
pub mod rolebook;
mod two_level;

pub use self::cedar::uid;
pub use self::gatehouse::ready;

use crate::engine::Entry;

/// Every engine that takes part, in the order of the table.
pub fn all() -> Vec<Entry> {
    vec![
        rolebook::entry(),
        bucket::entry(),
        raw::entry(),
        two_level::entry(),
        gatehouse::entry(),
        regorus::entry(),
        cedar_relations::by_relation(),
        cedar_tags::entry(),
        cedar_relations::by_set(),
        casbin::per_user(),
        casbin::whole(),
    ]
}
