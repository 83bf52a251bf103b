//! Reading: text becomes steps. What the format does not have is an error.

mod command;
mod definition;
mod entitlement;
mod fields;
mod invitation;
mod look;
mod member;
mod organisation;
mod outcome;
mod value;

use super::format_error::{Fault, FormatError};
use super::json::Json;
use super::names::Names;
use super::step::{Action, Scenario, Step};
use crate::time::Timestamp;

#[cfg(test)]
pub(crate) use fields::VOCABULARY;
use fields::{Fields, Read};

/// The scenario that this text says. The names in it are remembered.
pub(super) fn scenario(text: &str, names: &mut Names) -> Read<Scenario> {
    let not_json = |error: serde_json::Error| {
        let message = error.to_string();
        FormatError::at("", Fault::NotJson { message })
    };
    let json: Json = serde_json::from_str(text).map_err(not_json)?;
    let mut fields = Fields::of(json, names)?;
    let title = fields.required("scenario", value::text)?;
    let steps = fields.required("steps", |value, names| match value {
        Json::List(steps) => Ok(steps.into_iter().map(|it| step(it, names)).collect()),
        other => Err(FormatError::unexpected("a list", other)),
    })?;
    fields.finish()?;
    Ok(Scenario { title, steps })
}

fn step(value: Json, names: &mut Names) -> Step {
    let mut at = None;
    let action = read_step(value, names, &mut at);
    Step { at, action }
}

fn read_step(value: Json, names: &mut Names, at: &mut Option<Timestamp>) -> Read<Action> {
    let mut fields = Fields::of(value, names)?;
    *at = fields.optional("at", value::moment)?;
    let action = if fields.has("do") {
        let order = command::order(&mut fields)?;
        let outcome = outcome::outcome(&mut fields, &order)?;
        Action::Order { order, outcome }
    } else {
        Action::Look(look::look(&mut fields)?)
    };
    fields.finish()?;
    Ok(action)
}
