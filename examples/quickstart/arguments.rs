//! What can be asked on the command line.

use std::path::PathBuf;

use clap::{Args, Parser};

/// Decides real questions about an organisation, with their reasons.
///
/// Without a question: the roles in words, the access matrix, and a few decisions.
#[derive(Debug, Parser)]
#[command(name = "quickstart")]
pub(crate) struct Arguments {
    /// The organisation: a scenario file; `examples/acme.json` where absent.
    #[arg(long, global = true, value_name = "FILE", default_value = ACME, hide_default_value = true)]
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) question: Question,
}

const ACME: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/acme.json");

/// May this user do this to that?
#[derive(Debug, Args)]
pub(crate) struct Question {
    /// May USER (`rita`) do PERMISSION (`version.update`) to RESOURCE (`organisation`,
    /// `model:NAME`, `version:NAME`, `framework:NAME`)?
    #[arg(num_args = 3, value_names = ["USER", "PERMISSION", "RESOURCE"])]
    words: Vec<String>,
    #[command(flatten)]
    pub(crate) session: SessionArguments,
}

impl Question {
    /// User, permission and resource, where they are given.
    pub(crate) fn words(&self) -> Option<[&str; 3]> {
        let words: Vec<_> = self.words.iter().map(String::as_str).collect();
        words.try_into().ok()
    }
}

/// How the user signed in.
#[derive(Debug, Args)]
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
