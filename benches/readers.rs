//! Readers on one and two threads, with and without a writer who commits 1,000 changes a second:
//! `cargo bench --bench readers -- S M 9`.
//!
//! Every round runs every row once. Threads that share cores with the writer cannot reach twice the
//! speed of one, however little they share: so each row tells the time that passed, and beside it the CPU
//! time that a reading thread spent for a check. Two rows of a hand-written table, which nobody writes to,
//! show what the machine itself gives to a second thread.
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

use std::hint::black_box;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use cpu_time::ThreadTime;
use rolebook::store::{LogEntry, MemoryStore, Store};
use rolebook::{Actor, Author, Command, Commit, Engine, GrantRequest, OrganisationId, Reader};
use world::generate::{Query, Rng, World};
use world::limits::Raw;
use world::{NOW, Question, ask, sum};

const ACME: OrganisationId = OrganisationId::new(1);
const PERIOD: Duration = Duration::from_millis(1);
const ROUND: Duration = Duration::from_millis(120);
/// Checks between two looks at whether the round is over.
const CHUNK: usize = 1 << 12;
/// Checks on one revision, where it is kept for a while.
const PINNED: usize = 64;

/// How a reader comes to its revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Taking {
    Each,
    Cached,
    Pinned,
    /// None: a hand-written table, for comparison.
    Raw,
}

/// A row: how, by how many threads, beside a writer or not.
type Row = (Taking, usize, bool);

const ROWS: [Row; 14] = [
    (Taking::Each, 1, false),
    (Taking::Each, 1, true),
    (Taking::Each, 2, false),
    (Taking::Each, 2, true),
    (Taking::Cached, 1, false),
    (Taking::Cached, 1, true),
    (Taking::Cached, 2, false),
    (Taking::Cached, 2, true),
    (Taking::Pinned, 1, false),
    (Taking::Pinned, 1, true),
    (Taking::Pinned, 2, false),
    (Taking::Pinned, 2, true),
    (Taking::Raw, 1, false),
    (Taking::Raw, 2, false),
];

/// What a row gave in one round.
#[derive(Clone, Copy, Debug, Default)]
struct Figures {
    /// Checks by all threads, a second.
    speed: f64,
    /// CPU time of a thread for a check, ns.
    cpu: f64,
    /// Changes committed, a second.
    commits: f64,
    /// CPU time of the writer, as a part of one core.
    writer: f64,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |word: &str| arguments.iter().any(|it| it == word);
    let rounds = arguments.iter().find_map(|it| it.parse().ok()).unwrap_or(9);
    for name in ["S", "M"]
        .into_iter()
        .filter(|name| has("--bench") && has(name))
    {
        measure(name, rounds);
    }
}

fn measure(name: &str, rounds: usize) {
    let bench = Bench::new(world::world(name));
    let mut all = vec![Vec::new(); ROWS.len()];
    for _ in 0..rounds {
        for (row, figures) in ROWS.iter().zip(&mut all) {
            figures.push(bench.run(*row));
        }
    }
    println!("{name}: median (least, most) of {rounds} rounds");
    println!(
        "{:22} {:>26}  {:>6}  {:>20}  {:>5}  {:>8}  {:>6}",
        "", "million checks a second", "x one", "CPU ns per check", "x one", "commits", "CPU"
    );
    for (number, row) in ROWS.iter().enumerate() {
        let alone = number
            - ROWS[..=number]
                .iter()
                .rev()
                .position(|it| it.1 == 1 && !it.2)
                .unwrap();
        print(*row, &all[number], &all[alone]);
    }
}

fn print((taking, threads, writer): Row, figures: &[Figures], alone: &[Figures]) {
    let label = format!(
        "{taking:?} {threads}{}",
        if writer { " + writer" } else { "" }
    );
    let [least, speed, most] = spread(figures, |it| it.speed / 1e6);
    let [low, cpu, high] = spread(figures, |it| it.cpu);
    let ratio = spread_of(
        figures
            .iter()
            .zip(alone)
            .map(|(it, one)| it.speed / one.speed),
    )[1];
    let by_cpu = spread_of(
        figures
            .iter()
            .zip(alone)
            .map(|(it, one)| threads as f64 * one.cpu / it.cpu),
    )[1];
    print!(
        "{label:22} {speed:8.2} ({least:7.2}, {most:7.2})  {ratio:6.2}  {cpu:6.1} ({low:5.1}, {high:5.1})  {by_cpu:5.2}"
    );
    let [_, commits, _] = spread(figures, |it| it.commits);
    let [_, busy, _] = spread(figures, |it| it.writer * 100.0);
    println!("  {commits:8.0}  {busy:5.1}%");
}

fn spread(figures: &[Figures], of: impl Fn(&Figures) -> f64) -> [f64; 3] {
    spread_of(figures.iter().map(of))
}

fn spread_of(figures: impl Iterator<Item = f64>) -> [f64; 3] {
    let mut all: Vec<f64> = figures.collect();
    all.sort_by(f64::total_cmp);
    [all[0], all[all.len() / 2], all[all.len() - 1]]
}

struct Bench {
    world: World,
    raw: Raw,
    engine: Engine<MemoryStore>,
    reader: Reader,
    queries: Vec<Query>,
    questions: Vec<Question>,
}

impl Bench {
    fn new(world: World) -> Self {
        let engine = engine(&world);
        let reader = engine.open(ACME).unwrap().unwrap();
        let queries = world.queries(1 << 18, false);
        let questions: Vec<Question> = queries
            .iter()
            .map(|it| world::question(&world, *it))
            .collect();
        let snapshot = reader.snapshot();
        for (query, question) in queries.iter().zip(&questions) {
            assert_eq!(ask(&snapshot, question), world.expected(*query).allowed());
        }
        Self {
            raw: Raw::new(&world),
            world,
            engine,
            reader,
            queries,
            questions,
        }
    }

    fn run(&self, (taking, threads, writer): Row) -> Figures {
        let over = AtomicBool::new(false);
        let ready = Barrier::new(threads + usize::from(writer) + 1);
        let timed = |work: &dyn Fn(&AtomicBool) -> usize| {
            ready.wait();
            let (wall, cpu) = (Instant::now(), ThreadTime::now());
            let done = work(&over) as f64;
            (
                done / wall.elapsed().as_secs_f64(),
                cpu.elapsed().as_secs_f64() / done,
                done,
            )
        };
        thread::scope(|scope| {
            let readers: Vec<_> = (0..threads)
                .map(|number| scope.spawn(move || timed(&|over| self.read(taking, number, over))))
                .collect();
            let writer = writer.then(|| scope.spawn(|| timed(&|over| self.write(over))));
            ready.wait();
            thread::sleep(ROUND);
            over.store(true, Ordering::Relaxed);
            let mut figures = Figures::default();
            for (speed, cpu, _) in readers.into_iter().map(|it| it.join().unwrap()) {
                figures.speed += speed;
                figures.cpu += cpu * 1e9 / threads as f64;
            }
            if let Some((commits, cpu, _)) = writer.map(|it| it.join().unwrap()) {
                figures.commits = commits;
                figures.writer = commits * cpu;
            }
            figures
        })
    }

    /// Checks until the round is over, each thread from a place of its own; how many.
    fn read(&self, taking: Taking, number: usize, over: &AtomicBool) -> usize {
        let mut cached = self.reader.cached();
        let count = self.questions.len();
        let mut at = count / 2 * number;
        let mut done = 0;
        while !over.load(Ordering::Relaxed) {
            let chunk = at..at + CHUNK;
            let questions = &self.questions[chunk.clone()];
            black_box(match taking {
                Taking::Each => sum(questions, |it| ask(&self.reader.snapshot(), it)),
                Taking::Cached => sum(questions, |it| ask(cached.state(), it)),
                Taking::Pinned => questions.chunks(PINNED).map(|some| self.pinned(some)).sum(),
                Taking::Raw => sum(&self.queries[chunk], |it| self.raw(it)),
            });
            at = (at + CHUNK) % count;
            done += CHUNK;
        }
        done
    }

    fn pinned(&self, questions: &[Question]) -> u64 {
        let snapshot = self.reader.snapshot();
        sum(questions, |it| ask(&snapshot, it))
    }

    fn raw(&self, query: &Query) -> bool {
        let bits = (query.bit >> 10) as u32;
        self.raw.check(query.user, query.resource, bits)
    }

    /// A change every millisecond until the round is over, and more where it is late; how many.
    fn write(&self, over: &AtomicBool) -> usize {
        let (start, mut done) = (Instant::now(), 0);
        let mut random = Rng(start.elapsed().as_nanos() as u64);
        while !over.load(Ordering::Relaxed) {
            let due = PERIOD * done;
            let early = due.saturating_sub(start.elapsed());
            if !early.is_zero() {
                thread::sleep(early);
            }
            self.change(&mut random);
            done += 1;
        }
        done as usize
    }

    /// A grant to a random user on a random resource, from the command to the readers.
    fn change(&self, random: &mut Rng) {
        loop {
            let user = world::user(random.below(self.world.users.len() as u32));
            let number = random.below(self.world.resources.len() as u32);
            let request = GrantRequest::new(user, world::resource(&self.world, number));
            let (actor, command) = (Actor::Operator, Command::Grant(request));
            let executed = self.engine.execute(ACME, &actor, &command, NOW);
            if executed.is_ok_and(|it| it.commit.is_some()) {
                return;
            }
        }
    }
}

/// The world in one commit: the log of the store is not what is measured.
fn engine(world: &World) -> Engine<MemoryStore> {
    let store = MemoryStore::new();
    let commit = Commit {
        revision: 1,
        at: NOW,
        author: Author::Operator,
        events: world::events(world).collect(),
    };
    let organisation = ACME;
    store
        .append(&LogEntry {
            organisation,
            commit,
        })
        .unwrap();
    Engine::new(store)
}
