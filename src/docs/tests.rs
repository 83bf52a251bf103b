//! The chapters say what the code does, and name tests that exist.

use std::fs;
use std::path::Path;

use crate::command::Command;
use crate::permission::{Level, Permission, PermissionSet};
use crate::refusal::Refusal;
use crate::resource::ResourceKind;
use crate::review::FindingCode;

const REFERENCE: &str = include_str!("reference.md");
const SCENARIOS: &str = include_str!("scenarios.md");
const SECURITY: &str = include_str!("security.md");

/// The cells of every row whose first cell is a name in the section.
fn rows(section: &str) -> Vec<Vec<&'static str>> {
    rows_of(REFERENCE, section)
}

fn rows_of(chapter: &'static str, section: &str) -> Vec<Vec<&'static str>> {
    let heading = format!("# {section}\n");
    let (_, rest) = chapter.split_once(&heading).unwrap();
    let text = rest.split("\n# ").next().unwrap();
    let rows = text.lines().filter(|line| line.starts_with("| `"));
    rows.map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect()
}

/// What stands between back quotes.
fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

fn lowest_level(permission: Permission) -> String {
    let holds = |level: &Level| level.permissions(permission.kind()).holds(permission);
    let level = Level::ALL.into_iter().find(holds);
    level.map_or("-".to_owned(), |level| level.to_string())
}

#[test]
fn the_table_of_permissions_is_the_catalogue() {
    let rows = rows("Permissions");
    assert_eq!(rows.len(), Permission::all().count());
    for (row, permission) in rows.iter().zip(Permission::all()) {
        assert_eq!(quoted(row[0]), [permission.name()]);
        assert_eq!(row[1], lowest_level(permission), "{permission}");
        let kind = permission.kind();
        let needs = quoted(row[2]).into_iter().map(|it| format!("{kind}.{it}"));
        let needs: PermissionSet = needs.map(|it| it.parse::<Permission>().unwrap()).collect();
        assert_eq!(needs, permission.prerequisites(), "{permission}");
    }
}

#[test]
fn the_tables_of_codes_are_complete_and_in_order() {
    let first = |section| -> Vec<&str> {
        let rows = rows(section);
        rows.iter().map(|row| quoted(row[0])[0]).collect()
    };
    assert_eq!(first("Refusals"), Refusal::CODES);
    let findings: Vec<_> = FindingCode::ALL.iter().map(|it| it.name()).collect();
    assert_eq!(first("Findings"), findings);
    for (row, code) in rows("Findings").iter().zip(FindingCode::ALL) {
        let severity = serde_json::to_value(code.severity()).unwrap();
        assert_eq!(severity, row[1], "{code}");
    }
    let reasons = first("Reasons of decisions");
    let (allows, denials) = reasons.split_at(4);
    let read = |verdict: &str, reason: &&str| {
        let json = format!("{{\"{verdict}\":\"{reason}\"}}");
        serde_json::from_str::<crate::Decision>(&json).unwrap()
    };
    let allows: Vec<_> = allows.iter().map(|it| read("allow", it)).collect();
    let denials: Vec<_> = denials.iter().map(|it| read("deny", it)).collect();
    assert!(allows.iter().all(|it| it.is_allowed()) && denials.len() == 10);
}

#[test]
fn every_command_is_in_the_table() {
    let error = serde_json::from_str::<Command>("\"none\"").unwrap_err();
    let message = error.to_string();
    let known: Vec<_> = quoted(&message).into_iter().skip(1).collect();
    assert!(known.len() > 30, "{message}");
    for chapter in [REFERENCE, SCENARIOS] {
        let rows = rows_of(chapter, "Commands");
        let told: Vec<_> = rows.iter().flat_map(|row| quoted(row[0])).collect();
        for command in &known {
            assert!(told.contains(command), "{command} is not in the table");
        }
    }
}

#[cfg(feature = "scenario")]
#[test]
fn every_key_of_the_scenario_format_is_told() {
    let told: Vec<_> = quoted(SCENARIOS)
        .into_iter()
        .flat_map(|text| text.split(|it: char| !it.is_ascii_alphanumeric() && it != '_'))
        .collect();
    for word in crate::scenario::VOCABULARY {
        assert!(told.contains(word), "{word} is not told");
    }
}

#[test]
fn the_built_in_roles_are_as_told() {
    let line = |name: &str| {
        let start = format!("| {name} |");
        let line = REFERENCE.lines().find(|line| line.starts_with(&start));
        line.unwrap().split('|').map(str::trim).collect::<Vec<_>>()
    };
    let named = |text| PermissionSet::from_names(quoted(text)).unwrap();
    let built_in = |id| crate::role::built_in(id).unwrap();
    let architect = built_in(crate::RoleId::DATA_ARCHITECT);
    let edit: PermissionSet = ResourceKind::ALL
        .into_iter()
        .map(|kind| Level::Edit.permissions(kind))
        .collect();
    let row = line("Data Architect");
    assert_eq!(architect.defaults, edit.union(named(row[2])));
    let reviewer = built_in(crate::RoleId::REVIEWER);
    let beyond = reviewer.ceiling.without(reviewer.defaults);
    assert_eq!(beyond, named(line("Reviewer")[3]));
}

/// Whatever the security chapter names as a test is one.
#[test]
fn the_tests_named_in_the_security_chapter_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    if !root.join("tests").exists() {
        return; // the packaged crate comes without its tests
    }
    let named = quoted(SECURITY).into_iter().filter_map(|text| {
        let (file, name) = text.split_once("::")?;
        file.ends_with(".rs").then_some((file, name))
    });
    let named: Vec<_> = named.collect();
    assert!(named.len() > 10);
    for (file, name) in named {
        let text = fs::read_to_string(root.join(file)).expect(file);
        assert!(text.contains(&format!("fn {name}(")), "{file}::{name}");
    }
    let scenarios = quoted(SECURITY)
        .into_iter()
        .filter(|text| text.ends_with(".json"));
    for file in scenarios {
        assert!(root.join("tests/scenarios").join(file).exists(), "{file}");
    }
}
