//! What an administrator should look at.

use std::fmt::Write as _;

use clap::Args;
use rolebook::review::Severity;
use rolebook::{Command, Finding, ReviewOptions};

use crate::answer::Answer;
use crate::complaint::Complaint;
use crate::named_json;
use crate::organisation::Organisation;
use crate::table::wrap;

/// What should an administrator look at?
#[derive(Debug, Args)]
pub(crate) struct Question {
    /// Leave out clutter: show what presses alone.
    #[arg(long)]
    pressing: bool,
}

pub(crate) fn answer(organisation: &Organisation, asked: &Question) -> Result<Answer, Complaint> {
    let (state, now) = (organisation.state(), organisation.now());
    let mut findings = rolebook::review(state, &ReviewOptions::default(), now);
    findings.retain(|it| !asked.pressing || it.severity() > Severity::Notice);
    // Stable: within a severity the order of codes stays.
    findings.sort_by_key(|it| std::cmp::Reverse(it.severity()));
    let text = text(organisation, &findings);
    Ok(Answer::new(organisation, text, &findings))
}

fn text(organisation: &Organisation, findings: &[Finding]) -> String {
    let mut text = format!("{} findings\n", findings.len());
    for severity in [Severity::Urgent, Severity::Warning, Severity::Notice] {
        let of_severity = findings.iter().filter(|it| it.severity() == severity);
        let of_severity: Vec<_> = of_severity.collect();
        if !of_severity.is_empty() {
            let _ = writeln!(text, "\n{}", heading(severity));
        }
        for finding in of_severity {
            text.push_str(&one(organisation, finding));
        }
    }
    text
}

const fn heading(severity: Severity) -> &'static str {
    match severity {
        Severity::Urgent => "URGENT",
        Severity::Warning => "WARNING",
        Severity::Notice => "NOTICE",
    }
}

fn one(organisation: &Organisation, finding: &Finding) -> String {
    let sentence = finding.sentence(organisation);
    let mut text = format!("\n  {sentence} ({})\n    {}\n", finding.code, finding.why());
    for command in &finding.mend {
        let _ = writeln!(text, "    mend: {}", as_json(organisation, command));
    }
    wrap(&text, 110, 4)
}

/// The command as `preview` takes it.
fn as_json(organisation: &Organisation, command: &Command) -> String {
    let value = serde_json::to_value(command).unwrap_or_default();
    named_json::with_names(organisation.names(), value).to_string()
}
