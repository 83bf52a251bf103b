//! The organisation that is asked about, and the names of what is in it.

use std::fs;
use std::path::Path;

use rolebook::scenario::{Named, Names, World};
use rolebook::{
    Permission, Resource, ResourceKind, Role, RoleId, Session, SignIn, SignInProof, State,
    Timestamp, UserId,
};

use crate::arguments::SessionArguments;
use crate::complaint::Complaint;

pub(crate) struct Organisation {
    world: World,
}

impl Organisation {
    pub(crate) fn load(file: &Path) -> Result<Self, Complaint> {
        let text = fs::read_to_string(file).map_err(|error| Complaint::Unreadable {
            file: file.to_owned(),
            error,
        })?;
        let mut world = World::new();
        let report = world.run(&file.display().to_string(), &text);
        if report.passed() {
            Ok(Self { world })
        } else {
            Err(Complaint::Broken(report))
        }
    }

    pub(crate) const fn state(&self) -> &State {
        self.world.state()
    }

    pub(crate) const fn now(&self) -> Timestamp {
        self.world.now()
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
