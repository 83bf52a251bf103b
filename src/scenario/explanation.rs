//! Why a check came out as it did, in names.

use super::world::World;
use crate::command::SignIn;
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
