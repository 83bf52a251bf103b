//! Grants and restrictions (6).

use rolebook::{Actor, GrantRequest, PermissionSet, Resource, RoleId, Subject, Timestamp};

use super::authority::{Acting, Beyond};
use super::catalogue::{at_or_below, missing_from, named, of_kind, with_what_needs_it};
use super::refused::{Facts, Verdict, refuse, refuse_excess, refuse_if, refuse_with};
use super::{Grant, Model, Refused};

impl Model {
    /// Refusals of classes 1 and 2 (6.3).
    fn authority_on(&self, actor: &Actor, on: Resource, now: Timestamp) -> Result<Acting, Refused> {
        let acting = self.session(actor)?;
        refuse_if(!self.has_authority_on(acting, on, now), "not_allowed")?;
        Ok(acting)
    }

    pub(crate) fn has_authority_on(&self, acting: Acting, on: Resource, now: Timestamp) -> bool {
        self.has_permissions_manage(acting) || self.is_delegate(acting, on, now)
    }

    /// Whether the actor has `model.users_update` effective on a model in the chain.
    fn is_delegate(&self, acting: Acting, on: Resource, now: Timestamp) -> bool {
        let Acting::User { user, role } = acting else {
            return false;
        };
        let mark = named(&["model.users_update"]);
        let chain = self.chain(on);
        let mut models = chain
            .into_iter()
            .filter(|one| matches!(one, Resource::Model(_)));
        models.any(|model| mark.is_within(self.effective(user, role, model, now)))
    }

    fn refuse_unknown_subject(&self, subject: Subject) -> Verdict {
        match subject {
            Subject::User(user) => refuse_if(!self.users.contains_key(&user), "not_registered"),
            Subject::Group(group) => refuse_if(!self.groups.contains_key(&group), "unknown_group"),
        }
    }

    /// The role whose defaults a grant takes where it names none.
    pub(crate) fn base_role(&self, subject: Subject) -> RoleId {
        match subject {
            Subject::User(user) => self.users[&user].roles[0],
            Subject::Group(group) => self.groups[&group].role,
        }
    }

    /// The most that a subject can ever have.
    pub(crate) fn ceiling_of(&self, subject: Subject) -> PermissionSet {
        match subject {
            Subject::User(user) => {
                let roles = self.users[&user].roles.iter();
                roles.map(|role| self.roles[role].ceiling).collect()
            }
            Subject::Group(group) => self.roles[&self.groups[&group].role].ceiling,
        }
    }

    /// Clips the grants of a subject to its ceiling; what is left empty goes (6.4).
    pub(crate) fn clip(&mut self, subject: Subject) {
        let ceiling = self.ceiling_of(subject);
        for ((_, _), grant) in self.grants.iter_mut().filter(|((to, _), _)| *to == subject) {
            grant.bits = grant.bits.intersection(ceiling);
        }
        self.grants.retain(|_, grant| !grant.bits.is_empty());
    }

    pub(crate) fn grant(
        &mut self,
        actor: &Actor,
        request: &GrantRequest,
        now: Timestamp,
    ) -> Verdict {
        let acting = self.authority_on(actor, request.on, now)?;
        let bits = self.bits_of_request(request)?;
        refuse_if(bits.is_empty(), "empty_grant")?;
        refuse_if(
            request.expires_at.is_some_and(|end| end <= now),
            "already_expired",
        )?;
        refuse_excess(bits.without(self.ceiling_of(request.to)), "exceeds_ceiling")?;
        self.refuse_self(acting, request.to)?;
        let new = Grant {
            bits,
            expires_at: request.expires_at,
        };
        self.beyond_for_grant(acting, request, &new, now).refuse()?;
        self.grants.insert((request.to, request.on), new);
        Ok(())
    }

    fn bits_of_request(&self, request: &GrantRequest) -> Result<PermissionSet, Refused> {
        let GrantRequest {
            to,
            on,
            extend,
            narrow,
            ..
        } = *request;
        self.refuse_unknown_subject(to)?;
        let base = request.role.unwrap_or_else(|| self.base_role(to));
        refuse_if(!self.roles.contains_key(&base), "unknown_role")?;
        refuse_if(!self.is_registered(on), "unknown_resource")?;
        refuse_if(on == Resource::Organisation, "wrong_kind")?;
        let kinds = if request.cascade {
            at_or_below(on)
        } else {
            of_kind(on.kind())
        };
        refuse_if(!extend.union(narrow).is_within(kinds), "wrong_kind")?;
        refuse_if(extend.intersects(narrow), "contradiction")?;
        let from_base = self.roles[&base].defaults.intersection(kinds);
        let bits = from_base.union(extend).without(narrow);
        refuse_missing(bits)?;
        Ok(bits)
    }

    /// What a delegate lacks to put this grant in the place of the old one.
    fn beyond_for_grant(
        &self,
        acting: Acting,
        request: &GrantRequest,
        new: &Grant,
        now: Timestamp,
    ) -> Beyond {
        let old = self
            .grants
            .get(&(request.to, request.on))
            .filter(|old| old.is_live(now));
        let changing = match old {
            None => new.bits,
            Some(old) if old.expires_at != new.expires_at => old.bits.union(new.bits),
            Some(old) => old.bits.symmetric_difference(new.bits),
        };
        let given = changing.intersection(new.bits);
        let lacks_now = self.not_held(acting, changing, request.on, now);
        let lacks_later = self.not_held(acting, given, request.on, new.last_moment());
        Beyond::bits(lacks_now.union(lacks_later))
    }

    pub(crate) fn revoke(
        &mut self,
        actor: &Actor,
        from: Subject,
        on: Resource,
        now: Timestamp,
    ) -> Verdict {
        let acting = self.authority_on(actor, on, now)?;
        self.refuse_bad_place(from, on)?;
        self.refuse_self(acting, from)?;
        let old = self.grants.get(&(from, on));
        let taken = old
            .filter(|old| old.is_live(now))
            .map_or(PermissionSet::EMPTY, |old| old.bits);
        Beyond::bits(self.not_held(acting, taken, on, now)).refuse()?;
        match self.grants.remove(&(from, on)) {
            Some(_) => Ok(()),
            None => refuse("no_grant"),
        }
    }

    fn refuse_bad_place(&self, subject: Subject, on: Resource) -> Verdict {
        self.refuse_unknown_subject(subject)?;
        refuse_if(!self.is_registered(on), "unknown_resource")?;
        refuse_if(on == Resource::Organisation, "wrong_kind")
    }

    pub(crate) fn restrict(
        &mut self,
        actor: &Actor,
        from: Subject,
        on: Resource,
        permissions: PermissionSet,
        now: Timestamp,
    ) -> Verdict {
        let acting = self.authority_on(actor, on, now)?;
        self.refuse_bad_place(from, on)?;
        refuse_if(!permissions.is_within(at_or_below(on)), "wrong_kind")?;
        refuse_if(permissions.is_empty(), "empty_restriction")?;
        let new = with_what_needs_it(permissions);
        self.refuse_self(acting, from)?;
        self.beyond_for_restriction(acting, (from, on), new, now)
            .refuse()?;
        self.restrictions.insert((from, on), new);
        Ok(())
    }

    pub(crate) fn unrestrict(
        &mut self,
        actor: &Actor,
        from: Subject,
        on: Resource,
        now: Timestamp,
    ) -> Verdict {
        let acting = self.authority_on(actor, on, now)?;
        self.refuse_bad_place(from, on)?;
        self.refuse_self(acting, from)?;
        self.beyond_for_restriction(acting, (from, on), PermissionSet::EMPTY, now)
            .refuse()?;
        match self.restrictions.remove(&(from, on)) {
            Some(_) => Ok(()),
            None => refuse("no_restriction"),
        }
    }

    /// What a delegate lacks to put this restriction in the place of the old one.
    fn beyond_for_restriction(
        &self,
        acting: Acting,
        place: (Subject, Resource),
        new: PermissionSet,
        now: Timestamp,
    ) -> Beyond {
        let old = self
            .restrictions
            .get(&place)
            .copied()
            .unwrap_or(PermissionSet::EMPTY);
        let changing = old.symmetric_difference(new);
        let lifted = old.without(new);
        let lacks_now = self.not_held(acting, changing, place.1, now);
        let lacks_later = self.not_held(acting, lifted, place.1, Timestamp::END_OF_TIME);
        Beyond::bits(lacks_now.union(lacks_later))
    }
}

/// Refuses a set that is not closed.
pub(crate) fn refuse_missing(set: PermissionSet) -> Verdict {
    let missing = missing_from(set);
    if missing.is_empty() {
        return Ok(());
    }
    let facts = Facts {
        missing,
        ..Facts::default()
    };
    refuse_with("missing_prerequisite", facts)
}
