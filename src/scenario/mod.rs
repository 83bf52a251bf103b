//! Policy tests as data: commands and checks in a JSON file, in order, with what each must give.
//!
//! Hosts keep such files beside their code and run them in their own tests:
//!
//! ```
//! let text = r#"{"scenario": "The first Admin may do everything", "steps": [
//!     {"do": "found", "name": "Acme", "first_admin": "ada@acme.test", "invitation": "i0", "token": "t0"},
//!     {"do": "accept", "invitation": "i0", "token": "t0", "user": "ada", "email": "ada@acme.test"},
//!     {"as": "ada", "do": "register", "resource": "model:m1"},
//!     {"check": "model.delete", "on": "model:m1", "user": "ada", "expect": "allow", "because": "admin"},
//!     {"check": "model.read", "on": "model:m1", "user": "rita", "expect": "deny"}
//! ]}"#;
//! let report = rolebook::scenario::run("acme.json", text);
//! assert!(report.passed(), "{report}");
//! ```
//!
//! A key or word that the format does not have is an error of its step, so that a misspelt
//! expectation never passes. Every step is judged, whatever came of those before it.
//!
//! [`docs::scenarios`](crate::docs::scenarios) has the format: every command, look and expectation.
//!
//! A [`World`] runs several files on one organisation, and is there for questions by name after:
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use rolebook::scenario::World;
//! use rolebook::{ModelPermissions, SignIn, UserId};
//!
//! let mut world = World::new();
//! let report = world.run("empty.json", r#"{"scenario": "Nothing yet", "steps": []}"#);
//! assert!(report.passed(), "{report}");
//!
//! let ada: UserId = world.names_mut().learn("ada")?;
//! let model = world.names_mut().learn_resource("model:m1")?;
//! let decision = world.state().check(SignIn::new(ada), ModelPermissions::READ, model, world.now());
//! assert_eq!(decision.to_string(), "deny (unknown_user)");
//! # Ok(())
//! # }
//! ```

mod answer;
mod description;
mod explanation;
mod format_error;
mod json;
mod judgement;
mod names;
mod read;
mod report;
mod show;
mod step;
mod world;

pub use format_error::{Fault, FormatError};
pub use names::{Named, Names, NotAName};
pub use report::{Failure, Mismatch, Problem, Report};
pub use world::{NotPerformed, World};

#[cfg(test)]
pub(crate) use read::VOCABULARY;

use crate::time::Timestamp;

use step::{Scenario, Step};

/// The start of every scenario, from which its times count: 2026-01-05T09:00:00Z.
pub const START: Timestamp = Timestamp::from_milliseconds(1_767_603_600_000);

/// Runs a scenario in a world of its own. `name` stands for the file in the report.
pub fn run(name: &str, text: &str) -> Report {
    World::new().run(name, text)
}

impl World {
    /// Runs a scenario on the organisation as it is, from the start of time. `name` stands for the
    /// file in the report.
    pub fn run(&mut self, name: &str, text: &str) -> Report {
        self.set_now(START);
        let mut report = Report {
            name: name.to_owned(),
            title: String::new(),
            steps: 0,
            failures: Vec::new(),
        };
        match read::scenario(text, self.names_mut()) {
            Ok(Scenario { title, steps }) => {
                report.title = title;
                report.steps = steps.len();
                report.failures = self.failures_of(steps);
            }
            Err(error) => report.failures.push(Failure {
                step: None,
                problem: Problem::Format(error),
            }),
        }
        report
    }

    fn failures_of(&mut self, steps: Vec<Step>) -> Vec<Failure> {
        let failures = (1..).zip(steps).filter_map(|(number, step)| {
            let problem = self.take_step(step).err()?;
            Some(Failure {
                step: Some(number),
                problem,
            })
        });
        failures.collect()
    }

    fn take_step(&mut self, Step { at, action }: Step) -> Result<(), Problem> {
        self.set_now(at.unwrap_or(self.now()));
        let action = action.map_err(Problem::Format)?;
        self.take(&action).map_err(Problem::Mismatch)
    }
}
