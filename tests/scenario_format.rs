//! Scenario files that are malformed or do not hold: each is reported, at its step and key.
#![cfg(feature = "scenario")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test that panics has failed, which is what it is for"
)]

use proptest::prelude::*;
use proptest::sample::Index;
use rolebook::scenario::{self, Report};
use serde_json::Value;

/// Acme with its Admin Ada, a model with a version, and Rita, who may review the model.
const ACME: [&str; 7] = [
    r#"{"do": "found", "name": "Acme", "first_admin": "ada@acme.test", "invitation": "i0", "token": "t0"}"#,
    r#"{"do": "accept", "invitation": "i0", "token": "t0", "user": "ada", "email": "ada@acme.test"}"#,
    r#"{"as": "ada", "do": "register", "resource": "model:m1"}"#,
    r#"{"as": "ada", "do": "register", "resource": "version:v1", "parent": "model:m1"}"#,
    r#"{"as": "ada", "do": "invite", "invitation": "i1", "email": "rita@acme.test", "roles": ["reviewer"], "token": "t1"}"#,
    r#"{"do": "accept", "invitation": "i1", "token": "t1", "user": "rita", "email": "rita@acme.test"}"#,
    r#"{"as": "ada", "do": "grant", "to": "user:rita", "on": "model:m1"}"#,
];

fn file_of(steps: &[&str]) -> String {
    format!(r#"{{"scenario": "Acme", "steps": [{}]}}"#, steps.join(", "))
}

fn run(steps: &[&str]) -> Report {
    scenario::run("acme.json", &file_of(steps))
}

/// The one line on this step, the eighth after Acme is set up; empty where it holds.
fn line_on(step: &str) -> String {
    let report = run(&[&ACME[..], &[step]].concat());
    let lines = report.to_string();
    assert_eq!(report.steps, 8);
    assert_eq!(lines.is_empty(), report.passed());
    assert_eq!(lines.lines().count(), report.failures.len());
    let line = lines.trim_end_matches('\n');
    match line.strip_prefix("acme.json: step 8: ") {
        Some(rest) => rest.to_owned(),
        None => line.to_owned(),
    }
}

fn says(step: &str, line: &str) {
    assert_eq!(line_on(step), line, "{step}");
}

#[test]
fn steps_that_hold_say_nothing() {
    assert!(run(&ACME).passed());
    for step in [
        r#"{"check": "version.read", "on": "version:v1", "user": "rita", "expect": "allow"}"#,
        r#"{"check": [], "on": "version:v1", "user": "rita", "expect": "deny", "because": "not_granted"}"#,
        r#"{"effective": "rita", "role": "admin", "on": "model:m1", "expect": []}"#,
        r#"{"effective": "zoe", "on": "model:m1", "expect": []}"#,
        r#"{"resources_for": "zoe", "permission": "model.read", "expect": []}"#,
        r#"{"resources_for": "ada", "permission": "organisation.users_read", "expect": ["organisation"]}"#,
        r#"{"users_for": "model.read", "on": "model:zoe", "expect": []}"#,
        r#"{"grants": "group:zoe", "expect": {}}"#,
        r#"{"restrictions": "user:zoe", "expect": {}}"#,
        r#"{"groups_of": "zoe", "expect": []}"#,
        r#"{"roles_of": "zoe", "expect": []}"#,
        r#"{"members": "suspended", "expect": []}"#,
        r#"{"invitations": "accepted", "expect": ["i0", "i1"]}"#,
        r#"{"preview": {"do": "suspend", "user": "zoe"}, "refused": "not_registered"}"#,
        r#"{"as": {"user": "ada", "role": "admin", "sso": true, "mfa": false}, "do": "set_limits", "seats": {"reviewer": null}, "changed": false}"#,
        r#"{"as": "rita", "do": "suspend", "user": "ada", "refused": "not_allowed", "detail": {"needed": ["organisation.users_manage"]}}"#,
        r#"{"as": "rita", "do": "register", "resource": "version:v9", "parent": "model:m1", "refused": "not_allowed", "detail": {"needed": ["model.version_create"]}}"#,
        r#"{"as": "rita", "do": "grant", "to": "user:rita", "on": "model:m1", "refused": "not_allowed", "detail": {"needed": ["model.users_update", "organisation.permissions_manage"]}}"#,
        r#"{"as": "rita", "do": "leave"}"#,
        r#"{"restore": true}"#,
    ] {
        says(step, "");
    }
}

#[test]
fn what_came_is_reported() {
    let table = [
        (
            r#"{"as": "rita", "do": "leave", "refused": "last_admin"}"#,
            "leave by rita: expected refused last_admin, came done",
        ),
        (
            r#"{"as": "rita", "do": "leave", "changed": false}"#,
            "leave by rita: expected no change, came a change",
        ),
        (
            r#"{"as": "ada", "do": "leave"}"#,
            "leave by ada: expected done, came refused last_admin",
        ),
        (
            r#"{"as": "ada", "do": "leave", "changed": false}"#,
            "leave by ada: expected done, no change, came refused last_admin",
        ),
        (
            r#"{"as": {"user": "rita", "role": "admin"}, "do": "leave", "refused": "suspended"}"#,
            "leave by rita under admin: expected refused suspended, came refused role_not_held",
        ),
        (
            r#"{"do": "accept", "invitation": "i9", "token": "t9", "user": "zoe", "email": "zoe@acme.test"}"#,
            "accept: expected done, came refused unavailable",
        ),
        (
            r#"{"do": "grant", "to": "user:rita", "on": "model:m1", "extend": ["model.delete"], "refused": "exceeds_ceiling", "detail": {"excess": ["model.read"]}}"#,
            "grant by operator: expected refused exceeds_ceiling (excess [model.read]), came refused exceeds_ceiling (excess [model.delete])",
        ),
        (
            r#"{"do": "restrict", "from": "user:rita", "on": "model:m1", "permissions": [], "refused": "missing_prerequisite", "detail": {"missing": []}}"#,
            "restrict by operator: expected refused missing_prerequisite (missing []), came refused empty_restriction",
        ),
        (
            r#"{"as": "rita", "do": "suspend", "user": "ada", "refused": "not_allowed", "detail": {"needed": []}}"#,
            "suspend by rita: expected refused not_allowed (needed []), came refused not_allowed (needed [organisation.users_manage])",
        ),
        (
            r#"{"do": "batch", "commands": [{"do": "suspend", "user": "rita"}, {"do": "suspend", "user": "rita"}]}"#,
            "batch by operator: expected done, came refused already_suspended",
        ),
        (
            r#"{"do": "invite_many", "entries": [{"invitation": "i2", "email": "a@b", "roles": ["reviewer"], "token": "t2"}], "results": ["ok"]}"#,
            "invite_many by operator: expected [ok], came [invalid_email]",
        ),
        (
            r#"{"do": "preview"}"#,
            r#"key "do": expected a command, found "preview""#,
        ),
    ];
    table.into_iter().for_each(|(step, line)| says(step, line));
}

#[test]
fn what_a_look_saw_is_reported() {
    let table = [
        (
            r#"{"effective": "rita", "on": "model:m1", "expect": []}"#,
            "effective of rita on model:m1: expected [], came [model.read]",
        ),
        (
            r#"{"resources_for": "rita", "role": "reviewer", "permission": "version.read", "expect": ["version:v2"]}"#,
            "resources_for version.read of rita under reviewer: expected [version:v2], came [version:v1]",
        ),
        (
            r#"{"users_for": "model.read", "on": "model:m1", "expect": ["rita", "ada"]}"#,
            "users_for model.read on model:m1: expected [rita, ada], came [ada, rita]",
        ),
        (
            r#"{"members": "active", "expect": ["ada"]}"#,
            "members: expected [ada], came [ada, rita]",
        ),
        (
            r#"{"invitations": "all", "expect": []}"#,
            "invitations: expected [], came [i0, i1]",
        ),
        (
            r#"{"groups_of": "rita", "expect": ["g"]}"#,
            "groups_of rita: expected [g], came []",
        ),
        (
            r#"{"roles_of": "rita", "expect": ["admin"]}"#,
            "roles_of rita: expected [admin], came [reviewer]",
        ),
        (
            r#"{"grants": "user:ada", "expect": {"model:m1": ["model.read"]}}"#,
            "grants of user:ada: expected {model:m1: [model.read]}, came {}",
        ),
        (
            r#"{"preview": {"as": "ada", "do": "revoke", "from": "user:rita", "on": "model:m1"}, "gained": [], "lost": [["rita", "model:m1", "model.read"]]}"#,
            "preview revoke by ada: expected gained [], lost [rita model:m1 model.read], came gained [], lost [rita model:m1 model.read, rita version:v1 version.comment_create, rita version:v1 version.comment_read, rita version:v1 version.read]",
        ),
        (
            r#"{"preview": {"as": "rita", "do": "leave"}, "refused": "last_admin"}"#,
            "preview leave by rita: expected refused last_admin, came gained [], lost [rita model:m1 model.read, rita version:v1 version.comment_create, rita version:v1 version.comment_read, rita version:v1 version.read]",
        ),
    ];
    table.into_iter().for_each(|(step, line)| says(step, line));
}

#[test]
fn a_failed_check_is_explained() {
    let table = [
        (
            r#"{"check": "version.update", "on": "version:v1", "user": "rita", "expect": "allow"}"#,
            "check version.update on version:v1 by rita: expected allow, came deny (above_ceiling); on version:v1 < model:m1 < organisation under role reviewer: user grants [version.comment_create, version.comment_read, version.read], group grants [nothing], role scope [nothing], restricted [nothing], ceiling [version.comment_create, version.comment_read, version.comment_update, version.export_read, version.read, version.users_read]",
        ),
        (
            r#"{"check": "model.read", "on": "model:m1", "user": "zoe", "expect": "allow", "because": "grant"}"#,
            "check model.read on model:m1 by zoe: expected allow (grant), came deny (unknown_user); no session: no registered user",
        ),
        (
            r#"{"check": "model.read", "on": "model:m9", "user": "rita", "expect": "deny", "because": "not_granted"}"#,
            "check model.read on model:m9 by rita: expected deny (not_granted), came deny (unknown_resource); model:m9 is not registered",
        ),
        (
            r#"{"check": "model.read", "on": "model:m1", "user": "ada", "expect": "deny"}"#,
            "check model.read on model:m1 by ada: expected deny, came allow (admin); Admin: bound by the kind alone",
        ),
    ];
    table.into_iter().for_each(|(step, line)| says(step, line));
}

#[test]
fn unknown_keys_are_errors() {
    let table = [
        (
            r#"{"check": "model.read", "on": "model:m1", "user": "rita", "expect": "allow", "becuase": "grant"}"#,
            r#"unknown key "becuase""#,
        ),
        (
            r#"{"check": "model.read", "on": "model:m1", "user": "rita", "expekt": "deny"}"#,
            r#"missing key "expect", unknown key "expekt""#,
        ),
        (
            r#"{"as": "rita", "do": "suspend", "user": "ada", "refuse": "not_allowed"}"#,
            r#"unknown key "refuse""#,
        ),
        (
            r#"{"as": "rita", "check": "model.read", "on": "model:m1", "user": "rita", "expect": "allow"}"#,
            r#"unknown key "as""#,
        ),
        (
            r#"{"as": "ada", "do": "leave", "detail": {}}"#,
            r#"unknown key "detail""#,
        ),
        (
            r#"{"as": "ada", "do": "leave", "results": ["ok"]}"#,
            r#"unknown key "results""#,
        ),
        (
            r#"{"as": "ada", "do": "decline", "invitation": "i1", "token": "t1", "email": "e"}"#,
            r#"unknown key "as""#,
        ),
        (
            r#"{"do": "leave", "refused": "not_allowed", "detail": {"excess": []}}"#,
            r#"unknown key "detail.excess""#,
        ),
        (
            r#"{"as": {"user": "ada", "sos": true}, "do": "leave"}"#,
            r#"unknown key "as.sos""#,
        ),
        (
            r#"{"do": "batch", "commands": [{"do": "suspend", "user": "a"}, {"as": "ada", "do": "leave"}]}"#,
            r#"unknown key "commands[1].as""#,
        ),
        (
            r#"{"do": "batch", "commands": [{"do": "suspend", "user": "a", "changed": false}]}"#,
            r#"unknown key "commands[0].changed""#,
        ),
        (
            r#"{"do": "invite_many", "entries": [{"do": "invite", "invitation": "i", "email": "e", "roles": [], "token": "t"}]}"#,
            r#"unknown key "entries[0].do""#,
        ),
        (
            r#"{"preview": {"at": 5, "do": "suspend", "user": "a"}, "gained": [], "lost": []}"#,
            r#"unknown key "preview.at""#,
        ),
        (
            r#"{"preview": {"do": "suspend", "user": "a", "refused": "not_allowed"}, "gained": [], "lost": []}"#,
            r#"unknown key "preview.refused""#,
        ),
        (
            r#"{"restore": true, "expect": true}"#,
            r#"unknown key "expect""#,
        ),
        (
            r#"{"do": "define_role", "role": "r", "name": "R", "levels": {"models": "view"}, "scope": "all"}"#,
            r#"unknown key "levels.models""#,
        ),
    ];
    table.into_iter().for_each(|(step, line)| says(step, line));
}

#[test]
fn missing_and_contradictory_keys_are_errors() {
    let table = [
        ("{}", r#"missing key "do""#),
        (
            r#"{"chekc": "model.read"}"#,
            r#"missing key "do", unknown key "chekc""#,
        ),
        (r#"{"expect": []}"#, r#"missing key "do""#),
        (
            r#"{"do": "suspend", "usr": "rita"}"#,
            r#"missing key "user", unknown key "usr""#,
        ),
        (
            r#"{"do": "define_role", "role": "r", "name": "R", "scope": "all"}"#,
            r#"missing key "permissions""#,
        ),
        (
            r#"{"do": "define_role", "role": "r", "name": "R", "levels": {}}"#,
            r#"missing key "scope""#,
        ),
        (r#"{"members": "all"}"#, r#"missing key "expect""#),
        (
            r#"{"preview": {"do": "suspend", "user": "a"}, "gained": []}"#,
            r#"missing key "lost""#,
        ),
        (
            r#"{"preview": {"do": "suspend", "user": "a"}, "gained": [], "lost": [], "refused": "not_allowed"}"#,
            r#"key "gained" cannot stand beside "refused""#,
        ),
        (
            r#"{"as": {"role": "admin"}, "do": "leave"}"#,
            r#"missing key "as.user""#,
        ),
        (
            r#"{"as": "ada", "do": "leave", "refused": "last_admin", "changed": false}"#,
            r#"key "changed" cannot stand beside "refused""#,
        ),
        (
            r#"{"do": "batch", "commands": [{"user": "rita"}]}"#,
            r#"missing key "commands[0].do""#,
        ),
    ];
    table.into_iter().for_each(|(step, line)| says(step, line));
}

#[test]
fn a_key_given_twice_is_an_error() {
    let table = [
        (
            r#"{"as": "ada", "do": "leave", "refused": "not_allowed", "refused": "last_admin"}"#,
            r#"key "refused" is given twice"#,
        ),
        (
            r#"{"as": {"user": "rita", "user": "ada"}, "do": "leave"}"#,
            r#"key "as.user" is given twice"#,
        ),
        (
            r#"{"grants": "user:rita", "expect": {"model:m1": [], "model:m1": ["model.read"]}}"#,
            r#"key "expect.model:m1" is given twice"#,
        ),
        (
            r#"{"do": "set_limits", "seats": {"reviewer": 1, "reviewer": 2}}"#,
            r#"key "seats.reviewer" is given twice"#,
        ),
        (
            r#"{"do": "batch", "commands": [{"do": "suspend", "user": "a", "user": "b"}]}"#,
            r#"key "commands[0].user" is given twice"#,
        ),
    ];
    table.into_iter().for_each(|(step, line)| says(step, line));
}

#[test]
fn values_of_the_wrong_type_are_errors() {
    let whole = "expected a whole number from 0";
    let table = [
        (
            r#"{"do": "grnat", "to": "user:rita", "on": "model:m1"}"#,
            r#"key "do": expected a command, found "grnat""#.to_owned(),
        ),
        (
            r#"{"do": 5}"#,
            r#"key "do": expected text, found 5"#.to_owned(),
        ),
        ("5", "expected an object, found 5".to_owned()),
        (
            r#"{"at": -1, "restore": true}"#,
            format!(r#"key "at": {whole}, found -1"#),
        ),
        (
            r#"{"at": 1.5, "restore": true}"#,
            format!(r#"key "at": {whole}, found 1.5"#),
        ),
        (
            r#"{"at": 1e2, "restore": true}"#,
            format!(r#"key "at": {whole}, found 100.0"#),
        ),
        (
            r#"{"at": "5", "restore": true}"#,
            format!(r#"key "at": {whole}, found "5""#),
        ),
        (
            r#"{"at": null, "restore": true}"#,
            format!(r#"key "at": {whole}, found null"#),
        ),
        (
            r#"{"at": 18446744073709551615, "restore": true}"#,
            r#"key "at": expected seconds that end before the end of time, found 18446744073709551615"#
                .to_owned(),
        ),
        (
            r#"{"restore": false}"#,
            r#"key "restore": expected true, found false"#.to_owned(),
        ),
        (
            r#"{"as": "rita", "do": "leave", "changed": true}"#,
            r#"key "changed": expected false, found true"#.to_owned(),
        ),
        (
            r#"{"as": ["ada"], "do": "leave"}"#,
            r#"key "as": expected operator, a user or an object, found a list of 1"#.to_owned(),
        ),
        (
            r#"{"do": "suspend", "user": "rita smith"}"#,
            r#"key "user": expected a name of letters, digits, '_', '.', '-', found "rita smith""#
                .to_owned(),
        ),
        (
            r#"{"do": "set_security", "require_sso": 1}"#,
            r#"key "require_sso": expected true or false, found 1"#.to_owned(),
        ),
        (
            r#"{"do": "set_limits", "seats": {"reviewer": "two"}}"#,
            format!(r#"key "seats.reviewer": {whole}, found "two""#),
        ),
        (
            r#"{"do": "set_limits", "open_invitations": 4294967296}"#,
            r#"key "open_invitations": expected a whole number below 2^32, found 4294967296"#
                .to_owned(),
        ),
        (
            r#"{"members": "all", "expect": "ada"}"#,
            r#"key "expect": expected a list, found "ada""#.to_owned(),
        ),
        (
            r#"{"members": "all", "expect": ["ada", 5]}"#,
            r#"key "expect[1]": expected text, found 5"#.to_owned(),
        ),
        (
            r#"{"grants": "user:rita", "expect": []}"#,
            r#"key "expect": expected an object, found a list of 0"#.to_owned(),
        ),
        (
            r#"{"preview": "suspend", "gained": [], "lost": []}"#,
            r#"key "preview": expected an object, found "suspend""#.to_owned(),
        ),
        (
            r#"{"preview": {"do": "suspend", "user": "a"}, "gained": [["a", "model:m1"]], "lost": []}"#,
            r#"key "gained[0]": expected [user, resource, permission], found a list of 2"#.to_owned(),
        ),
    ];
    table.into_iter().for_each(|(step, line)| says(step, &line));
}

#[test]
fn unknown_words_are_errors() {
    let table = [
        (
            r#"{"check": "model.raed", "on": "model:m1", "user": "rita", "expect": "deny"}"#,
            r#"key "check": expected a permission, found "model.raed""#,
        ),
        (
            r#"{"check": ["model.read", "read"], "on": "model:m1", "user": "rita", "expect": "deny"}"#,
            r#"key "check[1]": expected a permission, found "read""#,
        ),
        (
            r#"{"check": "model.read", "on": "m1", "user": "rita", "expect": "deny"}"#,
            r#"key "on": expected a resource: organisation, model:NAME, version:NAME or framework:NAME, found "m1""#,
        ),
        (
            r#"{"check": "model.read", "on": "model:m1", "user": "rita", "expect": "denied"}"#,
            r#"key "expect": expected allow or deny, found "denied""#,
        ),
        (
            r#"{"check": "model.read", "on": "model:m1", "user": "rita", "expect": "allow", "because": "restricted"}"#,
            r#"key "because": expected one of admin, grant, group_grant, role_scope, found "restricted""#,
        ),
        (
            r#"{"do": "suspend", "user": "zoe", "refused": "unknown"}"#,
            r#"key "refused": expected the code of a refusal, found "unknown""#,
        ),
        (
            r#"{"do": "grant", "to": "rita", "on": "model:m1"}"#,
            r#"key "to": expected a subject: user:NAME or group:NAME, found "rita""#,
        ),
        (
            r#"{"do": "define_role", "role": "r", "name": "R", "levels": {"model": "read"}, "scope": "all"}"#,
            r#"key "levels.model": expected one of none, view, comment, edit, manage, found "read""#,
        ),
        (
            r#"{"do": "define_role", "role": "r", "name": "R", "permissions": [], "scope": "everything"}"#,
            r#"key "scope": expected all, granted or a list of resources, found "everything""#,
        ),
        (
            r#"{"do": "invite", "invitation": "i", "email": "e", "roles": [], "token": "t", "affiliation": "guest"}"#,
            r#"key "affiliation": expected one of internal, external, found "guest""#,
        ),
        (
            r#"{"do": "invite_many", "entries": [], "results": ["okay"]}"#,
            r#"key "results[0]": expected the code of a refusal, found "okay""#,
        ),
        (
            r#"{"members": "everybody", "expect": []}"#,
            r#"key "members": expected all or one of active, suspended, found "everybody""#,
        ),
        (
            r#"{"invitations": "open", "expect": []}"#,
            r#"key "invitations": expected all or one of pending, expired, accepted, declined, cancelled, found "open""#,
        ),
        (
            r#"{"restrictions": "user:rita", "expect": {"m1": []}}"#,
            r#"key "expect.m1": expected a resource: organisation, model:NAME, version:NAME or framework:NAME, found "m1""#,
        ),
        (
            r#"{"effective": "rita", "on": "model:m1", "expect": ["model.reads"]}"#,
            r#"key "expect[0]": expected a permission, found "model.reads""#,
        ),
    ];
    table.into_iter().for_each(|(step, line)| says(step, line));
}

#[test]
fn a_file_that_is_no_scenario_is_an_error() {
    let says = |text: &str, line: &str| {
        let report = scenario::run("x.json", text);
        assert!(!report.passed());
        assert_eq!(report.to_string(), format!("x.json: {line}\n"), "{text}");
    };
    says("", "not JSON: EOF while parsing a value at line 1 column 0");
    says("[]", "expected an object, found a list of 0");
    says(r#"{"scenario": "S"}"#, r#"missing key "steps""#);
    says(r#"{"steps": []}"#, r#"missing key "scenario""#);
    says(
        r#"{"scenario": "S", "step": []}"#,
        r#"missing key "steps", unknown key "step""#,
    );
    says(
        r#"{"scenario": "S", "steps": [], "more": 1}"#,
        r#"unknown key "more""#,
    );
    says(
        r#"{"scenario": "S", "steps": [], "steps": []}"#,
        r#"key "steps" is given twice"#,
    );
    says(
        r#"{"scenario": 5, "steps": []}"#,
        r#"key "scenario": expected text, found 5"#,
    );
    says(
        r#"{"scenario": "S", "steps": {}}"#,
        r#"key "steps": expected a list, found an object"#,
    );
    says(
        r#"{"scenario": "S", "steps": []} x"#,
        "not JSON: trailing characters at line 1 column 32",
    );
    let deep = format!(r#"{{"scenario": {}"#, "[".repeat(100_000));
    says(
        &deep,
        "not JSON: recursion limit exceeded at line 1 column 140",
    );
}

#[test]
fn every_step_is_judged_whatever_came_before() {
    let report = run(&[
        r#"{"at": 60, "do": "grnat"}"#,
        ACME[0],
        r#"{"members": "all", "expect": ["ada"]}"#,
        r#"{"members": "all", "expect": []}"#,
        r#"{"do": "resend", "invitation": "i0", "token": "t1", "ttl": 0, "refused": "not_pending"}"#,
    ]);
    assert_eq!(
        report.to_string(),
        "acme.json: step 1: key \"do\": expected a command, found \"grnat\"\n\
         acme.json: step 3: members: expected [ada], came []\n\
         acme.json: step 5: resend by operator: expected refused not_pending, came refused invalid_ttl\n"
    );
    assert_eq!((report.title.as_str(), report.steps), ("Acme", 5));
}

#[test]
fn time_holds_until_the_next_at_and_may_go_back() {
    let pending = r#"{"invitations": "pending", "expect": ["i0"]}"#;
    let report = run(&[
        r#"{"do": "found", "name": "Acme", "first_admin": "ada@acme.test", "invitation": "i0", "token": "t0"}"#,
        pending,
        r#"{"at": 172800, "invitations": "pending", "expect": []}"#,
        r#"{"invitations": "expired", "expect": ["i0"]}"#,
        r#"{"at": 172799, "restore": true}"#,
        pending,
    ]);
    assert!(report.passed(), "{report}");
}

/// An edit of a scenario: at a place, of a kind.
fn edits() -> impl Strategy<Value = Vec<(Index, usize)>> {
    prop::collection::vec((any::<Index>(), 0_usize..12), 1..4)
}

/// The nth value within, in the order of the file.
fn nth<'a>(value: &'a mut Value, count: &mut usize) -> Option<&'a mut Value> {
    if *count == 0 {
        return Some(value);
    }
    *count -= 1;
    match value {
        Value::Array(items) => items.iter_mut().find_map(|item| nth(item, count)),
        Value::Object(members) => members.values_mut().find_map(|item| nth(item, count)),
        _ => None,
    }
}

fn values_within(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(values_within).sum(),
        Value::Object(members) => members.values().map(values_within).sum(),
        _ => 0,
    }
}

fn edit(file: &mut Value, place: &Index, kind: usize) {
    let mut count = place.index(values_within(file));
    let value = nth(file, &mut count).unwrap();
    let replacements = [
        Value::Null,
        true.into(),
        u64::MAX.into(),
        (-1).into(),
        1e300.into(),
        "".into(),
        "organisation".into(),
        Value::Array(vec![]),
        serde_json::json!({}),
    ];
    match (kind, value) {
        (9, Value::Array(items)) => items.reverse(),
        (9, Value::Object(members)) => members.retain(|key, _| key.len() % 2 == 0),
        (10, Value::Array(items)) => items.extend(items.clone()),
        (10, Value::Object(members)) => {
            members.insert("user".to_owned(), "zoe".into());
        }
        (_, value) => *value = replacements[kind % replacements.len()].clone(),
    }
}

const FILES: [&str; 4] = [
    include_str!("scenarios/first_steps.json"),
    include_str!("scenarios/batches.json"),
    include_str!("scenarios/preview.json"),
    include_str!("scenarios/invite_many.json"),
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Whatever the JSON says, there is a report, of as many lines as failures.
    #[test]
    fn edited_scenarios_give_reports(which in 0..FILES.len(), edits in edits()) {
        let mut file: Value = serde_json::from_str(FILES[which]).unwrap();
        for (place, kind) in &edits {
            edit(&mut file, place, *kind);
        }
        let report = scenario::run("edited.json", &file.to_string());
        prop_assert_eq!(report.to_string().lines().count(), report.failures.len());
    }

    /// Whatever the bytes say, too.
    #[test]
    fn broken_text_gives_reports(
        which in 0..FILES.len(),
        places in prop::collection::vec((any::<Index>(), any::<char>()), 1..4),
    ) {
        let mut text: Vec<char> = FILES[which].chars().collect();
        for (place, character) in places {
            let place = place.index(text.len());
            text[place] = character;
        }
        let text: String = text.into_iter().collect();
        let report = scenario::run("broken.json", &text);
        prop_assert_eq!(report.to_string().lines().count(), report.failures.len());
    }
}
