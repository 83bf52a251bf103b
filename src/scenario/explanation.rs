//! Why a check came out as it did, in names.

use super::step::Question;
use super::world::World;
use crate::advice::RemedyStep;
use crate::command::SignIn;
use crate::decision::explain::{Origin, Standing};
use crate::decision::reference;
use crate::permission::PermissionSet;
use crate::resource::Resource;
use crate::session::Session;
use crate::state::Chain;

impl World {
    /// What reaches a user on a resource from each source, of the kinds asked for.
    pub(super) fn explain(&self, sign_in: SignIn, asked: PermissionSet, on: Resource) -> String {
        let session = match self.state().session(sign_in) {
            Ok(session) => session,
            Err(refusal) => return format!("no session: {refusal}"),
        };
        match self.state().chain(on) {
            Some(_) if session.is_admin() => "Admin: bound by the kind alone".to_owned(),
            Some(chain) => self.sources_in_names(&session, asked, &chain),
            None => format!("{} is not registered", self.names().resource(on)),
        }
    }

    fn sources_in_names(
        &self,
        session: &Session<'_>,
        asked: PermissionSet,
        chain: &Chain,
    ) -> String {
        let links: Vec<_> = chain.iter().map(|it| self.names().resource(*it)).collect();
        let of_kind = chain
            .first()
            .map_or(asked, |on| asked.union(PermissionSet::of_kind(on.kind())));
        let show = |set: PermissionSet| set.intersection(of_kind).to_string();
        let sources = reference::sources(session, chain, self.now());
        format!(
            "on {} under role {}: user grants [{}], group grants [{}], role scope [{}], restricted [{}], ceiling [{}]",
            links.join(" < "),
            self.names().name(session.role()),
            show(sources.user_grants),
            show(sources.group_grants),
            show(sources.role_scope),
            show(sources.restricted),
            show(session.role_definition().ceiling),
        )
    }
}

impl World {
    /// What gives the permission and counts: `admin`, `grant model:m1`, `group_grant group:g model:m1`,
    /// `role_scope`; sorted.
    pub(super) fn sources(&self, question: Question) -> Vec<String> {
        let Question {
            sign_in,
            permission,
            on,
        } = question;
        let explanation = self.state().explain(sign_in, permission, on, self.now());
        let counting = explanation.sources.into_iter();
        let counting = counting.filter(|source| source.standing == Standing::Counts);
        let mut words: Vec<_> = counting.map(|source| self.origin(source.origin)).collect();
        words.sort_unstable();
        words
    }

    fn origin(&self, origin: Origin) -> String {
        let names = self.names();
        match origin {
            Origin::Admin => "admin".to_owned(),
            Origin::UserGrant { on, .. } => format!("grant {}", names.resource(on)),
            Origin::GroupGrant { group, on, .. } => {
                let group = names.subject(group.into());
                format!("group_grant {group} {}", names.resource(on))
            }
            Origin::RoleScope(_) => "role_scope".to_owned(),
        }
    }

    /// The words of the commands each of which would allow it, the smallest change first, and
    /// `sign_in` for another sign-in.
    pub(super) fn remedies(&self, question: Question) -> Vec<String> {
        let Question {
            sign_in,
            permission,
            on,
        } = question;
        let remedies = self.state().remedies(sign_in, permission, on, self.now());
        let steps = remedies.found.iter().map(|remedy| &remedy.step);
        steps.map(word_of).collect()
    }
}

/// The word of a command is its name in serialised form.
fn word_of(step: &RemedyStep) -> String {
    let RemedyStep::Command(command) = step else {
        return "sign_in".to_owned();
    };
    match serde_json::to_value(command) {
        Ok(serde_json::Value::Object(object)) => object.keys().next().cloned().unwrap_or_default(),
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}
