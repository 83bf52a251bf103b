//! The rule of the application, slowly: who a user counts as, and every link of theirs.

use super::app::{App, Holder, Request};

impl App {
    /// Whether the user has the level on the repository, or on the organisation that owns it.
    pub fn allows(&self, request: &Request) -> bool {
        let holders = self.holders(request.user);
        let owner = self.owners[request.repository as usize];
        let enough = |link: &&super::app::Link| {
            link.level >= request.level && holders.contains(&link.holder)
        };
        let on_repository = self
            .on_repositories
            .iter()
            .filter(enough)
            .any(|link| link.on == request.repository);
        on_repository
            || self
                .on_organisations
                .iter()
                .filter(enough)
                .any(|link| link.on == owner)
    }

    /// The user, the teams of the user with all that they are in, and the organisations of the user.
    pub fn holders(&self, user: u32) -> Vec<Holder> {
        let mut teams = self.teams_of_user[user as usize].clone();
        let mut next = 0;
        while let Some(&team) = teams.get(next) {
            let above = self.teams_of_team[team as usize].iter();
            let new: Vec<u32> = above
                .filter(|team| !teams.contains(team))
                .copied()
                .collect();
            teams.extend(new);
            next += 1;
        }
        let organisations = self.organisations_of_user[user as usize].iter();
        let groups = teams
            .iter()
            .map(|&t| Holder::Team(t))
            .chain(organisations.map(|&o| Holder::Organisation(o)));
        std::iter::once(Holder::User(user)).chain(groups).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::app::Link;
    use super::*;

    /// One user in team 1, which is in team 0; team 0 may write to a repository of the only organisation.
    #[test]
    fn a_level_reaches_through_nested_teams_and_no_further() {
        let app = App {
            n: 2,
            owners: vec![0, 0],
            on_repositories: vec![Link {
                holder: Holder::Team(0),
                on: 1,
                level: 2,
            }],
            on_organisations: Vec::new(),
            teams_of_team: vec![vec![], vec![0]],
            teams_of_user: vec![vec![1], vec![]],
            organisations_of_user: vec![vec![], vec![]],
        };
        let allows = |user, level, repository| {
            app.allows(&Request {
                user,
                level,
                repository,
            })
        };
        assert!(allows(0, 0, 1) && allows(0, 2, 1));
        assert!(!allows(0, 3, 1) && !allows(0, 0, 0) && !allows(1, 0, 1));
    }
}
