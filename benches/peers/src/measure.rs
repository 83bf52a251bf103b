//! Load, agree, and only then measure, in interleaved rounds.

use crate::change;
use crate::clock::Clock;
use crate::engine::{Engine, Entry};
use crate::memory;
use crate::world::generate::{Query, World};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// How many decisions every engine must get right before it is timed.
const AGREED: usize = 10_000;

/// How the measurement is run.
pub struct Plan {
    /// Interleaved rounds; the median is over these.
    pub rounds: usize,
    /// The longest that the agreement of one engine may take.
    pub patience: Duration,
    /// How long one engine is timed in one round.
    pub slice: Duration,
}

impl Plan {
    /// For figures that are kept.
    pub const THOROUGH: Plan = Plan {
        rounds: 7,
        patience: Duration::from_secs(200),
        slice: Duration::from_millis(150),
    };
    /// To see that everything works.
    pub const QUICK: Plan = Plan {
        rounds: 3,
        patience: Duration::from_secs(20),
        slice: Duration::from_millis(30),
    };
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
        Spread {
            median: samples[samples.len() / 2],
            min: samples[0],
            max: samples[samples.len() - 1],
        }
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
    /// The processor time of loading the world.
    pub load: Duration,
}

/// The figures, or why there are none.
pub type Outcome = Result<Figures, String>;

/// An engine by its name, and what it came to.
pub struct Row {
    /// The name in the table.
    pub name: String,
    /// What it came to.
    pub outcome: Outcome,
}

struct Runner {
    engine: Box<dyn Engine>,
    /// Queries in one round.
    window: usize,
    samples: Vec<f64>,
    loaded: Loaded,
}

/// What an engine took to load; engines that share a load share this.
#[derive(Clone, Copy)]
struct Loaded {
    bytes_per_grant: f64,
    load: Duration,
}

type Entered = (String, Result<Runner, String>);

/// Measures all entries on one world.
///
/// # Panics
/// When an engine and the rule disagree: no figure is worth anything then.
pub fn run(world: &World, queries: &[Query], entries: &[Entry], plan: &Plan) -> Vec<Row> {
    let mut entered: Vec<Entered> = entries
        .iter()
        .flat_map(|entry| enter(entry, world, queries, plan))
        .collect();
    for round in 0..plan.rounds {
        let start = queries.len() / plan.rounds * round;
        entered
            .iter_mut()
            .flat_map(|(_, it)| it)
            .for_each(|runner| runner.round(queries, start));
    }
    let finish = |(name, runner): Entered| Row {
        name,
        outcome: runner.map(|runner| runner.finish(world, queries)),
    };
    entered.into_iter().map(finish).collect()
}

fn enter(entry: &Entry, world: &World, queries: &[Query], plan: &Plan) -> Vec<Entered> {
    if let Some(reason) = (entry.bound)(&world.spec) {
        return vec![(entry.name.to_owned(), Err(reason))];
    }
    let (before, clock) = (memory::held(), Clock::start());
    let engines = (entry.build)(world);
    let load = clock.stop();
    let bytes_per_grant = memory::held().wrapping_sub(before) as f64 / world.grants.len() as f64;
    let loaded = Loaded {
        bytes_per_grant,
        load,
    };
    let admit = |engine: Box<dyn Engine>| {
        (
            engine.name().to_owned(),
            admit(engine, loaded, world, queries, plan),
        )
    };
    engines.into_iter().map(admit).collect()
}

/// An engine that agrees with the rule, in time.
fn admit(
    mut engine: Box<dyn Engine>,
    loaded: Loaded,
    world: &World,
    queries: &[Query],
    plan: &Plan,
) -> Result<Runner, String> {
    probe(&mut *engine, queries, plan)?;
    let per_check = agree(&mut *engine, world, queries);
    let window = (plan.slice.as_nanos() / per_check.as_nanos().max(1)) as usize;
    let window = window.clamp(20, queries.len());
    Ok(Runner {
        engine,
        window,
        samples: Vec::new(),
        loaded,
    })
}

/// Refuses an engine whose agreement would outlast the patience.
fn probe(engine: &mut dyn Engine, queries: &[Query], plan: &Plan) -> Result<(), String> {
    let (few, start) = (&queries[..3], Instant::now());
    few.iter()
        .for_each(|query| _ = black_box(engine.check(query)));
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
    let sample = || {
        queries
            .iter()
            .step_by((queries.len() / AGREED).max(1))
            .take(AGREED)
    };
    let start = Instant::now();
    let answers: Vec<bool> = sample().map(|query| engine.check(query)).collect();
    let spent = start.elapsed();
    for (query, answer) in sample().zip(&answers) {
        let (name, rule) = (engine.name(), world.allows(query));
        assert_eq!(
            *answer, rule,
            "{name} answers {answer} where the rule says {rule}: {query:?}"
        );
    }
    spent / answers.len() as u32
}

impl Runner {
    fn round(&mut self, queries: &[Query], start: usize) {
        let start = start.min(queries.len() - self.window);
        let window = &queries[start..start + self.window];
        let spent = self.engine.time(window);
        self.samples
            .push(spent.as_nanos() as f64 / self.window as f64);
    }

    fn finish(mut self, world: &World, queries: &[Query]) -> Figures {
        let Loaded {
            bytes_per_grant,
            load,
        } = self.loaded;
        let visible = change::visible(&mut *self.engine, world, queries);
        Figures {
            check: Spread::of(self.samples),
            bytes_per_grant,
            visible,
            load,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engines;
    use crate::world::generate::{Features, Spec};

    /// Agreement and visible changes are asserted on the way.
    #[test]
    fn every_engine_agrees_with_the_rule_and_sees_changes() {
        let world = World::new(Spec::named("10", Features::PEERS).expect("a size"));
        let queries = world.queries(1 << 11, false);
        let plan = Plan {
            rounds: 1,
            slice: Duration::from_micros(100),
            ..Plan::THOROUGH
        };
        let rows = run(&world, &queries, &engines::all(), &plan);
        assert!(
            rows.len() > engines::all().len(),
            "Rolebook is asked in two ways"
        );
        for Row { name, outcome } in rows {
            let figures = outcome.unwrap_or_else(|reason| panic!("{name}: {reason}"));
            assert!(figures.visible.is_some(), "{name} takes no changes");
            assert!(figures.bytes_per_grant > 0.0, "{name} holds nothing");
        }
    }
}
