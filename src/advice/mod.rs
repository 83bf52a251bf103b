//! What could be done: the changes that would allow something, and who could make them.
//!
//! Here reads and writes meet: each piece of advice is a command that was decided and carried out on
//! a copy, never a guess.

mod candidates;
mod describe;
mod extent;
mod givers;
mod hand_out;
mod remedy;
mod stage;

pub use describe::DescribedRemedies;
pub use extent::Extent;
pub use givers::Giver;
pub use hand_out::{HandOut, HandOutWay};
pub use remedy::{NoRemedy, Remedies, Remedy, RemedyStep};
