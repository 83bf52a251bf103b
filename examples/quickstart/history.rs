//! The audit trail, and what changed between two revisions.

use clap::Args;
use rolebook::history::{AuditActor, AuditEntry, AuditFilter, EventKind, audit};
use rolebook::scenario::Names;
use rolebook::{AccessChange, GroupId, InvitationId, RoleId, Topic, UserId};

use crate::answer::Answer;
use crate::complaint::Complaint;
use crate::organisation::{Organisation, moment};
use crate::table::{Table, wrap};

/// What happened: all of it, or what meets all that is given.
#[derive(Debug, Args)]
pub(crate) struct Question {
    /// Done by: a user, `operator` or `invitee`.
    #[arg(long, value_name = "WHO")]
    by: Option<String>,
    /// About: `user:NAME`, `group:NAME`, `role:NAME`, `invitation:NAME` or a resource.
    #[arg(long, value_name = "WHAT")]
    about: Option<String>,
    /// Of this kind: `granted`, `user_removed` and so on. May be given more than once.
    #[arg(long, value_name = "KIND")]
    kind: Vec<String>,
    /// From this second on, counted from the start of the scenario.
    #[arg(long, value_name = "SECONDS")]
    since: Option<u64>,
    /// Before this second.
    #[arg(long, value_name = "SECONDS")]
    until: Option<u64>,
    /// Instead: who gained and lost what between two revisions.
    #[arg(long, num_args = 2, value_names = ["FROM", "TO"])]
    difference: Vec<u64>,
}

pub(crate) fn answer(organisation: &Organisation, asked: &Question) -> Result<Answer, Complaint> {
    if let [from, to] = *asked.difference {
        return difference(organisation, from, to);
    }
    let filter = filter(organisation, asked)?;
    let entries: Vec<AuditEntry<'_>> = audit(organisation.log(), &filter).collect();
    let text = trail(organisation, &entries);
    Ok(Answer::new(organisation, text, &entries))
}

fn filter(organisation: &Organisation, asked: &Question) -> Result<AuditFilter, Complaint> {
    let actor = asked.by.as_deref().map(|who| match who {
        "operator" => Ok(AuditActor::Operator),
        "invitee" => Ok(AuditActor::Invitee),
        name => organisation.user_ever(name).map(AuditActor::User),
    });
    let kinds = asked.kind.iter().map(|name| kind(name));
    Ok(AuditFilter {
        actor: actor.transpose()?,
        subject: asked
            .about
            .as_deref()
            .map(|text| told_of(organisation, text))
            .transpose()?,
        resource: None,
        kinds: kinds.collect::<Result<_, _>>()?,
        since: asked.since.map(moment).transpose()?,
        until: asked.until.map(moment).transpose()?,
    })
}

fn kind(name: &str) -> Result<EventKind, Complaint> {
    let found = EventKind::ALL.iter().find(|kind| kind.name() == name);
    found.copied().ok_or_else(|| Complaint::Unknown {
        what: "kind of event",
        name: name.to_owned(),
        known: EventKind::ALL
            .iter()
            .map(|it| it.name().to_owned())
            .collect(),
    })
}

/// What an event was about, whether it is there still or not.
fn told_of(organisation: &Organisation, text: &str) -> Result<Topic, Complaint> {
    let subject = Some(topic(text)?);
    let about = AuditFilter {
        subject,
        ..AuditFilter::default()
    };
    let is_told_of = audit(organisation.log(), &about).next().is_some();
    let complaint = || Complaint::Unclear {
        message: format!("nothing that happened is about {text}"),
    };
    subject.filter(|_| is_told_of).ok_or_else(complaint)
}

/// What an event can be about.
fn topic(text: &str) -> Result<Topic, Complaint> {
    let mut names = Names::new();
    let topic = match text.split_once(':') {
        Some(("user", name)) => names.learn::<UserId>(name).map(Topic::User),
        Some(("group", name)) => names.learn::<GroupId>(name).map(Topic::Group),
        Some(("role", name)) => names.learn::<RoleId>(name).map(Topic::Role),
        Some(("invitation", name)) => names.learn::<InvitationId>(name).map(Topic::Invitation),
        _ => names.learn_resource(text).map(Topic::Resource),
    };
    topic.map_err(|error| Complaint::Unclear {
        message: format!("{error}, or user:, group:, role: or invitation:NAME"),
    })
}

fn trail(organisation: &Organisation, entries: &[AuditEntry<'_>]) -> String {
    if entries.is_empty() {
        return "Nothing of that kind happened.\n".to_owned();
    }
    let mut table = Table::with_headings(&["revision", "time", "what"]);
    for entry in entries {
        let sentence = entry.sentence(organisation);
        let time = entry.at.to_string();
        let what = sentence
            .strip_prefix(&time)
            .unwrap_or(&sentence)
            .trim_start();
        table.row([entry.revision.to_string(), time.clone(), what.to_owned()]);
    }
    wrap(&table.text(), 118, 32)
}

fn difference(organisation: &Organisation, from: u64, to: u64) -> Result<Answer, Complaint> {
    let (before, after) = (organisation.past(from)?, organisation.past(to)?);
    let changes = before.difference(&after, organisation.log());
    let mut changes = changes.map_err(|error| Complaint::Unclear {
        message: error.to_string(),
    })?;
    changes.sort_by_key(|it| {
        let user = organisation.names().name(it.user);
        (user, organisation.path(it.resource))
    });
    let text = changes_text(organisation, &changes);
    let text = format!("Access from revision {from} to revision {to}\n\n{text}");
    Ok(Answer::new(organisation, text, &changes))
}

fn changes_text(organisation: &Organisation, changes: &[AccessChange]) -> String {
    if changes.is_empty() {
        return "Nobody gained or lost anything.\n".to_owned();
    }
    let mut table = Table::with_headings(&["user", "resource", "gained (+) and lost (-)"]);
    for change in changes {
        let user = organisation.names().name(change.user);
        let resource = organisation.names().resource(change.resource);
        let signed = |sign, set: rolebook::PermissionSet| {
            set.iter().map(move |it| {
                format!(
                    "{sign}{}",
                    it.name().split_once('.').map_or("", |(_, it)| it)
                )
            })
        };
        let words = signed('+', change.gained).chain(signed('-', change.lost));
        table.row([user, resource, words.collect::<Vec<_>>().join(" ")]);
    }
    table.text()
}
