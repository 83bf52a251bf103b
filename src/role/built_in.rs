//! The three built-in roles.

use std::sync::LazyLock;

use super::{Role, Scope};
use crate::id::RoleId;
use crate::name::Name;
use crate::permission::{
    FrameworkPermissions, Level, Levels, ModelPermissions, OrganisationPermissions, PermissionSet,
    VersionPermissions,
};
use crate::resource::ResourceKind;

/// The definition of a built-in role, or `None` for every other id.
pub(crate) fn built_in(role: RoleId) -> Option<&'static Role> {
    static ROLES: LazyLock<[Role; 3]> = LazyLock::new(|| [admin(), data_architect(), reviewer()]);
    let [admin, data_architect, reviewer] = &*ROLES;
    match role {
        RoleId::ADMIN => Some(admin),
        RoleId::DATA_ARCHITECT => Some(data_architect),
        RoleId::REVIEWER => Some(reviewer),
        _ => None,
    }
}

#[expect(
    clippy::expect_used,
    reason = "the three literals are names; a test reads each of them"
)]
fn name(text: &str) -> Name {
    text.parse().expect("a built-in name is a name")
}

fn admin() -> Role {
    Role {
        name: name("Admin"),
        description: "Does everything, everywhere; no grant, restriction or ceiling binds it."
            .into(),
        defaults: PermissionSet::ALL,
        ceiling: PermissionSet::ALL,
        scope: Scope::All,
    }
}

fn data_architect() -> Role {
    let organisation = OrganisationPermissions::USERS_READ
        .union(OrganisationPermissions::MODELS_CREATE)
        .union(OrganisationPermissions::FRAMEWORKS_CREATE);
    let edit = Levels {
        model: Level::Edit,
        version: Level::Edit,
        framework: Level::Edit,
    };
    let defaults = edit.permissions() | organisation;
    Role {
        name: name("Data Architect"),
        description: "Builds models, versions and frameworks, and edits those it is given.".into(),
        defaults,
        ceiling: PermissionSet::at_or_below(ResourceKind::Model).union(defaults),
        scope: Scope::Granted,
    }
}

fn reviewer() -> Role {
    type V = VersionPermissions;
    type F = FrameworkPermissions;
    let model = PermissionSet::from(ModelPermissions::READ);
    let version = V::READ.union(V::COMMENT_READ).union(V::COMMENT_CREATE);
    let framework = F::READ.union(F::COMMENT_READ).union(F::COMMENT_CREATE);
    let most_version = version
        .union(V::USERS_READ)
        .union(V::EXPORT_READ)
        .union(V::COMMENT_UPDATE);
    Role {
        name: name("Reviewer"),
        description: "Reads and comments on what it is given.".into(),
        defaults: model | version | framework,
        ceiling: model | most_version | framework.union(F::COMMENT_UPDATE),
        scope: Scope::Granted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bits of the three roles, written down: a change of one changes decisions everywhere.
    #[test]
    fn golden_bits() {
        let bits = |role| {
            let role = built_in(role).unwrap();
            (role.defaults.bits(), role.ceiling.bits())
        };
        assert_eq!(bits(RoleId::ADMIN), (0x1_ffff_ffff, 0x1_ffff_ffff));
        assert_eq!(bits(RoleId::DATA_ARCHITECT), (0x0_edfb_6f01, 0x1_ffff_ff01));
        assert_eq!(bits(RoleId::REVIEWER), (0x0_64c1_0400, 0x0_e5d9_0400));
    }

    #[test]
    fn definitions_are_closed_and_within_their_ceilings() {
        for id in RoleId::BUILT_IN {
            let role = built_in(id).unwrap();
            assert!(role.defaults.is_closed() && role.ceiling.is_closed());
            assert!(role.defaults.is_within(role.ceiling));
        }
        assert!(built_in(RoleId::new(1)).is_none());
    }
}
