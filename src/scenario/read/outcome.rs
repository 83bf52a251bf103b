//! What a command must give: `refused` with `detail`, `changed`, `results`.

use super::super::json::Json;
use super::super::names::Names;
use super::super::step::{Fact, Order, Outcome};
use super::fields::{Fields, Read};
use super::value::{code, flag, list, only, permission_name, whole};
use crate::command::Command;

pub(super) fn outcome(fields: &mut Fields<'_>, order: &Order) -> Read<Outcome> {
    if let Some(code) = fields.optional("refused", code)? {
        fields.refuse_beside("refused", &["changed", "results"])?;
        let detail = |value, names: &mut Names| detail(code, value, names);
        let detail = fields.defaulted("detail", detail)?;
        return Ok(Outcome::Refused { code, detail });
    }
    let unchanged = fields.optional("changed", only(false))?.is_some();
    let results = match order.command {
        Command::InviteMany { .. } => fields.optional("results", list(verdict))?,
        _ => None,
    };
    Ok(Outcome::Done { unchanged, results })
}

/// What came of an entry of `invite_many`: `ok` or a code.
fn verdict(value: Json, names: &mut Names) -> Read<&'static str> {
    match value {
        Json::Text(word) if word == "ok" => Ok("ok"),
        other => code(other, names),
    }
}

/// Members of a refusal. One that refusals of this code do not have is an error.
fn detail(code: &str, value: Json, names: &mut Names) -> Read<Vec<(&'static str, Fact)>> {
    let mut fields = Fields::of(value, names)?;
    let facts = members_of(code).iter().map(|&(key, read)| {
        let fact = fields.optional(key, read)?;
        Ok(fact.map(|fact| (key, fact)))
    });
    let facts: Vec<_> = facts.collect::<Read<_>>()?;
    fields.finish()?;
    Ok(facts.into_iter().flatten().collect())
}

type Member = (&'static str, fn(Json, &mut Names) -> Read<Fact>);

/// The members that refusals of this code have.
fn members_of(code: &str) -> &'static [Member] {
    match code {
        "not_allowed" => &[("needed", listed)],
        "missing_prerequisite" => &[("missing", listed)],
        "exceeds_ceiling" | "defaults_exceed_ceiling" => &[("excess", listed)],
        "exceeds_actor" => &[("excess", listed), ("scope", flagged)],
        "role_in_use" => &[
            ("users", counted),
            ("groups", counted),
            ("invitations", counted),
        ],
        _ => &[],
    }
}

fn listed(value: Json, names: &mut Names) -> Read<Fact> {
    list(permission_name)(value, names).map(Fact::Names)
}

fn counted(value: Json, names: &mut Names) -> Read<Fact> {
    whole(value, names).map(Fact::Count)
}

fn flagged(value: Json, names: &mut Names) -> Read<Fact> {
    flag(value, names).map(Fact::Flag)
}
