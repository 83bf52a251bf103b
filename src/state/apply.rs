//! Applying events: one arm each, no decisions.
//!
//! An arm that finds another value than the event says was there before changes nothing and says so.

use super::table::Entry;
use super::{Corrupt, State};
use crate::event::{Commit, Event};
use crate::grant::Grant;
use crate::id::{GroupId, InvitationId, RoleId, UserId};
use crate::invitation::{Invitation, Offer, Sending, Transition};
use crate::permission::PermissionSet;
use crate::resource::Resource;
use crate::role::Role;
use crate::subject::Subject;
use crate::user::{Identity, Status, User};

/// An event does not fit the state.
#[derive(Debug)]
pub(crate) struct Misfit;

type Applied = Result<(), Misfit>;

fn require(condition: bool) -> Applied {
    if condition { Ok(()) } else { Err(Misfit) }
}

impl State {
    /// Makes the next revision of this one. All of the commit is applied, or nothing.
    ///
    /// # Errors
    /// [`Corrupt::Revision`] where it is not the next commit, [`Corrupt::NoEvents`] where it holds
    /// none, [`Corrupt::Author`] where its author could not act, [`Corrupt::Event`] where an event does not fit.
    pub fn apply(&mut self, commit: &Commit) -> Result<(), Corrupt> {
        let Commit {
            revision, events, ..
        } = commit;
        if self.revision.checked_add(1) != Some(*revision) {
            return Err(Corrupt::Revision {
                revision: self.revision,
                found: *revision,
            });
        }
        self.check_author(commit)?;
        match events.as_slice() {
            [] => {
                return Err(Corrupt::NoEvents {
                    revision: *revision,
                });
            }
            [event] => self
                .apply_event(event)
                .map_err(|Misfit| misfit(*revision, 0))?,
            _ => self.apply_events(*revision, events)?,
        }
        self.revision = *revision;
        Ok(())
    }

    /// Applies several events to a copy, so that nothing is changed where one does not fit.
    fn apply_events(&mut self, revision: u64, events: &[Event]) -> Result<(), Corrupt> {
        let mut next = self.clone();
        for (index, event) in events.iter().enumerate() {
            next.apply_event(event)
                .map_err(|Misfit| misfit(revision, index))?;
        }
        *self = next;
        Ok(())
    }

    /// Applies one event; the revision stays.
    pub(crate) fn apply_event(&mut self, event: &Event) -> Result<(), Misfit> {
        use Event as E;
        require(self.is_founded() != matches!(event, E::Founded { .. }))?;
        match event {
            E::Founded { name } => {
                self.name = Some(name.clone());
                Ok(())
            }
            E::SecurityChanged { before, after } => replace(&mut self.security, before, after),
            E::LimitsChanged { before, after } => replace(&mut self.limits, before, after),
            E::RoleDefined { role, definition } => self.define_role(*role, definition),
            E::RoleRedefined {
                role,
                before,
                after,
            } => self.redefine_role(*role, before, after),
            E::RoleScopeNarrowed {
                role,
                before,
                after,
            } => {
                let mut narrowed = self.role(*role).ok_or(Misfit)?.clone();
                require(after.is_narrower_than(before))?;
                replace(&mut narrowed.scope, before, after)?;
                self.put_custom_role(*role, narrowed)
            }
            E::RoleDeleted { role, before } => self.delete_role(*role, before),
            E::UserRegistered { user, registration } => {
                require(self.user(*user).is_none())?;
                require(
                    registration
                        .email()
                        .is_none_or(|it| self.user_with_email(it).is_none()),
                )?;
                require(self.put_user(*user, registration.clone()))
            }
            E::UserRemoved { user, before } => {
                require(self.user(*user) == Some(before))?;
                require(self.holds_nothing((*user).into()))?;
                require(self.groups_of(*user).next().is_none())?;
                self.remove_user(*user);
                Ok(())
            }
            E::RolesAssigned {
                user,
                before,
                after,
            } => self.change_user(*user, |it| replace(&mut it.roles, before, after)),
            E::UserSuspended { user } => self.change_user(*user, |it| {
                replace(&mut it.status, &Status::Active, &Status::Suspended)
            }),
            E::UserReinstated { user } => self.change_user(*user, |it| {
                replace(&mut it.status, &Status::Suspended, &Status::Active)
            }),
            E::EmailChanged {
                user,
                before,
                after,
            } => {
                require(
                    self.user_with_email(after)
                        .is_none_or(|holder| holder == *user),
                )?;
                self.change_user(*user, |it| match &mut it.identity {
                    Identity::Person { email, .. } => replace(email, before, after),
                    Identity::Service { .. } => Err(Misfit),
                })
            }
            E::GroupCreated { group, definition } => {
                require(self.group(*group).is_none())?;
                require(self.group_named(&definition.name).is_none())?;
                require(self.put_group(*group, definition.clone()))
            }
            E::GroupRenamed {
                group,
                before,
                after,
            } => {
                require(self.group_named(after).is_none_or(|other| other == *group))?;
                self.change_group(*group, |it| replace(&mut it.name, before, after))
            }
            E::GroupRoleReplaced {
                group,
                before,
                after,
            } => self.change_group(*group, |it| replace(&mut it.role, before, after)),
            E::GroupDeleted { group, before } => {
                require(self.group(*group) == Some(before))?;
                require(self.members(*group).next().is_none())?;
                require(self.holds_nothing((*group).into()))?;
                self.remove_group(*group);
                Ok(())
            }
            E::GroupJoined { group, user } => {
                require(!self.is_member(*group, *user))?;
                require(self.join(*group, *user))
            }
            E::GroupLeft { group, user } => {
                require(self.is_member(*group, *user))?;
                self.leave(*group, *user);
                Ok(())
            }
            E::ResourceRegistered { resource, parent } => {
                require(!self.is_registered(*resource) && self.is_registered(*parent))?;
                require(resource.fits_beneath(parent.kind()))?;
                require(self.insert_resource(*resource, *parent))
            }
            E::ResourceUnregistered { resource, parent } => {
                require(self.parent(*resource) == Some(*parent))?;
                require(self.children(*resource).next().is_none())?;
                require(!self.table.is_held(*resource) && !self.is_selected(*resource))?;
                self.remove_resource(*resource);
                Ok(())
            }
            E::Granted {
                to,
                on,
                before,
                after,
            } => self.put_grant(*to, *on, *before, Some(*after)),
            E::GrantClipped {
                to,
                on,
                before,
                after,
            } => {
                require(after.is_none_or(|after| after.is_clipped_from(*before)))?;
                self.put_grant(*to, *on, Some(*before), *after)
            }
            E::Revoked { from, on, before } => self.put_grant(*from, *on, Some(*before), None),
            E::Restricted {
                from,
                on,
                before,
                after,
            } => self.put_restriction(*from, *on, *before, Some(*after)),
            E::Unrestricted { from, on, before } => {
                self.put_restriction(*from, *on, Some(*before), None)
            }
            E::Invited { invitation, sent } => {
                require(self.invitation(*invitation).is_none() && sent.is_open())?;
                self.invitations.put(*invitation, (**sent).clone());
                Ok(())
            }
            E::InvitationResent {
                invitation,
                before,
                after,
                offer_before,
                offer_after,
            } => self.resend(*invitation, [before, after], [offer_before, offer_after]),
            E::InvitationChanged {
                invitation,
                before,
                after,
            } => self.transit(*invitation, Transition::Change, |it| {
                replace(&mut it.offer, before, after)
            }),
            E::InvitationCancelled { invitation, reason } => {
                self.transit(*invitation, Transition::Cancel(*reason), |_| Ok(()))
            }
            E::InvitationAccepted { invitation, user } => {
                self.transit(*invitation, Transition::Accept(*user), |_| Ok(()))
            }
            E::InvitationDeclined { invitation } => {
                self.transit(*invitation, Transition::Decline, |_| Ok(()))
            }
        }
    }

    fn define_role(&mut self, id: RoleId, definition: &Role) -> Applied {
        require(self.role(id).is_none() && self.role_named(&definition.name).is_none())?;
        self.put_custom_role(id, definition.clone())
    }

    fn redefine_role(&mut self, id: RoleId, before: &Role, after: &Role) -> Applied {
        require(self.role(id) == Some(before))?;
        require(self.role_named(&after.name).is_none_or(|other| other == id))?;
        self.put_custom_role(id, after.clone())
    }

    fn put_custom_role(&mut self, id: RoleId, role: Role) -> Applied {
        require(!id.is_built_in())?;
        let registered = |it| self.parent(it).is_some();
        require(role.scope.selected().all(registered))?;
        self.put_role(id, role);
        Ok(())
    }

    fn delete_role(&mut self, id: RoleId, before: &Role) -> Applied {
        require(!id.is_built_in() && self.role(id) == Some(before))?;
        require(self.holders(id).next().is_none() && self.groups_for(id).next().is_none())?;
        self.remove_role(id);
        Ok(())
    }

    fn change_user(&mut self, id: UserId, change: impl FnOnce(&mut User) -> Applied) -> Applied {
        let mut user = self.user(id).ok_or(Misfit)?.clone();
        change(&mut user)?;
        require(self.put_user(id, user))
    }

    fn change_group(
        &mut self,
        id: GroupId,
        change: impl FnOnce(&mut crate::group::Group) -> Applied,
    ) -> Applied {
        let mut group = self.group(id).ok_or(Misfit)?.clone();
        change(&mut group)?;
        require(self.put_group(id, group))
    }

    fn holds_nothing(&self, subject: Subject) -> bool {
        let holder = self.holder(subject);
        holder.is_some_and(|holder| !self.table.holds_anything(holder))
    }

    /// Puts, changes or takes what a subject holds of one sort on a resource.
    fn put_entry(
        &mut self,
        subject: Subject,
        resource: Resource,
        before: Option<Entry>,
        after: Option<Entry>,
    ) -> Applied {
        let holder = self.holder(subject).ok_or(Misfit)?;
        let restricts = before.or(after).is_some_and(Entry::restricts);
        require(self.table.resource(resource).is_some())?;
        require(self.table.entry(holder, resource, restricts) == before)?;
        match after {
            Some(entry) => {
                require(entry.fits(resource.kind()))?;
                self.table.put(holder, resource, entry);
            }
            None => self.table.take(holder, resource, restricts),
        }
        Ok(())
    }

    fn put_grant(
        &mut self,
        subject: Subject,
        resource: Resource,
        before: Option<Grant>,
        after: Option<Grant>,
    ) -> Applied {
        let [before, after] = [before, after].map(|it| it.map(Entry::Grant));
        self.put_entry(subject, resource, before, after)
    }

    fn put_restriction(
        &mut self,
        subject: Subject,
        resource: Resource,
        before: Option<PermissionSet>,
        after: Option<PermissionSet>,
    ) -> Applied {
        let [before, after] = [before, after].map(|it| it.map(Entry::Restriction));
        self.put_entry(subject, resource, before, after)
    }

    fn resend(
        &mut self,
        id: InvitationId,
        [before, after]: [&Sending; 2],
        [offer_before, offer_after]: [&Offer; 2],
    ) -> Applied {
        require(offer_before.roles == offer_after.roles)?;
        require(offer_before.groups == offer_after.groups)?;
        self.transit(id, Transition::Resend, |invitation| {
            replace(&mut invitation.offer, offer_before, offer_after)?;
            replace(&mut invitation.sending, before, after)
        })
    }

    fn transit(
        &mut self,
        id: InvitationId,
        transition: Transition,
        change: impl FnOnce(&mut Invitation) -> Applied,
    ) -> Applied {
        let mut invitation = self.invitation(id).ok_or(Misfit)?.clone();
        invitation.state = invitation.state.after(transition).ok_or(Misfit)?;
        change(&mut invitation)?;
        self.invitations.put(id, invitation);
        Ok(())
    }
}

fn replace<T: PartialEq + Clone>(place: &mut T, before: &T, after: &T) -> Applied {
    require(*place == *before)?;
    after.clone_into(place);
    Ok(())
}

pub(super) fn misfit(revision: u64, index: usize) -> Corrupt {
    Corrupt::Event { revision, index }
}
