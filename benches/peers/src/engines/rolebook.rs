//! Rolebook: an engine over a store in memory, opened on a snapshot of the world.
//!
//! One load, asked in three ways: by the ids of user and resource, on the newest revision at each check; through
//! sessions that are open already; and for an explanation, by ids.

use crate::engine::{Engine, Entry, timed, unbounded};
use crate::world::generate::{Grant, Query, Spec, World};
use crate::world::{self, NOW, Question};
use rolebook::store::{LogEntry, MemoryStore, SnapshotEntry, Store};
use rolebook::{
    Actor, Author, CachedReader, Command, Commit, Engine as Rolebook, Event, GrantRequest,
    OrganisationId, PermissionSet, Reader, RoleId, Session, SignIn, State,
};
use std::hint::black_box;
use std::rc::Rc;
use std::time::{Duration, Instant};

const ACME: OrganisationId = OrganisationId::new(1);
/// How many sessions are open at a time: few enough to stay near, as one that a request has just opened.
const OPEN: usize = 512;

/// Enters all three.
pub fn entry() -> Entry {
    Entry {
        name: "rolebook",
        bound: unbounded,
        build: |world| {
            let loaded = Rc::new(Loaded::new(world));
            let newest = loaded.reader.cached();
            vec![
                Box::new(ByIds {
                    name: "rolebook",
                    ask,
                    loaded: Rc::clone(&loaded),
                    newest: newest.clone(),
                }),
                Box::new(InSessions {
                    loaded: Rc::clone(&loaded),
                }),
                Box::new(ByIds {
                    name: "rolebook, explained",
                    ask: ask_why,
                    loaded,
                    newest,
                }),
            ]
        },
    }
}

struct Loaded {
    engine: Rolebook<MemoryStore>,
    reader: Reader,
    spec: Spec,
}

impl Loaded {
    fn new(world: &World) -> Loaded {
        let (engine, reader) = open(world::form::loaded(world));
        Loaded {
            engine,
            reader,
            spec: world.spec,
        }
    }

    fn question(&self, query: &Query) -> Question {
        world::question_of(&self.spec, *query)
    }

    /// A command of the operator's: decided, appended, applied, published.
    fn replace(&self, grant: &Grant) -> bool {
        let (to, on) = (
            world::subject(grant.subject),
            world::resource_of(&self.spec, grant.resource),
        );
        let command = match grant.bits {
            0 => Command::Revoke { from: to, on },
            bits => Command::Grant(GrantRequest {
                role: Some(RoleId::REVIEWER),
                ..exactly(GrantRequest::new(to, on), world::set(bits))
            }),
        };
        self.engine
            .execute(ACME, &Actor::Operator, &command, NOW)
            .is_ok()
    }
}

/// The engine that has opened an organisation: a store holds its snapshot, and the log up to there, one commit.
pub fn open(state: State) -> (Rolebook<MemoryStore>, Reader) {
    let store = MemoryStore::new();
    let founded = Event::Founded {
        name: state.name().expect("it is founded").clone(),
    };
    let commit = Commit {
        revision: state.revision(),
        at: NOW,
        author: Author::Operator,
        events: vec![founded],
    };
    store
        .append(&LogEntry {
            organisation: ACME,
            commit,
        })
        .expect("the log is empty");
    store
        .save_snapshot(&SnapshotEntry {
            organisation: ACME,
            state,
        })
        .expect("a store in memory");
    let engine = Rolebook::new(store);
    let reader = engine
        .open(ACME)
        .expect("a store in memory")
        .expect("it is founded");
    (engine, reader)
}

/// The request for these permissions and no others: more and less than the defaults of a role.
fn exactly(request: GrantRequest, wanted: PermissionSet) -> GrantRequest {
    let state = State::new();
    let base = state
        .role(RoleId::REVIEWER)
        .expect("it is built in")
        .defaults;
    let base = base.intersection(PermissionSet::at_or_below(request.on.kind()));
    GrantRequest {
        extend: wanted.without(base),
        narrow: base.without(wanted),
        ..request
    }
}

/// Asks by ids, in one of two ways: each compiled for itself.
struct ByIds<A> {
    name: &'static str,
    ask: A,
    loaded: Rc<Loaded>,
    newest: CachedReader,
}

/// Asks by ids, on the newest revision.
#[inline]
pub fn ask(newest: &mut CachedReader, question: &Question) -> bool {
    let Question {
        user,
        resource,
        permissions,
    } = *question;
    newest
        .state()
        .check(SignIn::new(user), permissions, resource, NOW)
        .is_allowed()
}

/// Asks why, on the newest revision: what the decision is by what the explanation names.
#[inline]
fn ask_why(newest: &mut CachedReader, question: &Question) -> bool {
    let Question {
        user,
        resource,
        permissions,
    } = *question;
    let permission = permissions.iter().next().expect("one is asked for");
    let why = newest
        .state()
        .explain(SignIn::new(user), permission, resource, NOW);
    black_box(&why).decision().is_allowed()
}

impl<A: Fn(&mut CachedReader, &Question) -> bool> Engine for ByIds<A> {
    fn name(&self) -> &str {
        self.name
    }

    fn check(&mut self, query: &Query) -> bool {
        (self.ask)(&mut self.newest, &self.loaded.question(query))
    }

    fn replace(&mut self, _: &World, grant: &Grant) -> bool {
        self.loaded.replace(grant)
    }

    /// The ids of a question come with the request: they are not made from dense numbers inside the timing.
    fn time(&mut self, queries: &[Query]) -> Duration {
        let questions: Vec<Question> = queries
            .iter()
            .map(|query| self.loaded.question(query))
            .collect();
        timed(&questions, |question| {
            (self.ask)(&mut self.newest, question)
        })
    }
}

struct InSessions {
    loaded: Rc<Loaded>,
}

/// The session of who asks.
pub fn session<'state>(state: &'state State, question: &Question) -> Session<'state> {
    state
        .session(SignIn::new(question.user))
        .expect("every user is active")
}

/// Asks through a session.
#[inline]
pub fn ask_in(session: &Session<'_>, question: &Question) -> bool {
    session
        .check(question.permissions, question.resource, NOW)
        .is_allowed()
}

impl Engine for InSessions {
    fn name(&self) -> &str {
        "rolebook, session"
    }

    fn check(&mut self, query: &Query) -> bool {
        let (snapshot, question) = (self.loaded.reader.snapshot(), self.loaded.question(query));
        ask_in(&session(&snapshot, &question), &question)
    }

    fn replace(&mut self, _: &World, grant: &Grant) -> bool {
        self.loaded.replace(grant)
    }

    /// One session for each question, opened for a stretch of questions before the clock runs. The middle stretch stands
    /// for all: a stretch is too short to ask the system for processor time, and some hold time of other processes.
    fn time(&mut self, queries: &[Query]) -> Duration {
        let snapshot = self.loaded.reader.snapshot();
        let question = |query| self.loaded.question(query);
        let questions: Vec<Question> = queries.iter().map(question).collect();
        let stretches = questions.chunks(OPEN).map(|some| stretch(&snapshot, some));
        let mut per_check: Vec<f64> = stretches.skip(questions.len() / OPEN / 8).collect();
        per_check.sort_by(f64::total_cmp);
        Duration::from_secs_f64(per_check[per_check.len() / 2] * questions.len() as f64)
    }
}

/// Seconds per check.
fn stretch(state: &State, questions: &[Question]) -> f64 {
    let open = |question| session(state, question);
    let sessions: Vec<Session<'_>> = questions.iter().map(open).collect();
    let clock = Instant::now();
    let asked = sessions.iter().zip(questions);
    black_box(
        asked
            .filter(|(session, question)| ask_in(session, question))
            .count(),
    );
    clock.elapsed().as_secs_f64() / questions.len() as f64
}
