//! How often what happened, by the model.

use std::collections::BTreeMap;

use rolebook::Refusal;

use super::step::Step;
use crate::model::{Acting, Outcome};

#[derive(Default)]
pub(crate) struct Tally {
    /// Done with a change, done without, refused, done by neither Admin nor operator; by command.
    commands: BTreeMap<String, [u64; 4]>,
    codes: BTreeMap<&'static str, u64>,
    /// Codes by command.
    refused: BTreeMap<(String, &'static str), u64>,
}

impl Tally {
    pub(crate) fn count(&mut self, step: &Step, outcome: &Outcome, acting: Option<Acting>) {
        let counts = self.commands.entry(step.kind()).or_default();
        match outcome {
            Outcome::Done { changed, results } => {
                counts[usize::from(!*changed)] += 1;
                counts[3] += u64::from(acting.is_some_and(|acting| !acting.is_admin()));
                let refused: Vec<_> = results
                    .iter()
                    .filter_map(|one| one.as_ref().err())
                    .collect();
                for refused in refused {
                    self.count_code(step, refused.code);
                }
            }
            Outcome::Refused(refused) => {
                counts[2] += 1;
                self.count_code(step, refused.code);
            }
        }
    }

    fn count_code(&mut self, step: &Step, code: &'static str) {
        *self.codes.entry(code).or_default() += 1;
        *self.refused.entry((step.kind(), code)).or_default() += 1;
    }

    pub(crate) fn print(&self) {
        println!("{:<20}   changed      same   refused by others", "command");
        for (command, [changed, same, refused, others]) in &self.commands {
            println!("{command:<20}{changed:>10}{same:>10}{refused:>10}{others:>10}");
        }
        for (code, count) in &self.codes {
            println!("{code:<24}{count:>9}");
        }
        for ((command, code), count) in &self.refused {
            println!("{command:<20}{code:<24}{count:>9}");
        }
    }

    /// The codes that never came.
    pub(crate) fn missing(&self) -> Vec<&'static str> {
        let all = Refusal::CODES.iter().copied();
        all.filter(|code| !self.codes.contains_key(code)).collect()
    }
}
