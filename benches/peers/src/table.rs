//! The printed table, and the CSV file that plots are made from.

use crate::engine::Entry;
use crate::measure::{Figures, Outcome, Spread};
use crate::world::World;
use std::fmt::Write;
use std::time::Duration;

/// The first line of the CSV file.
pub const HEADER: &str = "size,grants,engine,ns,min,max,bytes_per_grant,visible_ns,load_ms\n";

/// The table of one world.
pub fn render(world: &World, entries: &[Entry], outcomes: &[Outcome]) -> String {
    let raw = entries.iter().zip(outcomes).find(|(entry, _)| entry.name == "limit: raw");
    let raw = raw.and_then(|(_, outcome)| outcome.as_ref().ok()).map(|figures| figures.check.median);
    let mut text = format!(
        "\n{}: {} users, {} resources, {} grants\n\n| engine | ns per check | min..max | x raw | bytes per grant | change visible | load |\n|---|---:|---:|---:|---:|---:|---:|\n",
        world.spec.name,
        world.users.len(),
        world.resources.len(),
        world.grants.len()
    );
    for (entry, outcome) in entries.iter().zip(outcomes) {
        let line = match outcome {
            Ok(figures) => row(entry.name, figures, raw),
            Err(reason) => format!("| {} | skipped: {reason} | | | | | |", entry.name),
        };
        text.push_str(&line);
        text.push('\n');
    }
    text
}

fn row(name: &str, figures: &Figures, raw: Option<f64>) -> String {
    let Spread { median, min, max } = figures.check;
    let ratio = raw.map_or("-".to_owned(), |raw| number(median / raw));
    format!(
        "| {name} | {} | {}..{} | {ratio} | {} | {} | {} |",
        number(median),
        number(min),
        number(max),
        number(figures.bytes_per_grant),
        figures.visible.map_or("-".to_owned(), time),
        time(figures.load)
    )
}

/// Three digits that count, thousands set apart.
pub fn number(value: f64) -> String {
    if value < 9.95 {
        return format!("{value:.1}");
    }
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn time(duration: Duration) -> String {
    format!("{duration:.1?}")
}

/// The lines of the CSV file for one world; skipped engines have none.
pub fn csv(world: &World, entries: &[Entry], outcomes: &[Outcome]) -> String {
    let mut text = String::new();
    for (entry, outcome) in entries.iter().zip(outcomes) {
        if let Ok(figures) = outcome {
            let Spread { median, min, max } = figures.check;
            let visible = figures.visible.map_or(String::new(), |time| time.as_nanos().to_string());
            let head = format!("{},{},{}", world.spec.name, world.grants.len(), entry.name.replace(',', ""));
            let tail = format!("{:.1},{visible},{}", figures.bytes_per_grant, figures.load.as_millis());
            writeln!(text, "{head},{median:.1},{min:.1},{max:.1},{tail}").expect("a string takes all");
        }
    }
    text
}
