//! The same world and the same queries through several authorization engines: one table.

mod change;
mod clock;
mod engine;
mod engines;
mod github;
mod measure;
mod memory;
mod permissions;
mod plot;
mod sources;
mod table;
#[path = "../../world/mod.rs"]
mod world;

use measure::Plan;
use std::path::PathBuf;
use std::time::Duration;
use std::{env, fs, io};
use world::generate::{Features, Spec, World};

#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

const USAGE: &str = "\
usage: rolebook-peers checks [--quick] [--zipf] [--rounds N] [--patience SECONDS] [--only NAME,..] [--csv FILE] SIZE..
       rolebook-peers github [--worlds N] [--csv FILE]
       rolebook-peers plot CSV SVG
SIZE is S, M, L, a number of users with the proportions of M, or `curve` for one of each order of magnitude.";

/// The sizes of the plot.
const CURVE: [&str; 8] = ["1", "10", "30", "S", "1000", "M", "100000", "L"];

fn main() -> io::Result<()> {
    let args: Vec<String> = env::args().skip(1).collect();
    match args.split_first() {
        Some((command, rest)) if command == "checks" => checks(rest),
        Some((command, rest)) if command == "github" => run_github(rest),
        Some((command, [csv, svg])) if command == "plot" => {
            fs::write(svg, plot::svg(&fs::read_to_string(csv)?))
        }
        _ => usage(),
    }
}

fn usage() -> io::Result<()> {
    Err(io::Error::new(io::ErrorKind::InvalidInput, USAGE))
}

/// What follows the command.
struct Options {
    zipf: bool,
    plan: Plan,
    only: Vec<String>,
    csv: PathBuf,
    worlds: usize,
    sizes: Vec<String>,
}

impl Options {
    fn parse(args: &[String], csv: &str) -> Option<Options> {
        let (plan, only, sizes) = (Plan::THOROUGH, Vec::new(), Vec::new());
        let mut options = Options {
            zipf: false,
            plan,
            only,
            csv: csv.into(),
            worlds: 200,
            sizes,
        };
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            match arg.as_str() {
                "--quick" => options.plan = Plan::QUICK,
                "--zipf" => options.zipf = true,
                "--rounds" => options.plan.rounds = args.next()?.parse().ok().filter(|&n| n > 0)?,
                "--patience" => {
                    options.plan.patience = Duration::from_secs(args.next()?.parse().ok()?)
                }
                "--only" => {
                    options.only = args
                        .next()?
                        .split(',')
                        .map(|name| name.trim().to_owned())
                        .collect()
                }
                "--csv" => options.csv = args.next()?.into(),
                "--worlds" => options.worlds = args.next()?.parse().ok().filter(|&n| n > 0)?,
                "curve" => options.sizes.extend(CURVE.map(String::from)),
                size => options.sizes.push(size.to_owned()),
            }
        }
        Some(options)
    }

    fn entries(&self) -> Vec<engine::Entry> {
        let mut entries = engines::all();
        let wanted = |name: &str| self.only.iter().any(|part| name.contains(part));
        entries.retain(|entry| self.only.is_empty() || wanted(entry.name));
        entries
    }

    fn write(&self, text: &str) -> io::Result<()> {
        if let Some(folder) = self.csv.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&self.csv, text)
    }
}

fn checks(args: &[String]) -> io::Result<()> {
    let Some(options) = Options::parse(args, "out/checks.csv") else {
        return usage();
    };
    let spec = |size: &String| Some((size.clone(), Spec::named(size, Features::PEERS)?));
    let specs: Option<Vec<(String, Spec)>> = options.sizes.iter().map(spec).collect();
    let Some(specs) = specs.filter(|specs| !specs.is_empty()) else {
        return usage();
    };
    let mut csv = table::HEADER.to_owned();
    for (size, spec) in specs {
        let world = World::new(spec);
        let queries = world.queries(1 << 20, options.zipf);
        let rows = measure::run(&world, &queries, &options.entries(), &options.plan);
        println!("{}", table::render(&size, &world, &rows));
        csv.push_str(&table::csv(&size, &world, &rows));
        options.write(&csv)?;
    }
    Ok(())
}

fn run_github(args: &[String]) -> io::Result<()> {
    let Some(options) = Options::parse(args, "out/github.csv") else {
        return usage();
    };
    let (table, csv) = github::run(options.worlds);
    println!("{table}");
    options.write(&csv)
}
