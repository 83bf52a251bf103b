//! Ids in order.

/// Ids of a listing before or after they are put in order.
#[derive(Debug)]
pub(super) struct Ids {
    ids: Vec<u128>,
    /// Where the rest begins, once they are in order.
    next: Option<usize>,
}

impl Ids {
    /// In any order, some perhaps more than once.
    pub(super) const fn found(ids: Vec<u128>) -> Self {
        Self { ids, next: None }
    }

    /// Drops those that are passed: the least, up to one.
    pub(super) fn drop_passed(&mut self, passed: impl Fn(u128) -> bool) {
        match self.next {
            None => self.ids.retain(|id| !passed(*id)),
            Some(next) => {
                let after = self.ids.partition_point(|id| passed(*id));
                self.next = Some(next.max(after));
            }
        }
    }

    /// Keeps the least, at least so many of them, so that the others need not be put in order.
    pub(super) fn keep_least(&mut self, count: usize) {
        if self.next.is_some() {
            return;
        }
        // Twice as many, because some may be there twice.
        let mut reach = count.saturating_mul(2);
        while reach < self.ids.len() {
            let (least, ..) = self.ids.select_nth_unstable(reach);
            least.sort_unstable();
            if least.chunk_by(u128::eq).take(count).count() == count {
                self.ids.truncate(reach);
                break;
            }
            reach = reach.saturating_mul(2);
        }
        self.put_in_order();
    }

    fn put_in_order(&mut self) -> usize {
        self.ids.sort_unstable();
        self.ids.dedup();
        self.next = Some(0);
        0
    }

    pub(super) fn size_hint(&self) -> (usize, Option<usize>) {
        let all = self.ids.len();
        match self.next {
            None => (all.min(1), Some(all)),
            Some(next) => (all.saturating_sub(next), Some(all.saturating_sub(next))),
        }
    }
}

impl Iterator for Ids {
    type Item = u128;

    fn next(&mut self) -> Option<u128> {
        let next = self.next.unwrap_or_else(|| self.put_in_order());
        let id = self.ids.get(next).copied()?;
        self.next = Some(next.wrapping_add(1));
        Some(id)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        Self::size_hint(self)
    }
}
