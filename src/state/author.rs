//! Who may have caused a commit: the least that every command asks of its actor.

use super::apply::misfit;
use super::{Corrupt, State};
use crate::command::SignIn;
use crate::event::{Author, Commit, Event};
use crate::settings::SignInProof;

impl State {
    /// Whether whoever caused a commit could act at this revision, and causes such events.
    pub(super) fn check_author(&self, commit: &Commit) -> Result<(), Corrupt> {
        let Commit {
            revision,
            author,
            ref events,
            ..
        } = *commit;
        if !self.can_act(author) {
            return Err(Corrupt::Author { revision });
        }
        let fits = |(index, event): (usize, &Event)| match author {
            Author::Operator | Author::User { .. } => !answers(event),
            Author::Invitee => self.is_answer(events.first(), index, event),
        };
        match events.iter().enumerate().position(|it| !fits(it)) {
            Some(index) => Err(misfit(revision, index)),
            None => Ok(()),
        }
    }

    fn can_act(&self, author: Author) -> bool {
        let Author::User { user, role } = author else {
            return true;
        };
        let sign_in = SignIn::new(user).under(role);
        self.session(sign_in.with_proof(SignInProof::FULL)).is_ok()
    }

    /// Invitees answer their invitation, and join by accepting it, as it offers.
    fn is_answer(&self, first: Option<&Event>, index: usize, event: &Event) -> bool {
        use Event as E;
        let Some(E::InvitationAccepted { invitation, user }) = first else {
            return index == 0 && answers(event);
        };
        let Some(invitation) = self.invitation(*invitation) else {
            return false;
        };
        let offer = &invitation.offer;
        match (index, event) {
            (0, _) => true,
            (
                1,
                E::UserRegistered {
                    user: joins,
                    registration,
                },
            ) => {
                let email = registration.email();
                joins == user
                    && registration.roles == offer.roles
                    && email.is_some_and(|it| it.is_same_mailbox(&invitation.email))
            }
            (2.., E::GroupJoined { group, user: joins }) => {
                joins == user && offer.groups.contains(group)
            }
            _ => false,
        }
    }
}

/// Whether it is an answer to an invitation.
fn answers(event: &Event) -> bool {
    use Event as E;
    matches!(
        event,
        E::InvitationAccepted { .. } | E::InvitationDeclined { .. }
    )
}
