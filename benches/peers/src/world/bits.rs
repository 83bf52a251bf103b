//! The permission catalogue as bits: model 10..16, version 16..26, framework 26..33.

/// All permissions on a model.
pub const MODEL: u64 = 0x3f << 10;
/// All permissions on a version.
pub const VERSION: u64 = 0x3ff << 16;
/// All permissions on a framework.
pub const FRAMEWORK: u64 = 0x7f << 26;

/// `model.read`.
pub const M_READ: u64 = 1 << 10;
/// `version.read`.
pub const V_READ: u64 = 1 << 16;
/// `version.update`.
pub const V_UPDATE: u64 = 1 << 17;
/// `version.users_read`.
pub const V_USERS_READ: u64 = 1 << 19;
/// `version.export_read`.
pub const V_EXPORT_READ: u64 = 1 << 20;
/// `version.export_manage`.
pub const V_EXPORT_MANAGE: u64 = 1 << 21;
/// `version.comment_read`.
pub const V_COMMENT_READ: u64 = 1 << 22;
/// `version.comment_create`.
pub const V_COMMENT_CREATE: u64 = 1 << 23;
/// `version.comment_update`.
pub const V_COMMENT_UPDATE: u64 = 1 << 24;
/// `version.comment_delete`.
pub const V_COMMENT_DELETE: u64 = 1 << 25;
/// `framework.read`.
pub const F_READ: u64 = 1 << 26;
/// `framework.comment_read`.
pub const F_COMMENT_READ: u64 = 1 << 29;
/// `framework.comment_create`.
pub const F_COMMENT_CREATE: u64 = 1 << 30;
/// `framework.comment_update`.
pub const F_COMMENT_UPDATE: u64 = 1 << 31;
/// `framework.comment_delete`.
pub const F_COMMENT_DELETE: u64 = 1 << 32;

/// The lowest bit of the catalogue that a resource can carry.
pub const FIRST: u32 = 10;
/// How many permissions resources have, all kinds together.
pub const COUNT: usize = 23;

/// The ceiling of the Reviewer.
pub const REVIEWER_CEILING: u64 = M_READ
    | V_READ
    | V_USERS_READ
    | V_EXPORT_READ
    | V_COMMENT_READ
    | V_COMMENT_CREATE
    | V_COMMENT_UPDATE
    | F_READ
    | F_COMMENT_READ
    | F_COMMENT_CREATE
    | F_COMMENT_UPDATE;
/// The ceiling of the Data Architect.
pub const ARCHITECT_CEILING: u64 = MODEL | VERSION | FRAMEWORK;

/// What a single bit needs, itself excluded.
pub fn needs(bit: u64) -> u64 {
    let all = match bit {
        b if b & MODEL != 0 => M_READ,
        V_COMMENT_CREATE | V_COMMENT_UPDATE | V_COMMENT_DELETE => V_READ | V_COMMENT_READ,
        V_EXPORT_MANAGE => V_READ | V_EXPORT_READ,
        b if b & VERSION != 0 => V_READ,
        F_COMMENT_CREATE | F_COMMENT_UPDATE | F_COMMENT_DELETE => F_READ | F_COMMENT_READ,
        b if b & FRAMEWORK != 0 => F_READ,
        _ => 0,
    };
    all & !bit
}

/// The single bits of a set.
pub fn each(set: u64) -> impl Iterator<Item = u64> {
    (FIRST..FIRST + COUNT as u32).map(|i| 1u64 << i).filter(move |bit| set & bit != 0)
}

/// The set with the prerequisites of all it holds.
pub fn closed(set: u64) -> u64 {
    each(set).fold(set, |closed, bit| closed | needs(bit))
}

/// The place of a single bit among the `COUNT` permissions of resources.
pub fn index(bit: u64) -> usize {
    (bit.trailing_zeros() - FIRST) as usize
}

/// The names of the permissions, by [`index`].
pub const NAMES: [&str; COUNT] = [
    "model.read",
    "model.update",
    "model.delete",
    "model.import_db",
    "model.version_create",
    "model.users_update",
    "version.read",
    "version.update",
    "version.delete",
    "version.users_read",
    "version.export_read",
    "version.export_manage",
    "version.comment_read",
    "version.comment_create",
    "version.comment_update",
    "version.comment_delete",
    "framework.read",
    "framework.update",
    "framework.delete",
    "framework.comment_read",
    "framework.comment_create",
    "framework.comment_update",
    "framework.comment_delete",
];
