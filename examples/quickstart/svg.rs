//! The access matrix as a picture.

use std::fmt::Write as _;

use rolebook::Level;

use crate::cell::{Cell, Mark};
use crate::grid::{glyph, sign};
use crate::matrix::Matrix;

const CELL: f64 = 22.0;
const GAP: f64 = 10.0;
const MARGIN: f64 = 20.0;
/// The room for the names of users.
const STUB: f64 = 150.0;
/// About the width of a letter.
const LETTER: f64 = 7.0;
const NOTHING: &str = "#f6f6f6";
const RED: &str = "#c62828";
const LEGEND: f64 = 110.0;

pub(crate) fn picture(title: &str, matrix: &Matrix) -> String {
    let mut body = String::new();
    let head = head(matrix);
    let width = columns(&mut body, matrix, head);
    let bottom = rows(&mut body, matrix, head, width);
    legend(&mut body, bottom);
    let (width, height) = ((width + 120.0).max(720.0), bottom + LEGEND);
    let title = escaped(title);
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" font-family="Helvetica, Arial, sans-serif" font-size="12">
<title>Who may do how much on what: {title}</title>
<rect width="100%" height="100%" fill="white"/>
<text x="{MARGIN}" y="32" font-size="18" font-weight="bold">{title}: who may do how much on what</text>
{body}</svg>
"##
    )
}

/// The room for the title and the names of resources, which stand aslant.
fn head(matrix: &Matrix) -> f64 {
    let columns = matrix.groups.iter().flat_map(|group| &group.columns);
    let longest = columns.map(|it| length(&it.name)).fold(0.0, f64::max);
    60.0 + longest * 0.85
}

fn length(text: &str) -> f64 {
    text.chars().map(|_| LETTER).sum()
}

/// The names of the columns. Returns where the last one ends.
fn columns(body: &mut String, matrix: &Matrix, head: f64) -> f64 {
    let mut x = MARGIN + STUB;
    for group in &matrix.groups {
        for column in &group.columns {
            let weight = if column.label == "M" {
                "bold"
            } else {
                "normal"
            };
            let (left, name) = (x + CELL / 2.0 + 4.0, escaped(&column.name));
            let _ = writeln!(
                body,
                r##"<text transform="translate({left} {y}) rotate(-55)" font-weight="{weight}">{name}</text>"##,
                y = head - 6.0,
            );
            x += CELL;
        }
        x += GAP;
    }
    x - GAP
}

/// The rows, under their roles. Returns where the last one ends.
fn rows(body: &mut String, matrix: &Matrix, head: f64, right: f64) -> f64 {
    let mut y = head;
    for block in &matrix.blocks {
        let _ = writeln!(
            body,
            r##"<text x="{MARGIN}" y="{}" font-weight="bold">{}</text><line x1="{MARGIN}" x2="{right}" y1="{y}" y2="{y}" stroke="#999"/>"##,
            y + 16.0,
            escaped(&block.role),
        );
        y += CELL;
        for row in &block.rows {
            let note = row.note.map(|note| format!("({note})")).unwrap_or_default();
            let (left, middle) = (MARGIN + 10.0, y + 15.0);
            let user = escaped(&row.user);
            let _ = writeln!(
                body,
                r##"<text x="{left}" y="{middle}">{user}<tspan dx="4" fill="#777">{note}</tspan></text>"##
            );
            cells(body, &row.cells, y);
            y += CELL;
        }
        y += GAP;
    }
    y
}

fn cells(body: &mut String, groups: &[Vec<Cell>], y: f64) {
    let mut x = MARGIN + STUB;
    for group in groups {
        for it in group {
            cell(body, *it, x, y);
            x += CELL;
        }
        x += GAP;
    }
}

fn cell(body: &mut String, it: Cell, x: f64, y: f64) {
    let (fill, ink) = match (it.level, it.mark) {
        (Level::None, Mark::Restricted) => (NOTHING, RED),
        (level, _) => colours(level),
    };
    let (side, middle, base) = (CELL - 2.0, x + CELL / 2.0 - 1.0, y + 15.0);
    let stroke = match it.mark {
        Mark::Restricted => format!(r#" stroke="{RED}" stroke-width="2""#),
        _ => String::new(),
    };
    let (glyph, sign) = (glyph(it.level), sign(it.mark));
    let sign = sign.to_string();
    let _ = writeln!(
        body,
        r##"<rect x="{x}" y="{y}" width="{side}" height="{side}" rx="2" fill="{fill}"{stroke}/><text x="{middle}" y="{base}" text-anchor="middle" fill="{ink}">{glyph}<tspan font-size="10" font-weight="bold">{}</tspan></text>"##,
        sign.trim(),
    );
}

const fn colours(level: Level) -> (&'static str, &'static str) {
    match level {
        Level::None => (NOTHING, "#bbb"),
        Level::View => ("#e3edf9", "#1a1a1a"),
        Level::Comment => ("#b5d0f0", "#1a1a1a"),
        Level::Edit => ("#6ba0dc", "#1a1a1a"),
        Level::Manage => ("#1f4e8c", "white"),
    }
}

fn legend(body: &mut String, top: f64) {
    let entry = |level, mark, words| {
        (
            Cell {
                level,
                mark,
                permissions: rolebook::PermissionSet::EMPTY,
            },
            words,
        )
    };
    let strongest = [
        entry(Level::Manage, Mark::AsTheRole, "delete"),
        entry(Level::Edit, Mark::AsTheRole, "edit"),
        entry(Level::Comment, Mark::AsTheRole, "comment"),
        entry(Level::View, Mark::AsTheRole, "view"),
        entry(Level::None, Mark::AsTheRole, "nothing"),
    ];
    let marks = [
        entry(
            Level::View,
            Mark::Restricted,
            "a restriction takes something",
        ),
        entry(Level::View, Mark::More, "more than the role gives"),
        entry(Level::View, Mark::Less, "less"),
    ];
    line(
        body,
        "The strongest thing they may do:",
        &strongest,
        top + 15.0,
    );
    line(body, "Beside it:", &marks, top + 45.0);
}

fn line(body: &mut String, heading: &str, entries: &[(Cell, &str)], y: f64) {
    let _ = writeln!(
        body,
        r##"<text x="{MARGIN}" y="{}">{heading}</text>"##,
        y + 15.0
    );
    let mut x = MARGIN + 225.0;
    for (it, words) in entries {
        cell(body, *it, x, y);
        x += CELL + 4.0;
        let _ = writeln!(body, r##"<text x="{x}" y="{}">{words}</text>"##, y + 15.0);
        x += length(words) + 18.0;
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
