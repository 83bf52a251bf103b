//! The audit trail: every event, who caused it and when, filtered.

use serde::{Deserialize, Serialize};

use crate::event::{Author, Commit, Event};
use crate::id::UserId;
use crate::resource::Resource;
use crate::role::Role;
use crate::subject::Subject;
use crate::time::Timestamp;
use crate::topic::Topic;

/// One event of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct AuditEntry<'log> {
    /// The revision whose commit it is part of.
    pub revision: u64,
    /// Its place in the commit, from 0.
    pub index: usize,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub author: Author,
    /// What, with what was before and after.
    pub event: &'log Event,
}

/// Whose doing to look for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditActor {
    /// The operator.
    Operator,
    /// A user, under whichever role.
    User(UserId),
    /// Whoever held the token of an invitation.
    Invitee,
}

/// Which events to look for: those that meet all that is given. The default meets every event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AuditFilter {
    /// Who caused it.
    pub actor: Option<AuditActor>,
    /// What it is about: a user, group, role, resource or invitation.
    pub subject: Option<Topic>,
    /// The resource it is about.
    pub resource: Option<Resource>,
    /// What happened, any of these; empty: whatever.
    pub kinds: Vec<EventKind>,
    /// From this moment on.
    pub since: Option<Timestamp>,
    /// Before this moment.
    pub until: Option<Timestamp>,
}

/// The events of a log that a filter lets through, in the order in which they happened.
pub fn audit<'log, I>(
    commits: I,
    filter: &AuditFilter,
) -> impl Iterator<Item = AuditEntry<'log>> + use<'_, 'log, I>
where
    I: IntoIterator<Item = &'log Commit>,
{
    let of_commit = |commit| filter.is_met_by_commit(commit);
    let commits = commits.into_iter().filter(move |commit| of_commit(commit));
    commits
        .flat_map(entries)
        .filter(|entry| filter.is_met_by_event(entry.event))
}

fn entries(commit: &Commit) -> impl Iterator<Item = AuditEntry<'_>> {
    let events = commit.events.iter().enumerate();
    events.map(|(index, event)| AuditEntry {
        revision: commit.revision,
        index,
        at: commit.at,
        author: commit.author,
        event,
    })
}

impl AuditFilter {
    /// Whether an entry is one to look at.
    #[must_use]
    pub fn is_met_by(&self, entry: &AuditEntry<'_>) -> bool {
        self.is_met_by_author_at(entry.author, entry.at) && self.is_met_by_event(entry.event)
    }

    fn is_met_by_commit(&self, commit: &Commit) -> bool {
        self.is_met_by_author_at(commit.author, commit.at)
    }

    fn is_met_by_author_at(&self, author: Author, at: Timestamp) -> bool {
        self.actor.is_none_or(|actor| actor.is(author))
            && self.since.is_none_or(|since| since <= at)
            && self.until.is_none_or(|until| at < until)
    }

    fn is_met_by_event(&self, event: &Event) -> bool {
        let is_about = |topic: Topic| event.topics().contains(&topic);
        (self.kinds.is_empty() || self.kinds.contains(&event.kind()))
            && self.subject.is_none_or(is_about)
            && self
                .resource
                .is_none_or(|resource| is_about(resource.into()))
    }
}

impl AuditActor {
    fn is(self, author: Author) -> bool {
        match (self, author) {
            (Self::Operator, Author::Operator) | (Self::Invitee, Author::Invitee) => true,
            (Self::User(user), Author::User { user: author, .. }) => user == author,
            _ => false,
        }
    }
}

macro_rules! event_kinds {
    ($($variant:ident $name:literal,)*) => {
        /// The kind of an event: its variant without its fields, under the same stable name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[expect(missing_docs, reason = "the variants are those of `Event`, which say what they are")]
        pub enum EventKind {
            $($variant,)*
        }

        impl EventKind {
            /// Every kind there is, in the order of the variants of [`Event`].
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The stable name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }

        impl Event {
            /// What kind of event it is.
            #[must_use]
            pub const fn kind(&self) -> EventKind {
                match self { $(Self::$variant { .. } => EventKind::$variant,)* }
            }
        }
    };
}

event_kinds! {
    Founded "founded",
    SecurityChanged "security_changed",
    LimitsChanged "limits_changed",
    RoleDefined "role_defined",
    RoleRedefined "role_redefined",
    RoleScopeNarrowed "role_scope_narrowed",
    RoleDeleted "role_deleted",
    UserRegistered "user_registered",
    UserRemoved "user_removed",
    RolesAssigned "roles_assigned",
    UserSuspended "user_suspended",
    UserReinstated "user_reinstated",
    EmailChanged "email_changed",
    GroupCreated "group_created",
    GroupRenamed "group_renamed",
    GroupRoleReplaced "group_role_replaced",
    GroupDeleted "group_deleted",
    GroupJoined "group_joined",
    GroupLeft "group_left",
    ResourceRegistered "resource_registered",
    ResourceUnregistered "resource_unregistered",
    Granted "granted",
    GrantClipped "grant_clipped",
    Revoked "revoked",
    Restricted "restricted",
    Unrestricted "unrestricted",
    Invited "invited",
    InvitationResent "invitation_resent",
    InvitationChanged "invitation_changed",
    InvitationCancelled "invitation_cancelled",
    InvitationAccepted "invitation_accepted",
    InvitationDeclined "invitation_declined",
}

impl std::fmt::Display for EventKind {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.pad(self.name())
    }
}

impl Event {
    /// What it is about: the things whose history it belongs to, the foremost first.
    ///
    /// A change of roles is about the user and the roles that came or went; a change of a role's
    /// scope about the resources that came or went.
    #[must_use]
    pub fn topics(&self) -> Vec<Topic> {
        match self {
            Self::Founded { .. } | Self::SecurityChanged { .. } | Self::LimitsChanged { .. } => {
                vec![Resource::Organisation.into()]
            }
            Self::RoleDefined {
                role,
                definition: it,
            }
            | Self::RoleDeleted { role, before: it } => {
                let selected = it.scope.selected().map(Topic::Resource);
                [Topic::Role(*role)].into_iter().chain(selected).collect()
            }
            Self::RoleRedefined {
                role,
                before,
                after,
            } => scoped(*role, selected(before), selected(after)),
            Self::RoleScopeNarrowed {
                role,
                before,
                after,
            } => scoped(
                *role,
                before.selected().collect(),
                after.selected().collect(),
            ),
            Self::UserRegistered {
                user,
                registration: it,
            }
            | Self::UserRemoved { user, before: it } => {
                let roles = it.roles.iter().map(Topic::Role);
                [Topic::User(*user)].into_iter().chain(roles).collect()
            }
            Self::RolesAssigned {
                user,
                before,
                after,
            } => {
                let gone = before.iter().filter(|role| !after.contains(*role));
                let come = after.iter().filter(|role| !before.contains(*role));
                let roles = gone.chain(come).map(Topic::Role);
                [Topic::User(*user)].into_iter().chain(roles).collect()
            }
            Self::UserSuspended { user }
            | Self::UserReinstated { user }
            | Self::EmailChanged { user, .. } => vec![Topic::User(*user)],
            Self::GroupCreated {
                group,
                definition: it,
            }
            | Self::GroupDeleted { group, before: it } => {
                vec![Topic::Group(*group), Topic::Role(it.role)]
            }
            Self::GroupRenamed { group, .. } => vec![Topic::Group(*group)],
            Self::GroupRoleReplaced {
                group,
                before,
                after,
            } => vec![
                Topic::Group(*group),
                Topic::Role(*before),
                Topic::Role(*after),
            ],
            Self::GroupJoined { group, user } | Self::GroupLeft { group, user } => {
                vec![Topic::Group(*group), Topic::User(*user)]
            }
            Self::ResourceRegistered { resource, parent }
            | Self::ResourceUnregistered { resource, parent } => {
                vec![Topic::Resource(*resource), Topic::Resource(*parent)]
            }
            Self::Granted { to, on, .. }
            | Self::GrantClipped { to, on, .. }
            | Self::Revoked { from: to, on, .. }
            | Self::Restricted { from: to, on, .. }
            | Self::Unrestricted { from: to, on, .. } => entitlement(*to, *on),
            Self::InvitationAccepted { invitation, user } => {
                vec![Topic::Invitation(*invitation), Topic::User(*user)]
            }
            Self::Invited { invitation, .. }
            | Self::InvitationResent { invitation, .. }
            | Self::InvitationChanged { invitation, .. }
            | Self::InvitationCancelled { invitation, .. }
            | Self::InvitationDeclined { invitation } => vec![Topic::Invitation(*invitation)],
        }
    }
}

fn entitlement(subject: Subject, on: Resource) -> Vec<Topic> {
    vec![subject.into(), on.into()]
}

fn selected(role: &Role) -> Vec<Resource> {
    role.scope.selected().collect()
}

/// A role, and the resources that are in one of its scopes and not in the other.
fn scoped(role: crate::id::RoleId, before: Vec<Resource>, after: Vec<Resource>) -> Vec<Topic> {
    let gone = before.iter().filter(|it| !after.contains(it));
    let come = after.iter().filter(|it| !before.contains(it));
    let resources = gone.chain(come).copied().map(Topic::Resource);
    [Topic::Role(role)].into_iter().chain(resources).collect()
}
