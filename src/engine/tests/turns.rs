//! The queue of writers.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Mutex;
use std::task::{Context, Poll, Waker};

use crate::engine::blocking::block_on;
use crate::engine::turns::Turns;

fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
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
    assert!(poll(pin!(turns.take())).is_pending());
    drop(last);
    assert!(poll(pin!(turns.take())).is_ready());
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
    assert!(poll(pin!(turns.take())).is_ready());
}
