//! Who may give a command.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::admin::decide;
use crate::command::{Actor, Command, SignIn};
use crate::id::{RoleId, UserId};
use crate::permission::{ModelPermissions, OrganisationPermissions, Permission, PermissionSet};
use crate::resource::Resource;
use crate::settings::SignInProof;
use crate::state::State;
use crate::time::Timestamp;

/// A user who may give a command, and the role to do it under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Giver {
    /// The user.
    pub user: UserId,
    /// The first of their roles under which they may.
    pub role: RoleId,
}

impl Giver {
    /// The giver as an actor, with every proof of sign-in.
    #[must_use]
    pub fn actor(self) -> Actor {
        let sign_in = SignIn::new(self.user).under(self.role);
        sign_in.with_proof(SignInProof::FULL).into()
    }
}

/// Who can come into question for a command, by the right it needs.
enum Right {
    Organisation(OrganisationPermissions),
    /// Over grants and restrictions on a resource.
    Entitlements(Resource),
    /// Not one that an index knows.
    Other,
}

impl State {
    /// The active users who may give a command under one of their roles, with every proof of
    /// sign-in, in the order of ids: those for whom [`decide`] does not refuse it.
    ///
    /// Decides the command once for each user who has the right to it, and for commands whose right
    /// depends on their arguments (`register`, `unregister`, batches) once for each user.
    #[must_use]
    pub fn who_may_give(&self, command: &Command, now: Timestamp) -> Vec<Giver> {
        let candidates = self.holding(&right_to(command), now);
        let giver = |user| self.giver(user, command, now);
        candidates.into_iter().filter_map(giver).collect()
    }

    fn giver(&self, user: UserId, command: &Command, now: Timestamp) -> Option<Giver> {
        let may = |giver: &Giver| decide(self, &giver.actor(), command, now).is_ok();
        let sessions = self.sessions_of(user);
        let mut givers = sessions.map(|session| Giver {
            user,
            role: session.role(),
        });
        givers.find(may)
    }

    fn holding(&self, right: &Right, now: Timestamp) -> BTreeSet<UserId> {
        match right {
            Right::Organisation(permission) => {
                self.holders_of((*permission).into(), Resource::Organisation, now)
            }
            Right::Entitlements(on) => {
                let manage = OrganisationPermissions::PERMISSIONS_MANAGE.into();
                let mut found = self.holders_of(manage, Resource::Organisation, now);
                found.extend(self.delegates(*on, now));
                found
            }
            Right::Other => self.users().map(|(user, _)| user).collect(),
        }
    }

    /// The users who decide about the permission list of a model in the chain of a resource.
    pub(super) fn delegates(&self, on: Resource, now: Timestamp) -> BTreeSet<UserId> {
        let chain = self.chain(on).unwrap_or_default();
        let users = chain.into_iter().map(|link| {
            let list = ModelPermissions::USERS_UPDATE.into();
            self.holders_of(list, link, now)
        });
        users.flatten().collect()
    }

    fn holders_of(
        &self,
        permissions: PermissionSet,
        on: Resource,
        now: Timestamp,
    ) -> BTreeSet<UserId> {
        let users = |it: Permission| self.users_for(it, on, now);
        permissions.iter().flat_map(users).collect()
    }
}

fn right_to(command: &Command) -> Right {
    use Command as C;
    use OrganisationPermissions as P;
    match command {
        C::SetSecurity { .. } | C::SetLimits { .. } => Right::Organisation(P::SECURITY_MANAGE),
        C::DefineRole { .. }
        | C::RedefineRole { .. }
        | C::CloneRole { .. }
        | C::DeleteRole { .. } => Right::Organisation(P::ROLES_MANAGE),
        C::AssignRoles { .. }
        | C::Suspend { .. }
        | C::Reinstate { .. }
        | C::Remove { .. }
        | C::AddServiceUser { .. }
        | C::ChangeEmail { .. } => Right::Organisation(P::USERS_MANAGE),
        C::CreateGroup { .. }
        | C::RenameGroup { .. }
        | C::DeleteGroup { .. }
        | C::AddToGroup { .. }
        | C::RemoveFromGroup { .. } => Right::Organisation(P::GROUPS_MANAGE),
        C::Invite(_)
        | C::InviteMany { .. }
        | C::Resend { .. }
        | C::ChangeInvitation { .. }
        | C::CancelInvitation { .. } => Right::Organisation(P::USERS_INVITE),
        C::Grant(request) => Right::Entitlements(request.on),
        C::Revoke { on, .. } | C::Restrict { on, .. } | C::Unrestrict { on, .. } => {
            Right::Entitlements(*on)
        }
        C::Found { .. }
        | C::Leave
        | C::Register { .. }
        | C::Unregister { .. }
        | C::Accept { .. }
        | C::Decline { .. }
        | C::Batch { .. } => Right::Other,
    }
}
