//! Logarithmic axes and the words on them.

/// A range of values, laid out over a range of places.
pub struct Axis {
    /// The value at the beginning.
    pub from: f64,
    /// The value at the end.
    pub to: f64,
    /// Where it begins.
    pub at: f64,
    /// Where it ends.
    pub until: f64,
}

impl Axis {
    /// Where a value lies.
    pub fn place(&self, value: f64) -> f64 {
        let share = (value / self.from).log10() / (self.to / self.from).log10();
        self.at + share * (self.until - self.at)
    }

    /// The powers of ten in the range.
    pub fn powers(&self) -> impl Iterator<Item = f64> {
        let (least, most) = (self.from.min(self.to), self.from.max(self.to));
        (-3..12)
            .map(|power| 10f64.powi(power))
            .filter(move |&value| value >= least && value <= most)
    }
}

/// A time in ns, in the unit that suits it, two digits.
pub fn time(ns: f64) -> String {
    let (value, unit) = match ns {
        ns if ns < 999.5 => (ns, "ns"),
        ns if ns < 999_500.0 => (ns / 1e3, "µs"),
        ns if ns < 999_500_000.0 => (ns / 1e6, "ms"),
        ns => (ns / 1e9, "s"),
    };
    let digits = usize::from(value < 9.95 && value.fract() > 0.05);
    format!("{value:.digits$} {unit}")
}

/// A count in words that fit beneath an axis.
pub fn count(value: f64) -> String {
    match value {
        value if value >= 1e6 => format!("{:.0} million", value / 1e6),
        value if value >= 1e3 => format!("{:.0},000", value / 1e3),
        value => format!("{value:.0}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_power_of_ten_takes_the_same_room_everywhere() {
        let axis = Axis {
            from: 1e2,
            to: 1e8,
            at: 100.0,
            until: 700.0,
        };
        let places: Vec<f64> = axis
            .powers()
            .map(|value| axis.place(value).round())
            .collect();
        assert_eq!(places, [100.0, 200.0, 300.0, 400.0, 500.0, 600.0, 700.0]);
        let down = Axis {
            from: 1e3,
            to: 1e1,
            at: 0.0,
            until: 100.0,
        };
        assert_eq!(
            [1e3, 1e2, 1e1].map(|value| down.place(value).round()),
            [0.0, 50.0, 100.0]
        );
    }

    #[test]
    fn words_have_the_unit_that_suits_them() {
        let times = [9.4, 31.0, 1_250.0, 14_000.0, 9.8e6, 1.4e9].map(time);
        assert_eq!(
            times,
            ["9.4 ns", "31 ns", "1.2 µs", "14 µs", "9.8 ms", "1.4 s"]
        );
        assert_eq!([1e2, 1e4, 3e7].map(count), ["100", "10,000", "30 million"]);
    }
}
