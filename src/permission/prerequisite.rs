//! Prerequisites: what a permission needs beside it to make sense.

use super::catalogue::{
    FrameworkPermissions, ModelPermissions, OrganisationPermissions, VersionPermissions,
};
use super::{Permission, PermissionSet};
use crate::resource::ResourceKind;

impl Permission {
    /// The permissions this one needs, all of its own kind. Complete: prerequisites of prerequisites
    /// are among them.
    #[must_use]
    pub fn prerequisites(self) -> PermissionSet {
        let needed = match self.kind() {
            ResourceKind::Organisation => organisation(self),
            ResourceKind::Model => ModelPermissions::READ.into(),
            ResourceKind::Version => version(self),
            ResourceKind::Framework => framework(self),
        };
        needed.without(self.into())
    }
}

fn organisation(permission: Permission) -> PermissionSet {
    let needs_users_read = OrganisationPermissions::USERS_INVITE
        .union(OrganisationPermissions::USERS_MANAGE)
        .union(OrganisationPermissions::GROUPS_MANAGE)
        .union(OrganisationPermissions::ROLES_MANAGE)
        .union(OrganisationPermissions::PERMISSIONS_MANAGE)
        .union(OrganisationPermissions::SECURITY_MANAGE);
    if PermissionSet::from(needs_users_read).holds(permission) {
        OrganisationPermissions::USERS_READ.into()
    } else {
        PermissionSet::EMPTY
    }
}

fn version(permission: Permission) -> PermissionSet {
    let comments = VersionPermissions::COMMENT_CREATE
        .union(VersionPermissions::COMMENT_UPDATE)
        .union(VersionPermissions::COMMENT_DELETE);
    let read = PermissionSet::from(VersionPermissions::READ);
    if PermissionSet::from(comments).holds(permission) {
        read | VersionPermissions::COMMENT_READ
    } else if PermissionSet::from(VersionPermissions::EXPORT_MANAGE).holds(permission) {
        read | VersionPermissions::EXPORT_READ
    } else {
        read
    }
}

fn framework(permission: Permission) -> PermissionSet {
    let comments = FrameworkPermissions::COMMENT_CREATE
        .union(FrameworkPermissions::COMMENT_UPDATE)
        .union(FrameworkPermissions::COMMENT_DELETE);
    let read = PermissionSet::from(FrameworkPermissions::READ);
    if PermissionSet::from(comments).holds(permission) {
        read | FrameworkPermissions::COMMENT_READ
    } else {
        read
    }
}

impl PermissionSet {
    /// The prerequisites of what it holds that it does not hold itself.
    #[must_use]
    pub fn missing_prerequisites(self) -> Self {
        let needed: Self = self.iter().map(Permission::prerequisites).collect();
        needed.without(self)
    }

    /// Whether it holds the prerequisites of all it holds.
    #[must_use]
    pub fn is_closed(self) -> bool {
        self.missing_prerequisites().is_empty()
    }

    /// The set with everything added that needs one of its permissions: what a restriction takes.
    #[must_use]
    pub fn with_dependants(self) -> Self {
        let dependants = Permission::all().filter(|one| one.prerequisites().intersects(self));
        self.union(dependants.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prerequisites_are_complete_and_of_one_kind() {
        for permission in Permission::all() {
            let needed = permission.prerequisites();
            assert!(needed.is_closed(), "{permission}");
            assert!(needed.is_within(PermissionSet::of_kind(permission.kind())));
            assert!(!needed.holds(permission));
        }
    }

    #[test]
    fn restricting_read_takes_the_whole_kind() {
        let read = PermissionSet::from(VersionPermissions::READ);
        assert_eq!(
            read.with_dependants(),
            PermissionSet::of_kind(ResourceKind::Version)
        );
        let users_read = PermissionSet::from(OrganisationPermissions::USERS_READ);
        assert_eq!(users_read.with_dependants().len(), 7);
    }

    #[test]
    fn names_what_is_missing() {
        let set = PermissionSet::from(VersionPermissions::COMMENT_CREATE);
        let expected = VersionPermissions::READ.union(VersionPermissions::COMMENT_READ);
        assert_eq!(set.missing_prerequisites(), expected.into());
        assert!(PermissionSet::EMPTY.is_closed());
    }
}
