//! Text tables: columns aligned to the left, two spaces between.

use std::fmt::Write as _;

#[derive(Default)]
pub(crate) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn with_headings(headings: &[&str]) -> Self {
        let mut table = Self::default();
        table.row(headings.iter().map(|it| (*it).to_owned()));
        table.row(headings.iter().map(|it| "-".repeat(it.len())));
        table
    }

    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// The width of each column.
    pub(crate) fn widths(&self) -> Vec<usize> {
        let mut widths = Vec::new();
        for row in &self.rows {
            widths.resize(row.len().max(widths.len()), 0);
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = cell.chars().count().max(*width);
            }
        }
        widths
    }

    /// The table, a line for each row.
    pub(crate) fn text(&self) -> String {
        let widths = self.widths();
        let mut text = String::new();
        for row in &self.rows {
            let mut line = String::new();
            for (cell, width) in row.iter().zip(&widths) {
                let _ = write!(line, "{cell:<width$}  ");
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }
}

/// The text with no line longer than `width`: what is over goes on, indented by `hang`.
pub(crate) fn wrap(text: &str, width: usize, hang: usize) -> String {
    let mut wrapped = String::new();
    for line in text.lines() {
        let mut room = width;
        for (place, word) in line.split_inclusive(' ').enumerate() {
            if word.trim_end().len() > room && place > 0 {
                let _ = write!(wrapped, "\n{:hang$}", "");
                room = width.saturating_sub(hang);
            }
            wrapped.push_str(word);
            room = room.saturating_sub(word.len());
        }
        wrapped.push('\n');
    }
    wrapped
        .lines()
        .map(|line| format!("{}\n", line.trim_end()))
        .collect()
}

/// The same with what is over a little deeper than its line.
pub(crate) fn wrap_sentences(text: &str, width: usize) -> String {
    let line = |line: &str| {
        let indent = line.len().saturating_sub(line.trim_start().len());
        match line {
            "" => "\n".to_owned(),
            line => wrap(line, width, indent.saturating_add(3)),
        }
    };
    text.lines().map(line).collect()
}
