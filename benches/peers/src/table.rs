//! The printed table, and the CSV file that plots are made from.

use crate::measure::{Figures, Row, Spread};
use crate::world::generate::World;
use std::fmt::Write;
use std::time::Duration;

/// The first line of the CSV file.
pub const HEADER: &str = "size,grants,engine,ns,min,max,bytes_per_grant,visible_ns,load_ms\n";

/// The table of one world.
pub fn render(size: &str, world: &World, rows: &[Row]) -> String {
    let (users, resources, grants) = (world.users.len(), world.resources.len(), world.grants.len());
    let mut text =
        format!("\n{size}: {users} users, {resources} resources, {grants} grants\n\n{HEAD}");
    let raw = rows.iter().find(|row| row.name == "limit: raw");
    let raw = raw
        .and_then(|row| row.outcome.as_ref().ok())
        .map(|figures| figures.check.median);
    for Row { name, outcome } in rows {
        let line = match outcome {
            Ok(figures) => row(name, figures, raw),
            Err(reason) => format!("| {name} | skipped: {reason} | | | | | |"),
        };
        text.push_str(&line);
        text.push('\n');
    }
    text
}

const HEAD: &str = "\
| engine | ns per check | min..max | x raw | bytes per grant | change visible | load |
|---|---:|---:|---:|---:|---:|---:|
";

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
pub fn csv(size: &str, world: &World, rows: &[Row]) -> String {
    let mut text = String::new();
    for Row { name, outcome } in rows {
        if let Ok(figures) = outcome {
            let Spread { median, min, max } = figures.check;
            let visible = figures
                .visible
                .map_or(String::new(), |time| time.as_nanos().to_string());
            let head = format!("{size},{},{}", world.grants.len(), name.replace(',', ":"));
            let tail = format!(
                "{:.1},{visible},{}",
                figures.bytes_per_grant,
                figures.load.as_millis()
            );
            writeln!(text, "{head},{median:.1},{min:.1},{max:.1},{tail}")
                .expect("a string takes all");
        }
    }
    text
}
