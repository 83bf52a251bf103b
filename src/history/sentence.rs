//! An entry of the audit trail as a sentence.

use std::fmt;

use super::AuditEntry;
use crate::event::{Author, Event};
use crate::invitation::Cancellation;
use crate::names::{Names, PlainIds};

impl AuditEntry<'_> {
    /// When, who, what, and what was before and after, as one sentence.
    #[must_use]
    pub fn sentence(&self, names: &dyn Names) -> String {
        let (author, deed) = (
            author(self.author, names),
            deed_with_values(self.event, names),
        );
        format!("{} {author} {deed}.", self.at)
    }
}

/// What is done, and what was before and after.
pub(crate) fn deed_with_values(event: &Event, names: &dyn Names) -> String {
    let (deed, values) = (deed(event, names), event.values(names));
    match (values.before, values.after) {
        (Some(before), Some(after)) => format!("{deed}: {after}; before: {before}"),
        (None, Some(after)) => format!("{deed}: {after}"),
        (Some(before), None) => format!("{deed}; before: {before}"),
        (None, None) => deed,
    }
}

impl fmt::Display for AuditEntry<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.sentence(&PlainIds))
    }
}

fn author(author: Author, names: &dyn Names) -> String {
    match author {
        Author::Operator => "the operator".to_owned(),
        Author::User { user, role } => format!("{} (as {})", names.user(user), names.role(role)),
        Author::Invitee => "the person invited".to_owned(),
    }
}

fn deed(event: &Event, names: &dyn Names) -> String {
    use Event as E;
    let (user, group) = (|id: &_| names.user(*id), |id: &_| names.group(*id));
    let (role, resource) = (|id: &_| names.role(*id), |on: &_| names.resource(*on));
    let (subject, invitation) = (|id: &_| names.subject(*id), |id: &_| names.invitation(*id));
    match event {
        E::Founded { .. } => "founded the organisation".to_owned(),
        E::SecurityChanged { .. } => "changed the security settings".to_owned(),
        E::LimitsChanged { .. } => "changed the limits".to_owned(),
        E::RoleDefined { role: id, .. } => format!("defined the role {}", role(id)),
        E::RoleRedefined { role: id, .. } => format!("redefined the role {}", role(id)),
        E::RoleScopeNarrowed { role: id, .. } => {
            format!("narrowed the scope of the role {}", role(id))
        }
        E::RoleDeleted { role: id, .. } => format!("deleted the role {}", role(id)),
        E::UserRegistered { user: id, .. } => format!("made {} a member", user(id)),
        E::UserRemoved { user: id, .. } => format!("removed {}", user(id)),
        E::RolesAssigned { user: id, .. } => format!("changed the roles of {}", user(id)),
        E::UserSuspended { user: id } => format!("suspended {}", user(id)),
        E::UserReinstated { user: id } => format!("reinstated {}", user(id)),
        E::EmailChanged { user: id, .. } => format!("changed the address of {}", user(id)),
        E::GroupCreated { group: id, .. } => format!("created {}", group(id)),
        E::GroupRenamed { group: id, .. } => format!("renamed {}", group(id)),
        E::GroupRoleReplaced { group: id, .. } => format!("moved {} to another role", group(id)),
        E::GroupDeleted { group: id, .. } => format!("deleted {}", group(id)),
        E::GroupJoined {
            group: id,
            user: who,
        } => format!("added {} to {}", user(who), group(id)),
        E::GroupLeft {
            group: id,
            user: who,
        } => format!("took {} out of {}", user(who), group(id)),
        E::ResourceRegistered { resource: on, .. } => format!("registered {}", resource(on)),
        E::ResourceUnregistered { resource: on, .. } => format!("unregistered {}", resource(on)),
        E::Granted { to, on, .. } => format!("granted {} on {}", subject(to), resource(on)),
        E::GrantClipped { to, on, .. } => {
            format!("clipped the grant of {} on {}", subject(to), resource(on))
        }
        E::Revoked { from, on, .. } => {
            format!("revoked the grant of {} on {}", subject(from), resource(on))
        }
        E::Restricted { from, on, .. } => {
            format!("restricted {} on {}", subject(from), resource(on))
        }
        E::Unrestricted { from, on, .. } => {
            format!(
                "lifted the restriction of {} on {}",
                subject(from),
                resource(on)
            )
        }
        E::Invited { sent, .. } => format!("invited {}", sent.email),
        E::InvitationResent { invitation: id, .. } => format!("sent {} again", invitation(id)),
        E::InvitationChanged { invitation: id, .. } => format!("changed {}", invitation(id)),
        E::InvitationCancelled {
            invitation: id,
            reason,
        } => {
            format!("cancelled {}{}", invitation(id), because(*reason))
        }
        E::InvitationAccepted {
            invitation: id,
            user: who,
        } => {
            format!("accepted {} as {}", invitation(id), user(who))
        }
        E::InvitationDeclined { invitation: id } => format!("declined {}", invitation(id)),
    }
}

const fn because(reason: Cancellation) -> &'static str {
    match reason {
        Cancellation::Withdrawn => "",
        Cancellation::Superseded => ", as a new one was sent",
        Cancellation::InviterLeft => ", as its inviter left",
    }
}
