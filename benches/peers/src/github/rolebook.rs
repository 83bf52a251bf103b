//! Rolebook, asked by ids and through sessions.

use super::Engine;
use super::app::{App, Request};
use super::organisation::{LEVELS, repository, state, user};
use crate::engine::timed;
use crate::engines::rolebook::{ask, ask_in, open, session};
use crate::world::{Question, set};
use rolebook::{CachedReader, Reader, Resource, Session, SignIn, UserId};
use std::time::Duration;

/// The ids of everything that is asked about, and the permission that each level adds.
struct Ids {
    users: Vec<UserId>,
    repositories: Vec<Resource>,
}

impl Ids {
    fn new(app: &App) -> Ids {
        let repositories = (0..app.n).map(|i| repository(app, i)).collect();
        Ids {
            users: (0..app.n).map(user).collect(),
            repositories,
        }
    }

    fn question(&self, request: &Request) -> Question {
        Question {
            user: self.users[request.user as usize],
            resource: self.repositories[request.repository as usize],
            permissions: set(LEVELS[usize::from(request.level)]),
        }
    }
}

/// Checks by ids, on the newest revision.
pub struct ByIds {
    ids: Ids,
    newest: CachedReader,
}

impl ByIds {
    /// Loads a world.
    pub fn new(app: &App) -> ByIds {
        let (_, reader) = open(state(app));
        ByIds {
            ids: Ids::new(app),
            newest: reader.cached(),
        }
    }
}

impl Engine for ByIds {
    fn check(&mut self, request: &Request) -> bool {
        ask(&mut self.newest, &self.ids.question(request))
    }

    fn time(&mut self, requests: &[Request]) -> Duration {
        let questions: Vec<Question> = requests
            .iter()
            .map(|request| self.ids.question(request))
            .collect();
        timed(&questions, |question| ask(&mut self.newest, question))
    }
}

/// Checks through sessions, one open for each user.
pub struct InSessions {
    ids: Ids,
    reader: Reader,
}

impl InSessions {
    /// Loads a world.
    pub fn new(app: &App) -> InSessions {
        let (_, reader) = open(state(app));
        InSessions {
            ids: Ids::new(app),
            reader,
        }
    }
}

impl Engine for InSessions {
    fn check(&mut self, request: &Request) -> bool {
        let (snapshot, question) = (self.reader.snapshot(), self.ids.question(request));
        ask_in(&session(&snapshot, &question), &question)
    }

    fn time(&mut self, requests: &[Request]) -> Duration {
        let snapshot = self.reader.snapshot();
        let question = |request: &Request| (request.user as usize, self.ids.question(request));
        let questions: Vec<(usize, Question)> = requests.iter().map(question).collect();
        let open = |user: &UserId| {
            snapshot
                .session(SignIn::new(*user))
                .expect("they are active")
        };
        let sessions: Vec<Session<'_>> = self.ids.users.iter().map(open).collect();
        timed(&questions, |(user, question)| {
            ask_in(&sessions[*user], question)
        })
    }
}
