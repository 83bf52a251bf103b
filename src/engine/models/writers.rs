//! The queue of writers: one at a time, and nobody is forgotten, which shuttle would report as a deadlock.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use super::blocking::block_on;
use super::in_many_orders;
use super::sync::thread;
use super::turns::{Turn, Turns};

/// The queue, and how many have a turn now and have had one. An atomic of std, which is no step.
#[derive(Default)]
struct Work {
    turns: Turns,
    inside: AtomicU32,
    done: AtomicU32,
}

impl Work {
    fn wait_and_work(&self) {
        self.work(block_on(self.turns.take()));
    }

    fn work(&self, turn: Turn<'_>) {
        assert_eq!(self.inside.fetch_add(1, Ordering::SeqCst), 0);
        thread::yield_now();
        self.inside.fetch_sub(1, Ordering::SeqCst);
        self.done.fetch_add(1, Ordering::SeqCst);
        drop(turn);
    }

    /// Asks with one waker, and waits with another, as a future does that has moved.
    fn move_and_work(&self) {
        let mut waiting = Box::pin(self.turns.take());
        let asked = waiting
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()));
        match asked {
            Poll::Ready(turn) => self.work(turn),
            Poll::Pending => self.work(block_on(waiting)),
        }
    }

    /// Asks for a turn, and goes away without a look at whether it came.
    fn give_up(&self) {
        let mut waiting = pin!(self.turns.take());
        let _ = waiting
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()));
        thread::yield_now();
    }
}

const WORK: fn(&Work) = Work::wait_and_work;

/// Each of these twice by a thread of its own, all at once; then there is a turn for who comes next.
fn meet(runs: &[fn(&Work)], turns: u32) {
    let work = Arc::new(Work::default());
    let threads: Vec<_> = runs
        .iter()
        .map(|run| {
            let (work, run) = (Arc::clone(&work), *run);
            thread::spawn(move || (0..2).for_each(|_| run(&work)))
        })
        .collect();
    threads.into_iter().for_each(|it| it.join().unwrap());
    work.wait_and_work();
    assert_eq!(work.done.load(Ordering::SeqCst), turns + 1);
}

#[test]
fn two_take_turns() {
    in_many_orders(1_000, || meet(&[WORK, WORK], 4));
}

#[test]
fn one_waits_while_another_gives_up() {
    in_many_orders(1_000, || meet(&[WORK, Work::give_up], 2));
}

#[test]
fn one_moves_while_it_waits() {
    in_many_orders(1_000, || meet(&[WORK, Work::move_and_work], 4));
}

#[test]
fn many_take_turns_while_others_give_up() {
    let runs = [WORK, Work::move_and_work, Work::give_up, Work::give_up];
    in_many_orders(1_000, move || meet(&runs, 4));
}

/// The waker of a task that nobody else keeps: dropping it drops what the task had, which is a turn.
struct Last(Turn<'static>);

impl Wake for Last {
    fn wake(self: Arc<Self>) {}
}

fn last(turn: Turn<'static>) -> Waker {
    Waker::from(Arc::new(Last(turn)))
}

#[test]
fn a_waker_may_drop_a_turn() {
    let run = || {
        let turns: &'static Turns = Box::leak(Box::default());
        let (held, other) = (block_on(turns.take()), last(turns.queue_up()));
        let another = last(turns.queue_up());
        let mut waiting = Box::pin(turns.take());
        for waker in [other, another] {
            let polled = waiting.as_mut().poll(&mut Context::from_waker(&waker));
            assert!(polled.is_pending());
        }
        drop(waiting);
        drop(held);
        drop(block_on(turns.take()));
    };
    shuttle::check_random(run, 1);
}
