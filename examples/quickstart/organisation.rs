//! The organisation that is asked about, and the names of what is in it.

use std::fs;
use std::path::Path;
use std::time::Duration;

use rolebook::history::Past;
use rolebook::scenario::{Named, Names, START, World};
use rolebook::{
    Commit, Event, GroupId, InvitationId, Permission, Resource, ResourceKind, Role, RoleId,
    Session, SignIn, SignInProof, State, Timestamp, UserId,
};

use crate::arguments::SessionArguments;
use crate::complaint::Complaint;

pub(crate) struct Organisation {
    world: World,
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
        Ok(Self { world, seen })
    }

    /// The same as of a revision, at a time.
    pub(crate) fn as_of(
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
        self.world.names()
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

    pub(crate) fn user(&self, name: &str) -> Result<UserId, Complaint> {
        let user = UserId::named(name);
        let is_registered = self.state().user(user).is_some();
        let known = || self.sorted(self.state().users().map(|(id, _)| id));
        known_or(is_registered.then_some(user), "user", name, known)
    }

    /// A user who is registered, or once was.
    pub(crate) fn user_ever(&self, name: &str) -> Result<UserId, Complaint> {
        let user = UserId::named(name);
        let events = self.log().iter().flat_map(|commit| &commit.events);
        let mut registered = events.filter_map(|event| match event {
            Event::UserRegistered { user, .. } => Some(*user),
            _ => None,
        });
        if registered.any(|it| it == user) {
            Ok(user)
        } else {
            self.user(name)
        }
    }

    pub(crate) fn role(&self, name: &str) -> Result<RoleId, Complaint> {
        let role = RoleId::named(name);
        let is_defined = self.state().role(role).is_some();
        let known = || self.sorted(self.state().roles().map(|(id, _)| id));
        known_or(is_defined.then_some(role), "role", name, known)
    }

    pub(crate) fn permission(&self, name: &str) -> Result<Permission, Complaint> {
        let kind = name.split_once('.').map_or("", |(kind, _)| kind);
        let known = || permissions_on(kind);
        known_or(name.parse().ok(), "permission", name, known)
    }

    pub(crate) fn resource(&self, text: &str) -> Result<Resource, Complaint> {
        let unclear = |error: rolebook::scenario::NotAName| Complaint::Unclear {
            message: error.to_string(),
        };
        let resource = Names::new().learn_resource(text).map_err(unclear)?;
        let is_registered = self.state().is_registered(resource);
        let known = || self.resources_of(resource.kind());
        known_or(is_registered.then_some(resource), "resource", text, known)
    }

    pub(crate) fn sign_in(
        &self,
        user: UserId,
        arguments: &SessionArguments,
    ) -> Result<SignIn, Complaint> {
        let role = arguments.role.as_deref().map(|name| self.role(name));
        Ok(SignIn {
            user,
            role: role.transpose()?,
            proof: SignInProof {
                sso: arguments.sso,
                mfa: arguments.mfa,
            },
        })
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

    fn resources_of(&self, kind: ResourceKind) -> Vec<String> {
        let resources = self.state().resources_of(kind);
        let mut names: Vec<_> = resources.map(|it| self.names().resource(it)).collect();
        names.sort_unstable();
        names
    }

    pub(crate) fn sorted<I: Named>(&self, ids: impl Iterator<Item = I>) -> Vec<String> {
        let mut names: Vec<_> = ids.map(|id| self.names().name(id)).collect();
        names.sort_unstable();
        names
    }
}

/// A time in seconds since the start of the scenario.
pub(crate) fn moment(seconds: u64) -> Result<Timestamp, Complaint> {
    let moment = START.checked_add(Duration::from_secs(seconds));
    moment.ok_or_else(|| Complaint::Unclear {
        message: format!("{seconds} seconds are past the end of time"),
    })
}

/// The permissions on a kind of resource; all of them where there is no such kind.
fn permissions_on(kind: &str) -> Vec<String> {
    let is_kind = |it: &ResourceKind| it.to_string() == kind;
    let kind = ResourceKind::ALL.into_iter().find(is_kind);
    let fits = |it: &Permission| kind.is_none_or(|kind| it.kind() == kind);
    let permissions = Permission::all().filter(fits);
    permissions.map(|it| it.name().to_owned()).collect()
}

fn known_or<T>(
    found: Option<T>,
    what: &'static str,
    name: &str,
    known: impl FnOnce() -> Vec<String>,
) -> Result<T, Complaint> {
    found.ok_or_else(|| Complaint::Unknown {
        what,
        name: name.to_owned(),
        known: known(),
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
