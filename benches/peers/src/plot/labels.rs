//! The names of the lines, in one column, none on another, each led to from the end of its line.

use std::fmt::Write;

const APART: f64 = 21.0;

/// The name of a line.
pub struct Label {
    /// The words.
    pub text: String,
    /// The colour of the line.
    pub colour: &'static str,
    /// Where the line ends.
    pub end: (f64, f64),
}

/// Draws the labels in a column at `x`, within the range of `y`.
pub fn draw(svg: &mut String, mut labels: Vec<Label>, x: f64, range: (f64, f64)) {
    labels.sort_by(|a, b| a.end.1.total_cmp(&b.end.1));
    let places = spread(labels.iter().map(|label| label.end.1).collect(), range);
    for (label, place) in labels.iter().zip(places) {
        let (Label { text, colour, .. }, (from, at)) = (label, label.end);
        let bend = x - 22.0;
        writeln!(
            svg,
            r##"<path d="M{:.1} {at:.1}H{:.1}L{:.1} {place:.1}" fill="none" stroke="{colour}" stroke-width="0.9" stroke-opacity="0.55" stroke-dasharray="1.5 3"/><text x="{x:.1}" y="{:.1}" fill="{colour}" font-size="14" font-weight="600">{text}</text>"##,
            from + 5.0,
            bend.max(from + 5.0),
            x - 4.0,
            place + 5.0
        )
        .expect("a string takes all");
    }
}

/// Moves sorted places apart, as little as it takes: groups that would touch are centred on their mean.
fn spread(wanted: Vec<f64>, (top, bottom): (f64, f64)) -> Vec<f64> {
    let mut groups: Vec<(f64, usize)> = Vec::new();
    for place in wanted {
        groups.push((place, 1));
        while let [.., (above, m), (below, n)] = groups[..] {
            if below - above >= APART * (m + n) as f64 / 2.0 {
                break;
            }
            let mean = (above * m as f64 + below * n as f64) / (m + n) as f64;
            groups.truncate(groups.len() - 2);
            groups.push((mean, m + n));
        }
    }
    groups
        .into_iter()
        .flat_map(|(middle, n)| column(middle, n, top, bottom))
        .collect()
}

fn column(middle: f64, n: usize, top: f64, bottom: f64) -> impl Iterator<Item = f64> {
    let half = (n - 1) as f64 * APART / 2.0;
    let first = (middle - half).min(bottom - 2.0 * half).max(top);
    (0..n).map(move |i| first + i as f64 * APART)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_keep_apart_and_within_the_range() {
        let places = spread(vec![10.0, 12.0, 12.0, 300.0, 395.0, 399.0], (0.0, 400.0));
        assert!(
            places
                .windows(2)
                .all(|pair| pair[1] - pair[0] >= APART - 1e-9),
            "{places:?}"
        );
        assert!(
            places.iter().all(|&place| (0.0..=400.0).contains(&place)),
            "{places:?}"
        );
        assert_eq!(places[3], 300.0);
    }
}
