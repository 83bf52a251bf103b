//! Findings on the whole organisation: what an administrator should look at, why, and the command
//! that would mend it.
//!
//! Each family of findings has a file of its own. Findings are facts of one state at one time; the
//! same state and time give the same findings in the same order.

mod admins;
mod finding;
mod grants;
mod groups;
mod invitations;
mod members;
mod options;
mod resources;
mod restrictions;
mod roles;
mod survey;
mod text;
mod usage;

use crate::permission::PermissionSet;
use crate::state::State;
use crate::time::Timestamp;
use crate::topic::Topic;

pub use finding::{Finding, FindingCode, Severity};
pub use options::{ReviewOptions, SeparatedDuties, Usage, Use};

use survey::Survey;

/// What there is to find in an organisation, in the order of codes and subjects.
///
/// Cost in proportion to what all users can reach; meant for a report, not for a request.
#[must_use]
pub fn review(state: &State, options: &ReviewOptions, now: Timestamp) -> Vec<Finding> {
    if !state.is_founded() {
        return Vec::new();
    }
    let families = [
        admins::findings,
        members::findings,
        grants::findings,
        restrictions::findings,
        roles::findings,
        groups::findings,
        resources::findings,
        invitations::findings,
        usage::findings,
    ];
    let survey = Survey::of(state, options, now);
    let mut findings: Vec<_> = families
        .into_iter()
        .flat_map(|family| family(&survey))
        .collect();
    findings.sort_by(|one, other| order(one).cmp(&order(other)));
    findings
}

fn order(finding: &Finding) -> (FindingCode, &[Topic], PermissionSet) {
    (finding.code, &finding.subjects, finding.permissions)
}
