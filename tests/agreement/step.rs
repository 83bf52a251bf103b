//! One command of a sequence, and how it reads.

use std::fmt;

use rolebook::{Actor, Command, Timestamp};

use super::universe::START;

#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) now: Timestamp,
    pub(crate) actor: Actor,
    pub(crate) command: Command,
}

impl Step {
    /// The name of the command.
    pub(crate) fn kind(&self) -> String {
        let name = serde_json::to_value(&self.command).unwrap();
        match name {
            serde_json::Value::String(name) => name,
            serde_json::Value::Object(object) => object.keys().next().unwrap().clone(),
            _ => unreachable!("a command is a word or an object"),
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let passed = self.now.milliseconds() as i128 - i128::from(START) * 1_000;
        let actor = match &self.actor {
            Actor::Operator => "operator".to_owned(),
            Actor::Invitee => "invitee".to_owned(),
            Actor::User(it) => {
                let role = it
                    .role
                    .map_or(String::new(), |role| format!(" as {role:?}"));
                let proof = match (it.proof.sso, it.proof.mfa) {
                    (true, true) => "",
                    (true, false) => " (sso)",
                    (false, true) => " (mfa)",
                    (false, false) => " (no proof)",
                };
                format!("user {}{role}{proof}", it.user.value())
            }
        };
        let text = format!("+{passed}ms {actor}: {:?}", self.command);
        formatter.write_str(&shortened(text))
    }
}

fn shortened(text: String) -> String {
    text.replace("RoleId(ffffffffffffffffffffffffffffffff)", "ADMIN")
        .replace("RoleId(fffffffffffffffffffffffffffffffe)", "DATA_ARCHITECT")
        .replace("RoleId(fffffffffffffffffffffffffffffffd)", "REVIEWER")
        .replace("TokenDigest(..)", "..")
}
