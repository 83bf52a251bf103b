//! Time: a moment the host passes in. The library has no clock.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A moment, in milliseconds since the Unix epoch. The host's clock makes one:
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use rolebook::Timestamp;
///
/// /// `None` where the clock stands before the epoch.
/// fn timestamp(clock: SystemTime) -> Option<Timestamp> {
///     let since_epoch = clock.duration_since(SystemTime::UNIX_EPOCH).ok()?;
///     Timestamp::EPOCH.checked_add(since_epoch)
/// }
///
/// let clock = SystemTime::UNIX_EPOCH + Duration::from_millis(1_767_603_600_250);
/// assert_eq!(timestamp(clock).unwrap().to_string(), "2026-01-05T09:00:00.250Z");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(u64);

impl Timestamp {
    /// The Unix epoch.
    pub const EPOCH: Self = Self(0);
    /// The last moment there is. What never ends is held at it.
    pub const END_OF_TIME: Self = Self(u64::MAX);

    /// The moment this many milliseconds after the Unix epoch.
    #[must_use]
    pub const fn from_milliseconds(milliseconds: u64) -> Self {
        Self(milliseconds)
    }

    /// The moment this many seconds after the Unix epoch, or `None` past the end of time.
    #[must_use]
    pub const fn from_seconds(seconds: u64) -> Option<Self> {
        match seconds.checked_mul(1_000) {
            Some(milliseconds) => Some(Self(milliseconds)),
            None => None,
        }
    }

    /// Milliseconds since the Unix epoch.
    #[must_use]
    pub const fn milliseconds(self) -> u64 {
        self.0
    }

    /// The moment `duration` later (whole milliseconds), or `None` past the end of time.
    #[must_use]
    pub fn checked_add(self, duration: Duration) -> Option<Self> {
        let milliseconds = u64::try_from(duration.as_millis()).ok()?;
        self.0.checked_add(milliseconds).map(Self)
    }

    /// The time since `earlier`; zero where time went back.
    #[must_use]
    pub const fn saturating_since(self, earlier: Self) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0))
    }

    /// The last moment before this one. The epoch is its own.
    #[must_use]
    pub const fn just_before(self) -> Self {
        Self(self.0.saturating_sub(1))
    }
}

impl fmt::Display for Timestamp {
    /// ISO 8601 in UTC, `2026-01-05T09:00:00Z`, with milliseconds where there are any.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0 / 1_000;
        let (year, month, day) = civil_date(seconds / 86_400);
        let (hour, minute, second) = (seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60);
        write!(
            formatter,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"
        )?;
        match self.0 % 1_000 {
            0 => formatter.write_str("Z"),
            milliseconds => write!(formatter, ".{milliseconds:03}Z"),
        }
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// Year, month and day of a day counted from the epoch, after Howard Hinnant's `civil_from_days`
/// (<https://howardhinnant.github.io/date_algorithms.html>), for days since the epoch only.
#[expect(
    clippy::arithmetic_side_effects,
    reason = "days are below 2^64 / 86,400,000, so no step leaves u64, and every subtrahend is the smaller"
)]
fn civil_date(days: u64) -> (u64, u64, u64) {
    let shifted = days + 719_468;
    let era = shifted / 146_097;
    let day_of_era = shifted % 146_097;
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_iso_8601() {
        let shown = |seconds| Timestamp::from_seconds(seconds).unwrap().to_string();
        assert_eq!(shown(0), "1970-01-01T00:00:00Z");
        assert_eq!(shown(1_767_603_600), "2026-01-05T09:00:00Z");
        assert_eq!(shown(951_782_400), "2000-02-29T00:00:00Z");
        assert_eq!(Timestamp(1).to_string(), "1970-01-01T00:00:00.001Z");
        assert!(!Timestamp::END_OF_TIME.to_string().is_empty());
    }

    #[test]
    fn never_wraps() {
        assert_eq!(Timestamp::from_seconds(u64::MAX), None);
        assert_eq!(
            Timestamp::END_OF_TIME.checked_add(Duration::from_millis(1)),
            None
        );
        assert_eq!(Timestamp(5).checked_add(Duration::MAX), None);
        assert_eq!(Timestamp(5).saturating_since(Timestamp(9)), Duration::ZERO);
        assert_eq!(Timestamp::EPOCH.just_before(), Timestamp::EPOCH);
    }
}
