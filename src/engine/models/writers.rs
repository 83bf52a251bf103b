//! The queue of writers: one at a time, and nobody is forgotten, which shuttle would report as a deadlock.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Waker};

use super::blocking::block_on;
use super::in_many_orders;
use super::sync::thread;
use super::turns::Turns;

/// The queue, and how many have a turn now and have had one. An atomic of std, which is no step.
#[derive(Default)]
struct Work {
    turns: Turns,
    inside: AtomicU32,
    done: AtomicU32,
}

impl Work {
    fn wait_and_work(&self) {
        let turn = block_on(self.turns.take());
        assert_eq!(self.inside.fetch_add(1, Ordering::SeqCst), 0);
        thread::yield_now();
        self.inside.fetch_sub(1, Ordering::SeqCst);
        self.done.fetch_add(1, Ordering::SeqCst);
        drop(turn);
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

/// Threads that work and threads that give up, at once; then there is a turn for who comes next.
fn meet(working: u32, giving_up: u32, each: u32) {
    let work = Arc::new(Work::default());
    let spawn = |run: fn(&Work)| {
        let work = Arc::clone(&work);
        thread::spawn(move || (0..each).for_each(|_| run(&work)))
    };
    let workers = (0..working).map(|_| spawn(Work::wait_and_work));
    let others = (0..giving_up).map(|_| spawn(Work::give_up));
    let threads: Vec<_> = workers.chain(others).collect();
    threads.into_iter().for_each(|it| it.join().unwrap());
    work.wait_and_work();
    assert_eq!(work.done.load(Ordering::SeqCst), working * each + 1);
}

#[test]
fn two_take_turns() {
    in_many_orders(1_000, || meet(2, 0, 1));
}

#[test]
fn one_waits_while_another_gives_up() {
    in_many_orders(1_000, || meet(1, 1, 1));
}

#[test]
fn many_take_turns_while_others_give_up() {
    in_many_orders(1_000, || meet(3, 2, 2));
}
