//! The permission catalogue as bits, in the order of the specification: organisation 0..10, model 10..16, version 16..26,
//! framework 26..33.

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
