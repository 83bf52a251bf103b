//! Decide, append, publish: by several engines on one storage, while others read, open and give up.

use std::convert::Infallible;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use super::blocking::block_on;
use super::fixture::{commit, registered};
use super::request::Request;
use super::sync::thread;
use super::{Engine, Reader, in_many_orders};
use crate::admin::Decided;
use crate::event::{Author, Commit};
use crate::id::OrganisationId;
use crate::refusal::Refusal;
use crate::state::State;
use crate::store::{AppendError, AsyncStore, LogEntry, MemoryStore, SnapshotEntry, Store};
use crate::time::Timestamp;

const ACME: OrganisationId = OrganisationId::new(1);

type Storage = Arc<MemoryStore>;
type Site = Arc<Engine<Stepwise>>;

/// A store that is waited for before and after it does a thing, and may be given up at both.
#[derive(Debug)]
struct Stepwise(Storage);

async fn step() {
    let mut waited = false;
    std::future::poll_fn(|context| {
        thread::yield_now();
        if std::mem::replace(&mut waited, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

impl AsyncStore for Stepwise {
    type Error = Infallible;

    async fn append(&self, entry: &LogEntry) -> Result<(), AppendError<Infallible>> {
        step().await;
        let appended = Store::append(&self.0, entry);
        step().await;
        appended
    }

    async fn read(&self, of: OrganisationId, after: u64) -> Result<Vec<LogEntry>, Infallible> {
        step().await;
        let tail = Store::read(&self.0, of, after);
        step().await;
        tail
    }

    async fn load_snapshot(&self, _: OrganisationId) -> Result<Option<SnapshotEntry>, Infallible> {
        Ok(None)
    }

    async fn save_snapshot(&self, _: &SnapshotEntry) -> Result<(), Infallible> {
        Ok(())
    }
}

fn storage_at(revision: u64) -> Storage {
    let storage = Storage::default();
    for revision in 1..=revision {
        let (organisation, commit) = (ACME, commit(revision));
        Store::append(
            &storage,
            &LogEntry {
                organisation,
                commit,
            },
        )
        .unwrap();
    }
    storage
}

fn site(storage: &Storage) -> Site {
    Arc::new(Engine::new(Stepwise(Arc::clone(storage))))
}

fn log(storage: &Storage) -> Vec<Commit> {
    let entries = Store::read(storage, ACME, 0).unwrap();
    entries.into_iter().map(|it| it.commit).collect()
}

fn request(model: u64) -> Request<impl Fn(&State) -> Result<Decided, Refusal>> {
    Request {
        organisation: ACME,
        bound_to: None,
        now: Timestamp::EPOCH,
        decide: move |_: &State| {
            Ok(Decided {
                author: Author::Operator,
                events: vec![registered(model)],
                results: Vec::new(),
            })
        },
    }
}

/// A command, after which the engine shows what it did.
fn execute(site: &Site, model: u64) {
    let executed = block_on(site.run(request(model))).unwrap();
    let shown = site.snapshot(ACME).unwrap().revision();
    assert!(shown >= executed.revision);
}

/// A command that is given up after so many steps.
fn give_up(site: &Site, model: u64, steps: u32) {
    let mut running = pin!(site.run(request(model)));
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..steps {
        if Pin::as_mut(&mut running).poll(&mut context).is_ready() {
            return;
        }
    }
}

/// Follows the log, and shows what it found.
fn follow(site: &Site) {
    let found = block_on(site.catch_up_async(ACME)).unwrap();
    assert!(site.snapshot(ACME).unwrap().revision() >= found);
}

/// Reads twice: only what the log holds, and nothing that is older than what was read before.
fn read(reader: &Reader, storage: &Storage) {
    let mut before = 0;
    for _ in 0..2 {
        let snapshot = reader.snapshot();
        let revision = snapshot.revision();
        assert!(revision >= before);
        before = revision;
        let stored = log(storage);
        let stored = stored.get(..revision as usize);
        assert_eq!(
            *snapshot,
            State::replay(stored.expect("it is in the log")).unwrap()
        );
    }
}

/// Every command took effect once, and whoever kept a reader sees them all.
fn settle(storage: &Storage, site: &Site, models: &[u64], reader: &Reader) {
    let end = block_on(site.catch_up_async(ACME)).unwrap();
    let state = State::replay(&log(storage)).unwrap();
    assert_eq!((end, reader.snapshot().revision()), (state.revision(), end));
    assert_eq!(*reader.snapshot(), state);
    let done = |model: &u64| {
        let events = log(storage).into_iter().flat_map(|it| it.events);
        events.filter(|it| *it == registered(*model)).count()
    };
    assert!(models.iter().all(|model| done(model) == 1));
}

fn opened(site: &Site) -> Reader {
    block_on(site.open_async(ACME)).unwrap().unwrap()
}

fn together(runs: Vec<Box<dyn FnOnce() + Send>>) {
    let threads: Vec<_> = runs.into_iter().map(thread::spawn).collect();
    threads.into_iter().for_each(|it| it.join().unwrap());
}

macro_rules! run {
    ($($shared:ident),* => $run:expr) => {{
        $(let $shared = $shared.clone();)*
        Box::new(move || $run) as Box<dyn FnOnce() + Send>
    }};
}

#[test]
fn a_command_is_stored_before_it_is_seen() {
    in_many_orders(200, || {
        let storage = storage_at(1);
        let site = site(&storage);
        let reader = opened(&site);
        together(vec![
            run!(site => execute(&site, 10)),
            run!(reader, storage => read(&reader, &storage)),
        ]);
        settle(&storage, &site, &[10], &reader);
    });
}

#[test]
fn two_engines_on_one_storage() {
    in_many_orders(200, || {
        let storage = storage_at(1);
        let (here, there) = (site(&storage), site(&storage));
        let reader = opened(&here);
        together(vec![
            run!(here => execute(&here, 10)),
            run!(here => execute(&here, 11)),
            run!(there => execute(&there, 12)),
            run!(here => follow(&here)),
            run!(reader, storage => read(&reader, &storage)),
        ]);
        settle(&storage, &here, &[10, 11, 12], &reader);
    });
}

#[test]
fn an_organisation_is_opened_once() {
    in_many_orders(200, || {
        let storage = storage_at(1);
        let site = site(&storage);
        together(vec![
            run!(site, storage => {
                let reader = opened(&site);
                execute(&site, 10);
                settle(&storage, &site, &[10], &reader);
            }),
            run!(site => follow(&site)),
            run!(site, storage => read(&opened(&site), &storage)),
        ]);
        settle(&storage, &site, &[10], &opened(&site));
    });
}

#[test]
fn whoever_opens_shows_what_they_found() {
    in_many_orders(200, || {
        let storage = storage_at(1);
        let (here, there) = (site(&storage), site(&storage));
        opened(&there);
        together(vec![
            run!(there => execute(&there, 10)),
            run!(here => follow(&here)),
            run!(here => follow(&here)),
        ]);
        settle(&storage, &here, &[10], &opened(&here));
    });
}

#[test]
fn a_command_that_is_given_up_is_stored_whole_or_not_at_all() {
    for steps in 1..=4 {
        in_many_orders(100, move || {
            let storage = storage_at(1);
            let site = site(&storage);
            let reader = opened(&site);
            together(vec![
                run!(site => give_up(&site, 10, steps)),
                run!(site => execute(&site, 11)),
                run!(site => execute(&site, 12)),
                run!(reader, storage => read(&reader, &storage)),
            ]);
            settle(&storage, &site, &[11, 12], &reader);
        });
    }
}
