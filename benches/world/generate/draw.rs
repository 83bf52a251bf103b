//! How an organisation is drawn: roles, groups, resources, users.

use std::collections::{HashMap, HashSet};

use super::random::{Rng, mix};
use super::{
    ADMIN, CUSTOM_ALL, CUSTOM_SELECTED, DATA_ARCHITECT, Kind, NONE, REVIEWER, Resource, Role,
    Scope, Spec, User, World,
};

fn roles(spec: &Spec, rng: &mut Rng) -> Vec<Role> {
    use super::bits::*;
    let mut selected = Vec::new();
    rng.distinct(10, spec.models, &mut selected);
    selected.sort_unstable();
    let architect =
        USERS_READ | MODELS_CREATE | FRAMEWORKS_CREATE | MODEL_EDIT | VERSION_EDIT | FRAMEWORK_EDIT;
    let reviewer = M_READ | VERSION_VIEW | V_COMMENT_CREATE | FRAMEWORK_VIEW | F_COMMENT_CREATE;
    let reviewer_top =
        reviewer | V_USERS_READ | V_EXPORT_READ | V_COMMENT_UPDATE | F_COMMENT_UPDATE;
    let mut roles = vec![
        Role {
            name: "admin",
            defaults: ALL,
            ceiling: ALL,
            scope: Scope::All,
        },
        Role {
            name: "data_architect",
            defaults: architect,
            ceiling: MODEL | VERSION | FRAMEWORK | architect,
            scope: Scope::Granted,
        },
        Role {
            name: "reviewer",
            defaults: reviewer,
            ceiling: reviewer_top,
            scope: Scope::Granted,
        },
    ];
    if spec.features.custom_roles {
        roles.push(Role {
            name: "custom_all",
            defaults: M_READ | VERSION_VIEW | FRAMEWORK_VIEW,
            ceiling: MODEL_EDIT | VERSION_EDIT | FRAMEWORK_EDIT,
            scope: Scope::All,
        });
        roles.push(Role {
            name: "custom_selected",
            defaults: MODEL_EDIT | VERSION_EDIT | FRAMEWORK_VIEW,
            ceiling: MODEL_EDIT | VERSION | FRAMEWORK,
            scope: Scope::Selected(selected),
        });
    }
    roles
}

fn everyday(rng: &mut Rng) -> u8 {
    if rng.below(99) < 29 {
        DATA_ARCHITECT
    } else {
        REVIEWER
    }
}

/// The role of each group; of the first six, three are of either.
fn groups(spec: &Spec, rng: &mut Rng) -> Vec<u8> {
    (0..spec.groups)
        .map(|group| match group {
            0..6 => 1 + (group % 2) as u8,
            _ => everyday(rng),
        })
        .collect()
}

fn resources(spec: &Spec, rng: &mut Rng) -> Vec<Resource> {
    let models = (0..spec.models).map(|_| Resource {
        kind: Kind::Model,
        parent: NONE,
    });
    let mut all: Vec<Resource> = models.collect();
    all.extend((0..spec.versions()).map(|v| Resource {
        kind: Kind::Version,
        parent: v / spec.versions_per_model,
    }));
    all.extend((0..spec.frameworks).map(|f| {
        let parent = match f % 4 {
            0 | 1 => NONE,
            2 => rng.below(spec.models),
            _ => spec.models + rng.below(spec.versions()),
        };
        Resource {
            kind: Kind::Framework,
            parent,
        }
    }));
    all
}

fn users(spec: &Spec, groups: &[u8], rng: &mut Rng) -> Vec<User> {
    let of_role = |role| {
        let all = (0..spec.groups).filter(|&group| groups[group as usize] == role);
        all.collect::<Vec<u32>>()
    };
    let pools = [of_role(DATA_ARCHITECT), of_role(REVIEWER)];
    let mut users: Vec<User> = (0..spec.users)
        .map(|user| everybody(user, &pools, rng))
        .collect();
    if spec.features.custom_roles {
        give_custom_roles(&mut users, spec, rng);
    }
    users
}

/// One in a hundred is Admin, everyone else in three groups of their role.
fn everybody(user: u32, pools: &[Vec<u32>; 2], rng: &mut Rng) -> User {
    let (mut groups, mut picked) = ([0; 3], Vec::new());
    let role = if user % 100 == 37 {
        ADMIN
    } else {
        everyday(rng)
    };
    if role != ADMIN {
        let pool = &pools[usize::from(role) - 1];
        rng.distinct(3, pool.len() as u32, &mut picked);
        for (group, place) in groups.iter_mut().zip(&picked) {
            *group = pool[*place as usize];
        }
    }
    User {
        roles: [role, 0],
        role_count: 1,
        group_count: picked.len() as u8,
        groups,
    }
}

/// Some users act under a custom role; the everyday one stays second.
fn give_custom_roles(users: &mut [User], spec: &Spec, rng: &mut Rng) {
    let mut seen = HashSet::new();
    for custom in [CUSTOM_ALL, CUSTOM_SELECTED] {
        let mut left = spec.custom_holders;
        while left > 0 {
            let number = rng.below(spec.users);
            let user = &mut users[number as usize];
            if user.roles[0] != ADMIN && seen.insert(number) {
                user.roles = [custom, user.roles[0]];
                user.role_count = 2;
                left -= 1;
            }
        }
    }
}

/// The frameworks beneath each model, at any depth.
fn under_model(resources: &[Resource]) -> HashMap<u32, Vec<u32>> {
    let mut under: HashMap<u32, Vec<u32>> = HashMap::new();
    let nested = |it: &(usize, &Resource)| it.1.kind == Kind::Framework && it.1.parent != NONE;
    for (framework, resource) in resources.iter().enumerate().filter(nested) {
        let parent = resources[resource.parent as usize];
        let model = match parent.kind {
            Kind::Model => resource.parent,
            _ => parent.parent,
        };
        under.entry(model).or_default().push(framework as u32);
    }
    under
}

impl World {
    /// Draws the world.
    pub fn new(spec: Spec) -> World {
        let mut rng = Rng(spec.seed ^ mix(u64::from(spec.users)));
        let roles = roles(&spec, &mut rng);
        let groups = groups(&spec, &mut rng);
        let resources = resources(&spec, &mut rng);
        let users = users(&spec, &groups, &mut rng);
        let under_model = under_model(&resources);
        let mut world = World {
            spec,
            roles,
            users,
            groups,
            resources,
            under_model,
            grants: Vec::new(),
            restrictions: Vec::new(),
            starts: vec![0],
            restricted: HashMap::new(),
        };
        world.draw_grants(&mut rng);
        if spec.features.restrictions {
            world.draw_restrictions(&mut rng);
        }
        world
    }
}
