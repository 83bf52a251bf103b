//! What can be asked on the command line.

use std::path::PathBuf;

use clap::{Args, Parser};

use crate::{explain, history, matrix, preview, review, what_can, who_can};

/// Decides real questions about an organisation, with their reasons.
///
/// Without a question: the roles in words, the access matrix, and a few decisions. With one, like
/// `rita version.update version:churn-1`: whether this user may do that there, and why.
#[derive(Debug, Parser)]
#[command(
    name = "quickstart",
    override_usage = "quickstart [OPTIONS] [USER PERMISSION RESOURCE | COMMAND ...]"
)]
pub(crate) struct Arguments {
    /// The organisation: a scenario file; `examples/acme.json` where absent.
    #[arg(long, global = true, value_name = "FILE", default_value = ACME, hide_default_value = true)]
    pub(crate) file: PathBuf,
    /// The organisation as it was at this revision.
    #[arg(long, global = true, value_name = "REVISION")]
    pub(crate) revision: Option<u64>,
    /// The organisation at this time: seconds since the start of the scenario.
    #[arg(long, global = true, value_name = "SECONDS")]
    pub(crate) at: Option<u64>,
    /// Answer as JSON, with names in place of ids.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// May USER do PERMISSION to RESOURCE?
    #[arg(num_args = 3, value_names = ["USER", "PERMISSION", "RESOURCE"])]
    question: Vec<String>,
    #[command(subcommand)]
    pub(crate) subcommand: Option<Subcommand>,
}

const ACME: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/acme.json");

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Subcommand {
    /// Why a user may or may not do something.
    Explain(explain::Question),
    /// Who may do something on a resource.
    WhoCan(who_can::Question),
    /// Everything that a user may do, and where.
    WhatCan(what_can::Question),
    /// The access matrix: users by resources.
    Matrix(matrix::Question),
    /// What a command would change; nothing is changed.
    Preview(preview::Question),
    /// What an administrator should look at.
    Review(review::Question),
    /// The audit trail, or what changed between two revisions.
    History(history::Question),
}

impl Arguments {
    /// The question that is asked without a subcommand.
    pub(crate) fn question(&self) -> Option<explain::Question> {
        let [user, permission, resource] = <[String; 3]>::try_from(self.question.clone()).ok()?;
        Some(explain::Question {
            user,
            permission,
            resource,
            session: SessionArguments::default(),
            public: false,
        })
    }
}

/// How the user signed in.
#[derive(Debug, Default, Args)]
pub(crate) struct SessionArguments {
    /// The role acted under; the user's primary role where absent.
    #[arg(long, value_name = "ROLE")]
    pub(crate) role: Option<String>,
    /// They signed in through single sign-on.
    #[arg(long)]
    pub(crate) sso: bool,
    /// They proved a second factor.
    #[arg(long)]
    pub(crate) mfa: bool,
}
