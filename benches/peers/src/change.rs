//! From giving a change to the first check that sees it.

use crate::engine::Engine;
use crate::world::generate::{Grant, Query, World};
use std::time::{Duration, Instant};

const CHANGES: usize = 20;
const LIMIT: Duration = Duration::from_secs(8);

/// The median over single grants taken away and given back, each followed by the check that must see it.
///
/// # Panics
/// When a check does not see a change.
pub fn visible(engine: &mut dyn Engine, world: &World, queries: &[Query]) -> Option<Duration> {
    let (mut times, start) = (Vec::new(), Instant::now());
    for (query, grant) in decisive(world, queries).take(CHANGES) {
        let mut gone = grant;
        gone.bits = 0;
        times.push(change(engine, world, &gone, &query, false)?);
        times.push(change(engine, world, &grant, &query, true)?);
        if start.elapsed() > LIMIT {
            break;
        }
    }
    times.sort();
    times.get(times.len() / 2).copied()
}

/// Queries that one grant of the user alone allows, and that grant.
fn decisive<'w>(
    world: &'w World,
    queries: &'w [Query],
) -> impl Iterator<Item = (Query, Grant)> + 'w {
    queries.iter().filter_map(|query| {
        let mut sources = world.sources(query);
        let (first, second) = (sources.next()?, sources.next());
        let decides = second.is_none() && first.subject == query.user;
        let admin = world.is_admin(query.user);
        (decides && !admin).then_some((*query, *first))
    })
}

fn change(
    engine: &mut dyn Engine,
    world: &World,
    grant: &Grant,
    query: &Query,
    want: bool,
) -> Option<Duration> {
    let start = Instant::now();
    let takes_part = engine.replace(world, grant);
    let answer = engine.check(query);
    let spent = start.elapsed();
    if takes_part {
        assert_eq!(
            answer,
            want,
            "{} does not see the change of {grant:?}: {query:?}",
            engine.name()
        );
    }
    takes_part.then_some(spent)
}
