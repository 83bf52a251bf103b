//! Names and ids: a name of a scenario gives the same id in every run.

use std::collections::BTreeMap;
use std::fmt;

use sha2::{Digest, Sha256};

use crate::id::{FrameworkId, GroupId, InvitationId, ModelId, RoleId, UserId, VersionId};
use crate::invitation::Token;
use crate::resource::Resource;
use crate::subject::Subject;

/// A name that is empty or holds something other than ASCII letters, digits, `_`, `.` and `-`, or
/// text that names no resource or subject.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not {expected}")]
pub struct NotAName {
    /// The text.
    pub text: String,
    /// What it should have been.
    pub expected: &'static str,
}

/// An id that scenarios name. Sealed: the ids of the library.
pub trait Named: Copy + fmt::Display + sealed::Sealed {
    /// The word for what it names; names are scoped by it.
    const KIND: &'static str;

    /// The id that this name gives: the first 16 bytes of the SHA-256 digest of `kind:name`; the
    /// built-in roles keep their own.
    #[must_use]
    fn named(name: &str) -> Self;

    /// The value of the id.
    #[must_use]
    fn number(self) -> u128;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! named {
    ($($id:ident $kind:literal, |$name:ident| $built_in:expr;)*) => {$(
        impl sealed::Sealed for $id {}

        impl Named for $id {
            const KIND: &'static str = $kind;

            fn named($name: &str) -> Self {
                let built_in: Option<Self> = $built_in;
                built_in.unwrap_or_else(|| Self::new(number($kind, $name)))
            }

            fn number(self) -> u128 {
                self.value()
            }
        }
    )*};
}

named! {
    UserId "user", |name| None;
    GroupId "group", |name| None;
    RoleId "role", |name| built_in_role(name);
    InvitationId "invitation", |name| None;
    ModelId "model", |name| None;
    VersionId "version", |name| None;
    FrameworkId "framework", |name| None;
}

const BUILT_IN_ROLES: [(&str, RoleId); 3] = [
    ("admin", RoleId::ADMIN),
    ("data_architect", RoleId::DATA_ARCHITECT),
    ("reviewer", RoleId::REVIEWER),
];

fn built_in_role(name: &str) -> Option<RoleId> {
    let mut roles = BUILT_IN_ROLES.into_iter();
    roles.find(|(word, _)| *word == name).map(|(_, id)| id)
}

fn digest(kind: &str, name: &str) -> [u8; 32] {
    Sha256::digest(format!("{kind}:{name}")).into()
}

fn number(kind: &str, name: &str) -> u128 {
    let bytes = digest(kind, name).into_iter().take(16);
    bytes.fold(0, |number, byte| number << 8 | u128::from(byte))
}

/// The names that were seen, for the way back from ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    by_id: BTreeMap<(&'static str, u128), String>,
}

impl Default for Names {
    fn default() -> Self {
        Self::new()
    }
}

impl Names {
    /// The names of the built-in roles and no others.
    #[must_use]
    pub fn new() -> Self {
        let mut names = Self {
            by_id: BTreeMap::new(),
        };
        for (name, role) in BUILT_IN_ROLES {
            names.keep(role, name);
        }
        names
    }

    /// The id that a name gives. The name is remembered.
    ///
    /// # Errors
    /// [`NotAName`] where the text is none.
    pub fn learn<I: Named>(&mut self, name: &str) -> Result<I, NotAName> {
        require_name(name)?;
        let id = I::named(name);
        self.keep(id, name);
        Ok(id)
    }

    fn keep<I: Named>(&mut self, id: I, name: &str) {
        let key = (I::KIND, id.number());
        self.by_id.entry(key).or_insert_with(|| name.to_owned());
    }

    /// The resource that `organisation`, `model:NAME`, `version:NAME` or `framework:NAME` says. The
    /// name is remembered.
    ///
    /// # Errors
    /// [`NotAName`] where the text says none of these.
    pub fn learn_resource(&mut self, text: &str) -> Result<Resource, NotAName> {
        match text.split_once(':') {
            None if text == "organisation" => Ok(Resource::Organisation),
            Some(("model", name)) => self.learn(name).map(Resource::Model),
            Some(("version", name)) => self.learn(name).map(Resource::Version),
            Some(("framework", name)) => self.learn(name).map(Resource::Framework),
            _ => Err(not_a_name(
                text,
                "a resource: organisation, model:NAME, version:NAME or framework:NAME",
            )),
        }
    }

    /// The subject that `user:NAME` or `group:NAME` says. The name is remembered.
    ///
    /// # Errors
    /// [`NotAName`] where the text says neither.
    pub fn learn_subject(&mut self, text: &str) -> Result<Subject, NotAName> {
        match text.split_once(':') {
            Some(("user", name)) => self.learn(name).map(Subject::User),
            Some(("group", name)) => self.learn(name).map(Subject::Group),
            _ => Err(not_a_name(text, "a subject: user:NAME or group:NAME")),
        }
    }

    /// The token of this name. Its secret is derived from the name: good for tests alone.
    ///
    /// # Errors
    /// [`NotAName`] where the text is none.
    pub fn token(name: &str) -> Result<Token, NotAName> {
        require_name(name)?;
        let digest = digest("token", name);
        let secret: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Token::new(secret))
    }

    /// The name that gave this id; the id itself where none was seen.
    #[must_use]
    pub fn name<I: Named>(&self, id: I) -> String {
        let name = self.by_id.get(&(I::KIND, id.number())).cloned();
        name.unwrap_or_else(|| id.to_string())
    }

    /// A resource as scenarios write it.
    #[must_use]
    pub fn resource(&self, resource: Resource) -> String {
        match resource {
            Resource::Organisation => "organisation".to_owned(),
            Resource::Model(id) => format!("model:{}", self.name(id)),
            Resource::Version(id) => format!("version:{}", self.name(id)),
            Resource::Framework(id) => format!("framework:{}", self.name(id)),
        }
    }

    /// A subject as scenarios write it.
    #[must_use]
    pub fn subject(&self, subject: Subject) -> String {
        match subject {
            Subject::User(id) => format!("user:{}", self.name(id)),
            Subject::Group(id) => format!("group:{}", self.name(id)),
        }
    }
}

fn require_name(text: &str) -> Result<(), NotAName> {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte);
    if text.is_empty() || !text.bytes().all(is_part) {
        return Err(not_a_name(text, "a name of letters, digits, '_', '.', '-'"));
    }
    Ok(())
}

fn not_a_name(text: &str, expected: &'static str) -> NotAName {
    NotAName {
        text: text.to_owned(),
        expected,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ids that hosts may have written down beside their scenarios.
    #[test]
    fn golden_ids() {
        assert_eq!(
            UserId::named("ada").to_string(),
            "19d0191a4a07579538f81a3f3f84fc45"
        );
        assert_eq!(
            ModelId::named("ada").to_string(),
            "e85c239bd504896c90e991478191736c"
        );
        assert_eq!(RoleId::named("admin"), RoleId::ADMIN);
        assert_ne!(RoleId::named("Admin"), RoleId::ADMIN);
        assert_ne!(UserId::named("admin").value(), u128::MAX);
    }

    #[test]
    fn names_come_back() {
        let mut names = Names::new();
        let model = names.learn_resource("model:m.1-a_B").unwrap();
        assert_eq!(names.resource(model), "model:m.1-a_B");
        let group = names.learn_subject("group:g").unwrap();
        assert_eq!(names.subject(group), "group:g");
        assert_eq!(names.name(RoleId::REVIEWER), "reviewer");
        assert_eq!(names.name(UserId::new(7)), UserId::new(7).to_string());
    }

    #[test]
    fn other_text_is_no_name() {
        let mut names = Names::new();
        for text in ["", "a b", "ä", "a:b", "a/b", "\n"] {
            assert!(names.learn::<UserId>(text).is_err(), "{text:?}");
            assert!(Names::token(text).is_err(), "{text:?}");
        }
        for text in ["", "model", "model:", "Model:m", "organisation:o", "user:u"] {
            assert!(names.learn_resource(text).is_err(), "{text:?}");
        }
        for text in ["", "ada", "user:", "model:m", "User:ada"] {
            assert!(names.learn_subject(text).is_err(), "{text:?}");
        }
    }
}
