//! Why a user may or may not do something.

use clap::Args;
use rolebook::SignIn;

use crate::answer::Answer;
use crate::arguments::SessionArguments;
use crate::complaint::Complaint;
use crate::organisation::Organisation;

/// May this user do this to that, and why?
#[derive(Debug, Args)]
pub(crate) struct Question {
    /// The user: `rita`.
    pub(crate) user: String,
    /// What they would do: `version.update`.
    pub(crate) permission: String,
    /// On what: `organisation`, `model:NAME`, `version:NAME` or `framework:NAME`.
    pub(crate) resource: String,
    #[command(flatten)]
    pub(crate) session: SessionArguments,
    /// Say what the user may be told themselves, and no more.
    #[arg(long)]
    pub(crate) public: bool,
}

pub(crate) fn answer(organisation: &Organisation, asked: &Question) -> Result<Answer, Complaint> {
    let user = organisation.user(&asked.user)?;
    let sign_in = organisation.sign_in(user, &asked.session)?;
    let permission = organisation.permission(&asked.permission)?;
    let on = organisation.resource(&asked.resource)?;
    let (state, now) = (organisation.state(), organisation.now());
    if asked.public {
        let told = state.explain_publicly(sign_in, permission, on, now);
        return Ok(Answer::new(organisation, format!("{told}\n"), &told));
    }
    let explanation = state.explain(sign_in, permission, on, now);
    let decision = explanation.decision();
    let text = format!("{decision}\n{}\n", explanation.describe(organisation));
    Ok(Answer::new(organisation, text, &explanation))
}

/// The decision, and the sentence that says why.
pub(crate) fn in_short(
    organisation: &Organisation,
    [user, permission, resource]: [&str; 3],
) -> Result<(String, String), Complaint> {
    let sign_in = SignIn::new(organisation.user(user)?);
    let permission = organisation.permission(permission)?;
    let on = organisation.resource(resource)?;
    let (state, now) = (organisation.state(), organisation.now());
    let explanation = state.explain(sign_in, permission, on, now);
    let described = explanation.describe(organisation).to_string();
    let sentence = described.lines().next().unwrap_or_default().to_owned();
    Ok((explanation.decision().to_string(), sentence))
}
