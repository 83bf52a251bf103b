//! Everything that a user may do, and where.

use clap::Args;
use rolebook::decision::Visible;
use rolebook::{PermissionSet, Resource};

use crate::answer::Answer;
use crate::arguments::SessionArguments;
use crate::complaint::Complaint;
use crate::organisation::Organisation;
use crate::table::{Table, wrap};

/// What may this user do, and where?
#[derive(Debug, Args)]
pub(crate) struct Question {
    /// The user: `rita`.
    user: String,
    #[command(flatten)]
    session: SessionArguments,
}

pub(crate) fn answer(organisation: &Organisation, asked: &Question) -> Result<Answer, Complaint> {
    let user = organisation.user(&asked.user)?;
    let sign_in = organisation.sign_in(user, &asked.session)?;
    let session = match organisation.state().session(sign_in) {
        Ok(session) => session,
        Err(refusal) => {
            let text = format!("{} can do nothing: {refusal}.\n", asked.user);
            return Ok(Answer::new(organisation, text, &refusal));
        }
    };
    let mut visible: Vec<Visible> = session.visible(organisation.now()).collect();
    visible.sort_by_key(|it| organisation.path(it.resource));
    let role = organisation.role_name(session.role());
    let text = format!(
        "What {}, acting as {role}, may do:\n\n{}",
        asked.user,
        tree(organisation, &visible)
    );
    Ok(Answer::new(organisation, text, &visible))
}

fn tree(organisation: &Organisation, visible: &[Visible]) -> String {
    if visible.is_empty() {
        return "Nothing.\n".to_owned();
    }
    let mut table = Table::default();
    for Visible {
        resource,
        permissions,
    } in visible
    {
        let depth = organisation.path(*resource).len().saturating_sub(1);
        let name = organisation.names().resource(*resource);
        let name = format!("{}{name}", "  ".repeat(depth));
        table.row([name, words(*resource, *permissions)]);
    }
    let first = table.widths().first().copied().unwrap_or_default();
    wrap(&table.text(), 110, first.saturating_add(2))
}

fn words(resource: Resource, set: PermissionSet) -> String {
    let all = PermissionSet::of_kind(resource.kind());
    if set.is_empty() {
        "(the way to what is beneath)".to_owned()
    } else if set == all {
        "everything".to_owned()
    } else {
        let names = set
            .iter()
            .map(|it| it.name().split_once('.').map_or("", |(_, name)| name));
        names.collect::<Vec<_>>().join(", ")
    }
}
