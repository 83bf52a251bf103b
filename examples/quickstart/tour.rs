//! The tour: roles in words, the access matrix, a few decisions.

use std::fmt::Write as _;

use rolebook::ResourceKind;

use crate::answer::Answer;
use crate::matrix::Matrix;
use crate::organisation::Organisation;
use crate::table::wrap;
use crate::{explain, grid};

const WIDTH: usize = 100;
/// Where the words of a summary begin.
const HANG: usize = 18;

/// Questions whose answers show the rule at work. Those about what the organisation does not have
/// are left out.
const QUESTIONS: [[&str; 3]; 8] = [
    ["rita", "version.comment_create", "version:churn-1"],
    ["rita", "version.update", "version:churn-1"],
    ["dan", "version.update", "version:pricing-1"],
    ["raj", "version.read", "version:credit-2"],
    ["aude", "version.read", "version:churn-3"],
    ["aude", "version.read", "version:fraud-1"],
    ["eve", "version.read", "version:pricing-1"],
    ["ron", "framework.read", "framework:brand"],
];

pub(crate) fn answer(organisation: &Organisation) -> Answer {
    let matrix = Matrix::of(organisation);
    Answer::new(organisation, text(organisation, &matrix), &matrix)
}

fn text(organisation: &Organisation, matrix: &Matrix) -> String {
    let mut text = format!("{}\n\n", overview(organisation));
    text.push_str("ROLES\n\n");
    for (_, role) in organisation.roles() {
        text.push_str(&wrap(&role.summary().to_string(), WIDTH, HANG));
        text.push('\n');
    }
    text.push_str("ACCESS\n\n");
    text.push_str(&grid::text(matrix));
    let decisions = decisions(organisation);
    if !decisions.is_empty() {
        let _ = write!(text, "\nDECISIONS\n\n{decisions}");
    }
    text
}

fn overview(organisation: &Organisation) -> String {
    let state = organisation.state();
    let count = |kind| state.resources_of(kind).count();
    format!(
        "{}, revision {}: {} users, {} groups, {} models, {} versions, {} frameworks",
        organisation.title(),
        state.revision(),
        state.users().count(),
        state.groups().count(),
        count(ResourceKind::Model),
        count(ResourceKind::Version),
        count(ResourceKind::Framework),
    )
}

fn decisions(organisation: &Organisation) -> String {
    let mut text = String::new();
    for question in QUESTIONS {
        // Another organisation need not have what is asked about.
        if let Ok((decision, sentence)) = explain::in_short(organisation, question) {
            let asked = question.join(" ");
            let _ = writeln!(text, "{asked}: {decision}\n    {sentence}");
        }
    }
    wrap(&text, WIDTH, 4)
}
