//! What it takes to read an organisation from its serialised form, to hold it, to write it down, and to
//! replay its log: `cargo bench --bench load -- M L`; with `events` made event by event as well.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::unreachable,
    dead_code,
    reason = "a measurement that panics has failed"
)]

mod world;

use std::time::Instant;

use cpu_time::ProcessTime;
use peak_alloc::PeakAlloc;
use rolebook::{Author, Commit, Event, Footprint, Grant, PermissionSet, State};
use world::NOW;
use world::generate::{Rng, World, bits};

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |word: &str| arguments.iter().any(|it| it == word);
    for name in ["S", "M", "L"]
        .into_iter()
        .filter(|name| has("--bench") && has(name))
    {
        let world = world::world(name);
        println!("{name}: {} grants", world.grants.len());
        if has("events") {
            events(&world);
        }
        let bytes = timed("make the form", || world::form::form(&world));
        read(&world, &bytes);
        replay(&world);
    }
}

fn timed<T>(what: &str, run: impl FnOnce() -> T) -> T {
    let held = HEAP.current_usage();
    HEAP.reset_peak_usage();
    let (start, spent) = (Instant::now(), ProcessTime::now());
    let made = run();
    println!(
        "  {what}: {:.2?}, {:.2?} of it spent, {} MB held, {} MB at most",
        start.elapsed(),
        spent.elapsed(),
        HEAP.current_usage().saturating_sub(held) >> 20,
        HEAP.peak_usage().saturating_sub(held) >> 20,
    );
    made
}

fn events(world: &World) {
    let held = HEAP.current_usage();
    let state = timed("event by event", || world::organisation(world));
    split(world, &state, HEAP.current_usage() - held);
}

fn read(world: &World, bytes: &[u8]) {
    let held = HEAP.current_usage();
    let state: State = timed("deserialise", || postcard::from_bytes(bytes).unwrap());
    split(world, &state, HEAP.current_usage() - held);
    timed("check the invariants", || state.check_invariants().unwrap());
    let written = timed("serialise", || postcard::to_stdvec(&state).unwrap());
    assert_eq!(written, bytes, "what was read is written again");
    println!(
        "  {:.1} bytes per grant serialised",
        bytes.len() as f64 / world.grants.len() as f64
    );
    timed("a thousand clones", || {
        (0..1_000).for_each(|_| drop(std::hint::black_box(&state).clone()));
    });
    timed("drop", || drop(state));
}

/// Bytes by table, per grant and per user.
fn split(world: &World, state: &State, held: usize) {
    let [grants, users] = [world.grants.len(), world.users.len()].map(|it| it as f64);
    let row = |what: &str, bytes: usize| {
        let bytes = bytes as f64;
        println!(
            "    {what:<12} {:>7.2} bytes per grant {:>8.1} per user",
            bytes / grants,
            bytes / users
        );
    };
    let tables: Footprint = state.footprint();
    row("users", tables.users);
    row("resources", tables.resources);
    row("rows", tables.rows);
    row("trees", tables.trees);
    row("groups", tables.groups);
    row("= checks", tables.checks());
    row("ids", tables.ids);
    row("holders", tables.holders);
    row("members", tables.members);
    row("all else", held.saturating_sub(tables.total()));
    row("= held", held);
}

const REPLAYED: usize = 1_000_000;

/// The first million events of the world, and where it has fewer, grants at random after them.
fn replay(world: &World) {
    let mut events: Vec<Event> = world::events(world).take(REPLAYED).collect();
    let mut random = Rng(11);
    let mut known = known_grants(&events);
    while events.len() < REPLAYED {
        let to = world::user(random.below(world.users.len() as u32)).into();
        let on = world::resource(world, random.below(world.resources.len() as u32));
        let read = PermissionSet::from_bits(bits::M_READ | bits::V_READ | bits::F_READ).unwrap();
        let after = Grant::new(read.intersection(PermissionSet::of_kind(on.kind())));
        let before = known.insert((to, on), after);
        events.push(Event::Granted {
            to,
            on,
            before,
            after,
        });
    }
    drop(known);
    let commits = events.into_iter().zip(1..).map(|(event, revision)| Commit {
        revision,
        at: NOW,
        author: Author::Operator,
        events: vec![event],
    });
    let commits: Vec<Commit> = commits.collect();
    let state = timed("replay a million events", || {
        State::replay(&commits).unwrap()
    });
    drop(state);
}

fn known_grants(
    events: &[Event],
) -> std::collections::BTreeMap<(rolebook::Subject, rolebook::Resource), Grant> {
    let grants = events.iter().filter_map(|event| match event {
        Event::Granted { to, on, after, .. } => Some(((*to, *on), *after)),
        _ => None,
    });
    grants.collect()
}
