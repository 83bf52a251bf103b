//! Makes a disagreement readable: drops steps while it remains.

use super::compare::{Disagreement, first_disagreement};
use super::step::Step;

/// The shortest sequence found that ends in a disagreement of the same kind.
pub(crate) fn shrink(steps: &[Step], found: &Disagreement) -> (Vec<Step>, Disagreement) {
    let mut kept = steps[..found.length].to_vec();
    let mut last = found.clone();
    let mut size = kept.len() / 2;
    while size > 0 {
        let dropped = drop_once(&mut kept, &mut last, size);
        if !dropped || size > kept.len() {
            size /= 2;
        }
    }
    (kept, last)
}

/// Tries to drop every run of this many steps; whether one could go.
fn drop_once(kept: &mut Vec<Step>, last: &mut Disagreement, size: usize) -> bool {
    let mut dropped = false;
    let mut start = 0;
    while start + size <= kept.len() {
        let mut fewer = kept.clone();
        fewer.drain(start..start + size);
        match first_disagreement(&fewer, |_| false) {
            Some(found) if found.signature == last.signature => {
                fewer.truncate(found.length);
                *kept = fewer;
                *last = found;
                dropped = true;
            }
            _ => start += size,
        }
    }
    dropped
}
