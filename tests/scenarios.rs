//! The scenario files, and that each of their expectations can fail.
#![cfg(feature = "scenario")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test that panics has failed, which is what it is for"
)]

use std::fs;
use std::path::Path;

use rolebook::scenario;
use serde_json::{Value, json};

/// Name and text of every scenario file, by name.
fn files() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let mut files: Vec<_> = entries
        .map(|entry| {
            let name = entry.file_name().into_string().unwrap();
            (name, fs::read_to_string(entry.path()).unwrap())
        })
        .collect();
    files.sort();
    files
}

#[test]
fn every_step_of_every_file_holds() {
    let files = files();
    assert_eq!(files.len(), 90);
    let reports = files.iter().map(|(name, text)| scenario::run(name, text));
    let failures: String = reports.map(|report| report.to_string()).collect();
    assert!(failures.is_empty(), "\n{failures}");
}

/// The looks at what explains hold, and fail where they say something else.
#[test]
fn looks_at_explanations_hold_and_can_fail() {
    let text = include_str!("looks/explaining.json");
    let report = scenario::run("explaining.json", text);
    assert!(report.passed(), "\n{report}");
    for (right, wrong) in [
        ("\"grant version:v1\", ", ""),
        ("[\"restrict\"]", "[\"unrestrict\"]"),
        ("\"organisation\", \"version:v1\"", "\"organisation\""),
        ("\"model_unused\", ", ""),
    ] {
        assert!(text.contains(right), "{right}");
        let report = scenario::run("altered.json", &text.replacen(right, wrong, 1));
        assert_eq!(report.failures.len(), 1, "{right}: {report}");
    }
}

#[test]
fn every_expectation_can_fail() {
    for (name, text) in files() {
        fails_throughout(&name, &text);
    }
}

/// Every step with another expectation fails, and nothing else does: `restore` has none to alter.
fn fails_throughout(name: &str, text: &str) {
    let mut file: Value = serde_json::from_str(text).unwrap();
    let mut altered = Vec::new();
    for (index, step) in file["steps"].as_array_mut().unwrap().iter_mut().enumerate() {
        let others = other_expectations(step);
        if !others.is_empty() {
            *step = others[index % others.len()].clone();
            altered.push(Some(index + 1));
        }
    }
    let report = scenario::run(name, &file.to_string());
    let failed: Vec<_> = report.failures.iter().map(|failure| failure.step).collect();
    assert_eq!(failed, altered, "{name}");
    let misread = |failure: &scenario::Failure| {
        matches!(failure.problem, scenario::Problem::Format(_)).then(|| failure.to_string())
    };
    assert_eq!(report.failures.iter().find_map(misread), None, "{name}");
}

/// The step with other expectations, none of which holds.
fn other_expectations(step: &Value) -> Vec<Value> {
    let with = |key: &str, value: Value| {
        let mut step = step.clone();
        step[key] = value;
        step
    };
    let without = |keys: &[&str]| {
        let mut step = step.clone();
        keys.iter()
            .for_each(|key| drop(step.as_object_mut().unwrap().remove(*key)));
        step
    };
    if step.get("restore").is_some() {
        Vec::new()
    } else if step.get("preview").is_some() {
        other_previews(step)
    } else if step.get("check").is_some() {
        other_checks(step)
    } else if let Some(expect) = step.get("expect") {
        let others = other_values(expect, filler(step));
        others
            .into_iter()
            .map(|other| with("expect", other))
            .collect()
    } else if let Some(code) = step.get("refused") {
        let mut others = vec![without(&["refused", "detail"])];
        let other = if code == "not_allowed" {
            "suspended"
        } else {
            "not_allowed"
        };
        let mut other_code = without(&["detail"]);
        other_code["refused"] = other.into();
        others.push(other_code);
        let details = step.get("detail").map(other_details).unwrap_or_default();
        others.extend(details.into_iter().map(|detail| with("detail", detail)));
        others
    } else {
        let mut refused = without(&["changed", "results"]);
        refused["refused"] = "not_allowed".into();
        let results = step.get("results").map(|it| other_values(it, "ok"));
        let results = results.unwrap_or_default().into_iter();
        let results = results.map(|other| with("results", other));
        results.chain([refused]).collect()
    }
}

fn other_previews(step: &Value) -> Vec<Value> {
    let preview = &step["preview"];
    if step.get("refused").is_some() {
        return vec![
            json!({"preview": preview, "gained": [], "lost": []}),
            json!({"preview": preview, "refused": "not_founded"}),
        ];
    }
    let more = |changes: &Value| {
        let mut changes = changes.as_array().unwrap().clone();
        changes.push(json!(["zoe", "model:m1", "model.read"]));
        Value::from(changes)
    };
    let (gained, lost) = (&step["gained"], &step["lost"]);
    vec![
        json!({"preview": preview, "gained": more(gained), "lost": lost}),
        json!({"preview": preview, "gained": gained, "lost": more(lost)}),
        json!({"preview": preview, "refused": "not_founded"}),
    ]
}

fn other_checks(step: &Value) -> Vec<Value> {
    let (mut other_decision, mut other_reason) = (step.clone(), step.clone());
    let allowed = step["expect"] == "allow";
    other_decision["expect"] = if allowed { "deny" } else { "allow" }.into();
    other_decision.as_object_mut().unwrap().remove("because");
    let reasons = if allowed {
        ["admin", "grant"]
    } else {
        ["restricted", "not_granted"]
    };
    let other = reasons
        .into_iter()
        .find(|reason| step["because"] != *reason);
    other_reason["because"] = other.into();
    vec![other_decision, other_reason]
}

fn other_details(detail: &Value) -> Vec<Value> {
    let members = detail.as_object().unwrap().iter();
    let others = members.flat_map(|(key, value)| {
        let others = other_values(value, "model.read").into_iter();
        others.map(move |other| (key.clone(), other))
    });
    let altered = others.map(|(key, other)| {
        let mut detail = detail.clone();
        detail[key] = other;
        detail
    });
    altered.collect()
}

/// Something that may stand in the list that this look expects.
fn filler(step: &Value) -> &'static str {
    match step {
        _ if step.get("resources_for").is_some() => "model:m1",
        _ if step.get("effective").is_some() => "model.read",
        _ => "zoe",
    }
}

/// Other values of the same shape: one more, one less, another order.
fn other_values(value: &Value, filler: &str) -> Vec<Value> {
    match value {
        Value::Number(count) => vec![json!(count.as_u64().unwrap() + 1)],
        Value::Bool(flag) => vec![json!(!flag)],
        Value::Array(items) => {
            let mut more = items.clone();
            more.push(filler.into());
            let less = items.split_last().map(|(_, rest)| json!(rest));
            let mut reversed = items.clone();
            reversed.reverse();
            let reversed = (reversed != *items).then(|| json!(reversed));
            [Some(json!(more)), less, reversed]
                .into_iter()
                .flatten()
                .collect()
        }
        Value::Object(rows) => {
            let mut more = rows.clone();
            more.insert("model:another".to_owned(), json!(["model.read"]));
            let mut less = rows.clone();
            let first = rows.keys().next();
            let less = first.map(|key| {
                less.remove(key);
                json!(less)
            });
            [Some(json!(more)), less].into_iter().flatten().collect()
        }
        other => panic!("no other value for {other}"),
    }
}
