//! An answer, for people and for programs.

use serde::Serialize;

use crate::named_json;
use crate::organisation::Organisation;

pub(crate) struct Answer {
    pub(crate) text: String,
    /// The same as data, with names in place of ids.
    pub(crate) json: String,
}

impl Answer {
    pub(crate) fn new(organisation: &Organisation, text: String, data: &impl Serialize) -> Self {
        let value = serde_json::to_value(data).unwrap_or_default();
        let json = format!(
            "{:#}\n",
            named_json::with_names(organisation.names(), value)
        );
        Self { text, json }
    }
}
