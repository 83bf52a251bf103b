//! From the names on the command line to what bears them, or to what there is instead.

use rolebook::scenario::{Named, Names, NotAName};
use rolebook::{Event, Permission, Resource, ResourceKind, RoleId, SignIn, SignInProof, UserId};

use crate::arguments::SessionArguments;
use crate::complaint::Complaint;
use crate::organisation::Organisation;

impl Organisation {
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
        let unclear = |error: NotAName| Complaint::Unclear {
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

    fn resources_of(&self, kind: ResourceKind) -> Vec<String> {
        let resources = self.state().resources_of(kind);
        let mut names: Vec<_> = resources.map(|it| self.names().resource(it)).collect();
        names.sort_unstable();
        names
    }

    fn sorted<I: Named>(&self, ids: impl Iterator<Item = I>) -> Vec<String> {
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
