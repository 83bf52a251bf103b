//! The members of one JSON object, taken one by one: what is left over is unknown.

use indexmap::IndexMap;

use super::super::format_error::{Fault, FormatError};
use super::super::json::{Json, Object};
use super::super::names::Names;

/// What reading a value gives.
pub(super) type Read<T> = Result<T, FormatError>;

/// Every key of the format, wherever it stands: a key that is left over and not among them is the
/// likely reason why another is missing.
pub(crate) const VOCABULARY: &[&str] = &[
    "affiliation",
    "allow_external_admins",
    "allowed_domains",
    "as",
    "at",
    "because",
    "cascade",
    "ceiling",
    "changed",
    "check",
    "codes",
    "commands",
    "custom_roles",
    "description",
    "detail",
    "do",
    "effective",
    "email",
    "entries",
    "excess",
    "expect",
    "expires_at",
    "explain",
    "extend",
    "first_admin",
    "framework",
    "from",
    "gained",
    "grants",
    "group",
    "groups",
    "groups_of",
    "invitation",
    "invitations",
    "levels",
    "lost",
    "members",
    "mfa",
    "missing",
    "model",
    "name",
    "narrow",
    "needed",
    "on",
    "open_invitations",
    "parent",
    "permission",
    "permissions",
    "preview",
    "refused",
    "remedies",
    "replacement",
    "require_mfa",
    "require_sso",
    "resend_cooldown",
    "resource",
    "resources_for",
    "restore",
    "restrictions",
    "results",
    "review",
    "role",
    "roles",
    "roles_of",
    "scenario",
    "scope",
    "seats",
    "sources",
    "sso",
    "steps",
    "to",
    "token",
    "ttl",
    "user",
    "users",
    "users_for",
    "version",
    "visible",
];

/// The members of one JSON object that nobody has taken yet.
#[derive(Debug)]
pub(super) struct Fields<'names> {
    members: IndexMap<String, Json>,
    names: &'names mut Names,
}

impl<'names> Fields<'names> {
    /// The members of this value, which must be an object and give no key twice.
    pub(super) fn of(value: Json, names: &'names mut Names) -> Read<Self> {
        let Json::Object(Object { members, repeated }) = value else {
            return Err(FormatError::unexpected("an object", value));
        };
        match repeated {
            Some(key) => Err(FormatError::at(key, Fault::Repeated)),
            None => Ok(Self { members, names }),
        }
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.members.contains_key(key)
    }

    /// The value of a key that may be absent.
    pub(super) fn optional<T>(
        &mut self,
        key: &str,
        read: impl FnOnce(Json, &mut Names) -> Read<T>,
    ) -> Read<Option<T>> {
        debug_assert!(VOCABULARY.contains(&key), "{key} is not in the vocabulary");
        let Some(value) = self.members.shift_remove(key) else {
            return Ok(None);
        };
        let value = read(value, self.names).map_err(|error| error.within(key))?;
        Ok(Some(value))
    }

    /// The value of a key that must be given.
    pub(super) fn required<T>(
        &mut self,
        key: &str,
        read: impl FnOnce(Json, &mut Names) -> Read<T>,
    ) -> Read<T> {
        let value = self.optional(key, read)?;
        value.ok_or_else(|| self.missing(key))
    }

    /// The value of a key, or what holds where it is absent.
    pub(super) fn defaulted<T: Default>(
        &mut self,
        key: &str,
        read: impl FnOnce(Json, &mut Names) -> Read<T>,
    ) -> Read<T> {
        Ok(self.optional(key, read)?.unwrap_or_default())
    }

    /// The error of a key that is not given.
    pub(super) fn missing(&self, key: &str) -> FormatError {
        let mut left = self.members.keys();
        let unknown = left.find(|one| !VOCABULARY.contains(&one.as_str()));
        let unknown = unknown.cloned();
        FormatError::at(key, Fault::Missing { unknown })
    }

    /// An error where `key` is left over beside `other`.
    pub(super) fn refuse_beside(&self, other: &'static str, keys: &[&str]) -> Read<()> {
        match keys.iter().find(|key| self.has(key)) {
            Some(key) => Err(FormatError::at(*key, Fault::Beside { other })),
            None => Ok(()),
        }
    }

    /// Every member that is left, in the order of the file, each with its key.
    pub(super) fn rest<T>(
        &mut self,
        mut read: impl FnMut(&str, Json, &mut Names) -> Read<T>,
    ) -> Read<Vec<T>> {
        let members = std::mem::take(&mut self.members);
        let read_one = |(key, value): (String, Json)| {
            read(&key, value, self.names).map_err(|error| error.within(&key))
        };
        members.into_iter().map(read_one).collect()
    }

    /// The end of the object: an error where a key is left that nobody asked for.
    pub(super) fn finish(self) -> Read<()> {
        match self.members.keys().next() {
            Some(key) => Err(FormatError::at(key, Fault::Unknown)),
            None => Ok(()),
        }
    }
}
