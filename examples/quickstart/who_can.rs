//! Who may do something on a resource.

use clap::Args;
use rolebook::{Decision, Permission, Resource, RoleId, UserId};
use serde::Serialize;

use crate::answer::Answer;
use crate::complaint::Complaint;
use crate::organisation::Organisation;
use crate::table::Table;

/// Who may do this to that? Active users, under any role they hold, whatever their sign-in proof.
#[derive(Debug, Args)]
pub(crate) struct Question {
    /// What: `version.update`.
    permission: String,
    /// On what: `organisation`, `model:NAME`, `version:NAME` or `framework:NAME`.
    resource: String,
}

/// A user who may, under a role.
#[derive(Serialize)]
struct Holder {
    user: UserId,
    role: RoleId,
    decision: Decision,
}

pub(crate) fn answer(organisation: &Organisation, asked: &Question) -> Result<Answer, Complaint> {
    let permission = organisation.permission(&asked.permission)?;
    let resource = organisation.resource(&asked.resource)?;
    let users = organisation
        .state()
        .users_for(permission, resource, organisation.now());
    let mut holders: Vec<Holder> = users
        .flat_map(|user| holders(organisation, user, permission, resource))
        .collect();
    holders.sort_by_key(|it| organisation.names().name(it.user));
    let text = text(organisation, asked, &holders);
    Ok(Answer::new(organisation, text, &holders))
}

fn holders(
    organisation: &Organisation,
    user: UserId,
    permission: Permission,
    resource: Resource,
) -> Vec<Holder> {
    let registration = organisation.state().user(user);
    let roles = registration.into_iter().flat_map(|it| it.roles.iter());
    let holder = |role| {
        let session = organisation.session(user, role)?;
        let decision = session.check(permission, resource, organisation.now());
        decision.is_allowed().then_some(Holder {
            user,
            role,
            decision,
        })
    };
    roles.filter_map(holder).collect()
}

fn text(organisation: &Organisation, asked: &Question, holders: &[Holder]) -> String {
    let Question {
        permission,
        resource,
    } = asked;
    if holders.is_empty() {
        return format!("Nobody may {permission} on {resource}.\n");
    }
    let mut table = Table::with_headings(&["user", "acting as", "because"]);
    for Holder {
        user,
        role,
        decision,
    } in holders
    {
        let (user, role) = (
            organisation.names().name(*user),
            organisation.role_name(*role),
        );
        table.row([user, role, decision.reason().to_owned()]);
    }
    format!("Who may {permission} on {resource}:\n\n{}", table.text())
}
