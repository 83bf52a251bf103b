//! Turns: one writer after the other, for threads and for futures alike.
//!
//! Whether a commit is right does not hang on them: the store's compare-and-append decides that, for
//! writers in other processes too. Turns spare the writers in this one from losing races.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::mem;
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

    pub(super) fn queue_up(&self) -> Turn<'_> {
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
        let waker = context.waker().clone();
        let mut queue = self.turns.lock();
        if *queue.holder.get_or_insert(self.ticket) == self.ticket {
            return Poll::Ready(());
        }
        let replaced = queue.wait(self.ticket, waker);
        drop(queue);
        drop(replaced);
        Poll::Pending
    }
}

/// Wakers are code of the host, and to drop one may drop a turn: so none is called or dropped in here,
/// where the queue is locked.
impl Queue {
    /// Puts a ticket at the end, or leaves it where it waits. The waker is the one that it had.
    fn wait(&mut self, ticket: u64, waker: Waker) -> Option<Waker> {
        let mut waiting = self.waiting.iter_mut();
        if let Some((_, place)) = waiting.find(|(it, _)| *it == ticket) {
            return Some(mem::replace(place, waker));
        }
        self.waiting.push_back((ticket, waker));
        None
    }

    /// Passes the turn on. The waker is that of the next one.
    fn pass_on(&mut self) -> Option<Waker> {
        let next = self.waiting.pop_front();
        self.holder = next.as_ref().map(|(ticket, _)| *ticket);
        next.map(|(_, waker)| waker)
    }

    /// Takes out a ticket that waits. The waker is its own.
    fn give_up(&mut self, ticket: u64) -> Option<Waker> {
        let place = self.waiting.iter().position(|(it, _)| *it == ticket)?;
        self.waiting.remove(place).map(|(_, waker)| waker)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut queue = self.turns.lock();
        if queue.holder != Some(self.ticket) {
            let own = queue.give_up(self.ticket);
            drop(queue);
            return drop(own);
        }
        let next = queue.pass_on();
        drop(queue);
        if let Some(waker) = next {
            waker.wake();
        }
    }
}
