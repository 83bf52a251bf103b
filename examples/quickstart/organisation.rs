//! The organisation that is asked about, and the names of what is in it.

use std::fs;
use std::path::Path;
use std::time::Duration;

use rolebook::history::Past;
use rolebook::scenario::{Names, START, World};
use rolebook::{
    Commit, GroupId, InvitationId, Resource, Role, RoleId, Session, SignIn, SignInProof, State,
    Timestamp, UserId,
};

use crate::complaint::Complaint;

#[derive(Clone)]
pub(crate) struct Organisation {
    world: World,
    names: Names,
    /// The organisation as it is, or was, and when.
    seen: Past,
}

impl Organisation {
    pub(crate) fn load(file: &Path) -> Result<Self, Complaint> {
        let text = fs::read_to_string(file).map_err(|error| Complaint::File {
            file: file.to_owned(),
            error,
        })?;
        let mut world = World::new();
        let report = world.run(&file.display().to_string(), &text);
        if !report.passed() {
            return Err(Complaint::Broken(report));
        }
        let seen = Past::new(world.state().clone(), world.now());
        let names = world.names().clone();
        Ok(Self { world, names, seen })
    }

    /// The same as of a revision, at a time.
    pub(crate) fn seen_at(
        mut self,
        revision: Option<u64>,
        seconds: Option<u64>,
    ) -> Result<Self, Complaint> {
        if let Some(revision) = revision {
            self.seen = self.past(revision)?;
        }
        if let Some(seconds) = seconds {
            self.seen = Past::new(self.state().clone(), moment(seconds)?);
        }
        Ok(self)
    }

    /// The organisation right after a commit.
    pub(crate) fn past(&self, revision: u64) -> Result<Past, Complaint> {
        let past = Past::beginning().at_revision(self.world.log(), revision);
        past.map_err(|error| Complaint::Unclear {
            message: error.to_string(),
        })
    }

    pub(crate) const fn state(&self) -> &State {
        self.seen.state()
    }

    pub(crate) const fn now(&self) -> Timestamp {
        self.seen.at()
    }

    /// All commits up to the revision that is looked at.
    pub(crate) fn log(&self) -> &[Commit] {
        let log = self.world.log();
        let count = usize::try_from(self.state().revision()).unwrap_or(log.len());
        log.get(..count).unwrap_or(log)
    }

    pub(crate) const fn names(&self) -> &Names {
        &self.names
    }

    /// The same where these names are known too.
    pub(crate) fn knowing(&self, names: Names) -> Self {
        Self {
            names,
            ..self.clone()
        }
    }

    pub(crate) fn title(&self) -> String {
        self.state()
            .name()
            .map(ToString::to_string)
            .unwrap_or_default()
    }

    /// The name of a role as its definition gives it.
    pub(crate) fn role_name(&self, role: RoleId) -> String {
        self.state()
            .role(role)
            .map_or_else(String::new, |it| it.name.to_string())
    }

    /// The sessions that a user can have, one for each role, with every proof of sign-in.
    pub(crate) fn session(&self, user: UserId, role: RoleId) -> Option<Session<'_>> {
        let sign_in = SignIn::new(user).under(role).with_proof(SignInProof::FULL);
        self.state().session(sign_in).ok()
    }

    /// The roles, the one that can reach most first.
    pub(crate) fn roles(&self) -> Vec<(RoleId, &Role)> {
        let mut roles: Vec<_> = self.state().roles().collect();
        roles.sort_by_key(|(id, role)| {
            let reach = u32::MAX.saturating_sub(role.ceiling.len());
            (*id != RoleId::ADMIN, reach, role.name.clone())
        });
        roles
    }

    /// The names on the way to a resource, from the top: what resources are sorted by.
    pub(crate) fn path(&self, resource: Resource) -> Vec<String> {
        let chain = self.state().chain(resource);
        let links = chain.into_iter().flatten().collect::<Vec<_>>();
        let links = links.into_iter().rev();
        links.map(|link| self.names().resource(link)).collect()
    }
}

/// A time in seconds since the start of the scenario.
pub(crate) fn moment(seconds: u64) -> Result<Timestamp, Complaint> {
    let moment = START.checked_add(Duration::from_secs(seconds));
    moment.ok_or_else(|| Complaint::Unclear {
        message: format!("{seconds} seconds are past the end of time"),
    })
}

/// What things are called in sentences.
impl rolebook::Names for Organisation {
    fn user(&self, id: UserId) -> String {
        self.names().name(id)
    }

    fn group(&self, id: GroupId) -> String {
        format!("the group {}", self.names().name(id))
    }

    fn role(&self, id: RoleId) -> String {
        let known = self.state().role(id).map(|role| role.name.to_string());
        known.unwrap_or_else(|| self.names().name(id))
    }

    fn resource(&self, resource: Resource) -> String {
        match resource {
            Resource::Organisation => "the organisation".to_owned(),
            other => self.names().resource(other),
        }
    }

    fn invitation(&self, id: InvitationId) -> String {
        format!("the invitation {}", self.names().name(id))
    }
}
