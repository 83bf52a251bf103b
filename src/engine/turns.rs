//! Turns: one writer after the other, for threads and for futures alike.
//!
//! Whether a commit is right does not hang on them: the store's compare-and-append decides that, for
//! writers in other processes too. Turns spare the writers in this one from losing races.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// A queue of writers: who came first is served first.
#[derive(Debug, Default)]
pub(super) struct Turns {
    queue: Mutex<Queue>,
}

#[derive(Debug, Default)]
struct Queue {
    issued: u64,
    holder: Option<u64>,
    waiting: VecDeque<(u64, Waker)>,
}

/// A place in the queue, first waiting, then held. Dropping it, at any point, lets the next one in.
#[derive(Debug)]
pub(super) struct Turn<'turns> {
    turns: &'turns Turns,
    ticket: u64,
}

impl Turns {
    /// Waits for a turn.
    pub(super) async fn take(&self) -> Turn<'_> {
        let turn = self.queue_up();
        poll_fn(|context| turn.poll(context)).await;
        turn
    }

    fn queue_up(&self) -> Turn<'_> {
        let mut queue = self.lock();
        queue.issued = queue.issued.wrapping_add(1);
        Turn {
            turns: self,
            ticket: queue.issued,
        }
    }

    /// Every change is a single step, so that a waker that panics leaves nothing half done.
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn<'_> {
    fn poll(&self, context: &Context<'_>) -> Poll<()> {
        let mut queue = self.turns.lock();
        if *queue.holder.get_or_insert(self.ticket) == self.ticket {
            return Poll::Ready(());
        }
        let waker = context.waker().clone();
        match queue.place_of(self.ticket) {
            Some(place) => *place = waker,
            None => queue.waiting.push_back((self.ticket, waker)),
        }
        Poll::Pending
    }
}

impl Queue {
    fn place_of(&mut self, ticket: u64) -> Option<&mut Waker> {
        let mut waiting = self.waiting.iter_mut();
        waiting.find_map(|(it, waker)| (*it == ticket).then_some(waker))
    }

    /// Takes a ticket out. The waker is that of the next one, where the turn passes on.
    fn leave(&mut self, ticket: u64) -> Option<Waker> {
        if self.holder != Some(ticket) {
            self.waiting.retain(|(it, _)| *it != ticket);
            return None;
        }
        let next = self.waiting.pop_front();
        self.holder = next.as_ref().map(|(ticket, _)| *ticket);
        next.map(|(_, waker)| waker)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let next = self.turns.lock().leave(self.ticket);
        if let Some(waker) = next {
            waker.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::pin;

    use super::*;
    use crate::engine::blocking::block_on;

    fn poll<F: Future>(future: std::pin::Pin<&mut F>) -> Poll<F::Output> {
        future.poll(&mut Context::from_waker(Waker::noop()))
    }

    #[test]
    fn are_taken_in_order() {
        let turns = Turns::default();
        let first = block_on(turns.take());
        let (mut second, mut third) = (pin!(turns.take()), pin!(turns.take()));
        assert!(poll(second.as_mut()).is_pending() && poll(third.as_mut()).is_pending());
        drop(first);
        assert!(poll(third.as_mut()).is_pending());
        let Poll::Ready(second) = poll(second.as_mut()) else {
            panic!("the second is next");
        };
        assert!(poll(third.as_mut()).is_pending());
        drop(second);
        assert!(poll(third.as_mut()).is_ready());
    }

    #[test]
    fn pass_over_those_who_gave_up() {
        let turns = Turns::default();
        let first = block_on(turns.take());
        let mut waiting = Box::pin(turns.take());
        let mut granted = Box::pin(turns.take());
        let mut last = pin!(turns.take());
        assert!(poll(waiting.as_mut()).is_pending());
        assert!(poll(granted.as_mut()).is_pending());
        assert!(poll(last.as_mut()).is_pending());
        drop(waiting);
        drop(first);
        drop(granted);
        let last = poll(last.as_mut());
        assert!(last.is_ready());
        assert_eq!(turns.lock().holder, Some(4));
    }

    #[test]
    fn exclude_each_other_between_threads() {
        let (turns, inside) = (Turns::default(), Mutex::new(0_u32));
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..200 {
                        let turn = block_on(turns.take());
                        *inside.try_lock().expect("nobody else has the turn") += 1;
                        drop(turn);
                    }
                });
            }
        });
        assert_eq!(*inside.lock().unwrap(), 800);
        assert!(turns.lock().holder.is_none() && turns.lock().waiting.is_empty());
    }
}
