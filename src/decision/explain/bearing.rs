//! Which facts decide.
//!
//! A fact is decisive where taking it away alone turns the answer. It shares in the decision where
//! it is of the kind that the reason names, but others like it would do without it.

use super::{Bearing, Explanation};
use crate::decision::{Decision, DenyReason};

impl Explanation {
    /// Writes the bearing of each fact.
    pub(super) fn weighed(self) -> Self {
        let decision = self.decision();
        let sources = self.sources.iter().enumerate().map(|(index, source)| {
            let shares = source.counts() && decision == Decision::Allow(source.reason());
            let turns = || self.differs(|other| other.sources.remove(index));
            bearing(shares, turns)
        });
        let sources: Vec<Bearing> = sources.collect();
        let restricted = decision == Decision::Deny(DenyReason::Restricted);
        let restrictions = (0..self.restrictions.len()).map(|index| {
            let turns = || self.differs(|other| other.restrictions.remove(index));
            bearing(restricted, turns)
        });
        let restrictions: Vec<Bearing> = restrictions.collect();
        let above = decision == Decision::Deny(DenyReason::AboveCeiling);
        let ceiling = bearing(above, || self.differs(Self::lift_ceiling));
        self.with_bearings(&sources, &restrictions, ceiling)
    }

    /// Whether the answer is the other one for an explanation changed like this.
    fn differs<T>(&self, change: impl FnOnce(&mut Self) -> T) -> bool {
        let mut other = self.clone();
        change(&mut other);
        other.decision().is_allowed() != self.decision().is_allowed()
    }

    fn lift_ceiling(&mut self) {
        if let Some(ceiling) = &mut self.ceiling {
            ceiling.holds = true;
        }
    }

    fn with_bearings(
        mut self,
        sources: &[Bearing],
        restrictions: &[Bearing],
        ceiling: Bearing,
    ) -> Self {
        for (source, bearing) in self.sources.iter_mut().zip(sources) {
            source.bearing = *bearing;
        }
        for (restriction, bearing) in self.restrictions.iter_mut().zip(restrictions) {
            restriction.bearing = *bearing;
        }
        if let Some(fact) = &mut self.ceiling {
            fact.bearing = ceiling;
        }
        self
    }
}

fn bearing(shares: bool, turns: impl FnOnce() -> bool) -> Bearing {
    if turns() {
        Bearing::Decisive
    } else if shares {
        Bearing::Shared
    } else {
        Bearing::None
    }
}
