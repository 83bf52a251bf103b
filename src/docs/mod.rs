//! The documentation beyond single items.
//!
//! - [`decision`](mod@decision): the rule, with an organisation it is applied to.
//! - [`reference`](mod@reference): every permission, level, built-in role, command, reason and refusal code.
//! - [`security`](mod@security): what is trusted, what is promised, and what holds each promise.
//! - [`hosting`](mod@hosting): storage, snapshots, time, and several processes on one log.
//! - [`scenarios`](mod@scenarios): the format of policy tests as data.
//! - [`design`](mod@design): why isn't there ...?

#[doc = include_str!("decision.md")]
pub mod decision {}

#[doc = include_str!("reference.md")]
pub mod reference {}

#[doc = include_str!("security.md")]
pub mod security {}

#[doc = include_str!("hosting.md")]
pub mod hosting {}

#[doc = include_str!("scenarios.md")]
pub mod scenarios {}

#[doc = include_str!("design.md")]
pub mod design {}

#[cfg(test)]
mod tests;
