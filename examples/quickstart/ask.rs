//! One question: may this user do this to that, and why?

use std::fmt::Write as _;

use rolebook::{
    AllowReason, Decision, DenyReason, Permission, PermissionSet, Resource, Session, SignIn,
    Subject,
};

use crate::arguments::SessionArguments;
use crate::complaint::Complaint;
use crate::organisation::Organisation;
use crate::table::Table;

pub(crate) fn answer(
    organisation: &Organisation,
    [user, permission, resource]: [&str; 3],
    session: &SessionArguments,
) -> Result<String, Complaint> {
    let user = organisation.user(user)?;
    let sign_in = organisation.sign_in(user, session)?;
    let permission = organisation.permission(permission)?;
    let resource = organisation.resource(resource)?;
    Ok(text(organisation, sign_in, permission, resource))
}

fn text(
    organisation: &Organisation,
    sign_in: SignIn,
    permission: Permission,
    resource: Resource,
) -> String {
    let decision = decide(organisation, sign_in, permission, resource);
    let names = organisation.names();
    let mut text = format!(
        "{} {} {permission} on {}: {}\n{}\n",
        names.name(sign_in.user),
        if decision.is_allowed() {
            "may"
        } else {
            "may not"
        },
        names.resource(resource),
        decision.reason(),
        in_words(decision),
    );
    if let Ok(session) = organisation.state().session(sign_in) {
        let _ = write!(
            text,
            "\nActing as {}. What reaches {} there:\n{}",
            organisation.role_name(session.role()),
            names.resource(resource),
            sources(organisation, &session, permission, resource).text(),
        );
    }
    text
}

pub(crate) fn decide(
    organisation: &Organisation,
    sign_in: SignIn,
    permission: Permission,
    resource: Resource,
) -> Decision {
    let (state, now) = (organisation.state(), organisation.now());
    state.check(sign_in, permission, resource, now)
}

/// What a decision says to somebody who has not read the manual.
pub(crate) const fn in_words(decision: Decision) -> &'static str {
    match decision {
        Decision::Allow(AllowReason::Admin) => "They act as Admin, who may do everything.",
        Decision::Allow(AllowReason::Grant) => "A grant to them gives it.",
        Decision::Allow(AllowReason::GroupGrant) => "A grant to a group of theirs gives it.",
        Decision::Allow(AllowReason::RoleScope) => "Their role gives it here without any grant.",
        Decision::Deny(DenyReason::UnknownUser) => "They are no registered user.",
        Decision::Deny(DenyReason::Suspended) => "They are suspended.",
        Decision::Deny(DenyReason::RoleNotHeld) => "They do not hold this role.",
        Decision::Deny(DenyReason::SsoRequired) => "Single sign-on is required (--sso).",
        Decision::Deny(DenyReason::MfaRequired) => "A second factor is required (--mfa).",
        Decision::Deny(DenyReason::UnknownResource) => "The resource is not registered.",
        Decision::Deny(DenyReason::WrongKind) => "That is not done to a resource of this kind.",
        Decision::Deny(DenyReason::AboveCeiling) => {
            "It is above the ceiling of their role: no grant can give it."
        }
        Decision::Deny(DenyReason::Restricted) => "A restriction takes it, and always wins.",
        Decision::Deny(DenyReason::NotGranted) => "Nothing gives it to them here.",
    }
}

fn sources(
    organisation: &Organisation,
    session: &Session<'_>,
    permission: Permission,
    resource: Resource,
) -> Table {
    let of_kind = PermissionSet::of_kind(resource.kind());
    let mut table = Table::with_headings(&["source", "holds it", "permissions"]);
    let mut row = |source: String, set: PermissionSet| {
        let holds = if set.holds(permission) { "yes" } else { "no" };
        let set = set.intersection(of_kind);
        table.row([source, holds.to_owned(), short(set)]);
    };
    for (source, set) in grants(organisation, session, resource) {
        row(source, set);
    }
    let role = session.role_definition();
    row(format!("role {}", role.name), role_scope(session, resource));
    for (source, set) in restrictions(organisation, session, resource) {
        row(source, set);
    }
    row(format!("ceiling of {}", role.name), role.ceiling);
    table
}

/// The names of a set, without their kind.
pub(crate) fn short(set: PermissionSet) -> String {
    let names = set
        .iter()
        .map(|it| it.name().split_once('.').map_or("", |(_, name)| name));
    let names: Vec<_> = names.collect();
    if names.is_empty() {
        "-".to_owned()
    } else {
        names.join(", ")
    }
}

/// The user, and the groups they are in.
fn subjects(session: &Session<'_>) -> Vec<Subject> {
    let groups = session.state().groups_of(session.user());
    let user = Subject::User(session.user());
    [user]
        .into_iter()
        .chain(groups.map(Subject::Group))
        .collect()
}

fn chain(session: &Session<'_>, resource: Resource) -> Vec<Resource> {
    let chain = session.state().chain(resource);
    chain.into_iter().flatten().collect()
}

/// The live grants that count under the session's role.
fn grants(
    organisation: &Organisation,
    session: &Session<'_>,
    resource: Resource,
) -> Vec<(String, PermissionSet)> {
    let (state, names) = (session.state(), organisation.names());
    let counts = |subject: &Subject| match subject {
        Subject::User(_) => true,
        Subject::Group(id) => state.group(*id).is_some_and(|it| it.role == session.role()),
    };
    let mut found = Vec::new();
    for subject in subjects(session).into_iter().filter(counts) {
        for on in chain(session, resource) {
            let grant = state.grant(subject, on);
            if let Some(grant) = grant.filter(|it| it.is_live(organisation.now())) {
                let (to, on) = (names.subject(subject), names.resource(on));
                found.push((format!("grant to {to} on {on}"), grant.permissions));
            }
        }
    }
    found
}

fn restrictions(
    organisation: &Organisation,
    session: &Session<'_>,
    resource: Resource,
) -> Vec<(String, PermissionSet)> {
    let names = organisation.names();
    let mut found = Vec::new();
    for subject in subjects(session) {
        for on in chain(session, resource) {
            if let Some(set) = session.state().restriction(subject, on) {
                let (from, on) = (names.subject(subject), names.resource(on));
                found.push((format!("restriction of {from} on {on}"), set));
            }
        }
    }
    found
}

/// What the role gives there without any grant.
fn role_scope(session: &Session<'_>, resource: Resource) -> PermissionSet {
    let role = session.role_definition();
    let chain = chain(session, resource);
    if resource == Resource::Organisation || role.scope.reaches(chain.into_iter()) {
        role.defaults
    } else {
        PermissionSet::EMPTY
    }
}
