//! Findings in words.

use std::fmt;

use super::{Finding, FindingCode};
use crate::names::{Names, PlainIds};
use crate::role::by_kind;

impl Finding {
    /// What was found, as a sentence.
    #[must_use]
    pub fn sentence(&self, names: &dyn Names) -> String {
        let subjects: Vec<_> = self.subjects.iter().map(|it| it.named(names)).collect();
        let [first, second] = [0, 1].map(|index| subjects.get(index).cloned().unwrap_or_default());
        let permissions = by_kind(self.permissions);
        sentence(self.code, &first, &second, &permissions)
    }
}

impl fmt::Display for Finding {
    /// The code, what was found, and why it matters.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sentence = self.sentence(&PlainIds);
        write!(formatter, "{}: {sentence} {}", self.code, self.why())
    }
}

impl fmt::Display for FindingCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

fn sentence(code: FindingCode, first: &str, second: &str, permissions: &str) -> String {
    use FindingCode as C;
    match code {
        C::NoAdmin => "No active person of the organisation holds Admin.".to_owned(),
        C::SingleAdmin => format!("{first} is the only Admin."),
        C::TooManyAdmins => "Too many people hold Admin.".to_owned(),
        C::AdminWithoutEverydayRole => format!("{first} holds no role beside Admin."),
        C::SeparationOfDuties => format!("{first} holds together {permissions}."),
        C::ExternalManager => format!("{first}, from outside, has {permissions}."),
        C::DelegateBeyondRole => format!("{first} can hand out {permissions} on {second}."),
        C::UserWithoutAccess => format!("{first} can do nothing anywhere."),
        C::GrantExpired => format!("The grant to {first} on {second} is over."),
        C::GrantExpiring => format!("The grant to {first} on {second} ends soon."),
        C::GrantToAdmin | C::GrantRestricted | C::GrantRedundant => {
            format!("The grant to {first} on {second} does nothing.")
        }
        C::RestrictionWithoutEffect | C::RestrictionRedundant | C::RestrictionOnAdmin => {
            format!("The restriction of {first} on {second} does nothing.")
        }
        C::RolesEqual => format!("The roles {first} and {second} are the same."),
        C::RoleContained => format!("The role {first} is contained in {second}."),
        C::RoleUnused => format!("Nobody uses the role {first}."),
        C::GroupEmpty => format!("Nobody is in {first}."),
        C::GroupWithoutGrants => format!("{first} has neither grants nor restrictions."),
        C::ModelUnused => format!("Nobody but Admins can use {first}."),
        C::InvitationExpired => format!("{first} has expired."),
        C::InvitationPendingLong => format!("{first} has been waiting for long."),
        C::InvitationUnacceptable => format!("{first} could not be accepted."),
        C::PermissionUnused => format!("{first} has never used {permissions}."),
        C::RoleBroaderThanUsed => format!("Nobody has used {permissions} of the role {first}."),
        C::SmallerRoleSuffices => format!("{second} would serve {first}."),
    }
}
