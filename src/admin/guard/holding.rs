//! What a delegate holds throughout a resource, and what changes hands.

use super::Guard;
use crate::decision::reference;
use crate::grant::Grant;
use crate::permission::{ModelPermissions, OrganisationPermissions, PermissionSet};
use crate::resource::Resource;
use crate::session::Session;
use crate::time::Timestamp;

/// Permissions that change hands: some are taken now, some are given up to a last moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Handover {
    taken: PermissionSet,
    given: PermissionSet,
    last_moment: Timestamp,
}

impl Handover {
    /// From one grant to another. A grant that is over counts as no bits; where the expiry changes,
    /// all bits of both change hands.
    pub(super) fn of_grants(before: Option<Grant>, after: Option<Grant>, now: Timestamp) -> Self {
        let live = |grant: &Grant| grant.is_live(now);
        let (before, after) = (before.filter(live), after.filter(live));
        let bits = |grant: Option<Grant>| grant.map(|it| it.permissions).unwrap_or_default();
        let end = |grant: Option<Grant>| grant.map(|it| it.expires_at);
        let same_end = end(before) == end(after);
        let kept = if same_end {
            bits(before).intersection(bits(after))
        } else {
            PermissionSet::EMPTY
        };
        Self {
            taken: bits(before).without(kept),
            given: bits(after).without(kept),
            last_moment: after.map_or(now, |grant| grant.last_moment()),
        }
    }

    /// From one restriction to another. What is lifted is given for ever.
    pub(super) const fn of_restrictions(before: PermissionSet, after: PermissionSet) -> Self {
        Self {
            taken: after.without(before),
            given: before.without(after),
            last_moment: Timestamp::END_OF_TIME,
        }
    }
}

impl Guard<'_> {
    /// Whether the actor has Admin authority over grants and restrictions everywhere.
    pub(super) fn administers_everywhere(&self) -> bool {
        self.is_sovereign() || self.holds(OrganisationPermissions::PERMISSIONS_MANAGE)
    }

    /// Whether the actor decides about grants and restrictions on this resource: by general right,
    /// or as a delegate of a model in its chain. What is not registered has no delegates.
    pub(super) fn administers(&self, resource: Resource) -> bool {
        self.administers_everywhere()
            || self
                .session()
                .is_some_and(|session| self.is_delegate(session, resource))
    }

    fn is_delegate(&self, session: &Session<'_>, resource: Resource) -> bool {
        let chain = session.state().chain(resource).unwrap_or_default();
        chain.into_iter().any(|link| match link {
            Resource::Model(model) => session.can(ModelPermissions::USERS_UPDATE, model, self.now),
            _ => false,
        })
    }

    /// Of what changes hands on a resource, what the actor does not hold throughout it.
    pub(super) fn excess_of_handover(
        &self,
        resource: Resource,
        handover: Handover,
    ) -> PermissionSet {
        if self.administers_everywhere() {
            return PermissionSet::EMPTY;
        }
        let Handover {
            taken,
            given,
            last_moment,
        } = handover;
        let taken_beyond = taken.without(self.held_throughout(resource, self.now, taken));
        // A change of the clock may bring `now` past the last moment: both must hold.
        let lasting = self.held_throughout(resource, last_moment.max(self.now), given);
        taken_beyond.union(given.without(lasting))
    }

    fn held_throughout(
        &self,
        resource: Resource,
        at: Timestamp,
        asked: PermissionSet,
    ) -> PermissionSet {
        let session = self.session();
        session.map_or(asked, |it| held_throughout(it, resource, at, asked))
    }
}

/// Which of these permissions a session holds throughout a resource at a time: on the resource with all that
/// may yet come beneath it, and on everything beneath it that is of their kind.
pub(crate) fn held_throughout(
    session: &Session<'_>,
    resource: Resource,
    at: Timestamp,
    asked: PermissionSet,
) -> PermissionSet {
    if asked.is_empty() {
        return asked;
    }
    let held = reference::effective_throughout(session, resource, at).intersection(asked);
    let beneath = session.state().beneath(resource).into_iter();
    beneath.fold(held, |held, lower| {
        let of_kind = PermissionSet::of_kind(lower.kind());
        let kept = held.without(of_kind).union(session.effective(lower, at));
        held.intersection(kept)
    })
}
