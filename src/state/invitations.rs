//! The invitations of an organisation.

use std::sync::Arc;

use imbl::{OrdMap, OrdSet};

use super::State;
use crate::address::EmailAddress;
use crate::id::{InvitationId, RoleId};
use crate::invitation::Invitation;
use crate::time::Timestamp;
use crate::user::Affiliation;

#[derive(Clone, Debug, Default)]
pub(super) struct Invitations {
    invitations: OrdMap<InvitationId, Arc<Invitation>>,
    open_by_expiry: OrdSet<(Timestamp, InvitationId)>,
    open_by_email: OrdSet<(String, InvitationId)>,
}

impl Invitations {
    /// Puts an invitation in place of the one with this id.
    pub(super) fn put(&mut self, id: InvitationId, invitation: Invitation) {
        if let Some(before) = self.invitations.get(&id) {
            self.open_by_expiry.remove(&(before.sending.expires_at, id));
            self.open_by_email.remove(&(before.email.folded(), id));
        }
        if invitation.is_open() {
            self.open_by_expiry
                .insert((invitation.sending.expires_at, id));
            self.open_by_email.insert((invitation.email.folded(), id));
        }
        self.invitations.insert(id, Arc::new(invitation));
    }
}

impl State {
    /// An invitation, whatever became of it.
    #[must_use]
    pub fn invitation(&self, id: InvitationId) -> Option<&Invitation> {
        self.invitations.invitations.get(&id).map(Arc::as_ref)
    }

    /// All invitations there ever were, in the order of their ids.
    pub fn invitations(&self) -> impl Iterator<Item = (InvitationId, &Invitation)> + '_ {
        self.invitations
            .invitations
            .iter()
            .map(|(id, invitation)| (*id, invitation.as_ref()))
    }

    /// The pending invitations, expired or not, the first to expire first.
    pub fn open_invitations(&self) -> impl Iterator<Item = (InvitationId, &Invitation)> + '_ {
        let open = self.invitations.open_by_expiry.iter();
        open.filter_map(|(_, id)| Some((*id, self.invitation(*id)?)))
    }

    /// The pending invitations that are not expired, the first to expire first.
    pub fn live_invitations(
        &self,
        now: Timestamp,
    ) -> impl Iterator<Item = (InvitationId, &Invitation)> + '_ {
        let open = self
            .invitations
            .open_by_expiry
            .range((now, InvitationId::new(0))..);
        let live = open.filter(move |(expires_at, _)| now < *expires_at);
        live.filter_map(|(_, id)| Some((*id, self.invitation(*id)?)))
    }

    /// The pending invitations for an address, expired or not.
    pub fn open_invitations_for(
        &self,
        email: &EmailAddress,
    ) -> impl Iterator<Item = (InvitationId, &Invitation)> + '_ {
        let folded = email.folded();
        let first = (folded.clone(), InvitationId::new(0));
        let open = self.invitations.open_by_email.range(first..);
        let of_address = open.take_while(move |(address, _)| *address == folded);
        of_address.filter_map(|(_, id)| Some((*id, self.invitation(*id)?)))
    }

    /// How many seats of a role live invitations reserve, `except` not counted.
    #[must_use]
    pub fn seats_reserved(
        &self,
        role: RoleId,
        now: Timestamp,
        except: Option<InvitationId>,
    ) -> usize {
        let others = self
            .live_invitations(now)
            .filter(|(id, _)| Some(*id) != except);
        let reserves = |invitation: &Invitation| {
            invitation.affiliation == Affiliation::Internal && invitation.offer.roles.contains(role)
        };
        others
            .filter(|(_, invitation)| reserves(invitation))
            .count()
    }

    /// The next moment after `now` at which something changes by the clock alone: an invitation
    /// expires. `None` where nothing will. Grants that expire need no attention: checks look at the
    /// clock themselves.
    #[must_use]
    pub fn next_deadline(&self, now: Timestamp) -> Option<Timestamp> {
        self.live_invitations(now)
            .next()
            .map(|(_, invitation)| invitation.sending.expires_at)
    }
}
