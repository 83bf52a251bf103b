//! The world that all engines are asked about, as plain data by dense index.
//!
//! It is the peers' variant: roles, groups, grants, cascading, closed permission sets; no restrictions, custom
//! roles or expiry, because most peers have no counterpart. Everything is drawn from one seed.

pub mod bits;
mod draw;
mod queries;
pub mod rng;
mod rule;

/// "No parent".
pub const NONE: u32 = u32::MAX;
/// Set in a subject that is a group.
pub const GROUP: u32 = 1 << 31;

/// The built-in role a user or a group has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// May do everything.
    Admin,
    /// Wide ceiling, nothing without a grant.
    DataArchitect,
    /// Narrow ceiling, nothing without a grant.
    Reviewer,
}

impl Role {
    /// The most that a holder can have.
    pub fn ceiling(self) -> u64 {
        match self {
            Role::Admin | Role::DataArchitect => bits::ARCHITECT_CEILING,
            Role::Reviewer => bits::REVIEWER_CEILING,
        }
    }
}

/// What a resource is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A model.
    Model,
    /// A version of a model.
    Version,
    /// A framework of the organisation, of a model or of a version.
    Framework,
}

impl Kind {
    /// The permissions of the kind.
    pub fn bits(self) -> u64 {
        match self {
            Kind::Model => bits::MODEL,
            Kind::Version => bits::VERSION,
            Kind::Framework => bits::FRAMEWORK,
        }
    }
}

/// A registered user.
#[derive(Clone, Debug)]
pub struct User {
    /// The role held and acted under.
    pub role: Role,
    groups: [u32; 3],
    count: u8,
}

impl User {
    /// The groups of the user, all of the user's role.
    pub fn groups(&self) -> &[u32] {
        &self.groups[..usize::from(self.count)]
    }
}

/// A registered resource.
#[derive(Clone, Copy, Debug)]
pub struct Resource {
    /// What it is.
    pub kind: Kind,
    /// What it lies beneath, or [`NONE`].
    pub parent: u32,
}

/// Permissions of a subject on a resource and beneath it.
#[derive(Clone, Copy, Debug)]
pub struct Grant {
    /// A user, or [`GROUP`] and a group.
    pub subject: u32,
    /// The resource.
    pub resource: u32,
    /// A closed set within the ceiling of the subject.
    pub bits: u64,
}

/// One question: may this user do this one thing to that resource?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Query {
    /// Who.
    pub user: u32,
    /// On what.
    pub resource: u32,
    /// The one bit asked for, of the kind of the resource.
    pub bit: u64,
}

/// How large a world is.
#[derive(Clone, Debug)]
pub struct Spec {
    /// `S`, `M`, `L`, or the number of users.
    pub name: String,
    /// Users, of every role.
    pub users: u32,
    /// Models.
    pub models: u32,
    /// Versions of each model.
    pub versions_per_model: u32,
    /// Frameworks.
    pub frameworks: u32,
    /// Groups.
    pub groups: u32,
}

impl Spec {
    /// `S`, `M`, `L`, or a number of users: then with the proportions of `M`.
    pub fn named(name: &str) -> Option<Spec> {
        let sizes = match name {
            "S" => [100, 100, 3, 50, 10],
            "M" => [10_000, 1_000, 5, 500, 100],
            "L" => [1_000_000, 100_000, 5, 10_000, 10_000],
            _ => Self::of(name.parse().ok().filter(|&users| users > 0)?),
        };
        let [users, models, versions_per_model, frameworks, groups] = sizes;
        let name = name.to_owned();
        Some(Spec { name, users, models, versions_per_model, frameworks, groups })
    }

    fn of(users: u32) -> [u32; 5] {
        [users, (users / 10).max(50), 5, (users / 20).max(10), (users / 100).max(6)]
    }

    /// All versions of all models.
    pub fn versions(&self) -> u32 {
        self.models * self.versions_per_model
    }

    /// Where the resources of a kind begin, and how many there are.
    pub fn range(&self, kind: Kind) -> (u32, u32) {
        match kind {
            Kind::Model => (0, self.models),
            Kind::Version => (self.models, self.versions()),
            Kind::Framework => (self.models + self.versions(), self.frameworks),
        }
    }
}

/// One organisation with all that a check can depend on.
#[derive(Clone, Debug)]
pub struct World {
    /// How large it is.
    pub spec: Spec,
    /// The users.
    pub users: Vec<User>,
    /// The role of each group.
    pub groups: Vec<Role>,
    /// Models, then versions by model, then frameworks.
    pub resources: Vec<Resource>,
    /// Those of the users in order, then those of the groups in order.
    pub grants: Vec<Grant>,
    starts: Vec<u32>,
    under_model: std::collections::HashMap<u32, Vec<u32>>,
}

impl World {
    /// What a resource is.
    pub fn kind(&self, resource: u32) -> Kind {
        self.resources[resource as usize].kind
    }

    /// The grants of a user, or of [`GROUP`] and a group.
    pub fn grants_of(&self, subject: u32) -> &[Grant] {
        let group = (subject & !GROUP) + self.spec.users;
        let place = if subject & GROUP == 0 { subject } else { group } as usize;
        &self.grants[self.starts[place] as usize..self.starts[place + 1] as usize]
    }

    /// The resource and its ancestors, filled with [`NONE`].
    pub fn chain(&self, resource: u32) -> [u32; 3] {
        let up = |r: u32| self.resources.get(r as usize).map_or(NONE, |r| r.parent);
        [resource, up(resource), up(up(resource))]
    }
}
