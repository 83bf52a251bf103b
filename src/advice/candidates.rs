//! The changes that might allow something. Each is verified before it is shown, so that one too many
//! does no harm.

use std::collections::BTreeSet;

use super::remedy::RemedyStep;
use crate::command::{Command, GrantRequest, RoleDefinition, SignIn};
use crate::decision::Explanation;
use crate::decision::explain::DemandOutcome;
use crate::id::{GroupId, RoleId, UserId};
use crate::permission::{Permission, PermissionSet};
use crate::resource::{Resource, ResourceKind};
use crate::role::{Role, Scope};
use crate::settings::{MissingProof, SignInProof};
use crate::state::State;
use crate::subject::Subject;
use crate::time::Timestamp;
use crate::user::{Status, User};

/// A step, and the sign-ins that it may allow, the nearest first.
pub(super) type Candidate = (RemedyStep, Vec<SignIn>);

/// What might allow what the explanation says is denied, in the order in which equals are shown.
pub(super) fn candidates(
    state: &State,
    sign_in: SignIn,
    explanation: &Explanation,
) -> Vec<Candidate> {
    let Some(case) = Case::of(state, sign_in, explanation) else {
        return Vec::new();
    };
    let mut found = case.other_sign_ins();
    found.extend(case.reinstatement());
    found.extend(case.lifted_restrictions());
    found.extend(case.grants());
    found.extend(case.further_groups());
    found.extend(case.further_roles());
    found.extend(case.redefinitions());
    found
}

/// What might allow it where none of these does, at a price.
pub(super) fn last_resorts(
    state: &State,
    sign_in: SignIn,
    explanation: &Explanation,
) -> Vec<Candidate> {
    let case = Case::of(state, sign_in, explanation);
    case.map(|case| case.roles_instead()).unwrap_or_default()
}

/// One denied request.
struct Case<'a> {
    state: &'a State,
    explanation: &'a Explanation,
    chain: &'a [Resource],
    sign_in: SignIn,
    user: &'a User,
    /// The role acted under.
    role: RoleId,
}

/// A permission with what it needs beside it.
pub(super) fn closed(permission: Permission) -> PermissionSet {
    permission.prerequisites().union(permission.into())
}

impl<'a> Case<'a> {
    fn of(state: &'a State, sign_in: SignIn, explanation: &'a Explanation) -> Option<Self> {
        let user = state.user(sign_in.user)?;
        Some(Self {
            state,
            explanation,
            chain: explanation.chain.as_ref()?,
            sign_in,
            user,
            role: sign_in.role.unwrap_or_else(|| user.roles.primary()),
        })
    }
}

impl Case<'_> {
    fn permission(&self) -> Permission {
        self.explanation.permission
    }

    fn now(&self) -> Timestamp {
        self.explanation.at
    }

    fn id(&self) -> UserId {
        self.sign_in.user
    }

    /// The roles that they hold, the one acted under first.
    fn roles(&self) -> Vec<RoleId> {
        let others = self.user.roles.iter().filter(|role| *role != self.role);
        std::iter::once(self.role).chain(others).collect()
    }

    /// A command, and then the same sign-in under one of these roles.
    fn under(&self, roles: &[RoleId], command: Command) -> Candidate {
        let sign_in = |role: &RoleId| match *role == self.role {
            true => self.sign_in,
            false => self.sign_in.under(*role),
        };
        let then = roles.iter().map(sign_in).collect();
        (RemedyStep::Command(command), then)
    }

    /// Every role they hold, with the proofs that are missing.
    fn other_sign_ins(&self) -> Vec<Candidate> {
        let is_missing = |proof: MissingProof| {
            let mut demands = self.explanation.sign_in.demands.iter();
            demands.any(|it| it.proof == proof && it.outcome == DemandOutcome::Missing)
        };
        let given = self.sign_in.proof;
        let proof = SignInProof {
            sso: given.sso || is_missing(MissingProof::Sso),
            mfa: given.mfa || is_missing(MissingProof::Mfa),
        };
        let same_role = self.sign_in.with_proof(proof);
        let others = self.roles().into_iter().skip(1);
        std::iter::once(same_role)
            .chain(others.map(|role| same_role.under(role)))
            .map(|sign_in| (RemedyStep::SignIn, vec![sign_in]))
            .collect()
    }

    fn reinstatement(&self) -> Option<Candidate> {
        let is_suspended = self.user.status == Status::Suspended;
        let reinstate = Command::Reinstate { user: self.id() };
        is_suspended.then(|| self.under(&self.roles(), reinstate))
    }

    /// For each restriction: the same without this permission, or out of the group that has it.
    fn lifted_restrictions(&self) -> Vec<Candidate> {
        let mut found = Vec::new();
        for taken in &self.explanation.restrictions {
            found.push(self.lessened(taken.from, taken.on));
            if let Subject::Group(group) = taken.from {
                let user = self.id();
                found.push(Command::RemoveFromGroup { group, user });
            }
        }
        let found = found.into_iter();
        found.map(|it| self.under(&self.roles(), it)).collect()
    }

    /// A restriction without this permission and what it needs, which would take it again; lifted
    /// where nothing else is in it.
    fn lessened(&self, from: Subject, on: Resource) -> Command {
        let before = self.state.restriction(from, on).unwrap_or_default();
        let permissions = before.without(closed(self.permission()));
        if permissions.is_empty() {
            Command::Unrestrict { from, on }
        } else {
            Command::Restrict {
                from,
                on,
                permissions,
            }
        }
    }

    /// A grant to the user, or to a group of theirs, on the resource or on something above it.
    fn grants(&self) -> Vec<Candidate> {
        let roles = self.roles();
        let mut found = self.grants_to(self.id().into(), &roles);
        for role in roles {
            let groups = self.state.groups_of(self.id());
            let of_role = groups.filter(|group| {
                let group = self.state.group(*group);
                group.is_some_and(|it| it.role == role)
            });
            found.extend(of_role.flat_map(|group| self.grants_to(group.into(), &[role])));
        }
        found
    }

    /// A grant to a subject, for those who then act under one of these roles.
    fn grants_to(&self, to: Subject, roles: &[RoleId]) -> Vec<Candidate> {
        let places = self.chain.iter().copied();
        let places = places.filter(|on| *on != Resource::Organisation);
        let requests = places.filter_map(|on| self.widened(to, on));
        requests
            .map(|request| self.under(roles, Command::Grant(request)))
            .collect()
    }

    /// The grant that a subject has there with this permission added.
    fn widened(&self, to: Subject, on: Resource) -> Option<GrantRequest> {
        let live = self
            .state
            .grant(to, on)
            .filter(|grant| grant.is_live(self.now()));
        let before = live.map(|grant| grant.permissions).unwrap_or_default();
        let wanted = before.union(closed(self.permission()));
        let role = match to {
            Subject::User(_) => self.user.roles.primary(),
            Subject::Group(group) => self.state.group(group)?.role,
        };
        let reach = PermissionSet::at_or_below(on.kind());
        let base = self.state.role(role)?.defaults.intersection(reach);
        Some(GrantRequest {
            extend: wanted.without(base),
            narrow: base.without(wanted),
            expires_at: live.and_then(|grant| grant.expires_at),
            ..GrantRequest::new(to, on)
        })
    }

    /// Every group of a role of theirs that has it there, and that they are not in.
    fn further_groups(&self) -> Vec<Candidate> {
        let now = self.now();
        let grants = self.chain.iter().flat_map(|on| self.state.grants_on(*on));
        let giving = grants.filter(|(_, grant)| grant.permissions_at(now).holds(self.permission()));
        let groups: BTreeSet<GroupId> = giving
            .filter_map(|(subject, _)| match subject {
                Subject::Group(group) => Some(group),
                Subject::User(_) => None,
            })
            .collect();
        let groups = groups.into_iter();
        groups.filter_map(|group| self.joining(group)).collect()
    }

    fn joining(&self, group: GroupId) -> Option<Candidate> {
        let role = self.state.group(group)?.role;
        let user = self.id();
        let join = self.under(&[role], Command::AddToGroup { group, user });
        (!self.state.is_member(group, user)).then_some(join)
    }

    /// Every role they do not hold that could have it, behind those they hold.
    fn further_roles(&self) -> Vec<Candidate> {
        self.assigned(|id| self.user.roles.iter().chain([id]).collect())
    }

    /// The same before those they keep, in the place of the ones whose groups restrict it, and each of those
    /// they keep in their place: who loses a role leaves its groups.
    fn roles_instead(&self) -> Vec<Candidate> {
        let restricting = self.restricting_roles();
        let held = self.user.roles.iter();
        let kept: Vec<RoleId> = held.filter(|role| !restricting.contains(role)).collect();
        let first = |id: RoleId| {
            let others = kept.iter().copied().filter(move |role| *role != id);
            [id].into_iter().chain(others).collect()
        };
        let mut found = self.assigned(first);
        if !restricting.is_empty() {
            found.extend(kept.iter().map(|id| self.assigning(*id, first(*id))));
        }
        found
    }

    fn assigned(&self, roles_with: impl Fn(RoleId) -> Vec<RoleId>) -> Vec<Candidate> {
        let further = self.state.roles().filter(|(id, role)| {
            !self.user.roles.contains(*id) && role.ceiling.holds(self.permission())
        });
        further
            .map(|(id, _)| self.assigning(id, roles_with(id)))
            .collect()
    }

    fn assigning(&self, role: RoleId, roles: Vec<RoleId>) -> Candidate {
        let user = self.id();
        let assign = Command::AssignRoles { user, roles };
        (RemedyStep::Command(assign), vec![self.sign_in.under(role)])
    }

    /// The roles of the groups whose restrictions take it.
    fn restricting_roles(&self) -> BTreeSet<RoleId> {
        let taken = self.explanation.restrictions.iter();
        let groups = taken.filter_map(|taken| match taken.from {
            Subject::Group(group) => self.state.group(group),
            Subject::User(_) => None,
        });
        groups.map(|group| group.role).collect()
    }

    /// The role acted under with more: a higher ceiling, a wider scope, more defaults, or the last two;
    /// each contains the ones before it, so that the first that helps is the one to show.
    fn redefinitions(&self) -> Vec<Candidate> {
        let Some(role) = self
            .state
            .role(self.role)
            .filter(|_| !self.role.is_built_in())
        else {
            return Vec::new();
        };
        let more = closed(self.permission());
        let nothing = PermissionSet::EMPTY;
        let wider = self.wider(&role.scope);
        let definitions = [
            raised(role, nothing, more, role.scope.clone()),
            raised(role, nothing, more, wider.clone()),
            raised(role, more, more, role.scope.clone()),
            raised(role, more, more, wider),
        ];
        let definitions = definitions.into_iter();
        definitions
            .map(|definition| {
                let role = self.role;
                self.under(&[role], Command::RedefineRole { role, definition })
            })
            .collect()
    }

    fn wider(&self, scope: &Scope) -> Scope {
        let resource = self.explanation.resource;
        if resource.kind() == ResourceKind::Organisation || *scope == Scope::All {
            scope.clone()
        } else {
            Scope::Selected(scope.selected().chain([resource]).collect())
        }
    }
}

/// A definition with more defaults, a higher ceiling and this scope.
fn raised(
    role: &Role,
    defaults: PermissionSet,
    ceiling: PermissionSet,
    scope: Scope,
) -> RoleDefinition {
    RoleDefinition {
        name: role.name.to_string(),
        description: role.description.clone(),
        defaults: role.defaults.union(defaults),
        ceiling: Some(role.ceiling.union(ceiling)),
        scope,
    }
}
