//! A second, naive reading of the specification, written for obviousness: plain collections, no
//! indexes, everything cloned. Numbers in brackets are chapters of the specification.
//!
//! It shares no rule with the library, only its value types.

mod authority;
mod catalogue;
mod decision;
mod entitlements;
mod groups;
mod invitations;
mod look;
mod organisation;
mod refused;
mod resources;
mod role_deletion;
mod roles;
mod sending;
mod text;
mod users;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use rolebook::{
    Actor, Command, GroupId, InvitationId, PermissionSet, Resource, RoleId, Scope, Subject,
    Timestamp, TokenDigest, UserId,
};

pub(crate) use authority::Acting;
pub(crate) use catalogue::{all_permissions, at_or_below, missing_from, named, of_kind};
pub(crate) use look::{Look, Status};
pub(crate) use refused::{Facts, Refused, Verdict, refuse};
pub(crate) use resources::parent_fits;

/// The whole organisation.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Model {
    /// The name; absent before `found`.
    pub(crate) name: Option<String>,
    pub(crate) security: Security,
    pub(crate) limits: Limits,
    pub(crate) roles: BTreeMap<RoleId, Role>,
    pub(crate) users: BTreeMap<UserId, User>,
    pub(crate) groups: BTreeMap<GroupId, Group>,
    /// Every registered resource but the organisation, with its parent.
    pub(crate) parents: BTreeMap<Resource, Resource>,
    pub(crate) grants: BTreeMap<(Subject, Resource), Grant>,
    pub(crate) restrictions: BTreeMap<(Subject, Resource), PermissionSet>,
    pub(crate) invitations: BTreeMap<InvitationId, Invitation>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Security {
    pub(crate) require_sso: bool,
    pub(crate) require_mfa: bool,
    /// Folded patterns.
    pub(crate) allowed_domains: BTreeSet<String>,
    pub(crate) allow_external_admins: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Limits {
    pub(crate) seats: BTreeMap<RoleId, u32>,
    pub(crate) open_invitations: u32,
    pub(crate) custom_roles: u32,
    pub(crate) resend_cooldown: Duration,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Role {
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) defaults: PermissionSet,
    pub(crate) ceiling: PermissionSet,
    pub(crate) scope: Scope,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct User {
    pub(crate) identity: Identity,
    /// The primary one first, none twice.
    pub(crate) roles: Vec<RoleId>,
    pub(crate) suspended: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Identity {
    Person { email: String, external: bool },
    Service { name: String },
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Group {
    pub(crate) name: String,
    pub(crate) role: RoleId,
    pub(crate) members: BTreeSet<UserId>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Grant {
    pub(crate) bits: PermissionSet,
    pub(crate) expires_at: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Invitation {
    pub(crate) email: String,
    pub(crate) external: bool,
    pub(crate) roles: Vec<RoleId>,
    pub(crate) groups: BTreeSet<GroupId>,
    /// The user who answers for it; absent: the operator.
    pub(crate) inviter: Option<UserId>,
    pub(crate) digest: TokenDigest,
    pub(crate) sent_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    pub(crate) state: InvitationState,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum InvitationState {
    Pending,
    Accepted(UserId),
    Declined,
    /// With the reason: `withdrawn`, `superseded` or `inviter_left`.
    Cancelled(&'static str),
}

impl Invitation {
    pub(crate) fn is_open(&self) -> bool {
        self.state == InvitationState::Pending
    }

    pub(crate) fn accepted_by(&self) -> Option<UserId> {
        match self.state {
            InvitationState::Accepted(user) => Some(user),
            _ => None,
        }
    }
}

/// What came of a command.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Outcome {
    Refused(Refused),
    Done {
        changed: bool,
        /// Of `invite_many`, one per entry; of a batch, those of its parts.
        results: Vec<Verdict>,
    },
}

/// What a command that is not refused gives back: the results of `invite_many`.
type Results = Result<Vec<Verdict>, Refused>;

impl Model {
    pub(crate) fn new() -> Self {
        Self {
            name: None,
            security: Security::default(),
            limits: Limits {
                seats: BTreeMap::new(),
                open_invitations: 1_000,
                custom_roles: 100,
                resend_cooldown: Duration::ZERO,
            },
            roles: roles::built_in(),
            users: BTreeMap::new(),
            groups: BTreeMap::new(),
            parents: BTreeMap::new(),
            grants: BTreeMap::new(),
            restrictions: BTreeMap::new(),
            invitations: BTreeMap::new(),
        }
    }

    /// Carries out a command, or refuses it and changes nothing.
    pub(crate) fn execute(&mut self, actor: &Actor, command: &Command, now: Timestamp) -> Outcome {
        let before = self.clone();
        match self.run(actor, command, now) {
            Ok(results) => Outcome::Done {
                changed: *self != before,
                results,
            },
            Err(refused) => {
                *self = before;
                Outcome::Refused(refused)
            }
        }
    }

    /// May leave a half-made change behind where it refuses.
    fn run(&mut self, actor: &Actor, command: &Command, now: Timestamp) -> Results {
        if self.name.is_none() && !matches!(command, Command::Found { .. }) {
            return refuse("not_founded");
        }
        match command {
            Command::Batch { commands } => self.batch(actor, commands, now),
            Command::InviteMany { entries } => self.invite_many(actor, entries, now),
            _ => self.run_single(actor, command, now).map(|()| Vec::new()),
        }
    }

    fn batch(&mut self, actor: &Actor, commands: &[Command], now: Timestamp) -> Results {
        self.session(actor)?;
        if commands.is_empty() {
            return refuse("empty_batch");
        }
        let mut results = Vec::new();
        for command in commands {
            self.session(actor)?;
            match command {
                Command::Found { .. }
                | Command::Accept { .. }
                | Command::Decline { .. }
                | Command::Batch { .. } => return refuse("not_in_batch"),
                _ => results.extend(self.run(actor, command, now)?),
            }
        }
        Ok(results)
    }

    fn run_single(&mut self, actor: &Actor, command: &Command, now: Timestamp) -> Verdict {
        use Command as C;
        match command {
            C::Found {
                name,
                first_admin,
                invitation,
                token,
            } => self.found(actor, (name, first_admin), (*invitation, *token), now),
            C::SetSecurity { .. } => self.set_security(actor, command),
            C::SetLimits { .. } => self.set_limits(actor, command),
            C::DefineRole { role, definition } => self.define_role(actor, *role, definition),
            C::RedefineRole { role, definition } => self.redefine_role(actor, *role, definition),
            C::CloneRole { role, from, name } => self.clone_role(actor, *role, *from, name),
            C::DeleteRole { role, replacement } => self.delete_role(actor, *role, *replacement),
            C::AssignRoles { user, roles } => self.assign_roles(actor, *user, roles, now),
            C::Suspend { user } => self.suspend(actor, *user),
            C::Reinstate { user } => self.reinstate(actor, *user),
            C::Remove { user } => self.remove(actor, *user),
            C::Leave => self.leave(actor),
            C::AddServiceUser { user, name, roles } => {
                self.add_service_user(actor, *user, name, roles)
            }
            C::ChangeEmail { user, email } => self.change_email(actor, *user, email, now),
            C::CreateGroup { group, name, role } => self.create_group(actor, *group, name, *role),
            C::RenameGroup { group, name } => self.rename_group(actor, *group, name),
            C::DeleteGroup { group } => self.delete_group(actor, *group, now),
            C::AddToGroup { group, user } => self.add_to_group(actor, *group, *user, now),
            C::RemoveFromGroup { group, user } => self.remove_from_group(actor, *group, *user, now),
            C::Register { resource, parent } => self.register(actor, *resource, *parent, now),
            C::Unregister { resource } => self.unregister(actor, *resource, now),
            C::Grant(request) => self.grant(actor, request, now),
            C::Revoke { from, on } => self.revoke(actor, *from, *on, now),
            C::Restrict {
                from,
                on,
                permissions,
            } => self.restrict(actor, *from, *on, *permissions, now),
            C::Unrestrict { from, on } => self.unrestrict(actor, *from, *on, now),
            C::Invite(request) => self.invite(actor, request, now),
            C::Resend {
                invitation,
                token,
                ttl,
            } => self.resend(actor, *invitation, *token, *ttl, now),
            C::ChangeInvitation {
                invitation,
                roles,
                groups,
            } => self.change_invitation(actor, *invitation, roles, groups, now),
            C::CancelInvitation { invitation } => self.cancel_invitation(actor, *invitation),
            C::Accept { .. } => self.accept(command, now),
            C::Decline { .. } => self.decline(command, now),
            C::Batch { .. } | C::InviteMany { .. } => unreachable!("they have results"),
        }
    }
}
