//! Load, agree, and only then measure, in interleaved rounds.

use crate::change;
use crate::engine::{Engine, Entry};
use crate::memory;
use crate::world::{Query, World};
use cpu_time::ThreadTime;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// How many decisions every engine must get right before it is timed.
const AGREED: usize = 10_000;
/// How long one engine is timed in one round.
const SLICE: Duration = Duration::from_millis(150);

/// How the measurement is run.
pub struct Plan {
    /// Interleaved rounds; the median is over these.
    pub rounds: usize,
    /// The longest that the agreement of one engine may take.
    pub patience: Duration,
}

/// Nanoseconds per check over the rounds.
#[derive(Clone, Copy, Debug)]
pub struct Spread {
    /// The middle round.
    pub median: f64,
    /// The fastest round.
    pub min: f64,
    /// The slowest round.
    pub max: f64,
}

impl Spread {
    /// The spread of some samples, at least one.
    pub fn of(mut samples: Vec<f64>) -> Spread {
        samples.sort_by(f64::total_cmp);
        Spread { median: samples[samples.len() / 2], min: samples[0], max: samples[samples.len() - 1] }
    }
}

/// What one engine came to at one size.
pub struct Figures {
    /// Nanoseconds per check.
    pub check: Spread,
    /// Bytes held after loading, for each grant.
    pub bytes_per_grant: f64,
    /// From giving a change to the first check that sees it.
    pub visible: Option<Duration>,
    /// To load the world.
    pub load: Duration,
}

/// The figures, or why there are none.
pub type Outcome = Result<Figures, String>;

struct Runner {
    engine: Box<dyn Engine>,
    /// Queries in one round.
    window: usize,
    samples: Vec<f64>,
    bytes_per_grant: f64,
    load: Duration,
}

/// Measures all entries on one world.
///
/// # Panics
/// When an engine and the rule disagree: no figure is worth anything then.
pub fn run(world: &World, queries: &[Query], entries: &[Entry], plan: &Plan) -> Vec<Outcome> {
    let mut runners: Vec<Result<Runner, String>> =
        entries.iter().map(|entry| enter(entry, world, queries, plan)).collect();
    for round in 0..plan.rounds {
        let start = queries.len() / plan.rounds * round;
        runners.iter_mut().flatten().for_each(|runner| runner.round(queries, start));
    }
    let figures = |runner: Result<Runner, String>| runner.map(|runner| runner.finish(world, queries));
    runners.into_iter().map(figures).collect()
}

fn enter(entry: &Entry, world: &World, queries: &[Query], plan: &Plan) -> Result<Runner, String> {
    if let Some(reason) = (entry.bound)(&world.spec) {
        return Err(reason);
    }
    let (before, start) = (memory::held(), Instant::now());
    let mut engine = (entry.build)(world);
    let load = start.elapsed();
    let bytes_per_grant = memory::held().wrapping_sub(before) as f64 / world.grants.len() as f64;
    probe(&mut *engine, queries, plan)?;
    let per_check = agree(&mut *engine, world, queries);
    let window = (SLICE.as_nanos() / per_check.as_nanos().max(1)) as usize;
    let window = window.clamp(20, queries.len());
    Ok(Runner { engine, window, samples: Vec::new(), bytes_per_grant, load })
}

/// Refuses an engine whose agreement would outlast the patience.
fn probe(engine: &mut dyn Engine, queries: &[Query], plan: &Plan) -> Result<(), String> {
    let (few, start) = (&queries[..3], Instant::now());
    black_box(engine.count_allowed(few));
    let one = start.elapsed() / few.len() as u32;
    let all = one * AGREED as u32;
    let fits = all <= plan.patience;
    let reason = || {
        format!(
            "time: a check takes {one:.1?}, {AGREED} for the agreement {all:.0?}; bound {:?}",
            plan.patience
        )
    };
    fits.then_some(()).ok_or_else(reason)
}

/// Compares sampled decisions with the rule; gives the time of one check.
fn agree(engine: &mut dyn Engine, world: &World, queries: &[Query]) -> Duration {
    let sample = || queries.iter().step_by((queries.len() / AGREED).max(1)).take(AGREED);
    let start = Instant::now();
    let answers: Vec<bool> = sample().map(|query| engine.check(query)).collect();
    let spent = start.elapsed();
    for (query, answer) in sample().zip(&answers) {
        let (name, rule) = (engine.name(), world.allows(query));
        assert_eq!(*answer, rule, "{name} answers {answer} where the rule says {rule}: {query:?}");
    }
    spent / answers.len() as u32
}

impl Runner {
    fn round(&mut self, queries: &[Query], start: usize) {
        let start = start.min(queries.len() - self.window);
        let window = &queries[start..start + self.window];
        black_box(self.engine.count_allowed(&window[..self.window / 8]));
        let clock = ThreadTime::now();
        black_box(self.engine.count_allowed(black_box(window)));
        self.samples.push(clock.elapsed().as_nanos() as f64 / self.window as f64);
    }

    fn finish(mut self, world: &World, queries: &[Query]) -> Figures {
        Figures {
            check: Spread::of(self.samples),
            bytes_per_grant: self.bytes_per_grant,
            visible: change::visible(&mut *self.engine, world, queries),
            load: self.load,
        }
    }
}
