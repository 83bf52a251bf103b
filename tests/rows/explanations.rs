//! What an explanation names, against the plain maps.

use std::iter::once;

use rolebook::Explanation;
use rolebook::decision::explain::Origin;

use super::*;

type Grants = Vec<(Subject, Resource, Option<Timestamp>)>;

impl World {
    /// Each grant and each restriction on the chain that holds what was asked is named, once and in order.
    pub(crate) fn names_everything(&self, why: &Explanation) {
        let chain = why.chain.as_deref().unwrap_or_default();
        if why.permission.kind() != why.resource.kind() || !self.users.contains(&why.sign_in.user) {
            return;
        }
        let holders = self.holders(why.sign_in.user);
        let by_holder = holders
            .iter()
            .flat_map(|who| chain.iter().map(|on| (*who, *on)));
        let holding = |(who, on)| {
            let grant = self.grants.get(&(who, on))?;
            let holds = grant.permissions.holds(why.permission);
            holds.then_some((who, on, grant.expires_at))
        };
        let grants: Grants = by_holder.filter_map(holding).collect();
        assert_eq!(named_grants(why), grants, "{why:?}");
        let by_link = chain
            .iter()
            .flat_map(|on| holders.iter().map(|who| (*who, *on)));
        let taking = by_link.filter(|it| {
            let taken = self.restrictions.get(it);
            taken.is_some_and(|taken| taken.holds(why.permission))
        });
        let named = why.restrictions.iter().map(|it| (it.from, it.on));
        assert_eq!(named.collect::<Vec<_>>(), taking.collect::<Vec<_>>());
    }

    /// The user, and their groups in the order of ids.
    fn holders(&self, user: UserId) -> Vec<Subject> {
        let memberships = self.members.iter().filter(|(_, one)| *one == user);
        let groups = memberships.map(|(group, _)| Subject::Group(*group));
        once(Subject::User(user)).chain(groups).collect()
    }
}

fn named_grants(why: &Explanation) -> Grants {
    let named = why.sources.iter().filter_map(|source| match source.origin {
        Origin::UserGrant { on, expires_at } => Some((why.sign_in.user.into(), on, expires_at)),
        Origin::GroupGrant {
            group,
            on,
            expires_at,
            ..
        } => Some((group.into(), on, expires_at)),
        Origin::Admin | Origin::RoleScope(_) => None,
    });
    named.collect()
}
