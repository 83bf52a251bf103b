//! The permissions of resources by place and by name, for engines that know permissions by name.

/// The lowest bit of the catalogue that a resource can carry.
pub const FIRST: u32 = 10;
/// How many permissions resources have, all kinds together.
pub const COUNT: usize = 23;

/// The single bits of a set.
pub fn each(set: u64) -> impl Iterator<Item = u64> {
    (FIRST..FIRST + COUNT as u32)
        .map(|i| 1u64 << i)
        .filter(move |bit| set & bit != 0)
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
