//! Who may change what (5), and what it is to hold a bit throughout a resource (6.3).

use rolebook::{
    Actor, GroupId, PermissionSet, Resource, ResourceKind, RoleId, Scope, Subject, Timestamp,
    UserId,
};

use super::catalogue::{kind_of, named, of_kind};
use super::refused::{Facts, Verdict, refuse, refuse_if, refuse_with};
use super::{Model, Refused, Role};

/// An actor whose session holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Acting {
    Operator,
    User { user: UserId, role: RoleId },
}

impl Acting {
    /// Whether this is the operator or a user who acts as Admin.
    pub(crate) fn is_admin(self) -> bool {
        match self {
            Self::Operator => true,
            Self::User { role, .. } => role == RoleId::ADMIN,
        }
    }

    /// The user who acts, where it is one.
    pub(crate) fn user(self) -> Option<UserId> {
        match self {
            Self::Operator => None,
            Self::User { user, .. } => Some(user),
        }
    }
}

/// How far something goes beyond an actor.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Beyond {
    pub(crate) excess: PermissionSet,
    pub(crate) scope: bool,
    /// It is Admin, which Admins and the operator alone confer.
    pub(crate) is_admin_role: bool,
}

impl Beyond {
    pub(crate) fn bits(excess: PermissionSet) -> Self {
        Self {
            excess,
            ..Self::default()
        }
    }

    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            excess: self.excess.union(other.excess),
            scope: self.scope || other.scope,
            is_admin_role: self.is_admin_role || other.is_admin_role,
        }
    }

    pub(crate) fn is_nothing(self) -> bool {
        self.excess.is_empty() && !self.scope && !self.is_admin_role
    }

    pub(crate) fn refuse(self) -> Verdict {
        if self.is_nothing() {
            return Ok(());
        }
        let facts = Facts {
            excess: self.excess,
            scope: self.scope,
            ..Facts::default()
        };
        refuse_with("exceeds_actor", facts)
    }
}

impl Model {
    /// Refusals of class 1.
    pub(crate) fn session(&self, actor: &Actor) -> Result<Acting, Refused> {
        match actor {
            Actor::Operator => Ok(Acting::Operator),
            Actor::User(sign_in) => {
                let role = self.sign_in(sign_in)?;
                Ok(Acting::User {
                    user: sign_in.user,
                    role,
                })
            }
            Actor::Invitee => refuse("not_allowed"),
        }
    }

    /// Refusals of classes 1 and 2, where the right is one organisation permission.
    pub(crate) fn need(&self, actor: &Actor, right: &str) -> Result<Acting, Refused> {
        let acting = self.session(actor)?;
        refuse_if(!self.has_right(acting, right), "not_allowed")?;
        Ok(acting)
    }

    pub(crate) fn has_right(&self, acting: Acting, right: &str) -> bool {
        match acting {
            Acting::Operator => true,
            Acting::User {
                role: RoleId::ADMIN,
                ..
            } => true,
            Acting::User { role, .. } => named(&[right]).is_within(self.organisation_bits(role)),
        }
    }

    /// The organisation bits of a role. They hold always: the organisation takes no restrictions.
    fn organisation_bits(&self, role: RoleId) -> PermissionSet {
        self.roles[&role]
            .defaults
            .intersection(of_kind(ResourceKind::Organisation))
    }

    /// How far conferring this role goes beyond the actor.
    pub(crate) fn beyond_for_role(&self, acting: Acting, role: RoleId) -> Beyond {
        if acting.is_admin() {
            return Beyond::default();
        }
        Beyond {
            is_admin_role: role == RoleId::ADMIN,
            ..self.beyond_for_definition(acting, &self.roles[&role])
        }
    }

    /// How far conferring all of these roles goes beyond the actor.
    pub(crate) fn beyond_for_roles(&self, acting: Acting, roles: &[RoleId]) -> Beyond {
        let each = roles.iter().map(|role| self.beyond_for_role(acting, *role));
        each.fold(Beyond::default(), Beyond::and)
    }

    /// How far conferring a role of this definition goes beyond the actor.
    pub(crate) fn beyond_for_definition(&self, acting: Acting, definition: &Role) -> Beyond {
        let Acting::User { user, role } = acting else {
            return Beyond::default();
        };
        if acting.is_admin() {
            return Beyond::default();
        }
        let organisation = of_kind(ResourceKind::Organisation);
        let own = &self.roles[&role];
        let of_ceiling = definition.ceiling.without(own.ceiling);
        let of_organisation = definition
            .defaults
            .intersection(organisation)
            .without(own.defaults);
        let of_defaults = if definition.scope == Scope::Granted {
            PermissionSet::EMPTY
        } else {
            definition
                .defaults
                .without(own.defaults.without(self.restricted_anywhere(user)))
        };
        Beyond {
            excess: of_ceiling.union(of_organisation).union(of_defaults),
            scope: !self.scope_is_within(&definition.scope, &own.scope),
            is_admin_role: false,
        }
    }

    fn scope_is_within(&self, inner: &Scope, outer: &Scope) -> bool {
        match (inner, outer) {
            (Scope::Granted, _) | (_, Scope::All) => true,
            (Scope::All, _) | (Scope::Selected(_), Scope::Granted) => false,
            (Scope::Selected(inner), Scope::Selected(outer)) => inner.iter().all(|resource| {
                let chain = self.chain(*resource);
                chain.iter().any(|ancestor| outer.contains(ancestor))
            }),
        }
    }

    /// Refuses where the actor, no Admin, would change their own roles, groups, grants or restrictions.
    pub(crate) fn refuse_self(&self, acting: Acting, target: Subject) -> Verdict {
        let is_own = acting
            .user()
            .is_some_and(|user| self.concerns(target, user));
        refuse_if(is_own && !acting.is_admin(), "self_administration")
    }

    /// Refuses where a role of the target is not conferrable by the actor.
    pub(crate) fn refuse_outranked(&self, acting: Acting, target: UserId) -> Verdict {
        let beyond = self.beyond_for_roles(acting, &self.users[&target].roles);
        refuse_if(!beyond.is_nothing(), "target_outranks_actor")
    }

    /// Whether the actor has Admin authority over grants and restrictions.
    pub(crate) fn has_permissions_manage(&self, acting: Acting) -> bool {
        self.has_right(acting, "organisation.permissions_manage")
    }

    /// The bits that are not held throughout the resource at a moment, by an actor who must hold them.
    pub(crate) fn not_held(
        &self,
        acting: Acting,
        bits: PermissionSet,
        throughout: Resource,
        at: Timestamp,
    ) -> PermissionSet {
        match acting {
            Acting::User { user, role } if !self.has_permissions_manage(acting) => {
                bits.without(self.held_throughout(user, role, throughout, at))
            }
            _ => PermissionSet::EMPTY,
        }
    }

    fn held_throughout(
        &self,
        user: UserId,
        role: RoleId,
        on: Resource,
        at: Timestamp,
    ) -> PermissionSet {
        let beneath = self.beneath(on);
        let everywhere = |permission: &rolebook::Permission| {
            let of_its_kind = beneath
                .iter()
                .filter(|one| one.kind() == kind_of(*permission));
            let mut effective = of_its_kind.map(|one| self.effective(user, role, *one, at));
            effective.all(|bits| bits.holds(*permission))
        };
        let here = self.held_on_chain(user, role, on, at);
        here.iter().filter(everywhere).collect()
    }

    /// What the actor lacks to add a member to a group: the bits of its live grants, each as long as
    /// it lives (7).
    pub(crate) fn lacks_for_adding(
        &self,
        acting: Acting,
        group: GroupId,
        now: Timestamp,
    ) -> PermissionSet {
        let mut lacking = PermissionSet::EMPTY;
        for ((subject, on), grant) in &self.grants {
            if *subject == Subject::Group(group) && grant.is_live(now) {
                for at in [now, grant.last_moment()] {
                    lacking = lacking.union(self.not_held(acting, grant.bits, *on, at));
                }
            }
        }
        lacking
    }

    /// What the actor lacks to take a member from a group: the bits of its restrictions, without end.
    pub(crate) fn lacks_for_removing(
        &self,
        acting: Acting,
        group: GroupId,
        now: Timestamp,
    ) -> PermissionSet {
        let mut lacking = PermissionSet::EMPTY;
        for ((subject, on), bits) in &self.restrictions {
            if *subject == Subject::Group(group) {
                for at in [now, Timestamp::END_OF_TIME] {
                    lacking = lacking.union(self.not_held(acting, *bits, *on, at));
                }
            }
        }
        lacking
    }
}
