//! One plot: nanoseconds per check over the number of grants, both logarithmic, one line per engine.

mod axis;
mod labels;

use axis::Axis;
use labels::Label;
use std::fmt::Write;

const WIDTH: f64 = 1050.0;
const HEIGHT: f64 = 640.0;
const LEFT: f64 = 96.0;
const RIGHT: f64 = 770.0;
const TOP: f64 = 72.0;
const BOTTOM: f64 = 556.0;

/// Reds for Rolebook, greys for the limits, for the others colours that stay apart for most kinds of colour vision, on white.
const OWN: [&str; 3] = ["#c1121f", "#e5686c", "#7a0c16"];
const LIMITS: [&str; 3] = ["#111111", "#8a8a8a", "#5b6b7b"];
const OTHERS: [&str; 7] = [
    "#0072b2", "#009e73", "#9d4edd", "#d55e00", "#e69f00", "#b0156c", "#8c564b",
];

/// One engine: its name, and (grants, ns) from the smallest world to the largest.
struct Line {
    name: String,
    points: Vec<(f64, f64)>,
}

impl Line {
    /// Rolebook, a limit, or another engine.
    fn family(&self) -> usize {
        match &self.name {
            own if own.starts_with("rolebook") => 0,
            limit if limit.starts_with("limit") => 1,
            _ => 2,
        }
    }
}

/// The plot of a CSV file that `checks` has written.
pub fn svg(csv: &str) -> String {
    let lines = lines(csv);
    let x = Axis {
        from: 1e2,
        to: 1e8,
        at: LEFT,
        until: RIGHT + 52.0,
    };
    let (least, most) = powers(&lines);
    let y = Axis {
        from: most,
        to: least,
        at: TOP,
        until: BOTTOM,
    };
    let mut svg = head();
    grid(&mut svg, &x, &y);
    let mut palette = [
        OWN.iter().cycle(),
        LIMITS.iter().cycle(),
        OTHERS.iter().cycle(),
    ];
    let mut ends = Vec::new();
    for line in &lines {
        let colour = palette[line.family()].next().copied().unwrap_or(OWN[0]);
        ends.push(draw(&mut svg, line, colour, &x, &y));
    }
    labels::draw(&mut svg, ends, RIGHT + 24.0, (TOP, BOTTOM));
    svg.push_str("</svg>\n");
    svg
}

/// The powers of ten around all points.
fn powers(lines: &[Line]) -> (f64, f64) {
    let times = || {
        lines
            .iter()
            .flat_map(|line| &line.points)
            .map(|point| point.1)
    };
    let (least, most) = (times().fold(1e2, f64::min), times().fold(1e3, f64::max));
    (
        10f64.powf(least.log10().floor()),
        10f64.powf(most.log10().ceil()),
    )
}

fn lines(csv: &str) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for row in csv.lines().skip(1) {
        let cells: Vec<&str> = row.split(',').collect();
        let [_, grants, name, ns, ..] = cells[..] else {
            continue;
        };
        let (Ok(grants), Ok(ns)) = (grants.parse(), ns.parse()) else {
            continue;
        };
        match lines.iter_mut().find(|line| line.name == name) {
            Some(line) => line.points.push((grants, ns)),
            None => lines.push(Line {
                name: name.to_owned(),
                points: vec![(grants, ns)],
            }),
        }
    }
    lines
        .iter_mut()
        .for_each(|line| line.points.sort_by(|a, b| a.0.total_cmp(&b.0)));
    lines
}

fn head() -> String {
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" font-family="Helvetica, Arial, 'DejaVu Sans', sans-serif" font-size="15" fill="#333333" role="img" aria-label="Nanoseconds per check over the number of grants, by engine">
<rect width="100%" height="100%" fill="#ffffff"/>
<text x="{LEFT}" y="34" font-size="19" font-weight="bold" fill="#111111">Time of one permission check, by size of the organisation</text>
<text x="{LEFT}" y="56" font-size="14">same world, same queries, one thread, one run; a line ends at the bound on memory or time</text>
"##
    )
}

fn grid(svg: &mut String, x: &Axis, y: &Axis) {
    let right = x.place(3.5e7);
    for value in y.powers() {
        let at = y.place(value);
        writeln!(svg, r##"<path d="M{LEFT} {at:.1}H{right:.1}" stroke="#e2e2e2"/><text x="{:.1}" y="{:.1}" text-anchor="end">{}</text>"##, LEFT - 10.0, at + 5.0, axis::time(value)).expect("a string takes all");
    }
    for value in x.powers().filter(|&value| value < 3.5e7) {
        let at = x.place(value);
        writeln!(svg, r##"<path d="M{at:.1} {TOP}V{BOTTOM}" stroke="#f0f0f0"/><text x="{at:.1}" y="{:.1}" text-anchor="middle">{}</text>"##, BOTTOM + 22.0, axis::count(value)).expect("a string takes all");
    }
    let (middle, y_title) = ((LEFT + right) / 2.0, (TOP + BOTTOM) / 2.0);
    writeln!(svg, r##"<text x="{middle:.1}" y="{:.1}" text-anchor="middle">grants in the organisation</text><text transform="translate(24 {y_title:.1}) rotate(-90)" text-anchor="middle">time per check</text>"##, BOTTOM + 52.0).expect("a string takes all");
}

/// Draws a line and gives the label at its end.
fn draw(svg: &mut String, line: &Line, colour: &'static str, x: &Axis, y: &Axis) -> Label {
    let points: Vec<(f64, f64)> = line
        .points
        .iter()
        .map(|&(grants, ns)| (x.place(grants), y.place(ns)))
        .collect();
    let path: Vec<String> = points
        .iter()
        .map(|(x, y)| format!("{x:.1},{y:.1}"))
        .collect();
    let (width, dash) = match line.family() {
        0 => (3.4, ""),
        1 => (2.2, r#" stroke-dasharray="6 4""#),
        _ => (2.2, ""),
    };
    writeln!(svg, r##"<polyline points="{}" fill="none" stroke="{colour}" stroke-width="{width}" stroke-linejoin="round"{dash}/>"##, path.join(" ")).expect("a string takes all");
    for (x, y) in &points {
        writeln!(
            svg,
            r##"<circle cx="{x:.1}" cy="{y:.1}" r="3.2" fill="{colour}"/>"##
        )
        .expect("a string takes all");
    }
    let last = line.points.last().map_or(0.0, |point| point.1);
    let text = format!("{}  {}", line.name, axis::time(last));
    Label {
        text,
        colour,
        end: points.last().copied().unwrap_or((LEFT, BOTTOM)),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_engine_of_the_file_has_a_line_and_a_label() {
        let row = |i| {
            format!("S,3665,engine {i},{i}00.0,1,1,1,1,1\nM,348500,engine {i},{i}50.0,1,1,1,1,1\n")
        };
        let csv = format!(
            "head\n{}M,348500,rolebook,20,1,1,1,1,1\n",
            (1..=12).map(row).collect::<String>()
        );
        let svg = super::svg(&csv);
        assert_eq!(svg.matches("<polyline").count(), 13);
        assert!((1..=12).all(|i| svg.contains(&format!(">engine {i}  "))));
        assert!(svg.contains(super::OWN[0]));
    }
}
