//! The processor time of the thread, without what looking at the clock costs.

use cpu_time::ThreadTime;
use std::sync::OnceLock;
use std::time::Duration;

/// A running clock.
pub struct Clock(ThreadTime);

impl Clock {
    /// Starts one.
    pub fn start() -> Clock {
        Clock(ThreadTime::now())
    }

    /// The time since it started. Where the system has to be asked, that takes longer than a hundred checks.
    pub fn stop(self) -> Duration {
        self.0.elapsed().saturating_sub(cost())
    }
}

/// What two looks that follow each other show, in the middle of many.
fn cost() -> Duration {
    static COST: OnceLock<Duration> = OnceLock::new();
    *COST.get_or_init(|| {
        let mut looks: Vec<Duration> = (0..2001).map(|_| ThreadTime::now().elapsed()).collect();
        looks.sort();
        looks[looks.len() / 2]
    })
}
