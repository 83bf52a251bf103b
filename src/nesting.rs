//! Reading the parts of a batch: however deep a form nests batches, the stack holds out.

use std::cell::Cell;

use serde::de::{Deserialize, Deserializer, Error};

use crate::command::Command;

/// Batches within batches that are read: one in another, for the guard to refuse.
const DEEPEST: u8 = 2;

thread_local! {
    /// The batches that are being read on this thread, one in another.
    static DEPTH: Cell<u8> = const { Cell::new(0) };
}

/// A batch that is being read.
struct Reading;

impl Reading {
    fn begin() -> Option<Self> {
        let deeper = DEPTH
            .get()
            .checked_add(1)
            .filter(|depth| *depth <= DEEPEST)?;
        DEPTH.set(deeper);
        Some(Self)
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        DEPTH.set(DEPTH.get().saturating_sub(1));
    }
}

pub(crate) fn read_parts<'de, D: Deserializer<'de>>(parts: D) -> Result<Vec<Command>, D::Error> {
    let too_deep = || D::Error::custom("batches are not parts of a batch");
    let _reading = Reading::begin().ok_or_else(too_deep)?;
    Vec::deserialize(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nested(levels: usize) -> Command {
        let batch = |commands| Command::Batch { commands };
        (0..levels).fold(Command::Leave, |inner, _| batch(vec![inner]))
    }

    #[test]
    fn a_form_that_nests_batches_without_end_is_refused() {
        let shallow = postcard::to_stdvec(&nested(1)).unwrap();
        let level = &shallow[..shallow.len() - 1];
        let mut hostile = level.repeat(1 << 18);
        hostile.extend(postcard::to_stdvec(&Command::Leave).unwrap());
        assert!(postcard::from_bytes::<Command>(&hostile).is_err());
        let json = serde_json::to_string(&nested(3)).unwrap();
        let error = serde_json::from_str::<Command>(&json).unwrap_err();
        assert!(
            error.to_string().starts_with("batches are not parts"),
            "{error}"
        );
        // What was refused leaves nothing behind.
        for levels in [0, 1, 2, 1] {
            let json = serde_json::to_string(&nested(levels)).unwrap();
            assert_eq!(
                serde_json::from_str::<Command>(&json).unwrap(),
                nested(levels)
            );
        }
    }
}
