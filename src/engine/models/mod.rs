//! The engine under a scheduler that draws the order in which its threads go.
//!
//! Its files are compiled a second time here, as they are, on the [`sync`] of this module, and [shuttle]
//! runs them. It draws orders at random, where loom would go through all of them: even two commands have
//! too many for that. It knows no weak memory, and nothing of ours needs that: there is not one atomic in
//! these files, only locks and arc-swap, whose cell is modelled. And it runs in every `cargo test`; loom
//! needs a build of its own. A failure prints its schedule, for `shuttle::replay`.
//!
//! [shuttle]: https://docs.rs/shuttle
#![allow(
    clippy::duplicate_mod,
    dead_code,
    unreachable_pub,
    reason = "the files of the engine once more, of which the models use a part"
)]

#[path = "../asynchronous.rs"]
mod asynchronous;
#[path = "../blocking.rs"]
mod blocking;
#[path = "../execution.rs"]
mod execution;
#[path = "../organisations.rs"]
mod organisations;
#[path = "../published.rs"]
mod published;
mod sync;
#[path = "../turns.rs"]
mod turns;

mod executions;
mod readers;
mod writers;

use super::request::Executed;
use super::{error, fixture, request};
use error::{ExecuteError, LogError};
use organisations::{Engine, Live};
use published::Reader;
use shuttle::scheduler::{PctScheduler, RandomScheduler, Scheduler};
use shuttle::{Config, Runner};

/// What threads do, in so many orders drawn at random, and in as many where threads change but a few
/// times, at any moments: most races need no more. `ROLEBOOK_ORDERS` says how many times as many.
fn in_many_orders(orders: usize, run: impl Fn() + Send + Sync + Clone + 'static) {
    let times = std::env::var("ROLEBOOK_ORDERS").map_or(1, |it| it.parse().unwrap());
    let orders = orders.saturating_mul(times);
    under(RandomScheduler::new(orders), run.clone());
    under(PctScheduler::new(3, orders), run);
}

fn under(scheduler: impl Scheduler + 'static, run: impl Fn() + Send + Sync + 'static) {
    let mut config = Config::new();
    config.stack_size = 1 << 20;
    Runner::new(scheduler, config).run(run);
}
