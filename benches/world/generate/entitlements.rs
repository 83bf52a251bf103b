//! How grants and restrictions are drawn.

use super::random::Rng;
use super::{ADMIN, GROUP, Grant, Kind, NOW, Restriction, World, bits};

impl World {
    pub(super) fn draw_grants(&mut self, rng: &mut Rng) {
        let most = self.spec.users as usize * 35 + self.spec.groups as usize * 20;
        self.grants.reserve_exact(most);
        for user in 0..self.spec.users {
            self.draw_for_user(user, rng);
            self.starts.push(self.grants.len() as u32);
        }
        for group in 0..self.spec.groups {
            self.draw_for_group(group, rng);
            self.starts.push(self.grants.len() as u32);
        }
    }

    /// 10 models, 20 versions and 5 frameworks, each with permissions of its own kind.
    fn draw_for_user(&mut self, user: u32, rng: &mut Rng) {
        let role = self.users[user as usize].roles[0];
        if role == ADMIN {
            return;
        }
        let ceiling = self.roles[usize::from(role)].ceiling;
        let mut picked = Vec::new();
        for (n, kind) in [(10, Kind::Model), (20, Kind::Version), (5, Kind::Framework)] {
            let (base, of) = self.spec.range(kind);
            rng.distinct(n, of, &mut picked);
            for place in &picked {
                self.draw_grant(rng, user, base + place, ceiling, kind.bits());
            }
        }
    }

    /// 20 models; every second grant reaches all that lies beneath.
    fn draw_for_group(&mut self, group: u32, rng: &mut Rng) {
        let ceiling = self.roles[usize::from(self.groups[group as usize])].ceiling;
        let mut models = Vec::new();
        rng.distinct(20, self.spec.models, &mut models);
        for (i, model) in models.into_iter().enumerate() {
            let kinds = match i % 2 {
                0 => bits::MODEL | bits::VERSION | bits::FRAMEWORK,
                _ => bits::MODEL,
            };
            self.draw_grant(rng, GROUP | group, model, ceiling, kinds);
        }
    }

    fn draw_grant(&mut self, rng: &mut Rng, subject: u32, resource: u32, ceiling: u64, kinds: u64) {
        let bits = rng.set(ceiling, kinds);
        let (dice, span) = (rng.below(100), 1 + rng.next() % (90 * 86_400_000));
        let expiry = match dice {
            _ if !self.spec.features.expiry => u64::MAX,
            0..5 => NOW + span,
            5 => NOW - span,
            _ => u64::MAX,
        };
        self.grants.push(Grant {
            subject,
            resource,
            bits,
            expiry,
        });
    }

    pub(super) fn draw_restrictions(&mut self, rng: &mut Rng) {
        let users = (0..self.spec.users).map(|user| (user, 5));
        let groups = (0..self.spec.groups).map(|group| (GROUP | group, 10));
        for (subject, percent) in users.chain(groups) {
            let grants = self.grants_of(subject);
            if grants.is_empty() || !rng.chance(percent) {
                continue;
            }
            let grant = grants[rng.below(grants.len() as u32) as usize];
            let (resource, taken) = self.draw_restriction(&grant, rng);
            self.restrictions.push(Restriction {
                subject,
                resource,
                bits: taken,
            });
            self.restricted.insert(subject, (resource, taken));
        }
    }

    /// On what a grant reaches: the resource itself, or a version beneath it.
    fn draw_restriction(&self, grant: &Grant, rng: &mut Rng) -> (u32, u64) {
        let reaches_versions =
            grant.bits & bits::VERSION != 0 && self.kind(grant.resource) == Kind::Model;
        let resource = if reaches_versions && rng.chance(50) {
            self.version(grant.resource, rng)
        } else {
            grant.resource
        };
        let kinds = self.kind(resource).at_or_below();
        let drawn = (rng.next() & rng.next() & kinds) | (grant.bits & kinds & rng.next());
        match bits::dependents(drawn) {
            0 => (resource, bits::dependents(grant.bits & kinds)),
            taken => (resource, taken),
        }
    }

    /// A version of the model.
    pub(super) fn version(&self, model: u32, rng: &mut Rng) -> u32 {
        self.spec.models
            + model * self.spec.versions_per_model
            + rng.below(self.spec.versions_per_model)
    }
}
