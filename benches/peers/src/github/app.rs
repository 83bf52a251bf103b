//! One world of the application, drawn as the published generator draws it.

use crate::world::generate::Rng;

/// The levels on a repository, each with all below it.
pub const LEVELS: [&str; 5] = ["read", "triage", "write", "maintain", "admin"];
/// The levels that can be had on an organisation, as levels on its repositories.
pub const ORGANISATION_LEVELS: [u8; 3] = [0, 2, 4];

/// Who can have a level on something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Holder {
    /// A user.
    User(u32),
    /// A team: its members, and those of teams in it.
    Team(u32),
    /// An organisation: its members.
    Organisation(u32),
}

/// A level of a holder on a repository or an organisation.
#[derive(Clone, Copy, Debug)]
pub struct Link {
    /// Who.
    pub holder: Holder,
    /// The number of the repository or organisation.
    pub on: u32,
    /// A place in [`LEVELS`].
    pub level: u8,
}

/// Does the user have the level on the repository?
#[derive(Clone, Copy, Debug)]
pub struct Request {
    /// Who.
    pub user: u32,
    /// A place in [`LEVELS`].
    pub level: u8,
    /// On what.
    pub repository: u32,
}

/// `n` organisations, repositories, teams and users, and the links between them.
pub struct App {
    /// How many of each.
    pub n: u32,
    /// The organisation that owns each repository.
    pub owners: Vec<u32>,
    /// Levels of users and teams on repositories.
    pub on_repositories: Vec<Link>,
    /// Levels of users and organisations on organisations.
    pub on_organisations: Vec<Link>,
    /// The teams that each team is a member of, all of them earlier.
    pub teams_of_team: Vec<Vec<u32>>,
    /// The teams that each user is a member of.
    pub teams_of_user: Vec<Vec<u32>>,
    /// The organisations that each user is a member of.
    pub organisations_of_user: Vec<Vec<u32>>,
}

impl App {
    /// Draws a world: every possible link exists with probability 0.05.
    pub fn draw(n: u32, rng: &mut Rng) -> App {
        let mut app = App {
            n,
            owners: (0..n).map(|_| rng.below(n)).collect(),
            on_repositories: Vec::new(),
            on_organisations: Vec::new(),
            teams_of_team: (0..n).map(|team| some(team, rng)).collect(),
            teams_of_user: (0..n).map(|_| some(n, rng)).collect(),
            organisations_of_user: (0..n).map(|_| some(n, rng)).collect(),
        };
        (0..n).for_each(|i| app.link(i, rng));
        app
    }

    fn link(&mut self, i: u32, rng: &mut Rng) {
        for holder in [Holder::Team(i), Holder::User(i)] {
            let on = some(self.n, rng).into_iter();
            self.on_repositories.extend(on.map(|on| Link {
                holder,
                on,
                level: rng.below(5) as u8,
            }));
        }
        for holder in [Holder::Organisation(i), Holder::User(i)] {
            let on = some(self.n, rng).into_iter();
            let level = |rng: &mut Rng| ORGANISATION_LEVELS[rng.below(3) as usize];
            self.on_organisations.extend(on.map(|on| Link {
                holder,
                on,
                level: level(rng),
            }));
        }
    }

    /// A request at random.
    pub fn request(&self, rng: &mut Rng) -> Request {
        Request {
            user: rng.below(self.n),
            level: rng.below(5) as u8,
            repository: rng.below(self.n),
        }
    }
}

/// Each of `0..n` with probability 0.05.
fn some(n: u32, rng: &mut Rng) -> Vec<u32> {
    (0..n).filter(|_| rng.chance(5)).collect()
}
