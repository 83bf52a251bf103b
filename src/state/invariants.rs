//! The rules that hold in every state, whatever commands made it.

use std::collections::BTreeSet;
use std::fmt::Display;

use super::table::Entry;
use super::{Corrupt, State};
use crate::id::{GroupId, RoleId, UserId};
use crate::invitation::{Invitation, Inviter};
use crate::permission::PermissionSet;
use crate::resource::Resource;
use crate::role::{Role, Scope};
use crate::subject::{Known, Subject};
use crate::user::User;

type Checked = Result<(), Corrupt>;

/// As many commits as nobody has made yet, and nobody will again behind them.
const LAST_REVISION: u64 = 1 << 63;

pub(super) const EXISTING_HOLDERS: &str = "grants and restrictions are of subjects that exist";
pub(super) const FITTING_KINDS: &str =
    "a grant or restriction is of kinds at or below its resource";
pub(super) const MEMBERS_HOLD_THE_ROLE: &str = "members of a group hold its role";
pub(super) const REGISTERED_RESOURCES: &str = "grants and restrictions are on registered resources";
pub(super) const RESOURCES_FIT: &str = "a resource stands beneath one of a kind that fits";

#[inline]
pub(super) fn rule(holds: bool, rule: &'static str, what: impl Display) -> Checked {
    if holds { Ok(()) } else { broken(rule, &what) }
}

#[cold]
fn broken(rule: &'static str, what: &dyn Display) -> Checked {
    Err(Corrupt::Invariant {
        rule,
        what: what.to_string(),
    })
}

/// Values by slot.
pub(super) fn by_slot<T: Copy>(values: impl Iterator<Item = (u32, T)>) -> Vec<Option<T>> {
    let mut all = Vec::new();
    for (slot, value) in values {
        let slot = slot as usize;
        if slot >= all.len() {
            all.resize(slot.saturating_add(1), None);
        }
        if let Some(place) = all.get_mut(slot) {
            *place = Some(value);
        }
    }
    all
}

fn check_entry(subject: Subject, entry: Entry, ceiling: PermissionSet) -> Checked {
    let permissions = entry.permissions();
    if entry.restricts() {
        let whole = permissions.with_dependants() == permissions;
        return rule(
            whole,
            "a restriction takes what needs the permissions it takes",
            subject,
        );
    }
    rule(
        permissions.is_closed(),
        "permission sets are closed",
        subject,
    )?;
    rule(
        permissions.is_within(ceiling),
        "grants are within the ceiling",
        subject,
    )
}

impl State {
    /// Checks every rule that holds in every state. Cost in proportion to the organisation.
    ///
    /// # Errors
    /// [`Corrupt::Invariant`] with the first rule that does not hold, and what breaks it.
    pub fn check_invariants(&self) -> Result<(), Corrupt> {
        self.check_foundation()?;
        self.custom_roles()
            .try_for_each(|(id, role)| self.check_role(id, role))?;
        self.users()
            .try_for_each(|(id, user)| self.check_user(id, user))?;
        self.check_addresses()?;
        self.check_groups()?;
        self.resources()
            .try_for_each(|resource| self.check_resource(resource))?;
        self.check_rows()?;
        self.check_invitations()
    }

    fn check_foundation(&self) -> Checked {
        if self.is_founded() {
            rule(
                self.revision > 0,
                "a founded organisation has a revision",
                self.revision,
            )?;
            rule(
                self.revision <= LAST_REVISION,
                "a revision leaves room for those that follow",
                self.revision,
            )?;
            let known = self
                .limits
                .seats
                .keys()
                .find(|role| self.role(**role).is_none());
            return rule(
                known.is_none(),
                "a seat limit is of a role that exists",
                "limits",
            );
        }
        let blank = Self::default();
        rule(
            *self == blank,
            "nothing happens before an organisation is founded",
            self.revision,
        )
    }

    fn check_role(&self, id: RoleId, role: &Role) -> Checked {
        let Role {
            defaults, ceiling, ..
        } = role;
        rule(!id.is_built_in(), "a built-in role is not stored", id)?;
        rule(
            defaults.is_closed() && ceiling.is_closed(),
            "permission sets are closed",
            id,
        )?;
        rule(
            defaults.is_within(*ceiling),
            "defaults are within the ceiling",
            id,
        )?;
        rule(
            self.role_named(&role.name) == Some(id),
            "names of roles are unique",
            id,
        )?;
        if let Scope::Selected(selected) = &role.scope {
            rule(!selected.is_empty(), "a selected scope is not empty", id)?;
        }
        let stray = role
            .scope
            .selected()
            .find(|one| self.parent(*one).is_none());
        rule(stray.is_none(), "a scope selects registered resources", id)
    }

    fn check_user(&self, id: UserId, user: &User) -> Checked {
        let stray = user.roles.iter().find(|role| self.role(*role).is_none());
        rule(stray.is_none(), "users hold roles that exist", id)?;
        let is_admin = user.roles.contains(RoleId::ADMIN);
        rule(
            !(is_admin && user.is_service()),
            "no service holds Admin",
            id,
        )?;
        let allowed = !user.is_external() || self.security.allow_external_admins;
        rule(
            !is_admin || allowed,
            "external users hold Admin only where allowed",
            id,
        )?;
        Ok(())
    }

    /// Every address leads to one user: as many are known as users have.
    fn check_addresses(&self) -> Checked {
        let emails = || {
            self.users()
                .filter_map(|(id, user)| Some((id, user.email()?)))
        };
        if emails().count() == self.users.address_count() {
            return Ok(());
        }
        let mut emails = emails();
        let double = emails.find(|(id, email)| self.user_with_email(email) != Some(*id));
        let what = double.map_or_else(|| "addresses".to_owned(), |(id, _)| id.to_string());
        rule(false, "addresses of users are unique", what)
    }

    fn check_groups(&self) -> Checked {
        for (id, group) in self.groups() {
            rule(
                self.role(group.role).is_some(),
                "a group is for a role that exists",
                id,
            )?;
            rule(
                self.group_named(&group.name) == Some(id),
                "names of groups are unique",
                id,
            )?;
        }
        self.check_members()
    }

    fn check_members(&self) -> Checked {
        let slots = self.users.slots().map(|(_, slot)| slot);
        let users = by_slot(slots.zip(self.users().map(|(_, user)| user)));
        let slots = self.groups.slots().map(|(_, slot)| slot);
        for ((id, group), slot) in self.groups().zip(slots) {
            let mut members = self.table.member_slots(slot);
            let hold = members.all(|slot| {
                let user = users.get(slot as usize).copied().flatten();
                user.is_some_and(|user| user.roles.contains(group.role))
            });
            rule(hold, MEMBERS_HOLD_THE_ROLE, id)?;
        }
        Ok(())
    }

    fn check_resource(&self, resource: Resource) -> Checked {
        let fits = self.parent(resource).is_some_and(|parent| {
            self.is_registered(parent) && resource.fits_beneath(parent.kind())
        });
        rule(fits, RESOURCES_FIT, resource)
    }

    /// What users and groups hold, as it comes: no order, no id to look up.
    fn check_rows(&self) -> Checked {
        let resources = self.resources();
        let slots = resources.filter_map(|it| Some((self.table.resource_slot(it)?, it.kind())));
        let kinds = by_slot(slots);
        for (subject, holder) in self.subjects().zip(self.holders_of_rows()) {
            let ceiling = self.ceiling_of(subject);
            for (slot, entry) in self.table.held(holder) {
                let kind = kinds.get(slot as usize).copied().flatten();
                rule(kind.is_some(), REGISTERED_RESOURCES, subject)?;
                let fits = kind.is_some_and(|kind| entry.fits(kind));
                rule(fits, FITTING_KINDS, subject)?;
                check_entry(subject, entry, ceiling)?;
            }
        }
        Ok(())
    }

    fn check_invitations(&self) -> Checked {
        let mut addresses = BTreeSet::new();
        for (id, invitation) in self.open_invitations() {
            self.check_offer(id, invitation)?;
            let first = addresses.insert(invitation.email.folded());
            rule(first, "an address has at most one open invitation", id)?;
        }
        for (id, invitation) in self.invitations() {
            let lasts = invitation.sending.sent_at < invitation.sending.expires_at;
            rule(lasts, "an invitation expires after it is sent", id)?;
        }
        Ok(())
    }

    fn check_offer(&self, id: crate::id::InvitationId, invitation: &Invitation) -> Checked {
        let offer = &invitation.offer;
        let stray = offer.roles.iter().find(|role| self.role(*role).is_none());
        rule(
            stray.is_none(),
            "an open invitation offers roles that exist",
            id,
        )?;
        let fits = |group: &GroupId| {
            self.group(*group)
                .is_some_and(|group| offer.roles.contains(group.role))
        };
        rule(
            offer.groups.iter().all(fits),
            "an open invitation offers groups of its roles",
            id,
        )?;
        let inviter = match offer.inviter {
            Inviter::Operator => true,
            Inviter::User(user) => self.user(user).is_some(),
        };
        rule(
            inviter,
            "the inviter of an open invitation is registered",
            id,
        )
    }

    /// The most that a subject can ever have: of a user, the union of the ceilings of their roles;
    /// of a group, the ceiling of its role.
    #[must_use]
    pub fn ceiling_of(&self, subject: Subject) -> PermissionSet {
        let known = match subject {
            Subject::User(user) => self.user(user).map(Known::User),
            Subject::Group(group) => self.group(group).map(Known::Group),
        };
        self.ceiling_of_roles(known.into_iter().flat_map(Known::roles))
    }

    /// The union of the ceilings of these roles.
    #[must_use]
    pub(crate) fn ceiling_of_roles(
        &self,
        roles: impl IntoIterator<Item = RoleId>,
    ) -> PermissionSet {
        roles
            .into_iter()
            .filter_map(|role| Some(self.role(role)?.ceiling))
            .collect()
    }
}
