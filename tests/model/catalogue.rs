//! The catalogue (2), spelt out by name.

use std::sync::LazyLock;

use rolebook::{Permission, PermissionSet, Resource, ResourceKind};

/// Permission, and what it needs.
const NEEDS: [(&str, &[&str]); 33] = [
    ("organisation.users_read", &[]),
    ("organisation.users_invite", &["organisation.users_read"]),
    ("organisation.users_manage", &["organisation.users_read"]),
    ("organisation.groups_manage", &["organisation.users_read"]),
    ("organisation.roles_manage", &["organisation.users_read"]),
    (
        "organisation.permissions_manage",
        &["organisation.users_read"],
    ),
    ("organisation.security_manage", &["organisation.users_read"]),
    ("organisation.audit_read", &[]),
    ("organisation.models_create", &[]),
    ("organisation.frameworks_create", &[]),
    ("model.read", &[]),
    ("model.update", &["model.read"]),
    ("model.delete", &["model.read"]),
    ("model.import_db", &["model.read"]),
    ("model.version_create", &["model.read"]),
    ("model.users_update", &["model.read"]),
    ("version.read", &[]),
    ("version.update", &["version.read"]),
    ("version.delete", &["version.read"]),
    ("version.users_read", &["version.read"]),
    ("version.export_read", &["version.read"]),
    (
        "version.export_manage",
        &["version.read", "version.export_read"],
    ),
    ("version.comment_read", &["version.read"]),
    (
        "version.comment_create",
        &["version.read", "version.comment_read"],
    ),
    (
        "version.comment_update",
        &["version.read", "version.comment_read"],
    ),
    (
        "version.comment_delete",
        &["version.read", "version.comment_read"],
    ),
    ("framework.read", &[]),
    ("framework.update", &["framework.read"]),
    ("framework.delete", &["framework.read"]),
    ("framework.comment_read", &["framework.read"]),
    (
        "framework.comment_create",
        &["framework.read", "framework.comment_read"],
    ),
    (
        "framework.comment_update",
        &["framework.read", "framework.comment_read"],
    ),
    (
        "framework.comment_delete",
        &["framework.read", "framework.comment_read"],
    ),
];

/// The same as sets, read once.
static CATALOGUE: LazyLock<Vec<(PermissionSet, PermissionSet)>> = LazyLock::new(|| {
    NEEDS
        .iter()
        .map(|(name, needs)| (named(&[name]), named(needs)))
        .collect()
});

/// The set of these names.
pub(crate) fn named(names: &[&str]) -> PermissionSet {
    PermissionSet::from_names(names.iter().copied()).expect("a name of the catalogue")
}

/// Every permission.
pub(crate) fn all_permissions() -> PermissionSet {
    CATALOGUE
        .iter()
        .map(|(permission, _)| *permission)
        .collect()
}

/// The kind that a permission belongs to, by the first part of its name.
pub(crate) fn kind_of(permission: Permission) -> ResourceKind {
    match permission.name().split('.').next() {
        Some("organisation") => ResourceKind::Organisation,
        Some("model") => ResourceKind::Model,
        Some("version") => ResourceKind::Version,
        Some("framework") => ResourceKind::Framework,
        _ => unreachable!("a kind of the catalogue"),
    }
}

/// The permissions of one kind.
pub(crate) fn of_kind(kind: ResourceKind) -> PermissionSet {
    static KINDS: LazyLock<Vec<(ResourceKind, PermissionSet)>> = LazyLock::new(|| {
        let of = |kind| {
            all_permissions()
                .iter()
                .filter(|one| kind_of(*one) == kind)
                .collect()
        };
        ResourceKind::ALL.map(|kind| (kind, of(kind))).to_vec()
    });
    KINDS
        .iter()
        .find(|(known, _)| *known == kind)
        .expect("a kind")
        .1
}

/// The permissions of the kinds that can be at or below a resource. The organisation takes none.
pub(crate) fn at_or_below(resource: Resource) -> PermissionSet {
    let framework = of_kind(ResourceKind::Framework);
    let version = of_kind(ResourceKind::Version).union(framework);
    match resource {
        Resource::Organisation => PermissionSet::EMPTY,
        Resource::Model(_) => of_kind(ResourceKind::Model).union(version),
        Resource::Version(_) => version,
        Resource::Framework(_) => framework,
    }
}

/// The prerequisites that a set lacks.
pub(crate) fn missing_from(set: PermissionSet) -> PermissionSet {
    let held = CATALOGUE
        .iter()
        .filter(|(permission, _)| permission.is_within(set));
    let needed: PermissionSet = held.map(|(_, needs)| *needs).collect();
    needed.without(set)
}

/// The set with whatever needs one of its bits.
pub(crate) fn with_what_needs_it(set: PermissionSet) -> PermissionSet {
    let needing = CATALOGUE.iter().filter(|(_, needs)| needs.intersects(set));
    needing
        .map(|(permission, _)| *permission)
        .collect::<PermissionSet>()
        .union(set)
}
