//! Steps in a few words, for reports.

use super::step::{Listing, Order, Question};
use super::world::World;
use crate::command::{Actor, SignIn};
use crate::permission::PermissionSet;
use crate::resource::Resource;

impl World {
    /// `check version.read on version:v1 by rita`.
    pub(super) fn describe_check(
        &self,
        sign_in: SignIn,
        permissions: PermissionSet,
        on: Resource,
    ) -> String {
        let on = self.names().resource(on);
        format!(
            "check {permissions} on {on} by {}",
            self.describe_user(sign_in)
        )
    }

    /// `effective of ada on model:m1`.
    pub(super) fn describe_listing(&self, listing: &Listing) -> String {
        let names = self.names();
        match *listing {
            Listing::Effective { sign_in, on } => {
                let user = self.describe_user(sign_in);
                format!("effective of {user} on {}", names.resource(on))
            }
            Listing::ResourcesFor {
                sign_in,
                permission,
            } => format!(
                "resources_for {permission} of {}",
                self.describe_user(sign_in)
            ),
            Listing::UsersFor { permission, on } => {
                format!("users_for {permission} on {}", names.resource(on))
            }
            Listing::Members(_) => "members".to_owned(),
            Listing::Invitations(_) => "invitations".to_owned(),
            Listing::GroupsOf(user) => format!("groups_of {}", names.name(user)),
            Listing::RolesOf(user) => format!("roles_of {}", names.name(user)),
            Listing::Visible(sign_in) => format!("visible of {}", self.describe_user(sign_in)),
            Listing::Sources(question) => self.describe_question("sources", question),
            Listing::Remedies(question) => self.describe_question("remedies", question),
            Listing::ReviewCodes => "review codes".to_owned(),
        }
    }

    /// `explain sources of model.read on model:m1 by ada`.
    fn describe_question(&self, part: &str, question: Question) -> String {
        let Question {
            sign_in,
            permission,
            on,
        } = question;
        let on = self.names().resource(on);
        let user = self.describe_user(sign_in);
        format!("explain {part} of {permission} on {on} by {user}")
    }

    /// `grant by ada`, `grant by ada under admin`.
    pub(super) fn describe(&self, order: &Order) -> String {
        let word = &order.word;
        match order.actor {
            Actor::Operator => format!("{word} by operator"),
            Actor::Invitee => word.clone(),
            Actor::User(sign_in) => format!("{word} by {}", self.describe_user(sign_in)),
        }
    }

    fn describe_user(&self, SignIn { user, role, .. }: SignIn) -> String {
        let user = self.names().name(user);
        let role = role.map(|it| format!(" under {}", self.names().name(it)));
        user + &role.unwrap_or_default()
    }
}
