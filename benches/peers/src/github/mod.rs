//! The github application of Cedar's published evaluation: 200 worlds of each size, 500 requests each.

mod app;
mod cedar;
mod gatehouse;
mod oracle;
mod organisation;
mod raw;
mod rolebook;

use crate::engine::timed;
use crate::measure::Spread;
use crate::table::number;
use crate::world::generate::Rng;
use app::{App, Request};
use std::fmt::Write;
use std::time::Duration;

/// Organisations, repositories, teams and users: as many of each.
const SIZES: [u32; 7] = [5, 10, 15, 20, 30, 40, 50];
const REQUESTS: usize = 500;
const SEED: u64 = 0x6769_7468_7562;

/// An engine that holds one world of the application.
pub trait Engine {
    /// Whether the user has the level on the repository.
    fn check(&mut self, request: &Request) -> bool;

    /// The processor time that deciding all the requests takes; provided, so that the loop is compiled for each engine.
    fn time(&mut self, requests: &[Request]) -> Duration {
        timed(requests, |request| self.check(request))
    }
}

/// An engine that takes part.
struct Entry {
    name: &'static str,
    build: fn(&App) -> Box<dyn Engine>,
}

const ENTRIES: [Entry; 5] = [
    Entry {
        name: "rolebook",
        build: |app| Box::new(rolebook::ByIds::new(app)),
    },
    Entry {
        name: "rolebook, session",
        build: |app| Box::new(rolebook::InSessions::new(app)),
    },
    Entry {
        name: "limit: raw",
        build: |app| Box::new(raw::Raw::new(app)),
    },
    Entry {
        name: "gatehouse",
        build: |app| Box::new(gatehouse::Gatehouse::new(app)),
    },
    Entry {
        name: "cedar",
        build: |app| Box::new(cedar::Cedar::new(app)),
    },
];

/// Measures all sizes; gives the table and the CSV file.
pub fn run(worlds: usize) -> (String, String) {
    let mut csv = "n,engine,ns,min,max\n".to_owned();
    let columns: Vec<Vec<Spread>> = SIZES.iter().map(|&n| size(n, worlds)).collect();
    let heads: String = SIZES.iter().map(|n| format!(" N = {n} |")).collect();
    let mut table = format!(
        "\n| engine |{heads}\n|---|{}\n",
        "---:|".repeat(SIZES.len())
    );
    for (place, entry) in ENTRIES.iter().enumerate() {
        let cells: String = columns
            .iter()
            .map(|column| format!(" {} |", number(column[place].median)))
            .collect();
        writeln!(table, "| {} |{cells}", entry.name).expect("a string takes all");
        for (n, column) in SIZES.iter().zip(&columns) {
            let Spread { median, min, max } = column[place];
            writeln!(csv, "{n},{},{median:.1},{min:.1},{max:.1}", entry.name)
                .expect("a string takes all");
        }
    }
    table.push_str("\nns per request, median over the worlds\n");
    (table, csv)
}

/// The spread over worlds of one size, by engine.
fn size(n: u32, worlds: usize) -> Vec<Spread> {
    let mut rng = Rng(SEED ^ u64::from(n));
    let mut samples = vec![Vec::new(); ENTRIES.len()];
    for _ in 0..worlds {
        let app = App::draw(n, &mut rng);
        let requests: Vec<Request> = (0..REQUESTS).map(|_| app.request(&mut rng)).collect();
        let engines = ENTRIES.iter().map(|entry| agreed(entry, &app, &requests));
        for (mut engine, samples) in engines.zip(&mut samples) {
            samples.push(engine.time(&requests).as_nanos() as f64 / requests.len() as f64);
        }
    }
    samples.into_iter().map(Spread::of).collect()
}

/// Builds an engine and compares every request with the oracle.
fn agreed(entry: &Entry, app: &App, requests: &[Request]) -> Box<dyn Engine> {
    let mut engine = (entry.build)(app);
    for request in requests {
        let (answer, rule) = (engine.check(request), app.allows(request));
        assert_eq!(
            answer, rule,
            "{} answers {answer} where the rule says {rule}: {request:?}",
            entry.name
        );
    }
    engine
}

#[cfg(test)]
mod tests {
    /// A disagreement with the oracle panics.
    #[test]
    fn every_engine_agrees_with_the_oracle() {
        for n in [5, 20, 50] {
            assert_eq!(super::size(n, 4).len(), super::ENTRIES.len());
        }
    }
}
