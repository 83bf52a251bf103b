//! Permissions as what one does.

use crate::permission::Permission;

/// What one does with a permission, as it follows "may": `change model m1`.
pub(crate) fn phrase(permission: Permission, resource: &str) -> String {
    format!("{} {resource}", verb(permission))
}

/// The verb of a permission, to stand before the name of a resource.
fn verb(permission: Permission) -> &'static str {
    match permission.name() {
        "organisation.users_read" => "see the users of",
        "organisation.users_invite" => "invite people to",
        "organisation.users_manage" => "manage the users of",
        "organisation.groups_manage" => "manage the groups of",
        "organisation.roles_manage" => "define the roles of",
        "organisation.permissions_manage" => "decide about all access in",
        "organisation.security_manage" => "change the security settings of",
        "organisation.audit_read" => "read the audit trail of",
        "organisation.models_create" => "create models in",
        "organisation.frameworks_create" => "create frameworks in",
        "model.import_db" => "import a database into",
        "model.version_create" => "create versions of",
        "model.users_update" => "see and edit who has access to",
        "version.users_read" => "see the list of users in",
        "version.export_read" => "see the exports of",
        "version.export_manage" => "export",
        name => common_verb(name),
    }
}

/// The verbs that models, versions and frameworks share.
fn common_verb(name: &str) -> &'static str {
    match name.split_once('.').map_or(name, |(_, action)| action) {
        "read" => "see",
        "update" => "change",
        "delete" => "delete",
        "comment_read" => "see the comments on",
        "comment_create" => "comment on",
        "comment_update" => "change comments on",
        "comment_delete" => "delete comments on",
        _ => "do something with",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_permission_has_a_verb_of_its_own() {
        let verbs: Vec<_> = Permission::all().map(|it| (it.kind(), verb(it))).collect();
        for (index, one) in verbs.iter().enumerate() {
            assert_ne!(one.1, "do something with");
            assert!(!verbs[..index].contains(one), "{one:?}");
        }
    }
}
