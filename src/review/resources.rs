//! Findings on resources: models that nobody but Admins can use.

use super::survey::Survey;
use super::{Finding, FindingCode};
use crate::resource::{Resource, ResourceKind};

pub(super) fn findings(survey: &Survey<'_>) -> Vec<Finding> {
    let models = survey.state.resources_of(ResourceKind::Model);
    let unused = models.filter(|model| !is_used(survey, *model));
    unused
        .map(|model| Finding::new(FindingCode::ModelUnused, [model.into()]))
        .collect()
}

fn is_used(survey: &Survey<'_>, model: Resource) -> bool {
    let beneath = survey.state.beneath(model).into_iter();
    beneath.chain([model]).any(|it| survey.is_used(it))
}
