//! Who may do something on a resource.

use clap::Args;
use rolebook::{Decision, HandOutWay, Names, Permission, Resource, RoleId, UserId};
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
    /// Who could hand it out to somebody, instead: who can escalate.
    #[arg(long)]
    hand_out: bool,
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
    require_kind(permission, resource)?;
    if asked.hand_out {
        return Ok(hand_outs(organisation, asked, permission, resource));
    }
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

fn require_kind(permission: Permission, resource: Resource) -> Result<(), Complaint> {
    let (needed, found) = (permission.kind(), resource.kind());
    if needed == found {
        return Ok(());
    }
    Err(Complaint::Unclear {
        message: format!(
            "{permission} is of the kind {needed}, and the resource of the kind {found}"
        ),
    })
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
    let (permission, resource) = (&asked.permission, &asked.resource);
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

fn hand_outs(
    organisation: &Organisation,
    asked: &Question,
    permission: Permission,
    resource: Resource,
) -> Answer {
    let (state, now) = (organisation.state(), organisation.now());
    let found = state.who_could_hand_out(permission, resource, now);
    let mut rows: Vec<[String; 3]> = found
        .iter()
        .map(|it| {
            let user = organisation.names().name(it.user);
            [
                user,
                organisation.role_name(it.role),
                way(organisation, it.way),
            ]
        })
        .collect();
    rows.sort_unstable();
    let (permission, resource) = (&asked.permission, &asked.resource);
    let text = if rows.is_empty() {
        format!("Nobody could hand out {permission} on {resource}.\n")
    } else {
        let mut table = Table::with_headings(&["user", "acting as", "how"]);
        rows.into_iter().for_each(|row| table.row(row));
        format!(
            "Who could hand out {permission} on {resource}:\n\n{}",
            table.text()
        )
    };
    Answer::new(organisation, text, &found)
}

fn way(names: &dyn Names, way: HandOutWay) -> String {
    match way {
        HandOutWay::Admin => "in every way: Admins may do everything".to_owned(),
        HandOutWay::PermissionsManager => "by grants, everywhere up to the ceilings".to_owned(),
        HandOutWay::Delegate => "by grants, as a delegate of a model above it".to_owned(),
        HandOutWay::AddToGroup(group) => format!("by adding somebody to {}", names.group(group)),
        HandOutWay::RemoveFromGroup(group) => {
            format!("by taking somebody out of {}", names.group(group))
        }
        HandOutWay::GiveRole(role) => format!("by giving the role {}", names.role(role)),
        HandOutWay::ChangeRoles(group) => {
            format!(
                "by changing the roles of a member of {}",
                names.group(group)
            )
        }
        HandOutWay::DefineRole => "by defining or redefining a role".to_owned(),
        HandOutWay::InviteWithRole(role) => {
            format!("by inviting with the role {}", names.role(role))
        }
        HandOutWay::InviteToGroup(group) => format!("by inviting into {}", names.group(group)),
        HandOutWay::Reinstate(user) => format!("by reinstating {}", names.user(user)),
    }
}
