//! The hand-written limit: one hash table (holder, resource) -> level; the holders of a user flattened when written.

use super::Engine;
use super::app::{App, Holder, Link, Request};
use foldhash::fast::FixedState;
use std::collections::HashMap;

/// The levels of all holders. Organisations as resources follow the repositories.
pub struct Levels {
    table: HashMap<u64, u8, FixedState>,
    n: u32,
}

impl Levels {
    /// The levels of a world.
    pub fn new(app: &App) -> Levels {
        let mut levels = Levels {
            table: HashMap::with_hasher(FixedState::with_seed(1)),
            n: app.n,
        };
        app.on_repositories
            .iter()
            .for_each(|link| levels.set(link, link.on));
        app.on_organisations
            .iter()
            .for_each(|link| levels.set(link, link.on + app.n));
        levels
    }

    /// A holder as a number.
    pub fn number(&self, holder: Holder) -> u32 {
        match holder {
            Holder::User(user) => user,
            Holder::Team(team) => self.n + team,
            Holder::Organisation(organisation) => 2 * self.n + organisation,
        }
    }

    fn set(&mut self, link: &Link, resource: u32) {
        let level = self
            .table
            .entry(key(self.number(link.holder), resource))
            .or_default();
        *level = (*level).max(link.level + 1);
    }

    /// One more than the level, or 0.
    pub fn of(&self, holder: u32, resource: u32) -> u8 {
        self.table.get(&key(holder, resource)).copied().unwrap_or(0)
    }

    /// The holders that each user counts as.
    pub fn holders(&self, app: &App) -> Vec<Vec<u32>> {
        let of = |user| {
            app.holders(user)
                .into_iter()
                .map(|holder| self.number(holder))
                .collect()
        };
        (0..app.n).map(of).collect()
    }
}

fn key(holder: u32, resource: u32) -> u64 {
    u64::from(holder) << 32 | u64::from(resource)
}

/// The limit.
pub struct Raw {
    levels: Levels,
    holders: Vec<Vec<u32>>,
    owners: Vec<u32>,
}

impl Raw {
    /// Loads a world.
    pub fn new(app: &App) -> Raw {
        let levels = Levels::new(app);
        let owners = app.owners.iter().map(|owner| owner + app.n).collect();
        Raw {
            holders: levels.holders(app),
            levels,
            owners,
        }
    }
}

impl Engine for Raw {
    fn check(&mut self, request: &Request) -> bool {
        let (repository, owner) = (request.repository, self.owners[request.repository as usize]);
        let on = |&holder: &u32| {
            self.levels
                .of(holder, repository)
                .max(self.levels.of(holder, owner))
        };
        self.holders[request.user as usize]
            .iter()
            .map(on)
            .any(|level| level > request.level)
    }
}
