//! The access matrix: who may do how much on what.

use std::path::PathBuf;

use clap::Args;

use rolebook::{Resource, ResourceKind, RoleId, UserId};
use serde::Serialize;

use crate::answer::Answer;
use crate::cell::{Cell, cell};
use crate::complaint::Complaint;
use crate::organisation::Organisation;
use crate::{grid, svg};

/// Who may do how much on what: rows users by role, columns resources by model.
#[derive(Debug, Args)]
pub(crate) struct Question {
    /// Write a picture to this file instead.
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
}

pub(crate) fn answer(organisation: &Organisation, asked: &Question) -> Result<Answer, Complaint> {
    let matrix = Matrix::of(organisation);
    let Some(file) = &asked.svg else {
        return Ok(Answer::new(organisation, grid::text(&matrix), &matrix));
    };
    let picture = svg::picture(&organisation.title(), &matrix);
    std::fs::write(file, picture).map_err(|error| Complaint::File {
        file: file.clone(),
        error,
    })?;
    let text = format!("wrote {}\n", file.display());
    Ok(Answer::new(organisation, text, &matrix))
}

#[derive(Serialize)]
pub(crate) struct Matrix {
    pub(crate) groups: Vec<ColumnGroup>,
    pub(crate) blocks: Vec<Block>,
}

/// A model and what stands beneath it, or the frameworks that the organisation shares.
#[derive(Serialize)]
pub(crate) struct ColumnGroup {
    pub(crate) name: String,
    pub(crate) columns: Vec<Column>,
}

#[derive(Serialize)]
pub(crate) struct Column {
    /// `M`, `V1`, `F1`: kind, and place among its kind in the group.
    pub(crate) label: String,
    /// The name, with the version it stands beneath where that is one.
    pub(crate) name: String,
    pub(crate) resource: Resource,
}

/// The holders of a role.
#[derive(Serialize)]
pub(crate) struct Block {
    pub(crate) role: String,
    pub(crate) rows: Vec<Row>,
}

#[derive(Serialize)]
pub(crate) struct Row {
    pub(crate) user: String,
    /// What sets them apart: `external`, `suspended`.
    pub(crate) note: Option<&'static str>,
    /// One for each column of each group.
    pub(crate) cells: Vec<Vec<Cell>>,
}

impl Matrix {
    pub(crate) fn of(organisation: &Organisation) -> Self {
        let groups = column_groups(organisation);
        let blocks = organisation.roles().into_iter().filter_map(|(id, role)| {
            let rows = rows(organisation, id, &groups);
            let role = role.name.to_string();
            (!rows.is_empty()).then_some(Block { role, rows })
        });
        let blocks = blocks.collect();
        Self { groups, blocks }
    }
}

fn column_groups(organisation: &Organisation) -> Vec<ColumnGroup> {
    let state = organisation.state();
    let mut models: Vec<_> = state.resources_of(ResourceKind::Model).collect();
    models.sort_by_key(|it| bare_name(organisation, *it));
    let mut groups: Vec<_> = models
        .into_iter()
        .map(|model| group_of(organisation, model))
        .collect();
    let children = state.children(Resource::Organisation);
    let shared = children.filter(|it| it.kind() == ResourceKind::Framework);
    let columns = columns(organisation, shared.collect());
    if !columns.is_empty() {
        let name = "shared".to_owned();
        groups.push(ColumnGroup { name, columns });
    }
    groups
}

fn group_of(organisation: &Organisation, model: Resource) -> ColumnGroup {
    let name = bare_name(organisation, model);
    let mut columns = columns(organisation, organisation.state().beneath(model));
    let label = "M".to_owned();
    columns.insert(
        0,
        Column {
            label,
            name: name.clone(),
            resource: model,
        },
    );
    ColumnGroup { name, columns }
}

fn columns(organisation: &Organisation, mut resources: Vec<Resource>) -> Vec<Column> {
    resources.sort_by_key(|it| (it.kind(), bare_name(organisation, *it)));
    let (mut versions, mut frameworks) = (1.., 1..);
    let column = |resource: Resource| Column {
        label: match resource.kind() {
            ResourceKind::Version => format!("V{}", versions.next().unwrap_or(0)),
            _ => format!("F{}", frameworks.next().unwrap_or(0)),
        },
        name: with_parent(organisation, resource),
        resource,
    };
    resources.into_iter().map(column).collect()
}

fn bare_name(organisation: &Organisation, resource: Resource) -> String {
    let name = organisation.names().resource(resource);
    name.split_once(':')
        .map_or(name.clone(), |(_, bare)| bare.to_owned())
}

fn with_parent(organisation: &Organisation, resource: Resource) -> String {
    let name = bare_name(organisation, resource);
    match organisation.state().parent(resource) {
        Some(parent @ Resource::Version(_)) => {
            format!("{name} (of {})", bare_name(organisation, parent))
        }
        _ => name,
    }
}

fn rows(organisation: &Organisation, role: RoleId, groups: &[ColumnGroup]) -> Vec<Row> {
    let row = |user: UserId| Row {
        user: organisation.names().name(user),
        note: note(organisation, user),
        cells: groups
            .iter()
            .map(|group| {
                let cells = group.columns.iter();
                let cell = |column: &Column| cell(organisation, user, role, column.resource);
                cells.map(cell).collect()
            })
            .collect(),
    };
    let holders = organisation.state().holders(role);
    let mut rows: Vec<_> = holders.map(|(user, _)| row(user)).collect();
    rows.sort_by_key(|row| row.user.clone());
    rows
}

fn note(organisation: &Organisation, user: UserId) -> Option<&'static str> {
    let registration = organisation.state().user(user)?;
    if !registration.is_active() {
        Some("suspended")
    } else if registration.is_service() {
        Some("service")
    } else if registration.is_external() {
        Some("external")
    } else {
        None
    }
}
