//! What both are asked after the same steps.

use std::fmt::Debug;

use rolebook::{
    Permission, PermissionSet, Resource, RoleId, SignIn, SignInProof, State, Timestamp, UserId,
};

use super::engine::{Engine, new_model, observe};
use super::step::Step;
use super::universe::{resources, users};
use crate::model::{Look, Model, Outcome};

/// How the two differ, and in what words.
#[derive(Clone, Debug)]
pub(crate) struct Disagreement {
    /// The same for disagreements of the same kind.
    pub(crate) signature: String,
    pub(crate) details: String,
    /// Steps up to and with the one after which they differ.
    pub(crate) length: usize,
}

/// The first disagreement on a sequence; everything is looked at where `look_at` says so, and at
/// the end.
pub(crate) fn first_disagreement(
    steps: &[Step],
    look_at: impl Fn(usize) -> bool,
) -> Option<Disagreement> {
    let (mut model, mut engine) = (new_model(), Engine::new());
    for (number, step) in steps.iter().enumerate() {
        let expected = model.execute(&step.actor, &step.command, step.now);
        let came = engine.execute(step);
        let last = number + 1 == steps.len();
        let found = compare_outcomes(step, &expected, &came)
            .or_else(|| compare_states(step, &model, &engine.state))
            .or_else(|| {
                (last || look_at(number)).then(|| compare_looks(&model, &engine.state, step.now))?
            });
        if let Some((signature, details)) = found {
            return Some(Disagreement {
                signature,
                details,
                length: number + 1,
            });
        }
    }
    compare_storage(&engine).map(|(signature, details)| Disagreement {
        signature,
        details,
        length: steps.len(),
    })
}

type Found = Option<(String, String)>;

fn compare_outcomes(step: &Step, expected: &Outcome, came: &Outcome) -> Found {
    if expected == came {
        return None;
    }
    let signature = format!("{}: {} / {}", step.kind(), word(expected), word(came));
    Some((signature, format!("model {expected:?}\nengine {came:?}")))
}

/// The outcome in a word.
pub(crate) fn word(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Refused(refused) => refused.code.to_owned(),
        Outcome::Done { changed, results } => {
            let results = results.iter().map(|result| match result {
                Ok(()) => " ok",
                Err(refused) => refused.code,
            });
            let word = if *changed { "changed" } else { "no change" };
            word.to_owned() + &results.collect::<Vec<_>>().join(" ")
        }
    }
}

fn compare_states(step: &Step, model: &Model, state: &State) -> Found {
    let seen = observe(state);
    if *model == seen {
        return None;
    }
    let fields = [
        differing("name", &model.name, &seen.name),
        differing("security", &model.security, &seen.security),
        differing("limits", &model.limits, &seen.limits),
        differing("roles", &model.roles, &seen.roles),
        differing("users", &model.users, &seen.users),
        differing("groups", &model.groups, &seen.groups),
        differing("resources", &model.parents, &seen.parents),
        differing("grants", &model.grants, &seen.grants),
        differing("restrictions", &model.restrictions, &seen.restrictions),
        differing("invitations", &model.invitations, &seen.invitations),
    ];
    let (names, details): (Vec<_>, Vec<_>) = fields.into_iter().flatten().unzip();
    Some((
        format!("{}: state of {}", step.kind(), names.join(", ")),
        details.join("\n"),
    ))
}

fn differing<T: PartialEq + Debug>(
    name: &'static str,
    model: &T,
    seen: &T,
) -> Option<(&'static str, String)> {
    (model != seen).then(|| {
        (
            name,
            format!("{name}\n  model {model:?}\n  engine {seen:?}"),
        )
    })
}

pub(crate) fn compare_looks(model: &Model, state: &State, now: Timestamp) -> Found {
    if let Err(corrupt) = state.check_invariants() {
        return Some(("invariants".into(), format!("{corrupt}")));
    }
    compare_checks(model, state, now).or_else(|| compare_lists(model, state, now))
}

/// Every user under every role, on every resource, for every permission.
fn compare_checks(model: &Model, state: &State, now: Timestamp) -> Found {
    for user in users() {
        for role in roles_to_try(model, user) {
            let sign_in = SignIn {
                user,
                role,
                proof: SignInProof::FULL,
            };
            for on in places() {
                let found = compare_place(model, state, sign_in, on, now);
                if found.is_some() {
                    return found;
                }
            }
        }
        for (sso, mfa) in [(false, false), (true, false), (false, true)] {
            let sign_in = SignIn::new(user).with_proof(SignInProof { sso, mfa });
            let found = compare_place(model, state, sign_in, Resource::Organisation, now);
            if found.is_some() {
                return found;
            }
        }
    }
    None
}

fn places() -> impl Iterator<Item = Resource> {
    let all = resources().into_iter().map(|(resource, _)| resource);
    all.chain([Resource::Organisation])
}

/// The roles held, one that is not, and the primary one unnamed.
fn roles_to_try(model: &Model, user: UserId) -> Vec<Option<RoleId>> {
    let held = model
        .users
        .get(&user)
        .map(|user| user.roles.clone())
        .unwrap_or_default();
    let other = model
        .roles
        .keys()
        .find(|role| !held.contains(role))
        .copied();
    held.into_iter()
        .chain(other)
        .map(Some)
        .chain([None])
        .collect()
}

fn compare_place(
    model: &Model,
    state: &State,
    sign_in: SignIn,
    on: Resource,
    now: Timestamp,
) -> Found {
    let bits = Permission::all().filter(|one| one.kind() == on.kind() || one.bit() % 8 == 0);
    let mut sets: Vec<PermissionSet> = bits.map(PermissionSet::from).collect();
    let look = Look { model, now };
    let effective = look.effective(&sign_in, on);
    sets.extend([
        PermissionSet::EMPTY,
        effective,
        PermissionSet::of_kind(on.kind()),
    ]);
    for set in sets {
        let expected = model.check(&sign_in, set, on, now);
        let decision = state.check(sign_in, set, on, now);
        let came = (decision.is_allowed(), decision.reason());
        if expected != came {
            let details = format!(
                "check {set:?} on {on:?} for {sign_in:?}: model {expected:?}, engine {came:?}"
            );
            return Some((format!("check: {} / {}", expected.1, came.1), details));
        }
    }
    let came = state
        .session(sign_in)
        .map(|session| session.effective(on, now))
        .unwrap_or_default();
    (came != effective).then(|| {
        let details = format!("on {on:?} for {sign_in:?}: model {effective:?}, engine {came:?}");
        ("effective".to_owned(), details)
    })
}

fn compare_lists(model: &Model, state: &State, now: Timestamp) -> Found {
    let look = Look { model, now };
    for permission in Permission::all() {
        for on in places().filter(|on| on.kind() == permission.kind()) {
            let expected = look.users_for(permission, on);
            let came: Vec<UserId> = state.users_for(permission, on, now).collect();
            if expected != came {
                let details =
                    format!("{permission} on {on:?}: model {expected:?}, engine {came:?}");
                return Some(("users_for".into(), details));
            }
        }
        for user in users() {
            let sign_in = SignIn::new(user).with_proof(SignInProof::FULL);
            let expected = look.resources_for(&sign_in, permission);
            let session = state.session(sign_in).ok();
            let came: Vec<Resource> = session
                .map(|session| session.resources_for(permission, now).collect())
                .unwrap_or_default();
            if expected != came {
                let details =
                    format!("{permission} for {user:?}: model {expected:?}, engine {came:?}");
                return Some(("resources_for".into(), details));
            }
        }
    }
    None
}

/// The log makes the same state again, and so does the serialised form.
fn compare_storage(engine: &Engine) -> Found {
    match State::replay(&engine.log) {
        Ok(replayed) if replayed == engine.state => {}
        Ok(_) => return Some(("replay".into(), "another state".into())),
        Err(corrupt) => return Some(("replay".into(), format!("{corrupt}"))),
    }
    compare_form(&engine.state)
}

pub(crate) fn compare_form(state: &State) -> Found {
    let form = serde_json::to_string(state).expect("a state has a form");
    match serde_json::from_str::<State>(&form) {
        Ok(read) if read == *state => None,
        Ok(_) => Some(("form".into(), "another state".into())),
        Err(error) => Some(("form".into(), format!("{error}"))),
    }
}
