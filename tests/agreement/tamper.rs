//! Stored forms that somebody changed: each is refused, or means what it says.

use rolebook::{Commit, State};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::compare::{compare_form, compare_looks};
use super::engine::{Engine, observe};
use super::random::Random;
use super::step::Step;

/// Changes to the form of each state, and to the logs that led to it.
const CHANGES: usize = 60;

/// Changes what the steps lead to here and there; says how many changes were taken for true.
pub(crate) fn tamper(steps: &[Step], random: &mut Random) -> usize {
    let mut engine = Engine::new();
    for step in steps {
        engine.execute(step);
    }
    let now = steps.last().expect("a step").now;
    let is_true = |state: &State| {
        assert_eq!(compare_form(state), None);
        assert_eq!(compare_looks(&observe(state), state, now), None);
    };
    let states = changed(&engine.state, random).into_iter();
    let logs: Vec<Vec<Commit>> = changed(&engine.log, random);
    let replayed = logs.iter().filter_map(|log| State::replay(log).ok());
    states.chain(replayed).inspect(is_true).count()
}

/// What can be read of forms that were changed in one place each.
fn changed<T: Serialize + DeserializeOwned>(of: &T, random: &mut Random) -> Vec<T> {
    let form = serde_json::to_value(of).expect("a form");
    let changes = (0..CHANGES).filter_map(|_| {
        let mut other = form.clone();
        change(&mut other, random);
        (other != form).then(|| serde_json::from_value(other).ok())?
    });
    changes.collect()
}

/// Another value somewhere: of its kind, or what stands elsewhere in the form.
fn change(form: &mut Value, random: &mut Random) {
    let places = places(form);
    let (place, other) = (random.pick(&places), random.pick(&places));
    let elsewhere = form.pointer(&other).expect("a place").clone();
    let value = form.pointer_mut(&place).expect("a place");
    if random.chance(30) {
        *value = elsewhere;
        return;
    }
    match value {
        Value::Null => *value = Value::from(random.below(9)),
        Value::Bool(is) => *is = !*is,
        Value::Number(number) => {
            let number = number.as_u64().unwrap_or(0);
            *value = Value::from(number ^ 1 << random.below(64));
        }
        Value::String(text) => text.push('x'),
        Value::Array(all) if !all.is_empty() => {
            let at = |random: &mut Random| usize::try_from(random.below(all.len() as u64)).unwrap();
            let (one, another) = (at(random), at(random));
            match random.below(3) {
                0 => drop(all.remove(one)),
                1 => all.insert(one, all[another].clone()),
                _ => all.swap(one, another),
            }
        }
        Value::Array(_) | Value::Object(_) => *value = Value::Null,
    }
}

/// Where values stand, as pointers.
fn places(form: &Value) -> Vec<String> {
    let inner: Vec<(String, &Value)> = match form {
        Value::Array(all) => all
            .iter()
            .enumerate()
            .map(|(at, it)| (at.to_string(), it))
            .collect(),
        Value::Object(all) => all.iter().map(|(key, it)| (key.clone(), it)).collect(),
        _ => Vec::new(),
    };
    let beneath = inner.into_iter().flat_map(|(key, it)| {
        let beneath = places(it).into_iter();
        beneath.map(move |place| format!("/{key}{place}"))
    });
    std::iter::once(String::new()).chain(beneath).collect()
}
