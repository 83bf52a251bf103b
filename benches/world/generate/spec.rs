//! How large a world is, and what it has.

use super::Kind;

/// What the rule has to reckon with beside roles, groups and grants.
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
    /// What most other engines have a counterpart for.
    pub const PEERS: Features = Features {
        restrictions: false,
        custom_roles: false,
        expiry: false,
    };
}

#[derive(Clone, Copy, Debug)]
pub struct Spec {
    pub users: u32,
    pub models: u32,
    pub versions_per_model: u32,
    pub frameworks: u32,
    pub groups: u32,
    /// How many users hold each of the custom roles.
    pub custom_holders: u32,
    pub features: Features,
    pub seed: u64,
}

const SEED: u64 = 0x526f_6c65_626f_6f6b;

impl Spec {
    /// `S`, `M`, `L`, or a number of users: then with the proportions of `M`.
    pub fn named(name: &str, features: Features) -> Option<Spec> {
        let sizes = match name {
            "S" => [100, 100, 3, 50, 10, 2],
            "M" => [10_000, 1_000, 5, 500, 100, 50],
            "L" => [1_000_000, 100_000, 5, 10_000, 10_000, 50],
            users => Self::of(users.parse().ok().filter(|users| *users > 0)?),
        };
        let [
            users,
            models,
            versions_per_model,
            frameworks,
            groups,
            custom_holders,
        ] = sizes;
        Some(Spec {
            users,
            models,
            versions_per_model,
            frameworks,
            groups,
            custom_holders,
            features,
            seed: SEED,
        })
    }

    fn of(users: u32) -> [u32; 6] {
        [
            users,
            (users / 10).max(50),
            5,
            (users / 20).max(10),
            (users / 100).max(6),
            users / 200,
        ]
    }

    /// All versions of all models.
    pub fn versions(&self) -> u32 {
        self.models * self.versions_per_model
    }

    /// Where the resources of a kind begin, and how many there are.
    pub fn range(&self, kind: Kind) -> (u32, u32) {
        match kind {
            Kind::Model => (0, self.models),
            Kind::Version => (self.models, self.versions()),
            Kind::Framework => (self.models + self.versions(), self.frameworks),
        }
    }

    /// What a resource is.
    pub fn kind(&self, resource: u32) -> Kind {
        match resource {
            model if model < self.models => Kind::Model,
            version if version < self.models + self.versions() => Kind::Version,
            _ => Kind::Framework,
        }
    }
}
