//! The engine: it ties state, decisions and storage together, for many organisations at once.

mod asynchronous;
mod blocking;
mod error;
mod execution;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod models;
mod organisations;
mod published;
mod request;
mod sync;
mod synchronous;
#[cfg(test)]
mod tests;
mod turns;

pub use error::{ExecuteError, LogError};
pub use organisations::Engine;
pub use published::{CachedReader, Reader, Snapshot};
pub use request::Executed;

use organisations::Live;
