//! Groups: joining one gives its grants, leaving one lifts its restrictions.

use super::conferral::Excess;
use super::holding::Handover;
use super::{Cleared, Guard};
use crate::event::Event;
use crate::id::{GroupId, UserId};
use crate::permission::PermissionSet;
use crate::refusal::Refusal;
use crate::subject::Subject;

impl Guard<'_> {
    /// What a new member of the group gets that the actor does not hold: the live grants of the
    /// group, each as long as it lives.
    pub(super) fn excess_of_joining(&self, group: GroupId) -> Excess {
        let grants = self.state.grants_of(Subject::Group(group));
        let excess = grants.map(|(on, grant)| {
            self.excess_of_handover(on, Handover::of_grants(None, Some(grant), self.now))
        });
        Excess::of(excess.collect())
    }

    /// What a member who leaves the group gets back that the actor does not hold for ever.
    pub(super) fn excess_of_release(&self, group: GroupId) -> Excess {
        let restrictions = self.state.restrictions_of(Subject::Group(group));
        let excess = restrictions.map(|(on, before)| {
            let lifted = Handover::of_restrictions(before, PermissionSet::EMPTY);
            self.excess_of_handover(on, lifted)
        });
        Excess::of(excess.collect())
    }

    pub(in crate::admin) fn joined(
        &self,
        group: GroupId,
        user: UserId,
    ) -> Result<Cleared, Refusal> {
        if self.is_bound_self(user) {
            return Err(Refusal::SelfAdministration);
        }
        self.excess_of_joining(group).refuse()?;
        Ok(Cleared(Event::GroupJoined { group, user }))
    }

    pub(in crate::admin) fn left(&self, group: GroupId, user: UserId) -> Result<Cleared, Refusal> {
        if self.is_bound_self(user) {
            return Err(Refusal::SelfAdministration);
        }
        self.excess_of_release(group).refuse()?;
        Ok(Cleared(Event::GroupLeft { group, user }))
    }

    /// Everybody leaves a group that is deleted. A group that has no members and stands in no open
    /// invitation holds nobody back, so deleting it gives nothing.
    pub(in crate::admin) fn dissolved(
        &self,
        group: GroupId,
        is_offered: bool,
    ) -> Result<Vec<Cleared>, Refusal> {
        let members: Vec<UserId> = self.state.members(group).collect();
        if self
            .bound_session()
            .is_some_and(|session| members.contains(&session.user()))
        {
            return Err(Refusal::SelfAdministration);
        }
        if is_offered || !members.is_empty() {
            self.excess_of_release(group).refuse()?;
        }
        let left = members
            .into_iter()
            .map(|user| Cleared(Event::GroupLeft { group, user }));
        Ok(left.collect())
    }
}
