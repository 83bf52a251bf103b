// In these pages the chapters that the README names are modules; elsewhere they are files.
#![doc = "[decision]: docs::decision"]
#![doc = "[security]: docs::security"]
#![doc = "[hosting]: docs::hosting"]
#![doc = "[reference]: docs::reference"]
#![doc = "[scenarios]: docs::scenarios"]
#![doc = "[design]: docs::design"]
#![doc = ""]
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
pub mod docs;
mod engine;
mod event;
mod grant;
mod group;
pub mod history;
mod id;
mod invitation;
mod name;
mod names;
mod nesting;
mod permission;
pub mod preview;
mod refusal;
mod resource;
pub mod review;
mod role;
#[cfg(feature = "scenario")]
pub mod scenario;
mod session;
mod settings;
mod state;
pub mod store;
mod subject;
mod time;
mod topic;
mod user;

pub use address::{DomainPattern, EmailAddress, InvalidDomain, InvalidEmail};
pub use admin::{Decided, decide};
pub use advice::{Extent, Giver, HandOut, HandOutWay, NoRemedy, Remedies, Remedy, RemedyStep};
pub use command::{Actor, Command, GrantRequest, InvitationRequest, RoleDefinition, SignIn};
pub use decision::{
    AccessCell, AccessMatrix, AllowReason, Decision, DenyReason, Explanation, Listing, Page,
    PublicAnswer, PublicExplanation, Visible, VisibleListing,
};
pub use engine::{CachedReader, Engine, ExecuteError, Executed, LogError, Reader, Snapshot};
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
pub use preview::{AccessChange, Preview, preview};
pub use refusal::Refusal;
pub use resource::{Organisation, Resource, ResourceKind, TypedResource};
pub use review::{Finding, FindingCode, ReviewOptions, review};
pub use role::{Change, Role, RoleDiff, RoleSummary, Roles, Scope};
pub use session::{Session, SessionRefusal};
pub use settings::{Limits, MissingProof, SecuritySettings, SignInProof};
pub use state::{Chain, Corrupt, Footprint, State};
pub use subject::Subject;
pub use time::Timestamp;
pub use topic::Topic;
pub use user::{Affiliation, Identity, Status, User};
