//! The revision that readers see.

use crate::engine::fixture::{commit, state_at};
use crate::engine::published::Published;

#[test]
fn an_older_revision_never_replaces_a_newer_one() {
    let published = Published::new(state_at(2));
    published.publish(state_at(1));
    assert_eq!(published.snapshot().revision(), 2);
    published.publish(state_at(4));
    published.publish(state_at(3));
    assert_eq!(published.state(), state_at(4));
}

#[test]
fn a_snapshot_stays_while_readers_go_on() {
    let published = Published::new(state_at(1));
    let reader = published.reader();
    let mut cached = reader.cached();
    let (pinned, kept) = (reader.snapshot(), reader.snapshot().into_arc());
    assert_eq!(cached.state().revision(), 1);
    let mut next = published.state();
    next.apply(&commit(2)).unwrap();
    published.publish(next);
    assert_eq!((pinned.revision(), kept.revision()), (1, 1));
    assert_eq!(reader.snapshot().revision(), 2);
    assert_eq!(cached.state(), &state_at(2));
}
