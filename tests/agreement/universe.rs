//! The small world in which random sequences live.

use rolebook::{GroupId, InvitationId, PermissionSet, Resource, RoleId, Token, UserId};

use crate::model::missing_from;

/// Users that ever exist, and one that mostly does not.
pub(crate) const USERS: u64 = 6;
/// Custom roles.
pub(crate) const ROLES: u64 = 5;
pub(crate) const GROUPS: u64 = 3;
/// Invitations beyond those of the prologue.
pub(crate) const INVITATIONS: u64 = 16;
const TOKENS: u64 = 12;

/// Seconds since 1970 at which sequences start.
pub(crate) const START: u64 = 1_000_000;

pub(crate) fn users() -> Vec<UserId> {
    (1..=USERS).map(UserId::from).collect()
}

pub(crate) fn custom_roles() -> Vec<RoleId> {
    (1..=ROLES).map(RoleId::from).collect()
}

pub(crate) fn groups() -> Vec<GroupId> {
    (1..=GROUPS).map(GroupId::from).collect()
}

pub(crate) fn invitations() -> Vec<InvitationId> {
    (0..=INVITATIONS).map(InvitationId::from).collect()
}

pub(crate) fn model(id: u64) -> Resource {
    Resource::Model(id.into())
}

pub(crate) fn version(id: u64) -> Resource {
    Resource::Version(id.into())
}

pub(crate) fn framework(id: u64) -> Resource {
    Resource::Framework(id.into())
}

/// Every resource that may be registered, with its natural parent.
pub(crate) fn resources() -> Vec<(Resource, Option<Resource>)> {
    vec![
        (model(1), None),
        (model(2), None),
        (version(1), Some(model(1))),
        (version(2), Some(model(1))),
        (framework(1), Some(version(1))),
        (framework(2), Some(model(1))),
        (framework(3), None),
    ]
}

/// The text of a token by number.
pub(crate) fn token(number: u64) -> Token {
    Token::new(format!("t{}", number % TOKENS))
}

pub(crate) fn tokens() -> Vec<Token> {
    (0..TOKENS).map(token).collect()
}

/// The address of somebody, in one of two domains.
pub(crate) fn address(number: u64) -> String {
    let domain = if number.is_multiple_of(3) {
        "sub.other.test"
    } else {
        "acme.test"
    };
    format!("u{number}@{domain}")
}

/// The largest closed set within a set.
pub(crate) fn closed(mut set: PermissionSet) -> PermissionSet {
    loop {
        let whole = set
            .iter()
            .filter(|one| missing_from((*one).into()).is_within(set));
        let left: PermissionSet = whole.collect();
        if left == set {
            return set;
        }
        set = left;
    }
}
