//! The steps of a scenario: orders and looks, each with what it must give.

use std::collections::BTreeMap;

use super::format_error::FormatError;
use crate::command::{Actor, Command, SignIn};
use crate::decision::{AllowReason, DenyReason};
use crate::id::UserId;
use crate::invitation::InvitationStatus;
use crate::permission::{Permission, PermissionSet};
use crate::resource::Resource;
use crate::subject::Subject;
use crate::time::Timestamp;
use crate::user::Status;

/// A scenario: its title and its steps.
#[derive(Debug)]
pub(super) struct Scenario {
    pub(super) title: String,
    pub(super) steps: Vec<Step>,
}

/// A step: from when on, and what. A step that does not follow the format is kept as its error, so
/// that the others are judged all the same.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) at: Option<Timestamp>,
    pub(super) action: Result<Action, FormatError>,
}

#[derive(Debug)]
pub(super) enum Action {
    Order { order: Order, outcome: Outcome },
    Look(Look),
}

/// A command, the word for it, and who gives it.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) word: String,
    pub(super) actor: Actor,
    pub(super) command: Command,
}

/// What a command must give.
#[derive(Debug)]
pub(super) enum Outcome {
    Done {
        unchanged: bool,
        results: Option<Vec<&'static str>>,
    },
    Refused {
        code: &'static str,
        detail: Vec<(&'static str, Fact)>,
    },
}

/// A member of a refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fact {
    Names(Vec<String>),
    Count(u64),
    Flag(bool),
}

#[derive(Debug)]
pub(super) enum Look {
    Check {
        sign_in: SignIn,
        permissions: PermissionSet,
        on: Resource,
        expect: Verdict,
    },
    Listing {
        listing: Listing,
        expect: Vec<String>,
    },
    Table {
        table: Table,
        subject: Subject,
        expect: BTreeMap<String, Vec<String>>,
    },
    Preview {
        order: Order,
        expect: Result<Changes, &'static str>,
    },
    Restore,
    /// Several looks of one step, which must all hold.
    Every(Vec<Look>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Allow(Option<AllowReason>),
    Deny(Option<DenyReason>),
}

#[derive(Debug)]
pub(super) enum Listing {
    Effective {
        sign_in: SignIn,
        on: Resource,
    },
    ResourcesFor {
        sign_in: SignIn,
        permission: Permission,
    },
    UsersFor {
        permission: Permission,
        on: Resource,
    },
    Members(Option<Status>),
    Invitations(Option<InvitationStatus>),
    GroupsOf(UserId),
    RolesOf(UserId),
    Visible(SignIn),
    Sources(Question),
    Remedies(Question),
    ReviewCodes,
}

/// What an explanation is asked about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Question {
    pub(super) sign_in: SignIn,
    pub(super) permission: Permission,
    pub(super) on: Resource,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Table {
    Grants,
    Restrictions,
}

/// Who gains and who loses what where: user, resource, permission.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Changes {
    pub(super) gained: Vec<[String; 3]>,
    pub(super) lost: Vec<[String; 3]>,
}
