//! What an engine is to this benchmark, and how one is entered.

use crate::clock::Clock;
use crate::world::generate::{Grant, Query, Spec, World};
use std::hint::black_box;
use std::time::Duration;

/// An engine that holds a world and answers queries on it.
pub trait Engine {
    /// The name in the table.
    fn name(&self) -> &str;

    /// Whether the query is allowed.
    fn check(&mut self, query: &Query) -> bool;

    /// Replaces the bits of one grant of a user; the next check sees it. `world` is the host's store, in which the
    /// grant still has its old bits. False: the engine does not take part in this measurement.
    fn replace(&mut self, _world: &World, _grant: &Grant) -> bool {
        false
    }

    /// The processor time that deciding all the queries takes, after an unmeasured eighth. Provided, so that the loop
    /// around [`Engine::check`] is compiled for each engine and no check pays for dynamic dispatch.
    fn time(&mut self, queries: &[Query]) -> Duration {
        timed(queries, |query| self.check(query))
    }
}

/// The processor time that deciding all the questions takes, after an unmeasured eighth.
#[inline]
pub fn timed<Q>(questions: &[Q], mut check: impl FnMut(&Q) -> bool) -> Duration {
    let mut allowed = |some: &[Q]| some.iter().filter(|question| check(question)).count();
    black_box(allowed(&questions[..questions.len() / 8]));
    let clock = Clock::start();
    black_box(allowed(black_box(questions)));
    clock.stop()
}

/// An engine that can be entered for a size.
pub struct Entry {
    /// The name in the table, before the engine is built.
    pub name: &'static str,
    /// Why the engine cannot hold a world of the size, if so: the bound and where it comes from.
    pub bound: fn(&Spec) -> Option<String>,
    /// Loads the world; more than one engine where one load can be asked in more than one way.
    pub build: fn(&World) -> Vec<Box<dyn Engine>>,
}

/// An engine with one way to be asked.
pub fn one(engine: impl Engine + 'static) -> Vec<Box<dyn Engine>> {
    vec![Box::new(engine)]
}

/// Holds every size.
pub fn unbounded(_: &Spec) -> Option<String> {
    None
}

/// How many grants a world of the size has, give or take the Admins.
pub fn grants(spec: &Spec) -> u64 {
    u64::from(spec.users) * 35 * 99 / 100 + u64::from(spec.groups) * 20
}

/// The reason for a size at which an engine would need more than `limit` bytes.
pub fn memory_bound(spec: &Spec, bytes_per_grant: u64, limit: u64) -> Option<String> {
    let bytes = grants(spec) * bytes_per_grant;
    let gib = |bytes: u64| bytes as f64 / f64::from(1 << 30);
    (bytes > limit).then(|| {
        format!(
            "memory: {bytes_per_grant} bytes per grant at M, so about {:.0} GiB here; bound {:.0} GiB",
            gib(bytes),
            gib(limit)
        )
    })
}
