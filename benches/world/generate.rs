//! The worlds as plain data, their query mixes, and a slow rule to draw queries by.
//!
//! Everything is drawn from a fixed seed by splitmix64: the same `Spec` gives the same world, bit for bit.

use std::collections::{HashMap, HashSet};

/// "No parent" / "no expiry".
pub const NONE: u32 = u32::MAX;
/// Set in `Grant::subject` and `Restriction::subject` when the subject is a group.
pub const GROUP: u32 = 1 << 31;
/// The instant all queries are asked at, ms.
pub const NOW: u64 = 1_800_000_000_000;
pub const ADMIN: u8 = 0;
pub const DATA_ARCHITECT: u8 = 1;
pub const REVIEWER: u8 = 2;
pub const CUSTOM_ALL: u8 = 3;
pub const CUSTOM_SELECTED: u8 = 4;

/// Bits, in the order of the SPEC's catalogue: organisation 0..10, model 10..16, version 16..26, framework 26..33.
pub mod bits {
    pub const ORG: u64 = (1 << 10) - 1;
    pub const USERS_READ: u64 = 1 << 0;
    pub const MODELS_CREATE: u64 = 1 << 8;
    pub const FRAMEWORKS_CREATE: u64 = 1 << 9;

    pub const MODEL: u64 = 0x3f << 10;
    pub const M_READ: u64 = 1 << 10;
    pub const M_UPDATE: u64 = 1 << 11;
    pub const M_DELETE: u64 = 1 << 12;
    pub const M_IMPORT_DB: u64 = 1 << 13;
    pub const M_VERSION_CREATE: u64 = 1 << 14;
    pub const M_USERS_UPDATE: u64 = 1 << 15;

    pub const VERSION: u64 = 0x3ff << 16;
    pub const V_READ: u64 = 1 << 16;
    pub const V_UPDATE: u64 = 1 << 17;
    pub const V_DELETE: u64 = 1 << 18;
    pub const V_USERS_READ: u64 = 1 << 19;
    pub const V_EXPORT_READ: u64 = 1 << 20;
    pub const V_EXPORT_MANAGE: u64 = 1 << 21;
    pub const V_COMMENT_READ: u64 = 1 << 22;
    pub const V_COMMENT_CREATE: u64 = 1 << 23;
    pub const V_COMMENT_UPDATE: u64 = 1 << 24;
    pub const V_COMMENT_DELETE: u64 = 1 << 25;

    pub const FRAMEWORK: u64 = 0x7f << 26;
    pub const F_READ: u64 = 1 << 26;
    pub const F_UPDATE: u64 = 1 << 27;
    pub const F_DELETE: u64 = 1 << 28;
    pub const F_COMMENT_READ: u64 = 1 << 29;
    pub const F_COMMENT_CREATE: u64 = 1 << 30;
    pub const F_COMMENT_UPDATE: u64 = 1 << 31;
    pub const F_COMMENT_DELETE: u64 = 1 << 32;

    pub const ALL: u64 = (1 << 33) - 1;

    pub const MODEL_EDIT: u64 = M_READ | M_UPDATE | M_VERSION_CREATE | M_IMPORT_DB;
    pub const VERSION_VIEW: u64 = V_READ | V_COMMENT_READ;
    pub const VERSION_EDIT: u64 = VERSION_VIEW
        | V_COMMENT_CREATE
        | V_USERS_READ
        | V_UPDATE
        | V_COMMENT_UPDATE
        | V_EXPORT_READ
        | V_EXPORT_MANAGE;
    pub const FRAMEWORK_VIEW: u64 = F_READ | F_COMMENT_READ;
    pub const FRAMEWORK_EDIT: u64 = FRAMEWORK_VIEW | F_COMMENT_CREATE | F_UPDATE | F_COMMENT_UPDATE;

    /// What a single bit needs directly and indirectly (itself excluded).
    pub fn needs(bit: u64) -> u64 {
        if bit & MODEL != 0 {
            M_READ & !bit
        } else if bit & VERSION != 0 {
            let extra = if bit & (V_COMMENT_CREATE | V_COMMENT_UPDATE | V_COMMENT_DELETE) != 0 {
                V_COMMENT_READ
            } else if bit & V_EXPORT_MANAGE != 0 {
                V_EXPORT_READ
            } else {
                0
            };
            (V_READ | extra) & !bit
        } else if bit & FRAMEWORK != 0 {
            let extra = if bit & (F_COMMENT_CREATE | F_COMMENT_UPDATE | F_COMMENT_DELETE) != 0 {
                F_COMMENT_READ
            } else {
                0
            };
            (F_READ | extra) & !bit
        } else {
            0
        }
    }

    fn each(set: u64) -> impl Iterator<Item = u64> {
        (0..33).map(|i| 1u64 << i).filter(move |b| set & b != 0)
    }

    /// The set with the prerequisites of all it holds (grants).
    pub fn closed(set: u64) -> u64 {
        each(set).fold(set, |s, b| s | needs(b))
    }

    /// The set with all that needs something in it (restrictions).
    pub fn dependents(set: u64) -> u64 {
        each(ALL)
            .filter(|&b| needs(b) & set != 0)
            .fold(set, |s, b| s | b)
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Kind {
    Model = 1,
    Version = 2,
    Framework = 3,
}

impl Kind {
    pub fn bits(self) -> u64 {
        match self {
            Kind::Model => bits::MODEL,
            Kind::Version => bits::VERSION,
            Kind::Framework => bits::FRAMEWORK,
        }
    }
}

#[derive(Clone, Debug)]
pub enum Scope {
    All,
    /// Dense resource indexes, ascending.
    Selected(Vec<u32>),
    Granted,
}

#[derive(Clone, Debug)]
pub struct Role {
    pub name: &'static str,
    pub defaults: u64,
    pub ceiling: u64,
    pub scope: Scope,
}

#[derive(Clone, Debug)]
pub struct User {
    /// Roles held; the first is primary and the one every query acts under.
    pub roles: [u8; 2],
    pub role_count: u8,
    pub group_count: u8,
    pub groups: [u32; 3],
}

impl User {
    pub fn roles(&self) -> &[u8] {
        &self.roles[..self.role_count as usize]
    }
    pub fn groups(&self) -> &[u32] {
        &self.groups[..self.group_count as usize]
    }
}

#[derive(Clone, Copy, Debug)]
pub struct Resource {
    pub kind: Kind,
    /// Dense index of the parent, or `NONE` (the organisation).
    pub parent: u32,
}

#[derive(Clone, Copy, Debug)]
pub struct Grant {
    /// User index, or `GROUP | group index`.
    pub subject: u32,
    pub resource: u32,
    pub bits: u64,
    expiry: u64,
}

impl Grant {
    pub fn expires_at(&self) -> Option<u64> {
        (self.expiry != u64::MAX).then_some(self.expiry)
    }
    pub fn live(&self, now: u64) -> bool {
        now < self.expiry
    }
}

#[derive(Clone, Copy, Debug)]
pub struct Restriction {
    pub subject: u32,
    pub resource: u32,
    pub bits: u64,
}

#[derive(Clone, Copy, Debug)]
pub struct Features {
    pub restrictions: bool,
    pub custom_roles: bool,
    pub expiry: bool,
}

impl Features {
    pub const ALL: Features = Features {
        restrictions: true,
        custom_roles: true,
        expiry: true,
    };
    /// The variant the peers were measured on.
    pub const PEERS: Features = Features {
        restrictions: false,
        custom_roles: false,
        expiry: false,
    };
}

#[derive(Clone, Copy, Debug)]
pub struct Spec {
    pub name: &'static str,
    pub users: u32,
    pub models: u32,
    pub versions_per_model: u32,
    pub frameworks: u32,
    pub groups: u32,
    pub custom_holders: u32,
    pub features: Features,
    pub seed: u64,
}

impl Spec {
    pub fn s(features: Features) -> Spec {
        Spec {
            name: "S",
            users: 100,
            models: 100,
            versions_per_model: 3,
            frameworks: 50,
            groups: 10,
            custom_holders: 2,
            features,
            seed: SEED,
        }
    }
    pub fn m(features: Features) -> Spec {
        Spec {
            name: "M",
            users: 10_000,
            models: 1_000,
            versions_per_model: 5,
            frameworks: 500,
            groups: 100,
            custom_holders: 50,
            features,
            seed: SEED,
        }
    }
    pub fn l(features: Features) -> Spec {
        Spec {
            name: "L",
            users: 1_000_000,
            models: 100_000,
            versions_per_model: 5,
            frameworks: 10_000,
            groups: 10_000,
            custom_holders: 50,
            features,
            seed: SEED,
        }
    }
    /// "S", "M" or "L".
    pub fn named(name: &str, features: Features) -> Spec {
        match name {
            "S" => Spec::s(features),
            "M" => Spec::m(features),
            "L" => Spec::l(features),
            _ => panic!("S, M or L"),
        }
    }
}

const SEED: u64 = 0x526f_6c65_626f_6f6b;

#[derive(Clone, Debug)]
pub struct World {
    pub spec: Spec,
    pub roles: Vec<Role>,
    pub users: Vec<User>,
    /// Role of each group.
    pub groups: Vec<u8>,
    /// Models, then versions (model-major), then frameworks (half top-level, a quarter each under a model / a version).
    pub resources: Vec<Resource>,
    /// Users in order, then groups in order.
    pub grants: Vec<Grant>,
    pub restrictions: Vec<Restriction>,
    starts: Vec<u32>,
    restricted: HashMap<u32, (u32, u64)>,
    under_model: HashMap<u32, Vec<u32>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Query {
    pub user: u32,
    pub resource: u32,
    /// The one bit asked for.
    pub bit: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    Admin,
    Grant,
    GroupGrant,
    RoleScope,
    AboveCeiling,
    Restricted,
    NotGranted,
}

impl Reason {
    pub fn allowed(self) -> bool {
        matches!(
            self,
            Reason::Admin | Reason::Grant | Reason::GroupGrant | Reason::RoleScope
        )
    }
}

/// splitmix64.
#[derive(Clone, Debug)]
pub struct Rng(pub u64);

impl Rng {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }
    /// 0..n
    pub fn below(&mut self, n: u32) -> u32 {
        ((u128::from(self.next() >> 32) * u128::from(n)) >> 32) as u32
    }
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }
    pub fn chance(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }
    /// A random non-empty closed subset of `within`, which is closed itself.
    pub fn set(&mut self, within: u64, kinds: u64) -> u64 {
        loop {
            let s = self.next() & within & kinds;
            if s != 0 {
                return bits::closed(s);
            }
        }
    }
    /// `n` distinct numbers of 0..of.
    fn distinct(&mut self, n: u32, of: u32, out: &mut Vec<u32>) {
        out.clear();
        while out.len() < n.min(of) as usize {
            let x = self.below(of);
            if !out.contains(&x) {
                out.push(x);
            }
        }
    }
    /// A Zipf (s = 1) rank below n, scattered over 0..n.
    pub fn zipf(&mut self, n: u32) -> u32 {
        let rank = ((f64::from(n) + 1.0).ln() * self.unit()).exp() as u64 - 1;
        (rank.min(u64::from(n) - 1) * 2_654_435_761 % u64::from(n)) as u32
    }
}

pub fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The 128-bit id of user `i`; random looking, unique.
pub fn user_id(i: u32) -> u128 {
    (u128::from(mix(0x1111_0000_0000_0000 | u64::from(i))) << 64)
        | u128::from(mix(0x1112_0000_0000_0000 | u64::from(i)))
}

/// The 128-bit id of resource `i`.
pub fn resource_id(i: u32) -> u128 {
    (u128::from(mix(0x2221_0000_0000_0000 | u64::from(i))) << 64)
        | u128::from(mix(0x2222_0000_0000_0000 | u64::from(i)))
}

/// The 128-bit id of group `i`.
pub fn group_id(i: u32) -> u128 {
    (u128::from(mix(0x3331_0000_0000_0000 | u64::from(i))) << 64)
        | u128::from(mix(0x3332_0000_0000_0000 | u64::from(i)))
}

fn roles(spec: &Spec, rng: &mut Rng) -> Vec<Role> {
    use bits::*;
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

fn resources(spec: &Spec, rng: &mut Rng) -> Vec<Resource> {
    let versions = spec.models * spec.versions_per_model;
    let models = (0..spec.models).map(|_| Resource {
        kind: Kind::Model,
        parent: NONE,
    });
    let mut all: Vec<Resource> = models.collect();
    all.extend((0..versions).map(|v| Resource {
        kind: Kind::Version,
        parent: v / spec.versions_per_model,
    }));
    all.extend((0..spec.frameworks).map(|f| {
        let parent = match f % 4 {
            0 | 1 => NONE,
            2 => rng.below(spec.models),
            _ => spec.models + rng.below(versions),
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
        (0..spec.groups)
            .filter(|&g| groups[g as usize] == role)
            .collect::<Vec<u32>>()
    };
    let by_role = [of_role(DATA_ARCHITECT), of_role(REVIEWER)];
    let mut picked = Vec::new();
    let mut users: Vec<User> = (0..spec.users)
        .map(|u| {
            if u % 100 == 37 {
                return User {
                    roles: [ADMIN, 0],
                    role_count: 1,
                    group_count: 0,
                    groups: [0; 3],
                };
            }
            let role = everyday(rng);
            let pool = &by_role[usize::from(role) - 1];
            rng.distinct(3, pool.len() as u32, &mut picked);
            let mut groups = [0; 3];
            groups
                .iter_mut()
                .zip(&picked)
                .for_each(|(g, &p)| *g = pool[p as usize]);
            User {
                roles: [role, 0],
                role_count: 1,
                group_count: picked.len() as u8,
                groups,
            }
        })
        .collect();
    if spec.features.custom_roles {
        let mut seen = HashSet::new();
        for custom in [CUSTOM_ALL, CUSTOM_SELECTED] {
            let mut left = spec.custom_holders;
            while left > 0 {
                let u = rng.below(spec.users);
                let user = &mut users[u as usize];
                if user.roles[0] == ADMIN || !seen.insert(u) {
                    continue;
                }
                *user = User {
                    roles: [custom, user.roles[0]],
                    role_count: 2,
                    ..user.clone()
                };
                left -= 1;
            }
        }
    }
    users
}

impl World {
    /// Draws the world.
    pub fn new(spec: Spec) -> World {
        let mut rng = Rng(spec.seed ^ mix(u64::from(spec.users)));
        let roles = roles(&spec, &mut rng);
        let groups: Vec<u8> = (0..spec.groups)
            .map(|g| {
                if g < 6 {
                    1 + (g % 2) as u8
                } else {
                    everyday(&mut rng)
                }
            })
            .collect();
        let resources = resources(&spec, &mut rng);
        let users = users(&spec, &groups, &mut rng);
        let mut under_model: HashMap<u32, Vec<u32>> = HashMap::new();
        for (f, r) in resources
            .iter()
            .enumerate()
            .filter(|(_, r)| r.kind == Kind::Framework && r.parent != NONE)
        {
            let parent = resources[r.parent as usize];
            let root = if parent.kind == Kind::Model {
                r.parent
            } else {
                parent.parent
            };
            under_model.entry(root).or_default().push(f as u32);
        }
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

    fn draw_grants(&mut self, rng: &mut Rng) {
        let spec = self.spec;
        let versions = spec.models * spec.versions_per_model;
        let mut picked = Vec::new();
        self.grants
            .reserve_exact(spec.users as usize * 35 + spec.groups as usize * 20);
        for u in 0..spec.users {
            let role = self.users[u as usize].roles[0];
            let ceiling = self.roles[usize::from(role)].ceiling;
            if role != ADMIN {
                for (n, of, base, kind) in [
                    (10, spec.models, 0, Kind::Model),
                    (20, versions, spec.models, Kind::Version),
                    (5, spec.frameworks, spec.models + versions, Kind::Framework),
                ] {
                    rng.distinct(n, of, &mut picked);
                    for &p in &picked {
                        self.draw_grant(rng, u, base + p, ceiling, kind.bits());
                    }
                }
            }
            self.starts.push(self.grants.len() as u32);
        }
        for g in 0..spec.groups {
            let ceiling = self.roles[usize::from(self.groups[g as usize])].ceiling;
            rng.distinct(20, spec.models, &mut picked);
            for (i, &p) in picked.iter().enumerate() {
                let kinds = if i % 2 == 0 {
                    bits::MODEL | bits::VERSION | bits::FRAMEWORK
                } else {
                    bits::MODEL
                };
                self.draw_grant(rng, GROUP | g, p, ceiling, kinds);
            }
            self.starts.push(self.grants.len() as u32);
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

    fn draw_restrictions(&mut self, rng: &mut Rng) {
        let subjects = (0..self.spec.users)
            .map(|u| (u, 5))
            .chain((0..self.spec.groups).map(|g| (GROUP | g, 10)));
        for (subject, percent) in subjects {
            let grants = self.grants_of(subject);
            if grants.is_empty() || !rng.chance(percent) {
                continue;
            }
            let grant = grants[rng.below(grants.len() as u32) as usize];
            let below = grant.bits & bits::VERSION != 0
                && self.kind(grant.resource) == Kind::Model
                && rng.chance(50);
            let resource = if below {
                self.version(grant.resource, rng)
            } else {
                grant.resource
            };
            let kinds = match self.kind(resource) {
                Kind::Model => bits::MODEL | bits::VERSION | bits::FRAMEWORK,
                Kind::Version => bits::VERSION | bits::FRAMEWORK,
                Kind::Framework => bits::FRAMEWORK,
            };
            let taken = bits::dependents(
                (rng.next() & rng.next() & kinds) | (grant.bits & kinds & rng.next()),
            );
            let taken = if taken == 0 {
                bits::dependents(grant.bits & kinds)
            } else {
                taken
            };
            self.restrictions.push(Restriction {
                subject,
                resource,
                bits: taken,
            });
            self.restricted.insert(subject, (resource, taken));
        }
    }

    fn version(&self, model: u32, rng: &mut Rng) -> u32 {
        self.spec.models
            + model * self.spec.versions_per_model
            + rng.below(self.spec.versions_per_model)
    }

    pub fn kind(&self, resource: u32) -> Kind {
        self.resources[resource as usize].kind
    }

    /// The grants of a user index or of `GROUP | group`.
    pub fn grants_of(&self, subject: u32) -> &[Grant] {
        let i = if subject & GROUP == 0 {
            subject
        } else {
            (subject & !GROUP) + self.spec.users
        } as usize;
        &self.grants[self.starts[i] as usize..self.starts[i + 1] as usize]
    }

    /// The restriction of a user index or of `GROUP | group`: at most one each.
    pub fn restriction_of(&self, subject: u32) -> Option<(u32, u64)> {
        self.restricted.get(&subject).copied()
    }

    /// The resource and its ancestors without the organisation, `NONE` filled.
    pub fn chain(&self, resource: u32) -> [u32; 3] {
        let up = |r: u32| {
            if r == NONE {
                NONE
            } else {
                self.resources[r as usize].parent
            }
        };
        [resource, up(resource), up(up(resource))]
    }

    /// SPEC 4, slowly, under the user's primary role at `NOW`.
    pub fn expected(&self, q: Query) -> Reason {
        let user = &self.users[q.user as usize];
        let role = &self.roles[usize::from(user.roles[0])];
        if user.roles[0] == ADMIN {
            return Reason::Admin;
        }
        let chain = self.chain(q.resource);
        let holds = |subject: u32| {
            self.grants_of(subject)
                .iter()
                .any(|g| g.bits & q.bit != 0 && g.live(NOW) && chain.contains(&g.resource))
        };
        let takes = |subject: u32| {
            self.restriction_of(subject)
                .is_some_and(|(on, taken)| taken & q.bit != 0 && chain.contains(&on))
        };
        if role.ceiling & q.bit == 0 {
            return Reason::AboveCeiling;
        }
        if takes(q.user) || user.groups().iter().any(|&g| takes(GROUP | g)) {
            return Reason::Restricted;
        }
        if holds(q.user) {
            return Reason::Grant;
        }
        if user
            .groups()
            .iter()
            .any(|&g| self.groups[g as usize] == user.roles[0] && holds(GROUP | g))
        {
            return Reason::GroupGrant;
        }
        let reaches = match &role.scope {
            Scope::All => true,
            Scope::Selected(list) => chain.iter().any(|r| list.contains(r)),
            Scope::Granted => false,
        };
        if role.defaults & q.bit != 0 && reaches {
            Reason::RoleScope
        } else {
            Reason::NotGranted
        }
    }

    /// `count` queries of the mix in README.md; `zipf` chooses the second stream.
    pub fn queries(&self, count: usize, zipf: bool) -> Vec<Query> {
        let mut rng = Rng(self.spec.seed ^ 0x5155_4552 ^ u64::from(zipf));
        (0..count).map(|i| self.query(i, zipf, &mut rng)).collect()
    }

    fn query(&self, i: usize, zipf: bool, rng: &mut Rng) -> Query {
        let kind = match rng.below(10) {
            0..5 => Kind::Version,
            5..8 => Kind::Model,
            _ => Kind::Framework,
        };
        let (allowed, reached) = (rng.chance(50), rng.chance(50));
        for attempt in 0.. {
            let user = if zipf {
                rng.zipf(self.spec.users)
            } else {
                rng.below(self.spec.users)
            };
            let on = if allowed || reached {
                self.reached(user, kind, rng)
            } else {
                None
            };
            let resource = match on {
                Some(r) => r,
                None if allowed && self.users[user as usize].roles[0] != ADMIN => continue,
                None => self.any(kind, zipf, rng),
            };
            let q = Query {
                user,
                resource,
                bit: Self::asked(kind, rng),
            };
            if self.expected(q).allowed() == allowed {
                return q;
            }
            assert!(attempt < 100_000, "query {i} cannot be drawn");
        }
        unreachable!()
    }

    fn asked(kind: Kind, rng: &mut Rng) -> u64 {
        match kind {
            Kind::Version => [
                bits::V_READ,
                bits::V_UPDATE,
                bits::V_COMMENT_CREATE,
                bits::V_EXPORT_READ,
            ][rng.below(4) as usize],
            Kind::Model => 1 << (10 + rng.below(6)),
            Kind::Framework => 1 << (26 + rng.below(7)),
        }
    }

    fn any(&self, kind: Kind, zipf: bool, rng: &mut Rng) -> u32 {
        let versions = self.spec.models * self.spec.versions_per_model;
        let (base, n) = match kind {
            Kind::Model => (0, self.spec.models),
            Kind::Version => (self.spec.models, versions),
            Kind::Framework => (self.spec.models + versions, self.spec.frameworks),
        };
        base + if zipf { rng.zipf(n) } else { rng.below(n) }
    }

    /// A resource of `kind` that a grant of the user reaches; own and group grants half and half.
    fn reached(&self, user: u32, kind: Kind, rng: &mut Rng) -> Option<u32> {
        let groups = self.users[user as usize].groups();
        let subject = if groups.is_empty() || rng.chance(50) {
            user
        } else {
            GROUP | groups[rng.below(groups.len() as u32) as usize]
        };
        let grants = self.grants_of(subject);
        for _ in 0..16 {
            if grants.is_empty() {
                return None;
            }
            let on = grants[rng.below(grants.len() as u32) as usize].resource;
            match (self.kind(on), kind) {
                (a, b) if a == b => return Some(on),
                (Kind::Model, Kind::Version) if subject & GROUP != 0 => {
                    return Some(self.version(on, rng));
                }
                (Kind::Model, Kind::Framework) => match self.under_model.get(&on) {
                    Some(list) => return Some(list[rng.below(list.len() as u32) as usize]),
                    None => continue,
                },
                _ => continue,
            }
        }
        None
    }
}
