//! The contract of [`Store`] as tests. A host runs [`run`] against its own store.
//!
//! Each function is one law, panics with what was broken, and wants a store that holds nothing.
//! Asynchronous stores go through [`Blocking`]. [`FailingStore`] makes any store fail at will, for the
//! host's own tests.
//!
//! ```
//! # #[cfg(feature = "conformance")] {
//! use std::sync::Arc;
//! use rolebook::store::{MemoryStore, conformance};
//!
//! conformance::run(|| Arc::new(MemoryStore::new()), Arc::clone);
//! # }
//! ```
#![expect(
    clippy::panic,
    clippy::arithmetic_side_effects,
    reason = "a test suite panics where a store is wrong, and counts to a hundred at most"
)]

mod blocking;
mod failing;
mod laws;
mod races;
mod recovery;
mod sample;

use super::{LogEntry, Store};
use crate::id::OrganisationId;

pub use blocking::{BlockOn, Blocking};
pub use failing::{FailingError, FailingStore, Failure};
pub use laws::{
    keeps_organisations_apart, keeps_snapshots, keeps_what_is_appended, outlives_its_handle,
    reads_the_tail, refuses_all_but_the_next_revision, starts_empty,
};
pub use races::{lets_one_writer_win, shows_readers_whole_revisions};
pub use recovery::recovers_from_every_failure;

/// Every law there is.
///
/// `fresh` makes a store that holds nothing; `another` a second handle on the storage of a store, as
/// another process would have (where there is no such thing, an [`Arc`](std::sync::Arc) of it). About
/// a hundred stores are made, each with a hundred commits at most.
///
/// # Panics
/// Where the store breaks a law, with the law and what was found.
pub fn run<S: Store>(fresh: impl Fn() -> S, another: impl Fn(&S) -> S) {
    starts_empty(&fresh());
    keeps_what_is_appended(&fresh());
    refuses_all_but_the_next_revision(&fresh());
    reads_the_tail(&fresh());
    keeps_snapshots(&fresh());
    keeps_organisations_apart(&fresh());
    let store = fresh();
    let handle = another(&store);
    outlives_its_handle(store, &handle);
    let store = fresh();
    lets_one_writer_win(&[&store, &another(&store)]);
    let store = fresh();
    shows_readers_whole_revisions(&store, &another(&store));
    recovers_from_every_failure(&fresh);
}

/// The value, or a panic that says what failed.
fn must<T, E: std::error::Error>(result: Result<T, E>, what: &str) -> T {
    result.unwrap_or_else(|error| panic!("{what}: {}", told(&error)))
}

/// An error and what it came from.
fn told(error: &dyn std::error::Error) -> String {
    let sources = std::iter::successors(error.source(), |error| error.source());
    let own = std::iter::once(error.to_string());
    let chain: Vec<String> = own.chain(sources.map(ToString::to_string)).collect();
    chain.join(": ")
}

/// The log above `after`, page by page, each entry checked to be the next one of this organisation.
fn read_log<S: Store>(store: &S, organisation: OrganisationId, after: u64) -> Vec<LogEntry> {
    let mut log: Vec<LogEntry> = Vec::new();
    loop {
        let end = log.last().map_or(after, |entry| entry.commit.revision);
        let page = must(store.read(organisation, end), "read");
        if page.is_empty() {
            return log;
        }
        for (expected, entry) in (end + 1..).zip(page) {
            let found = entry.commit.revision;
            assert_eq!(
                found, expected,
                "read gives the next revision, in order, without gaps"
            );
            assert_eq!(
                entry.organisation, organisation,
                "read gives the log of the organisation asked for"
            );
            log.push(entry);
        }
    }
}
