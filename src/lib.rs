#![doc = include_str!("../README.md")]
#![deny(unreachable_pub)]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::string_slice,
        clippy::arithmetic_side_effects,
        reason = "a test that panics has failed, which is what it is for"
    )
)]

mod address;
mod admin;
pub mod advice;
mod command;
pub mod decision;
mod event;
mod grant;
mod group;
mod id;
mod invitation;
mod name;
mod names;
mod permission;
mod refusal;
mod resource;
mod role;
#[cfg(feature = "scenario")]
pub mod scenario;
mod session;
mod settings;
mod state;
mod subject;
mod time;
mod user;

pub use address::{DomainPattern, EmailAddress, InvalidDomain, InvalidEmail};
pub use admin::{Decided, decide};
pub use advice::{Extent, Giver, HandOut, HandOutWay, NoRemedy, Remedies, Remedy, RemedyStep};
pub use command::{Actor, Command, GrantRequest, InvitationRequest, RoleDefinition, SignIn};
pub use decision::{
    AccessCell, AccessMatrix, AllowReason, Decision, DenyReason, Explanation, Listing, Page,
    PublicAnswer, PublicExplanation, Visible, VisibleListing,
};
pub use event::{Author, Commit, Event};
pub use grant::Grant;
pub use group::Group;
pub use id::{
    FrameworkId, GroupId, InvalidId, InvitationId, ModelId, OrganisationId, RoleId, UserId,
    VersionId,
};
pub use invitation::{
    Cancellation, Invitation, InvitationState, InvitationStatus, Inviter, Offer, Sending, Token,
    TokenDigest, Transition,
};
pub use name::{InvalidName, Name};
pub use names::{Names, PlainIds};
pub use permission::{
    FrameworkPermissions, Level, Levels, ModelPermissions, OrganisationPermissions, Permission,
    PermissionIter, PermissionSet, UnknownPermission, VersionPermissions,
};
pub use refusal::Refusal;
pub use resource::{Organisation, Resource, ResourceKind, TypedResource};
pub use role::{Role, RoleSummary, Roles, Scope};
pub use session::{Session, SessionRefusal};
pub use settings::{Limits, MissingProof, SecuritySettings, SignInProof};
pub use state::{Chain, Corrupt, State};
pub use subject::Subject;
pub use time::Timestamp;
pub use user::{Affiliation, Identity, Status, User};
