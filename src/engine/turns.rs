//! Turns: one writer after the other, for threads and for futures alike.
//!
//! Whether a commit is right does not hang on them: the store's compare-and-append decides that, for
//! writers in other processes too. Turns spare the writers in this one from losing races.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::sync::PoisonError;
use std::task::{Context, Poll, Waker};

use super::sync::{Mutex, MutexGuard};

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
