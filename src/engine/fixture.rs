//! Commits made by hand, and stores in odd states, for the tests of this module.

use crate::event::{Author, Commit, Event};
use crate::id::ModelId;
use crate::resource::Resource;
use crate::state::State;
use crate::time::Timestamp;

/// The first commit founds; every other one registers the model of its number.
pub(super) fn commit(revision: u64) -> Commit {
    let event = if revision == 1 {
        founded()
    } else {
        registered(revision)
    };
    Commit {
        revision,
        at: Timestamp::EPOCH,
        author: Author::Operator,
        events: vec![event],
    }
}

pub(super) fn founded() -> Event {
    Event::Founded {
        name: "Acme".parse().unwrap(),
    }
}

pub(super) fn registered(model: u64) -> Event {
    Event::ResourceRegistered {
        resource: Resource::Model(ModelId::from(model)),
        parent: Resource::Organisation,
    }
}

pub(super) fn state_at(revision: u64) -> State {
    let log: Vec<Commit> = (1..=revision).map(commit).collect();
    State::replay(&log).unwrap()
}
