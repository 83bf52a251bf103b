//! Grants and restrictions: who may change them, and how far.

use super::conferral::Excess;
use super::holding::Handover;
use super::{Cleared, Guard, not_allowed};
use crate::event::Event;
use crate::grant::Grant;
use crate::permission::{ModelPermissions, OrganisationPermissions, PermissionSet};
use crate::refusal::Refusal;
use crate::resource::Resource;
use crate::subject::Subject;

impl Guard<'_> {
    /// The right to change grants and restrictions on a resource: class 2 of the refusals.
    pub(in crate::admin) fn require_administration(&self, on: Resource) -> Result<(), Refusal> {
        if self.administers(on) {
            Ok(())
        } else {
            let general = PermissionSet::from(OrganisationPermissions::PERMISSIONS_MANAGE);
            Err(not_allowed(
                general.union(ModelPermissions::USERS_UPDATE.into()),
            ))
        }
    }

    /// Nobody but Admins changes their own grants and restrictions, nor those of a group they are in.
    fn require_not_own(&self, subject: Subject) -> Result<(), Refusal> {
        let own = self.bound_session().is_some_and(|session| match subject {
            Subject::User(user) => user == session.user(),
            Subject::Group(group) => self.state.is_member(group, session.user()),
        });
        if own {
            Err(Refusal::SelfAdministration)
        } else {
            Ok(())
        }
    }

    fn clear(&self, subject: Subject, on: Resource, handover: Handover) -> Result<(), Refusal> {
        self.require_not_own(subject)?;
        Excess::of(self.excess_of_handover(on, handover)).refuse()
    }

    /// `None` where it is there already.
    pub(in crate::admin) fn granted(
        &self,
        to: Subject,
        on: Resource,
        after: Grant,
    ) -> Result<Option<Cleared>, Refusal> {
        let before = self.state.grant(to, on);
        self.clear(to, on, Handover::of_grants(before, Some(after), self.now))?;
        let granted = Event::Granted {
            to,
            on,
            before,
            after,
        };
        Ok((before != Some(after)).then_some(Cleared(granted)))
    }

    pub(in crate::admin) fn revoked(
        &self,
        from: Subject,
        on: Resource,
        before: Option<Grant>,
    ) -> Result<Cleared, Refusal> {
        self.clear(from, on, Handover::of_grants(before, None, self.now))?;
        let before = before.ok_or(Refusal::NoGrant)?;
        Ok(Cleared(Event::Revoked { from, on, before }))
    }

    /// `None` where it is there already.
    pub(in crate::admin) fn restricted(
        &self,
        from: Subject,
        on: Resource,
        after: PermissionSet,
    ) -> Result<Option<Cleared>, Refusal> {
        let before = self.state.restriction(from, on);
        self.clear(
            from,
            on,
            Handover::of_restrictions(before.unwrap_or_default(), after),
        )?;
        let restricted = Event::Restricted {
            from,
            on,
            before,
            after,
        };
        Ok((before != Some(after)).then_some(Cleared(restricted)))
    }

    pub(in crate::admin) fn unrestricted(
        &self,
        from: Subject,
        on: Resource,
        before: Option<PermissionSet>,
    ) -> Result<Cleared, Refusal> {
        let lifted = Handover::of_restrictions(before.unwrap_or_default(), PermissionSet::EMPTY);
        self.clear(from, on, lifted)?;
        let before = before.ok_or(Refusal::NoRestriction)?;
        Ok(Cleared(Event::Unrestricted { from, on, before }))
    }

    /// The grant that comes with a new resource to a user who registered it and is no Admin: the
    /// defaults of the role acted under. `None` where they give nothing there.
    pub(in crate::admin) fn creator_grant(&self, on: Resource) -> Option<Cleared> {
        let session = self.bound_session()?;
        let reach = PermissionSet::at_or_below(on.kind());
        let permissions = session.role_definition().defaults.intersection(reach);
        let after = Grant::new(permissions);
        let granted = Event::Granted {
            to: session.user().into(),
            on,
            before: None,
            after,
        };
        (!permissions.is_empty()).then_some(Cleared(granted))
    }
}
