//! Which facts decide.
//!
//! A fact is decisive where taking it away alone turns the answer. It shares in the decision where
//! it is of the kind that the reason names, but others like it would do without it.

use super::{Bearing, Explanation, Facts};
use crate::decision::{Decision, DenyReason};

impl Explanation {
    /// Writes the bearing of each fact.
    pub(super) fn weigh(&mut self) {
        let facts = self.facts();
        let decision = self.decision_by(facts);
        for index in 0..self.sources.len() {
            let given = self.given_without(Some(index));
            let turns = self.turns(decision, Facts { given, ..facts });
            if let Some(source) = self.sources.get_mut(index) {
                let shares = source.counts() && decision == Decision::Allow(source.reason());
                source.bearing = bearing(shares, turns);
            }
        }
        let is_restricted = self.restrictions.len() > 1;
        let shares = decision == Decision::Deny(DenyReason::Restricted);
        let turns = self.turns(
            decision,
            Facts {
                is_restricted,
                ..facts
            },
        );
        for restriction in &mut self.restrictions {
            restriction.bearing = bearing(shares, turns);
        }
        let shares = decision == Decision::Deny(DenyReason::AboveCeiling);
        let is_within = true;
        let turns = self.turns(decision, Facts { is_within, ..facts });
        if let Some(ceiling) = &mut self.ceiling {
            ceiling.bearing = bearing(shares, turns);
        }
    }

    /// Whether the answer is the other one by facts that are changed like this.
    fn turns(&self, decision: Decision, facts: Facts) -> bool {
        self.decision_by(facts).is_allowed() != decision.is_allowed()
    }
}

fn bearing(shares: bool, turns: bool) -> Bearing {
    if turns {
        Bearing::Decisive
    } else if shares {
        Bearing::Shared
    } else {
        Bearing::None
    }
}
