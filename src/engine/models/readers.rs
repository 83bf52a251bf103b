//! What readers see while writers publish: never an older revision after a newer one.

use std::ops::RangeInclusive;
use std::sync::Arc;

use super::fixture::state_at;
use super::in_many_orders;
use super::published::{Published, Reader};
use super::sync::thread;
use crate::state::State;

/// Each of these revisions, published by a thread of its own, while readers read.
fn publish_and_read(revisions: RangeInclusive<u64>, readers: u32, states: &[State]) {
    let published = Published::new(states[0].clone());
    let newest = *revisions.end();
    let writers = revisions.map(|revision| {
        let (published, state) = (published.clone(), states[revision as usize - 1].clone());
        thread::spawn(move || published.publish(state))
    });
    let mut threads: Vec<_> = writers.collect();
    threads.extend((0..readers).map(|_| {
        let reader = published.reader();
        thread::spawn(move || read(&reader))
    }));
    threads.into_iter().for_each(|it| it.join().unwrap());
    assert_eq!(published.snapshot().revision(), newest);
}

fn read(reader: &Reader) {
    let mut cached = reader.cached();
    let first = reader.snapshot();
    let pinned = first.revision();
    let then = cached.state().revision();
    let last = reader.snapshot().revision();
    assert!(pinned <= then && then <= last);
    assert_eq!(first.revision(), pinned);
}

fn states(revisions: u64) -> Arc<[State]> {
    (1..=revisions).map(state_at).collect()
}

#[test]
fn the_newest_stays() {
    let states = states(3);
    in_many_orders(1_000, move || publish_and_read(2..=3, 0, &states));
}

#[test]
fn revisions_never_go_back() {
    let states = states(4);
    in_many_orders(1_000, move || publish_and_read(2..=4, 2, &states));
}
