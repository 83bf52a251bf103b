//! What a change costs: applied to a state nobody shares, decided and applied, and published while three
//! older revisions are held: `cargo bench --bench publish -- M L`.
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

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

use rolebook::{
    Actor, Author, Command, Commit, Event, Grant, GrantRequest, PermissionSet, Resource, SignIn,
    State, Subject, decide,
};
use world::NOW;
use world::generate::{Rng, World};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |word: &str| arguments.iter().any(|it| it == word);
    for name in ["S", "M", "L"]
        .into_iter()
        .filter(|name| has("--bench") && has(name))
    {
        let world = world::world(name);
        let mut state = world::loaded(&world);
        println!("{name}: {} grants", world.grants.len());
        let mut random = Rng(7);
        apply(&mut state, &world, &mut random);
        decide_and_apply(&mut state, &world, &mut random);
        publish(state, &world, &mut random);
    }
}

fn pick(world: &World, random: &mut Rng) -> (Subject, Resource) {
    let user = random.below(world.users.len() as u32);
    let resource = random.below(world.resources.len() as u32);
    (world::user(user).into(), world::resource(world, resource))
}

/// A commit that gives a random user something on a random resource.
fn grant(state: &State, world: &World, random: &mut Rng) -> Commit {
    let (to, on) = pick(world, random);
    Commit {
        revision: state.revision() + 1,
        at: NOW,
        author: Author::Operator,
        events: vec![Event::Granted {
            to,
            on,
            before: state.grant(to, on),
            after: Grant::new(PermissionSet::at_or_below(on.kind())),
        }],
    }
}

fn apply(state: &mut State, world: &World, random: &mut Rng) {
    let mut spent = 0;
    let count = 100_000.min(world.grants.len());
    for _ in 0..count {
        let commit = grant(state, world, random);
        let start = Instant::now();
        state.apply(&commit).unwrap();
        spent += start.elapsed().as_nanos();
    }
    println!("  apply, unshared: {:.0} ns", spent as f64 / count as f64);
}

fn decide_and_apply(state: &mut State, world: &World, random: &mut Rng) {
    let admin = world.users.iter().position(|it| it.roles[0] == 0).unwrap() as u32;
    let actor = Actor::from(SignIn::new(world::user(admin)));
    let count = 100_000.min(world.grants.len());
    let commands: Vec<Command> = (0..count)
        .map(|_| {
            let (to, on) = pick(world, random);
            Command::Grant(GrantRequest::new(to, on))
        })
        .collect();
    let start = Instant::now();
    let mut committed = 0;
    for command in &commands {
        let Ok(decided) = decide(state, &actor, command, NOW) else {
            continue;
        };
        if let Some(commit) = decided.into_commit(state.revision(), NOW) {
            state.apply(&commit).unwrap();
            committed += 1;
        }
    }
    let each = start.elapsed().as_nanos() as f64 / f64::from(committed);
    println!(
        "  decide and apply, by an Admin: {each:.0} ns each, {:.0} a second",
        1e9 / each
    );
}

fn publish(state: State, world: &World, random: &mut Rng) {
    let mut held = VecDeque::from([Arc::new(state)]);
    let mut times = Vec::new();
    for _ in 0..3_000 {
        let latest = Arc::clone(held.back().unwrap());
        let commit = grant(&latest, world, random);
        let start = Instant::now();
        let mut next = State::clone(&latest);
        next.apply(&commit).unwrap();
        held.push_back(Arc::new(next));
        drop(latest);
        if held.len() > 3 {
            held.pop_front();
        }
        times.push(start.elapsed().as_nanos());
    }
    times.sort_unstable();
    let at = |hundredths: usize| times[times.len() * hundredths / 100];
    println!(
        "  apply to visible, dropping an old one: p50 {} p90 {} p99 {} ns",
        at(50),
        at(90),
        at(99)
    );
}
