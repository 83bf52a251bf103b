//! Invitations (9) as seen by those who answer them.

use rolebook::{Affiliation, Command, InvitationId, RoleId, Timestamp, Token};

use super::authority::Acting;
use super::refused::{Verdict, refuse, refuse_if};
use super::text::{read_address, same_address};
use super::{Identity, Invitation, InvitationState, Model, Refused, User};

impl Model {
    /// The invitation that a token opens.
    fn opened(&self, id: InvitationId, token: &Token) -> Result<&Invitation, Refused> {
        match self.invitations.get(&id) {
            Some(invitation) if invitation.digest == token.digest() => Ok(invitation),
            _ => refuse("unavailable"),
        }
    }

    pub(crate) fn accept(&mut self, command: &Command, now: Timestamp) -> Verdict {
        let Command::Accept {
            invitation: id,
            token,
            user,
            email,
            affiliation,
        } = command
        else {
            unreachable!("accept");
        };
        let invitation = self.opened(*id, token)?.clone();
        match invitation.state {
            InvitationState::Accepted(by) if by == *user => {
                let removed = !self.users.contains_key(user);
                return refuse_if(removed, "membership_removed");
            }
            _ => refuse_unanswerable(&invitation, email, now)?,
        }
        let accepted = Invitation {
            state: InvitationState::Accepted(*user),
            ..invitation.clone()
        };
        if let Some(member) = self.users.get(user) {
            refuse_if(member.suspended, "member_suspended")?;
            self.invitations.insert(*id, accepted);
            return Ok(());
        }
        let external = match affiliation {
            Some(affiliation) => *affiliation == Affiliation::External,
            None => invitation.external,
        };
        self.refuse_newcomer(&invitation, external)?;
        let newcomer = User {
            identity: Identity::Person {
                email: read_address(email).expect("it matched"),
                external,
            },
            roles: invitation.roles.clone(),
            suspended: false,
        };
        self.users.insert(*user, newcomer);
        for group in invitation.groups {
            if let Some(group) = self.groups.get_mut(&group)
                && invitation.roles.contains(&group.role)
            {
                group.members.insert(*user);
            }
        }
        self.invitations.insert(*id, accepted);
        Ok(())
    }

    /// From "address of another member" on.
    fn refuse_newcomer(&self, invitation: &Invitation, external: bool) -> Verdict {
        refuse_if(
            self.holder_of_address(&invitation.email).is_some(),
            "already_member",
        )?;
        let exempt = invitation.inviter.is_none();
        refuse_if(
            !exempt && !self.domain_is_allowed(&invitation.email),
            "domain_not_allowed",
        )?;
        self.refuse_external_admin(external, &invitation.roles)?;
        refuse_if(
            !self.inviter_is_authorised(invitation),
            "inviter_not_authorised",
        )?;
        if !external {
            self.refuse_seats(invitation.roles.clone())?;
        }
        Ok(())
    }

    /// Whether under one of the roles they hold the inviter could confer the roles offered.
    fn inviter_is_authorised(&self, invitation: &Invitation) -> bool {
        let Some(user) = invitation.inviter else {
            return true;
        };
        let Some(inviter) = self.users.get(&user).filter(|inviter| !inviter.suspended) else {
            return false;
        };
        let could = |role: &RoleId| {
            let acting = Acting::User { user, role: *role };
            self.has_right(acting, "organisation.users_invite")
                && self
                    .beyond_for_roles(acting, &invitation.roles)
                    .is_nothing()
        };
        inviter.roles.iter().any(could)
    }

    pub(crate) fn decline(&mut self, command: &Command, now: Timestamp) -> Verdict {
        let Command::Decline {
            invitation: id,
            token,
            email,
        } = command
        else {
            unreachable!("decline");
        };
        let invitation = self.opened(*id, token)?;
        refuse_unanswerable(invitation, email, now)?;
        self.invitations.get_mut(id).expect("known").state = InvitationState::Declined;
        Ok(())
    }
}

/// What `accept` and `decline` have in common: from "accepted by another" to the address.
fn refuse_unanswerable(invitation: &Invitation, email: &str, now: Timestamp) -> Verdict {
    match invitation.state {
        InvitationState::Accepted(_) => return refuse("unavailable"),
        InvitationState::Cancelled(_) => return refuse("invitation_cancelled"),
        InvitationState::Declined => return refuse("invitation_declined"),
        InvitationState::Pending => {}
    }
    refuse_if(!invitation.is_live(now), "invitation_expired")?;
    let matches = read_address(email).is_some_and(|email| same_address(&email, &invitation.email));
    refuse_if(!matches, "email_mismatch")
}
