//! What was before an event and what is after it, in words.

use crate::event::Event;
use crate::grant::Grant;
use crate::group::Group;
use crate::id::{GroupId, RoleId};
use crate::invitation::{Inviter, Offer, Sending};
use crate::names::Names;
use crate::permission::PermissionSet;
use crate::resource::Resource;
use crate::role::{Role, Roles, Scope, by_kind};
use crate::settings::{Limits, SecuritySettings};
use crate::user::User;

/// What an event changed, in words: what was before and what is after. `None` stands for nothing
/// there.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Values {
    /// What was.
    pub before: Option<String>,
    /// What is.
    pub after: Option<String>,
}

impl Values {
    fn change(before: String, after: String) -> Self {
        Self {
            before: Some(before),
            after: Some(after),
        }
    }

    fn new(after: String) -> Self {
        Self {
            before: None,
            after: Some(after),
        }
    }

    fn gone(before: String) -> Self {
        Self {
            before: Some(before),
            after: None,
        }
    }
}

/// Words for values, with names.
pub(super) struct Words<'a>(pub(super) &'a dyn Names);

impl Event {
    /// What was before it and what is after it, in words.
    #[must_use]
    pub fn values(&self, names: &dyn Names) -> Values {
        let words = Words(names);
        match self {
            Self::Founded { name } => Values::new(name.to_string()),
            Self::SecurityChanged { before, after } => {
                Values::change(words.security(before), words.security(after))
            }
            Self::LimitsChanged { before, after } => {
                Values::change(words.limits(before), words.limits(after))
            }
            Self::RoleDefined { definition, .. } => Values::new(words.definition(definition)),
            Self::RoleRedefined { before, after, .. } => {
                Values::change(words.definition(before), words.definition(after))
            }
            Self::RoleScopeNarrowed { before, after, .. } => {
                Values::change(words.scope(before), words.scope(after))
            }
            Self::RoleDeleted { before, .. } => Values::gone(words.definition(before)),
            Self::UserRegistered { registration, .. } => Values::new(words.user(registration)),
            Self::UserRemoved { before, .. } => Values::gone(words.user(before)),
            Self::RolesAssigned { before, after, .. } => {
                Values::change(words.roles(before), words.roles(after))
            }
            Self::UserSuspended { .. } => Values::change("active".into(), "suspended".into()),
            Self::UserReinstated { .. } => Values::change("suspended".into(), "active".into()),
            Self::EmailChanged { before, after, .. } => {
                Values::change(before.to_string(), after.to_string())
            }
            Self::GroupCreated { definition, .. } => Values::new(words.group(definition)),
            Self::GroupRenamed { before, after, .. } => {
                Values::change(before.to_string(), after.to_string())
            }
            Self::GroupRoleReplaced { before, after, .. } => {
                Values::change(words.role(*before), words.role(*after))
            }
            Self::GroupDeleted { before, .. } => Values::gone(words.group(before)),
            Self::GroupJoined { .. } => Values::new("member".into()),
            Self::GroupLeft { .. } => Values::gone("member".into()),
            Self::ResourceRegistered { parent, .. } => Values::new(words.place(*parent)),
            Self::ResourceUnregistered { parent, .. } => Values::gone(words.place(*parent)),
            Self::Granted { before, after, .. } => Values {
                before: before.as_ref().map(|it| words.grant(it)),
                after: Some(words.grant(after)),
            },
            Self::GrantClipped { before, after, .. } => Values {
                before: Some(words.grant(before)),
                after: after.as_ref().map(|it| words.grant(it)),
            },
            Self::Revoked { before, .. } => Values::gone(words.grant(before)),
            Self::Restricted { before, after, .. } => Values {
                before: before.map(by_kind),
                after: Some(by_kind(*after)),
            },
            Self::Unrestricted { before, .. } => Values::gone(by_kind(*before)),
            Self::Invited { sent, .. } => Values::new(words.sent(&sent.offer, &sent.sending)),
            Self::InvitationResent {
                before,
                after,
                offer_before,
                offer_after,
                ..
            } => Values::change(
                words.sent(offer_before, before),
                words.sent(offer_after, after),
            ),
            Self::InvitationChanged { before, after, .. } => {
                Values::change(words.offer(before), words.offer(after))
            }
            Self::InvitationCancelled { .. } => {
                Values::change("pending".into(), "cancelled".into())
            }
            Self::InvitationAccepted { .. } => Values::change("pending".into(), "accepted".into()),
            Self::InvitationDeclined { .. } => Values::change("pending".into(), "declined".into()),
        }
    }
}

impl Words<'_> {
    fn role(&self, id: RoleId) -> String {
        self.0.role(id)
    }

    fn roles(&self, roles: &Roles) -> String {
        let names: Vec<_> = roles.iter().map(|role| self.role(role)).collect();
        names.join(", ")
    }

    fn user(&self, user: &User) -> String {
        let status = if user.is_active() { "" } else { ", suspended" };
        let outside = if user.is_external() {
            ", from outside"
        } else {
            ""
        };
        format!("{}{outside}{status}", self.roles(&user.roles))
    }

    fn group(&self, group: &Group) -> String {
        format!("{} for {}", group.name, self.role(group.role))
    }

    fn place(&self, parent: Resource) -> String {
        format!("beneath {}", self.0.resource(parent))
    }

    fn grant(&self, grant: &Grant) -> String {
        let permissions = by_kind(grant.permissions);
        match grant.expires_at {
            None => permissions,
            Some(end) => format!("{permissions}, until {end}"),
        }
    }

    fn scope(&self, scope: &Scope) -> String {
        match scope {
            Scope::All => "all resources".to_owned(),
            Scope::Granted => "by grant alone".to_owned(),
            Scope::Selected(selected) => {
                let names: Vec<_> = selected.iter().map(|it| self.0.resource(*it)).collect();
                names.join(", ")
            }
        }
    }

    fn definition(&self, role: &Role) -> String {
        let Role {
            name,
            defaults,
            ceiling,
            scope,
            ..
        } = role;
        let (gives, scope) = (by_kind(*defaults), self.scope(scope));
        let beyond: PermissionSet = ceiling.without(*defaults);
        let by_grant = if beyond.is_empty() {
            String::new()
        } else {
            format!("; by grant {}", by_kind(beyond))
        };
        format!("{name}: {gives}{by_grant}; {scope}")
    }

    fn security(&self, settings: &SecuritySettings) -> String {
        let demanded = |is: bool| if is { "required" } else { "not required" };
        let domains: Vec<_> = settings.allowed_domains.iter().collect();
        let domains: Vec<_> = domains.into_iter().map(ToString::to_string).collect();
        let domains = if domains.is_empty() {
            "all".to_owned()
        } else {
            domains.join(", ")
        };
        format!(
            "single sign-on {}, second factor {}, domains {domains}, external Admins {}",
            demanded(settings.require_sso),
            demanded(settings.require_mfa),
            if settings.allow_external_admins {
                "allowed"
            } else {
                "not allowed"
            },
        )
    }

    fn limits(&self, limits: &Limits) -> String {
        let seats = limits.seats.iter();
        let seats = seats.map(|(role, count)| format!(", {} {count} seats", self.role(*role)));
        format!(
            "{} open invitations, {} custom roles, resend after {} s{}",
            limits.open_invitations,
            limits.custom_roles,
            limits.resend_cooldown.as_secs(),
            seats.collect::<String>(),
        )
    }

    fn groups(&self, groups: impl Iterator<Item = GroupId>) -> String {
        let names = groups.map(|group| format!(", {}", self.0.group(group)));
        names.collect()
    }

    fn offer(&self, offer: &Offer) -> String {
        let inviter = match offer.inviter {
            Inviter::Operator => "the operator".to_owned(),
            Inviter::User(user) => self.0.user(user),
        };
        let groups = self.groups(offer.groups.iter().copied());
        format!("{}{groups}, from {inviter}", self.roles(&offer.roles))
    }

    fn sent(&self, offer: &Offer, sending: &Sending) -> String {
        format!("{}, until {}", self.offer(offer), sending.expires_at)
    }
}
