//! Lists. A listing holds exactly what a check allows, both ways.
//!
//! A listing does not check everything there is. It turns the rule round: it asks where the
//! permission comes in (grants, groups, scope) and where it is taken (restrictions), and walks from
//! there, so that its cost is in proportion to the answer. Property tests hold every listing
//! equal to brute force by checks.

mod matrix;
mod order;
mod page;
mod reach;
mod resources;
mod users;
mod visible;

pub use matrix::{AccessCell, AccessMatrix};
pub use page::{Listing, Page};
pub use visible::{Visible, VisibleListing};
