//! Pairs in lists by their first half, sorted in two passes: once counted, once placed.

/// Second halves by first half, each list in the order in which its pairs came.
pub(in crate::state::table) struct Lists {
    /// Where the list of each first half ends, and the next one's begins.
    ends: Vec<usize>,
    seconds: Vec<u32>,
}

impl Lists {
    /// The lists of these pairs, the same at each call. First halves are small numbers.
    pub(in crate::state::table) fn of<I>(pairs: impl Fn() -> I) -> Self
    where
        I: Iterator<Item = (u32, u32)>,
    {
        let mut ends = starts(pairs());
        let mut seconds = vec![0; ends.last().copied().unwrap_or(0)];
        for (first, second) in pairs() {
            let at = ends.get_mut(first as usize);
            let place = at.and_then(|at| {
                let place = seconds.get_mut(*at);
                *at = at.saturating_add(1);
                place
            });
            if let Some(place) = place {
                *place = second;
            }
        }
        Self { ends, seconds }
    }

    pub(in crate::state::table) fn list(&self, first: u32) -> &[u32] {
        let first = first as usize;
        let start = first
            .checked_sub(1)
            .and_then(|before| self.ends.get(before));
        let start = start.copied().unwrap_or(0);
        let end = self.ends.get(first).copied().unwrap_or(start);
        self.seconds.get(start..end).unwrap_or_default()
    }

    /// All pairs, each once where equal ones came one after the other.
    pub(in crate::state::table) fn pairs(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        let firsts = 0..self.ends.len() as u32;
        firsts.flat_map(|first| {
            let mut last = None;
            let seconds = self.list(first).iter().copied();
            let fresh = seconds.filter(move |second| last.replace(*second) != Some(*second));
            fresh.map(move |second| (first, second))
        })
    }
}

/// Where the list of each first half begins, and behind the last one where it ends.
fn starts(pairs: impl Iterator<Item = (u32, u32)>) -> Vec<usize> {
    let mut starts: Vec<usize> = vec![0];
    for (first, _) in pairs {
        let after = (first as usize).saturating_add(1);
        if after >= starts.len() {
            starts.resize(after.saturating_add(1), 0);
        }
        if let Some(count) = starts.get_mut(after) {
            *count = count.saturating_add(1);
        }
    }
    let mut sum = 0_usize;
    for count in &mut starts {
        sum = sum.saturating_add(*count);
        *count = sum;
    }
    starts
}
