//! How a world is drawn.

use super::rng::{Rng, mix};
use super::{GROUP, Grant, Kind, NONE, Resource, Role, Spec, User, World, bits};
use std::collections::HashMap;

const SEED: u64 = 0x526f_6c65_626f_6f6b;

impl World {
    /// Draws the world of a size; the same size gives the same world.
    pub fn new(spec: Spec) -> World {
        let mut rng = Rng(SEED ^ mix(u64::from(spec.users)));
        let groups = groups(&spec, &mut rng);
        let resources = resources(&spec, &mut rng);
        let users = users(&spec, &groups, &mut rng);
        let under_model = under_model(&resources);
        let (grants, starts) = (Vec::new(), vec![0]);
        let mut world = World { spec, users, groups, resources, grants, starts, under_model };
        world.draw_grants(&mut rng);
        world
    }

    /// The stream of random numbers for the queries on this world.
    pub(super) fn query_stream(&self, zipf: bool) -> Rng {
        Rng(SEED ^ 0x5155_4552 ^ u64::from(zipf))
    }

    fn draw_grants(&mut self, rng: &mut Rng) {
        self.grants.reserve_exact(self.spec.users as usize * 35 + self.spec.groups as usize * 20);
        for user in 0..self.spec.users {
            if self.users[user as usize].role != Role::Admin {
                self.draw_for_user(user, rng);
            }
            self.starts.push(self.grants.len() as u32);
        }
        for group in 0..self.spec.groups {
            self.draw_for_group(group, rng);
            self.starts.push(self.grants.len() as u32);
        }
    }

    /// Own grants on 10 models, 20 versions and 5 frameworks, each of the bits of its own kind.
    fn draw_for_user(&mut self, user: u32, rng: &mut Rng) {
        let ceiling = self.users[user as usize].role.ceiling();
        for (n, kind) in [(10, Kind::Model), (20, Kind::Version), (5, Kind::Framework)] {
            let (base, of) = self.spec.range(kind);
            for place in rng.distinct(n, of) {
                let bits = rng.set(ceiling & kind.bits());
                self.grants.push(Grant { subject: user, resource: base + place, bits });
            }
        }
    }

    /// Grants on 20 models; every second one reaches all that lies beneath.
    fn draw_for_group(&mut self, group: u32, rng: &mut Rng) {
        let ceiling = self.groups[group as usize].ceiling();
        let models = rng.distinct(20, self.spec.models);
        for (i, resource) in models.into_iter().enumerate() {
            let within = if i % 2 == 0 { ceiling } else { ceiling & bits::MODEL };
            let bits = rng.set(within);
            self.grants.push(Grant { subject: GROUP | group, resource, bits });
        }
    }
}

fn everyday(rng: &mut Rng) -> Role {
    if rng.below(99) < 29 { Role::DataArchitect } else { Role::Reviewer }
}

fn groups(spec: &Spec, rng: &mut Rng) -> Vec<Role> {
    (0..spec.groups)
        .map(|group| match group {
            0 | 2 | 4 => Role::DataArchitect,
            1 | 3 | 5 => Role::Reviewer,
            _ => everyday(rng),
        })
        .collect()
}

fn resources(spec: &Spec, rng: &mut Rng) -> Vec<Resource> {
    let models = (0..spec.models).map(|_| Resource { kind: Kind::Model, parent: NONE });
    let parent = |version| version / spec.versions_per_model;
    let versions = (0..spec.versions()).map(|v| Resource { kind: Kind::Version, parent: parent(v) });
    let mut all: Vec<Resource> = models.chain(versions).collect();
    all.extend((0..spec.frameworks).map(|framework| {
        let parent = match framework % 4 {
            0 | 1 => NONE,
            2 => rng.below(spec.models),
            _ => spec.models + rng.below(spec.versions()),
        };
        Resource { kind: Kind::Framework, parent }
    }));
    all
}

fn users(spec: &Spec, groups: &[Role], rng: &mut Rng) -> Vec<User> {
    let of = |role| (0..spec.groups).filter(|&g| groups[g as usize] == role).collect();
    let (architects, reviewers): (Vec<u32>, Vec<u32>) = (of(Role::DataArchitect), of(Role::Reviewer));
    (0..spec.users)
        .map(|user| match user % 100 {
            37 => User { role: Role::Admin, groups: [0; 3], count: 0 },
            _ => match everyday(rng) {
                Role::DataArchitect => member(Role::DataArchitect, &architects, rng),
                role => member(role, &reviewers, rng),
            },
        })
        .collect()
}

fn member(role: Role, pool: &[u32], rng: &mut Rng) -> User {
    let picked = rng.distinct(3, pool.len() as u32);
    let mut groups = [0; 3];
    for (group, &place) in groups.iter_mut().zip(&picked) {
        *group = pool[place as usize];
    }
    User { role, groups, count: picked.len() as u8 }
}

/// The frameworks beneath each model, at any depth.
fn under_model(resources: &[Resource]) -> HashMap<u32, Vec<u32>> {
    let mut under: HashMap<u32, Vec<u32>> = HashMap::new();
    let nested = |(_, r): &(usize, &Resource)| r.kind == Kind::Framework && r.parent != NONE;
    for (framework, resource) in resources.iter().enumerate().filter(nested) {
        let parent = resources[resource.parent as usize];
        let model = if parent.kind == Kind::Model { resource.parent } else { parent.parent };
        under.entry(model).or_default().push(framework as u32);
    }
    under
}
