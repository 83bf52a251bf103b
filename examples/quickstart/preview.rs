//! What a command would change.

use clap::Args;
use rolebook::scenario::Names;
use rolebook::{Actor, Command, SignIn, SignInProof};

use crate::answer::Answer;
use crate::complaint::Complaint;
use crate::named_json;
use crate::organisation::Organisation;
use crate::table::wrap_sentences;

/// What would this command change? Nothing is changed.
#[derive(Debug, Args)]
pub(crate) struct Question {
    /// The command as `review` prints it: `{"remove": {"user": "mia"}}`.
    command: String,
    /// Who would give it: a user, under their primary role and with full sign-in proof; the operator
    /// where absent.
    #[arg(long = "as", value_name = "USER")]
    actor: Option<String>,
}

pub(crate) fn answer(organisation: &Organisation, asked: &Question) -> Result<Answer, Complaint> {
    let mut names = organisation.names().clone();
    let command = command(&mut names, &asked.command)?;
    let actor = match &asked.actor {
        Some(name) => SignIn::new(organisation.user(name)?)
            .with_proof(SignInProof::FULL)
            .into(),
        None => Actor::Operator,
    };
    // With the names of what the command would make, and of what there is not.
    let organisation = &organisation.knowing(names);
    let (state, now) = (organisation.state(), organisation.now());
    match rolebook::preview(state, &actor, &command, now) {
        Ok(preview) => {
            let text = wrap_sentences(&preview.describe(organisation).to_string(), 110);
            Ok(Answer::new(organisation, text, &preview))
        }
        Err(refusal) => {
            let (code, told) = (refusal.code(), refusal.sentence(organisation));
            let text = format!("Refused, {code}: {told}.\n");
            Ok(Answer::new(organisation, text, &refusal))
        }
    }
}

fn command(names: &mut Names, text: &str) -> Result<Command, Complaint> {
    let unclear = |error: &dyn std::fmt::Display| Complaint::Unclear {
        message: format!("not a command: {error}"),
    };
    let value = serde_json::from_str(text).map_err(|error| unclear(&error))?;
    let value = named_json::with_ids(names, "", value).map_err(|error| unclear(&error))?;
    serde_json::from_value(value).map_err(|error| unclear(&error))
}
