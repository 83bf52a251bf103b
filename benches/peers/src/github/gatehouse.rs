//! gatehouse: one policy for levels on the repository, one for levels on its owner, over a map of the host's.

use super::Engine;
use super::app::{App, Request};
use super::raw::Levels;
use crate::engines::ready;
use gatehouse::{EvaluationSession, PermissionChecker, PolicyBuilder, PolicyDomain};
use std::sync::Arc;

struct Repositories;

struct User {
    holders: Vec<u32>,
}

struct Repository {
    id: u32,
    owner: u32,
}

struct Level(u8);

impl PolicyDomain for Repositories {
    type Subject = User;
    type Action = Level;
    type Resource = Repository;
    type Context = ();
}

/// gatehouse with a world in the map.
pub struct Gatehouse {
    checker: PermissionChecker<Repositories>,
    users: Vec<User>,
    repositories: Vec<Repository>,
}

impl Gatehouse {
    /// Loads a world.
    pub fn new(app: &App) -> Gatehouse {
        let levels = Arc::new(Levels::new(app));
        let users = levels
            .holders(app)
            .into_iter()
            .map(|holders| User { holders })
            .collect();
        let owners = app.owners.iter().enumerate();
        let repositories = owners
            .map(|(id, owner)| Repository {
                id: id as u32,
                owner: owner + app.n,
            })
            .collect();
        Gatehouse {
            checker: checker(&levels),
            users,
            repositories,
        }
    }
}

fn checker(levels: &Arc<Levels>) -> PermissionChecker<Repositories> {
    let mut checker = PermissionChecker::new();
    let on = Arc::clone(levels);
    checker.add_policy(
        PolicyBuilder::<Repositories>::new("OnRepository")
            .when(move |user, level, repository, ()| has(&on, user, level, repository.id))
            .build(),
    );
    let on = Arc::clone(levels);
    checker.add_policy(
        PolicyBuilder::<Repositories>::new("OnOwner")
            .when(move |user, level, repository, ()| has(&on, user, level, repository.owner))
            .build(),
    );
    checker
}

fn has(levels: &Levels, user: &User, level: &Level, resource: u32) -> bool {
    user.holders
        .iter()
        .any(|&holder| levels.of(holder, resource) > level.0)
}

impl Engine for Gatehouse {
    fn check(&mut self, request: &Request) -> bool {
        let (session, level) = (EvaluationSession::empty(), Level(request.level));
        let bound = self
            .checker
            .bind(&session, &self.users[request.user as usize], &level, &());
        ready(bound.check(&self.repositories[request.repository as usize])).is_granted()
    }
}
