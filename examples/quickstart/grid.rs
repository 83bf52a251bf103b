//! The access matrix as text: rows users by role, columns resources by model.

use std::fmt::Write as _;

use rolebook::Level;

use crate::cell::{Cell, Mark};
use crate::matrix::{Block, ColumnGroup, Matrix, Row};

/// Groups of columns beyond this width go into a table of their own.
const WIDEST: usize = 118;
/// A glyph, a mark and a space.
const CELL: usize = 3;
const GAP: &str = "  ";

pub(crate) const LEGEND: &str = concat!(
    "The strongest thing they may do: m delete, e edit, c comment, v view, . nothing.\n",
    "After it: ! a restriction takes something, + more than the role gives by default, - less.\n",
    "Whoever holds several roles stands under each of them: a session acts under one.\n",
);

pub(crate) fn glyph(level: Level) -> char {
    match level {
        Level::None => '.',
        Level::View => 'v',
        Level::Comment => 'c',
        Level::Edit => 'e',
        Level::Manage => 'm',
    }
}

pub(crate) const fn sign(mark: Mark) -> char {
    match mark {
        Mark::AsTheRole => ' ',
        Mark::More => '+',
        Mark::Less => '-',
        Mark::Restricted => '!',
    }
}

pub(crate) fn text(matrix: &Matrix) -> String {
    let stub = stub_width(matrix);
    let mut text = String::new();
    for groups in tables(matrix, stub) {
        table(&mut text, matrix, &groups, stub);
        text.push('\n');
    }
    text.push_str(LEGEND);
    text.push('\n');
    text.push_str(&key(matrix));
    text
}

/// What each column stands for.
fn key(matrix: &Matrix) -> String {
    let mut text = String::new();
    let widest = matrix.groups.iter().map(|it| it.name.len()).max();
    let width = widest.unwrap_or_default();
    for group in &matrix.groups {
        let columns = group.columns.iter();
        let columns: Vec<_> = columns
            .map(|it| format!("{} {}", it.label, it.name))
            .collect();
        let _ = writeln!(text, "{:<width$}  {}", group.name, columns.join(", "));
    }
    text
}

/// The columns left of the first group: the longest user with a note.
fn stub_width(matrix: &Matrix) -> usize {
    let rows = matrix.blocks.iter().flat_map(|it| &it.rows);
    let users = rows.map(|row| user(row).len());
    let roles = matrix.blocks.iter().map(|it| it.role.len());
    users
        .chain(roles)
        .max()
        .unwrap_or_default()
        .saturating_add(GAP.len())
}

fn user(row: &Row) -> String {
    match row.note {
        Some(note) => format!("  {} ({note})", row.user),
        None => format!("  {}", row.user),
    }
}

fn width(group: &ColumnGroup) -> usize {
    let cells = group.columns.len().saturating_mul(CELL);
    cells.max(group.name.len().saturating_add(1))
}

/// The places of the groups that stand side by side, table by table.
fn tables(matrix: &Matrix, stub: usize) -> Vec<Vec<usize>> {
    let mut tables: Vec<Vec<usize>> = Vec::new();
    let mut left = 0;
    for (place, group) in matrix.groups.iter().enumerate() {
        let needed = width(group).saturating_add(GAP.len());
        match tables.last_mut() {
            Some(table) if needed <= left => table.push(place),
            _ => {
                tables.push(vec![place]);
                left = WIDEST.saturating_sub(stub);
            }
        }
        left = left.saturating_sub(needed);
    }
    tables
}

fn table(text: &mut String, matrix: &Matrix, groups: &[usize], stub: usize) {
    let shown = || groups.iter().filter_map(|place| matrix.groups.get(*place));
    line(text, "", stub, shown().map(|it| (it, it.name.clone())));
    let labels = |group: &ColumnGroup| {
        let labels = group.columns.iter();
        labels.map(|it| format!("{:<CELL$}", it.label)).collect()
    };
    line(text, "", stub, shown().map(|it| (it, labels(it))));
    for Block { role, rows } in &matrix.blocks {
        let _ = writeln!(text, "{role}");
        for row in rows {
            let cells = groups.iter().filter_map(|place| {
                Some((matrix.groups.get(*place)?, cells(row.cells.get(*place)?)))
            });
            line(text, &user(row), stub, cells);
        }
    }
}

fn cells(cells: &[Cell]) -> String {
    let cell = |it: &Cell| format!("{}{} ", glyph(it.level), sign(it.mark));
    cells.iter().map(cell).collect()
}

fn line<'a>(
    text: &mut String,
    stub: &str,
    stub_width: usize,
    parts: impl Iterator<Item = (&'a ColumnGroup, String)>,
) {
    let mut line = format!("{stub:<stub_width$}");
    for (group, part) in parts {
        let width = width(group);
        let _ = write!(line, "{GAP}{part:<width$}");
    }
    text.push_str(line.trim_end());
    text.push('\n');
}
