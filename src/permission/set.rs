//! The erased permission set: one `u64` that may hold bits of several kinds.

use std::fmt;
use std::ops::BitOr;

use super::catalogue::{
    FrameworkPermissions, ModelPermissions, OrganisationPermissions, VersionPermissions,
};
use super::{Permission, UnknownPermission};
use crate::resource::ResourceKind;

/// A set of permissions of one or several resource kinds.
///
/// It never holds a bit that the catalogue does not have. The operations are those of sets;
/// `a - b` is written [`without`](Self::without).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct PermissionSet(u64);

impl PermissionSet {
    /// No permission.
    pub const EMPTY: Self = Self(0);
    /// Every permission of the catalogue.
    pub const ALL: Self = Self((1 << 33) - 1);

    /// The set of these bits, or `None` where one of them is not in the catalogue.
    #[must_use]
    pub const fn from_bits(bits: u64) -> Option<Self> {
        if bits & !Self::ALL.0 == 0 {
            Some(Self(bits))
        } else {
            None
        }
    }

    /// Its bits, in the order of the catalogue.
    #[must_use]
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// Every permission of one kind.
    #[must_use]
    pub const fn of_kind(kind: ResourceKind) -> Self {
        Self(match kind {
            ResourceKind::Organisation => OrganisationPermissions::all().bits(),
            ResourceKind::Model => ModelPermissions::all().bits(),
            ResourceKind::Version => VersionPermissions::all().bits(),
            ResourceKind::Framework => FrameworkPermissions::all().bits(),
        })
    }

    /// Every permission of the kinds that can stand at or beneath a resource of this kind.
    ///
    /// For an organisation these are the kinds beneath it: its own permissions come from roles alone.
    #[must_use]
    pub const fn at_or_below(kind: ResourceKind) -> Self {
        let framework = Self::of_kind(ResourceKind::Framework);
        match kind {
            ResourceKind::Framework => framework,
            ResourceKind::Version => framework.union(Self::of_kind(ResourceKind::Version)),
            ResourceKind::Organisation | ResourceKind::Model => {
                Self::ALL.without(Self::of_kind(ResourceKind::Organisation))
            }
        }
    }

    /// Whether it holds nothing.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many permissions it holds.
    #[must_use]
    pub const fn len(self) -> u32 {
        self.0.count_ones()
    }

    /// Whether it holds this permission.
    #[must_use]
    pub const fn holds(self, permission: Permission) -> bool {
        self.0 >> permission.bit() & 1 == 1
    }

    /// Whether all it holds is in `other`. The empty set is within every set.
    #[must_use]
    pub const fn is_within(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// Whether it shares a permission with `other`.
    #[must_use]
    pub const fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// What is in either.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in both.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// What is in this set and not in `other`.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// What is in exactly one of the two.
    #[must_use]
    pub const fn symmetric_difference(self, other: Self) -> Self {
        Self(self.0 ^ other.0)
    }

    /// Its permissions in the order of the catalogue.
    #[must_use]
    pub const fn iter(self) -> PermissionIter {
        PermissionIter(self.0)
    }

    /// Its names, sorted by bytes: the order of `missing` and `excess` in scenario files.
    #[must_use]
    pub fn sorted_names(self) -> Vec<&'static str> {
        let mut names: Vec<_> = self.iter().map(Permission::name).collect();
        names.sort_unstable();
        names
    }

    /// The set of these names.
    ///
    /// # Errors
    /// [`UnknownPermission`] with the first name that the catalogue does not have.
    pub fn from_names<'a>(
        names: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, UnknownPermission> {
        names.into_iter().map(str::parse::<Permission>).collect()
    }
}

/// The permissions of a set, in the order of the catalogue.
#[derive(Clone, Debug)]
pub struct PermissionIter(u64);

impl Iterator for PermissionIter {
    type Item = Permission;

    fn next(&mut self) -> Option<Permission> {
        let bit = u8::try_from(self.0.trailing_zeros()).ok()?;
        let permission = Permission::from_bit(bit)?;
        self.0 &= self.0.wrapping_sub(1);
        Some(permission)
    }
}

impl IntoIterator for PermissionSet {
    type Item = Permission;
    type IntoIter = PermissionIter;

    fn into_iter(self) -> PermissionIter {
        self.iter()
    }
}

impl FromIterator<Permission> for PermissionSet {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        permissions
            .into_iter()
            .map(Self::from)
            .fold(Self::EMPTY, Self::union)
    }
}

impl FromIterator<Self> for PermissionSet {
    fn from_iter<I: IntoIterator<Item = Self>>(sets: I) -> Self {
        sets.into_iter().fold(Self::EMPTY, Self::union)
    }
}

impl From<Permission> for PermissionSet {
    fn from(permission: Permission) -> Self {
        Self(1 << permission.bit())
    }
}

macro_rules! from_typed {
    ($($typed:ty),*) => {$(
        impl From<$typed> for PermissionSet {
            /// Unknown bits, which `from_bits_retain` can make, are left out.
            fn from(permissions: $typed) -> Self {
                Self(permissions.bits() & <$typed>::all().bits())
            }
        }

        impl BitOr<PermissionSet> for $typed {
            type Output = PermissionSet;

            fn bitor(self, other: PermissionSet) -> PermissionSet {
                PermissionSet::from(self).union(other)
            }
        }
    )*};
}

from_typed!(
    OrganisationPermissions,
    ModelPermissions,
    VersionPermissions,
    FrameworkPermissions
);

impl<T: Into<PermissionSet>> BitOr<T> for PermissionSet {
    type Output = Self;

    fn bitor(self, other: T) -> Self {
        self.union(other.into())
    }
}

impl fmt::Display for PermissionSet {
    /// The names sorted and joined by commas, or `nothing`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return formatter.write_str("nothing");
        }
        formatter.write_str(&self.sorted_names().join(", "))
    }
}

impl fmt::Debug for PermissionSet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_partition_the_catalogue() {
        let union: PermissionSet = ResourceKind::ALL
            .map(PermissionSet::of_kind)
            .into_iter()
            .collect();
        assert_eq!(union, PermissionSet::ALL);
        let total: u32 = ResourceKind::ALL
            .map(|kind| PermissionSet::of_kind(kind).len())
            .iter()
            .sum();
        assert_eq!(total, 33);
    }

    #[test]
    fn typed_sets_drop_unknown_bits() {
        let stray = ModelPermissions::from_bits_retain(u64::MAX);
        assert_eq!(
            PermissionSet::from(stray),
            PermissionSet::of_kind(ResourceKind::Model)
        );
        assert_eq!(PermissionSet::from_bits(1 << 33), None);
    }

    #[test]
    fn iterates_in_catalogue_order() {
        let set = VersionPermissions::READ | PermissionSet::from(ModelPermissions::DELETE);
        let names: Vec<_> = set.iter().map(Permission::name).collect();
        assert_eq!(names, ["model.delete", "version.read"]);
        assert_eq!(set.len(), 2);
    }
}
