//! Who could hand out a permission: who can escalate.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::candidates::closed;
use super::stage::{Stage, newcomer};
use crate::admin::decide;
use crate::command::{Actor, Command, GrantRequest, InvitationRequest, RoleDefinition, SignIn};
use crate::event::Event;
use crate::id::{GroupId, InvitationId, RoleId, UserId};
use crate::invitation::Token;
use crate::permission::{OrganisationPermissions, Permission, PermissionSet};
use crate::resource::{Resource, ResourceKind};
use crate::role::{Role, Scope};
use crate::session::Session;
use crate::settings::SignInProof;
use crate::state::{Chain, State};
use crate::subject::Subject;
use crate::time::Timestamp;
use crate::user::{Affiliation, Status};

/// A user who could hand a permission out, under which role, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandOut {
    /// The user.
    pub user: UserId,
    /// The role they would act under.
    pub role: RoleId,
    /// How they could.
    pub way: HandOutWay,
}

/// How somebody could hand a permission out to somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandOutWay {
    /// As an Admin, in every way there is; the other ways are not listed beside it.
    Admin,
    /// By grants: `permissions_manage` decides about grants everywhere, up to the ceilings.
    PermissionsManager,
    /// By grants: as a delegate of a model above it, who holds the permission there.
    Delegate,
    /// By adding somebody to a group that has it.
    AddToGroup(GroupId),
    /// By taking somebody out of a group from which it is withheld.
    RemoveFromGroup(GroupId),
    /// By giving a role that gives it, or a new service with that role.
    GiveRole(RoleId),
    /// By giving other roles to somebody who thereby leaves a group from which it is withheld.
    ChangeRoles(GroupId),
    /// By defining or redefining a role so that it gives it.
    DefineRole,
    /// By inviting somebody with a role that gives it.
    InviteWithRole(RoleId),
    /// By inviting somebody into a group that has it.
    InviteToGroup(GroupId),
    /// By reinstating a suspended user who has it.
    Reinstate(UserId),
}

impl State {
    /// The users who could hand out a permission on a resource by commands they may give now, with
    /// every proof of sign-in; by user, role and way.
    ///
    /// Each way but the first two is tried: the command is decided on a copy with newcomers to
    /// receive the permission. Seats, limits and allowed domains are left aside, and so is
    /// whoever could change the address by which somebody else signs in.
    ///
    /// Costs in proportion to the users who hold a right over users, groups, roles, invitations or
    /// permissions, or are delegates of the resource, and to the ways there are.
    #[must_use]
    pub fn who_could_hand_out(
        &self,
        permission: Permission,
        resource: impl Into<Resource>,
        now: Timestamp,
    ) -> Vec<HandOut> {
        let resource = resource.into();
        let chain = self
            .chain(resource)
            .filter(|_| permission.kind() == resource.kind());
        let Some(chain) = chain else {
            return Vec::new();
        };
        let question = Question::new(self, permission, chain, now);
        let candidates = question.candidates().into_iter();
        let sessions = candidates.flat_map(|user| self.sessions_of(user));
        let found: BTreeSet<HandOut> = sessions.flat_map(|it| question.hand_outs(&it)).collect();
        found.into_iter().collect()
    }
}

/// What is to be handed out, and where it could come from.
struct Question<'state> {
    state: &'state State,
    stage: Stage,
    permission: Permission,
    chain: Chain,
    now: Timestamp,
    giving_roles: Vec<RoleId>,
    giving_groups: Vec<GroupId>,
    withholding_groups: Vec<GroupId>,
    suspended: Vec<UserId>,
}

impl<'state> Question<'state> {
    fn new(state: &'state State, permission: Permission, chain: Chain, now: Timestamp) -> Self {
        let mut question = Self {
            state,
            stage: Stage::of(state),
            permission,
            chain,
            now,
            giving_roles: Vec::new(),
            giving_groups: Vec::new(),
            withholding_groups: Vec::new(),
            suspended: Vec::new(),
        };
        question.giving_roles = question.roles_that_give();
        question.giving_groups = question.groups_that_give();
        question.withholding_groups = question.groups_that_withhold();
        question.suspended = question.suspended_who_could();
        question
    }

    fn resource(&self) -> Resource {
        self.chain
            .first()
            .copied()
            .unwrap_or(Resource::Organisation)
    }

    fn is_allowed(&self, state: &State, sign_in: SignIn) -> bool {
        let check = state.check(sign_in, self.permission, self.resource(), self.now);
        check.is_allowed()
    }

    /// The newcomers show which roles give it by themselves.
    fn roles_that_give(&self) -> Vec<RoleId> {
        let newcomers = self.stage.newcomers();
        let allowed = newcomers.filter(|it| self.is_allowed(self.stage.state(), *it));
        allowed.filter_map(|it| it.role).collect()
    }

    fn groups_that_give(&self) -> Vec<GroupId> {
        let grants = self.chain.iter().flat_map(|on| self.state.grants_on(*on));
        let giving = grants.filter(|(_, it)| it.permissions_at(self.now).holds(self.permission));
        groups(giving.map(|(subject, _)| subject))
    }

    fn groups_that_withhold(&self) -> Vec<GroupId> {
        let restrictions = self
            .chain
            .iter()
            .flat_map(|on| self.state.restrictions_on(*on));
        let taking = restrictions.filter(|(_, set)| set.holds(self.permission));
        groups(taking.map(|(subject, _)| subject))
    }

    /// The suspended users who would have it if they were reinstated.
    fn suspended_who_could(&self) -> Vec<UserId> {
        let users = self.state.users();
        let suspended = users.filter(|(_, it)| it.status == Status::Suspended);
        let suspended: Vec<UserId> = suspended.map(|(user, _)| user).collect();
        let reinstated = suspended
            .iter()
            .map(|user| Event::UserReinstated { user: *user });
        let Some(after) = self.stage.on_which(reinstated) else {
            return Vec::new();
        };
        let listed = after.users_for(self.permission, self.resource(), self.now);
        listed
            .filter(|user| suspended.binary_search(user).is_ok())
            .collect()
    }

    /// Whoever holds a right by which something can be handed out.
    fn candidates(&self) -> BTreeSet<UserId> {
        let organisational = OrganisationPermissions::USERS_INVITE
            .union(OrganisationPermissions::USERS_MANAGE)
            .union(OrganisationPermissions::GROUPS_MANAGE)
            .union(OrganisationPermissions::ROLES_MANAGE)
            .union(OrganisationPermissions::PERMISSIONS_MANAGE);
        let rights = PermissionSet::from(organisational);
        let mut found = self.state.delegates(self.resource(), self.now);
        for (id, role) in self.state.roles() {
            if role.defaults.intersects(rights) {
                found.extend(self.state.holders(id).map(|(user, _)| user));
            }
        }
        found
    }

    fn hand_outs(&self, session: &Session<'_>) -> Vec<HandOut> {
        let (user, role) = (session.user(), session.role());
        let ways = if session.is_admin() {
            vec![HandOutWay::Admin]
        } else {
            self.ways(session)
        };
        ways.into_iter()
            .map(|way| HandOut { user, role, way })
            .collect()
    }

    fn ways(&self, session: &Session<'_>) -> Vec<HandOutWay> {
        let sign_in = SignIn::new(session.user()).under(session.role());
        let holder = Holder {
            question: self,
            actor: sign_in.with_proof(SignInProof::FULL).into(),
        };
        let holds = |permission: OrganisationPermissions| {
            PermissionSet::from(permission).is_within(session.organisation_permissions())
        };
        let mut ways = holder.by_grants(holds(OrganisationPermissions::PERMISSIONS_MANAGE));
        if holds(OrganisationPermissions::GROUPS_MANAGE) {
            ways.extend(holder.by_groups());
        }
        if holds(OrganisationPermissions::USERS_MANAGE) {
            ways.extend(holder.by_users());
        }
        if holds(OrganisationPermissions::ROLES_MANAGE) {
            ways.extend(holder.by_roles());
        }
        if holds(OrganisationPermissions::USERS_INVITE) {
            ways.extend(holder.by_invitations());
        }
        ways
    }
}

fn groups(subjects: impl Iterator<Item = Subject>) -> Vec<GroupId> {
    let groups: BTreeSet<GroupId> = subjects
        .filter_map(|subject| match subject {
            Subject::Group(group) => Some(group),
            Subject::User(_) => None,
        })
        .collect();
    groups.into_iter().collect()
}

/// Somebody who holds a right by which something can be handed out.
struct Holder<'a> {
    question: &'a Question<'a>,
    actor: Actor,
}

impl Holder<'_> {
    fn stage(&self) -> &Stage {
        &self.question.stage
    }

    fn may(&self, command: &Command) -> bool {
        self.may_on(self.stage().state(), command)
    }

    fn may_on(&self, state: &State, command: &Command) -> bool {
        decide(state, &self.actor, command, self.question.now).is_ok()
    }

    /// Whether they may give the command and the newcomer has the permission then.
    fn hands_out(&self, state: &State, command: &Command, to: SignIn) -> bool {
        let after = state.after(&self.actor, command, self.question.now);
        after.is_some_and(|(after, _)| self.question.is_allowed(&after, to))
    }

    fn by_grants(&self, everywhere: bool) -> Vec<HandOutWay> {
        // Grants carry no permissions of the organisation.
        if self.question.resource() == Resource::Organisation {
            Vec::new()
        } else if everywhere {
            vec![HandOutWay::PermissionsManager]
        } else {
            let way = self.grants_to_newcomer().then_some(HandOutWay::Delegate);
            way.into_iter().collect()
        }
    }

    /// Whether they may grant it, for a moment and no more than it, to somebody who can have it.
    fn grants_to_newcomer(&self) -> bool {
        let on = self.question.resource();
        let architect = RoleId::DATA_ARCHITECT;
        let (Some(to), Some(role)) = (
            self.stage().newcomer(architect),
            self.question.state.role(architect),
        ) else {
            return false;
        };
        let wanted = closed(self.question.permission);
        let reach = PermissionSet::at_or_below(on.kind());
        let base = role.defaults.intersection(reach);
        let moment = std::time::Duration::from_millis(1);
        let request = GrantRequest {
            extend: wanted.without(base),
            narrow: base.without(wanted),
            expires_at: self.question.now.checked_add(moment),
            ..GrantRequest::new(to, on)
        };
        let grant = Command::Grant(request);
        self.hands_out(self.stage().state(), &grant, SignIn::new(to))
    }

    fn by_groups(&self) -> Vec<HandOutWay> {
        let giving = self.question.giving_groups.iter().copied();
        let adding = giving.filter(|group| self.adds_to(*group));
        let withholding = self.question.withholding_groups.iter().copied();
        let removing = withholding.filter(|group| self.removes_from(*group));
        adding
            .map(HandOutWay::AddToGroup)
            .chain(removing.map(HandOutWay::RemoveFromGroup))
            .collect()
    }

    fn newcomer_for(&self, group: GroupId) -> Option<(UserId, RoleId)> {
        let role = self.question.state.group(group)?.role;
        Some((self.stage().newcomer(role)?, role))
    }

    fn adds_to(&self, group: GroupId) -> bool {
        self.newcomer_for(group).is_some_and(|(user, role)| {
            let add = Command::AddToGroup { group, user };
            let to = SignIn::new(user).under(role);
            self.hands_out(self.stage().state(), &add, to)
        })
    }

    fn removes_from(&self, group: GroupId) -> bool {
        let Some((user, _)) = self.newcomer_for(group) else {
            return false;
        };
        let joined = self.stage().on_which([Event::GroupJoined { group, user }]);
        let remove = Command::RemoveFromGroup { group, user };
        joined.is_some_and(|state| self.may_on(&state, &remove))
    }

    fn by_users(&self) -> Vec<HandOutWay> {
        let giving = self.question.giving_roles.iter().copied();
        let given = giving.filter(|role| self.may(&self.service_with(*role)));
        let withholding = self.question.withholding_groups.iter().copied();
        let changed = withholding.filter(|group| self.changes_roles_of(*group));
        let suspended = self.question.suspended.iter().copied();
        let reinstated = suspended.filter(|user| self.may(&Command::Reinstate { user: *user }));
        given
            .map(HandOutWay::GiveRole)
            .chain(changed.map(HandOutWay::ChangeRoles))
            .chain(reinstated.map(HandOutWay::Reinstate))
            .collect()
    }

    fn service_with(&self, role: RoleId) -> Command {
        Command::AddServiceUser {
            user: UserId::new(self.stage().free),
            name: "Newcomer".to_owned(),
            roles: vec![role],
        }
    }

    /// Whether they may give another role in place of the group's to somebody in the group.
    fn changes_roles_of(&self, group: GroupId) -> bool {
        let Some(own) = self.question.state.group(group).map(|it| it.role) else {
            return false;
        };
        let others = self.question.state.roles().filter(|(id, role)| {
            *id != own && *id != RoleId::ADMIN && role.ceiling.holds(self.question.permission)
        });
        others
            .into_iter()
            .any(|(other, _)| self.moves_to(group, [own, other]))
    }

    fn moves_to(&self, group: GroupId, [own, other]: [RoleId; 2]) -> bool {
        let user = UserId::new(self.stage().free);
        let Some(registration) = newcomer([own, other]) else {
            return false;
        };
        let joined = self.stage().on_which([
            Event::UserRegistered { user, registration },
            Event::GroupJoined { group, user },
        ]);
        let roles = vec![other];
        let assign = Command::AssignRoles { user, roles };
        joined.is_some_and(|state| self.may_on(&state, &assign))
    }

    fn by_roles(&self) -> Vec<HandOutWay> {
        let way = (self.redefines() || self.defines()).then_some(HandOutWay::DefineRole);
        way.into_iter().collect()
    }

    /// Whether they may redefine some role to give it.
    fn redefines(&self) -> bool {
        let mut roles = self.question.state.custom_roles();
        roles.any(|(role, before)| {
            let definition = self.least(before.name.as_str(), Some(before));
            self.may(&Command::RedefineRole { role, definition })
        })
    }

    /// Whether they may define a role that gives it, and bring somebody in with it.
    fn defines(&self) -> bool {
        let role = RoleId::new(self.stage().free);
        let define = Command::DefineRole {
            role,
            definition: self.least(&format!("Newcomer {role}"), None),
        };
        [self.service_with(role), self.invitation(role, None)]
            .into_iter()
            .any(|bring_in| {
                let commands = vec![define.clone(), bring_in];
                self.may(&Command::Batch { commands })
            })
    }

    /// The least definition that gives it there. More than it is harder to confer. The ceiling of
    /// the role before stays, so that nobody's grants are clipped.
    fn least(&self, name: &str, before: Option<&Role>) -> RoleDefinition {
        let defaults = closed(self.question.permission);
        let resource = self.question.resource();
        let scope = if resource.kind() == ResourceKind::Organisation {
            Scope::Granted
        } else {
            Scope::Selected([resource].into())
        };
        RoleDefinition {
            name: name.to_owned(),
            description: String::new(),
            defaults,
            ceiling: before.map(|role| role.ceiling.union(defaults)),
            scope,
        }
    }

    fn by_invitations(&self) -> Vec<HandOutWay> {
        let roles = self.question.giving_roles.iter().copied();
        let with_role = roles.filter(|role| self.may(&self.invitation(*role, None)));
        let groups = self.question.giving_groups.iter().copied();
        let to_group = groups.filter(|group| self.invites_to(*group));
        with_role
            .map(HandOutWay::InviteWithRole)
            .chain(to_group.map(HandOutWay::InviteToGroup))
            .collect()
    }

    fn invites_to(&self, group: GroupId) -> bool {
        self.newcomer_for(group).is_some_and(|(user, role)| {
            // Whoever joins has it: the group's own restrictions and ceiling leave it.
            let joined = self.stage().on_which([Event::GroupJoined { group, user }]);
            let to = SignIn::new(user).under(role);
            joined.is_some_and(|state| self.question.is_allowed(&state, to))
                && self.may(&self.invitation(role, Some(group)))
        })
    }

    fn invitation(&self, role: RoleId, group: Option<GroupId>) -> Command {
        let free = self.stage().free;
        Command::Invite(InvitationRequest {
            invitation: InvitationId::new(free),
            email: free_address(self.question.state, free),
            roles: vec![role],
            groups: group.into_iter().collect(),
            affiliation: Affiliation::External,
            token: Token::new("newcomer").digest(),
            ttl: None,
        })
    }
}

/// An address that nobody has and nobody is invited at.
fn free_address(state: &State, from: u128) -> String {
    let mut number = from;
    loop {
        let text = format!("newcomer-{number:x}@newcomer.invalid");
        let is_free = text.parse().is_ok_and(|email| {
            state.user_with_email(&email).is_none()
                && state.open_invitations_for(&email).next().is_none()
        });
        if is_free {
            return text;
        }
        number = number.wrapping_add(1);
    }
}
