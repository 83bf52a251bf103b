//! What holds of an engine on a store that fails, at every call there is.

use std::ops::Range;

use super::sample::ORGANISATION;
use super::{FailingError, FailingStore, Failure, must, read_log, told};
use crate::command::{Actor, Command};
use crate::engine::{Engine, ExecuteError};
use crate::id::{InvitationId, ModelId};
use crate::invitation::Token;
use crate::refusal::Refusal;
use crate::resource::Resource;
use crate::state::State;
use crate::store::Store;
use crate::time::Timestamp;

/// More than any store is told to fail in a row.
const ATTEMPTS: u32 = 10;

type FailingEngine<S> = Engine<FailingStore<S>>;
type Outcome<S> = Result<(), ExecuteError<FailingError<<S as Store>::Error>>>;

/// An engine whose store fails, once or several times in a row, at any call, before the effect or
/// after it, never shows what the log does not hold, and goes on where the log is.
///
/// # Panics
/// Where the store breaks the law.
pub fn recovers_from_every_failure<S: Store>(fresh: impl Fn() -> S) {
    for failure in [Failure::BeforeEffect, Failure::AfterEffect] {
        for length in 1..=3 {
            let mut first = 0;
            while recovers(fresh(), first..first + length, failure) {
                first += 1;
            }
        }
    }
}

/// One run; whether it got as far as the failure.
fn recovers<S: Store>(store: S, fails: Range<u64>, failure: Failure) -> bool {
    let engine = Engine::new(FailingStore::new(store, fails, failure));
    let commands = [found(), register(1), register(2), register(3)];
    for (number, command) in commands.iter().enumerate() {
        persist(&engine, |engine| execute(engine, command));
        if number == 1 {
            persist(&engine, save_snapshot);
        }
    }
    persist(&engine, |engine| {
        engine.catch_up(ORGANISATION)?;
        Ok(())
    });
    let published = engine.snapshot(ORGANISATION).map(|it| it.revision());
    assert_eq!(
        published,
        Some(commands.len() as u64),
        "each command is committed once, whatever fails"
    );
    reopens_equal(&engine);
    engine.store().has_failed()
}

/// Does something until it is done, and looks after each attempt whether what is published holds.
fn persist<S: Store>(engine: &FailingEngine<S>, step: impl Fn(&FailingEngine<S>) -> Outcome<S>) {
    for _ in 0..ATTEMPTS {
        let outcome = step(engine);
        published_is_in_the_log(engine);
        match outcome {
            Ok(()) => return,
            Err(ExecuteError::Refused(Refusal::AlreadyFounded | Refusal::AlreadyRegistered)) => {
                return;
            }
            Err(error) => assert!(
                engine.store().has_failed(),
                "an engine fails only where its store does: {}",
                told(&error)
            ),
        }
    }
    panic!("an engine goes on when its store does");
}

fn execute<S: Store>(engine: &FailingEngine<S>, command: &Command) -> Outcome<S> {
    engine.execute(ORGANISATION, &Actor::Operator, command, Timestamp::EPOCH)?;
    Ok(())
}

fn save_snapshot<S: Store>(engine: &FailingEngine<S>) -> Outcome<S> {
    let saved = engine.save_snapshot(ORGANISATION);
    saved.map_err(ExecuteError::Unsettled)?;
    Ok(())
}

fn published_is_in_the_log<S: Store>(engine: &FailingEngine<S>) {
    let Some(published) = engine.snapshot(ORGANISATION) else {
        return;
    };
    let log = read_log(engine.store().inner(), ORGANISATION, 0);
    let known = log
        .iter()
        .map(|entry| &entry.commit)
        .filter(|commit| commit.revision <= published.revision());
    let state = must(State::replay(known), "the log replays");
    assert!(
        state == *published,
        "what an engine publishes is the log up to a revision"
    );
}

/// An engine that starts on what the store holds has what this one has.
fn reopens_equal<S: Store>(engine: &FailingEngine<S>) {
    let restarted = Engine::new(engine.store().inner());
    let reader = must(restarted.open(ORGANISATION), "open after a restart");
    let state = reader.map(|reader| reader.snapshot().into_arc());
    let before = engine.snapshot(ORGANISATION).map(|it| it.into_arc());
    assert!(
        state == before,
        "an engine that starts again has what the one before had"
    );
}

fn found() -> Command {
    Command::Found {
        name: "Acme".to_owned(),
        first_admin: "ada@acme.example".to_owned(),
        invitation: InvitationId::new(1),
        token: Token::new("a token of the suite").digest(),
    }
}

fn register(model: u128) -> Command {
    Command::Register {
        resource: Resource::Model(ModelId::new(model)),
        parent: None,
    }
}
