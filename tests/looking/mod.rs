//! An organisation to look at, and random commands to change it with.

#![allow(dead_code, reason = "each test file uses what it needs of it")]

use std::collections::BTreeSet;
use std::time::Duration;

use proptest::prelude::*;
use rolebook::{
    Actor, Affiliation, Command, Commit, Decided, FrameworkId, GrantRequest, GroupId, InvitationId,
    InvitationRequest, ModelId, PermissionSet, Refusal, Resource, RoleDefinition, RoleId, Scope,
    SignIn, SignInProof, State, Subject, Timestamp, Token, UserId, VersionId, decide,
};

pub(crate) const ADA: UserId = UserId::new(1);
pub(crate) const BEN: UserId = UserId::new(2);
pub(crate) const CLEO: UserId = UserId::new(3);
pub(crate) const DAN: UserId = UserId::new(4);
pub(crate) const EVE: UserId = UserId::new(5);
pub(crate) const FAY: UserId = UserId::new(6);
pub(crate) const GUS: UserId = UserId::new(7);

pub(crate) fn at(seconds: u64) -> Timestamp {
    Timestamp::from_seconds(1_767_603_600 + seconds).unwrap()
}

pub(crate) fn model(id: u64) -> Resource {
    ModelId::from(id).into()
}

pub(crate) fn version(id: u64) -> Resource {
    VersionId::from(id).into()
}

pub(crate) fn framework(id: u64) -> Resource {
    FrameworkId::from(id).into()
}

pub(crate) fn set<'a>(names: impl IntoIterator<Item = &'a str>) -> PermissionSet {
    PermissionSet::from_names(names).unwrap()
}

/// An organisation, its log, and the clock.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) state: State,
    pub(crate) log: Vec<Commit>,
    pub(crate) now: Timestamp,
    invited: u64,
}

impl World {
    /// Founded, with Ada as its Admin.
    pub(crate) fn founded() -> Self {
        let mut world = Self {
            state: State::new(),
            log: Vec::new(),
            now: at(0),
            invited: 1,
        };
        world.operator(Command::Found {
            name: "Acme".into(),
            first_admin: "ada@acme.test".into(),
            invitation: InvitationId::new(1),
            token: token(1).digest(),
        });
        world.accept(1, ADA, "ada@acme.test");
        world
    }

    /// Two models with versions and frameworks; an Admin beside Ada, an architect, a reviewer and
    /// one from outside; two groups and two custom roles.
    pub(crate) fn peopled() -> Self {
        let mut world = Self::founded();
        for resource in [model(1), model(2)] {
            world.register(resource, None);
        }
        world.register(version(1), Some(model(1)));
        world.register(version(2), Some(model(2)));
        world.register(framework(1), None);
        world.register(framework(2), Some(model(1)));
        world.register(framework(3), Some(version(1)));
        world.define(1, "Maker", ["model.read", "model.update"], Scope::All);
        let scope = Scope::Selected([model(1)].into());
        world.define(2, "Keeper", ["version.read", "framework.read"], scope);
        world.join(BEN, "ben", &[RoleId::ADMIN, RoleId::DATA_ARCHITECT]);
        world.join(CLEO, "cleo", &[RoleId::DATA_ARCHITECT]);
        world.join(DAN, "dan", &[RoleId::REVIEWER]);
        world.join_from(Affiliation::External, EVE, "eve", &[RoleId::REVIEWER]);
        for (group, role) in [(1, RoleId::DATA_ARCHITECT), (2, RoleId::new(1))] {
            world.group(group, role);
        }
        world
    }

    /// The same with holders of the custom roles, members, grants and restrictions of the groups.
    pub(crate) fn entitled() -> Self {
        let mut world = Self::peopled();
        world.join(FAY, "fay", &[RoleId::new(1), RoleId::DATA_ARCHITECT]);
        world.join(GUS, "gus", &[RoleId::new(2), RoleId::new(1)]);
        world.grant(CLEO, model(2));
        for (group, user) in [(1_u64, BEN), (1, FAY), (2, GUS)] {
            let group = GroupId::from(group);
            world.operator(Command::AddToGroup { group, user });
        }
        for group in [1_u64, 2].map(GroupId::from) {
            world.grant(group, model(1));
            world.operator(Command::Restrict {
                from: group.into(),
                on: model(2),
                permissions: set(["model.update", "framework.read"]),
            });
        }
        world
    }

    pub(crate) fn run(&mut self, actor: Actor, command: &Command) -> Result<Decided, Refusal> {
        let decided = decide(&self.state, &actor, command, self.now)?;
        let commit = decided.clone().into_commit(self.state.revision(), self.now);
        if let Some(commit) = commit {
            self.state.apply(&commit).unwrap();
            self.log.push(commit);
        }
        Ok(decided)
    }

    pub(crate) fn operator(&mut self, command: Command) {
        self.run(Actor::Operator, &command).unwrap();
    }

    pub(crate) fn register(&mut self, resource: Resource, parent: Option<Resource>) {
        self.operator(Command::Register { resource, parent });
    }

    pub(crate) fn define<'a>(
        &mut self,
        role: u64,
        name: &str,
        defaults: impl IntoIterator<Item = &'a str>,
        scope: Scope,
    ) {
        self.operator(Command::DefineRole {
            role: role.into(),
            definition: RoleDefinition {
                name: name.into(),
                description: String::new(),
                defaults: set(defaults),
                ceiling: None,
                scope,
            },
        });
    }

    pub(crate) fn group(&mut self, group: u64, role: RoleId) {
        self.operator(Command::CreateGroup {
            group: group.into(),
            name: format!("Group {group}"),
            role,
        });
    }

    pub(crate) fn grant(&mut self, to: impl Into<Subject>, on: Resource) {
        self.operator(Command::Grant(GrantRequest::new(to, on)));
    }

    pub(crate) fn join(&mut self, user: UserId, name: &str, roles: &[RoleId]) {
        self.join_from(Affiliation::Internal, user, name, roles);
    }

    pub(crate) fn join_from(
        &mut self,
        from: Affiliation,
        user: UserId,
        name: &str,
        roles: &[RoleId],
    ) {
        let email = format!("{name}@acme.test");
        let id = self.invite(from, &email, roles, Actor::Operator);
        self.accept(id, user, &email);
    }

    pub(crate) fn invite(
        &mut self,
        from: Affiliation,
        email: &str,
        roles: &[RoleId],
        by: Actor,
    ) -> u64 {
        self.invited += 1;
        let request = InvitationRequest {
            invitation: self.invited.into(),
            email: email.into(),
            roles: roles.to_vec(),
            groups: BTreeSet::new(),
            affiliation: from,
            token: token(self.invited).digest(),
            ttl: None,
        };
        self.run(by, &Command::Invite(request)).unwrap();
        self.invited
    }

    pub(crate) fn accept(&mut self, invitation: u64, user: UserId, email: &str) {
        let command = Command::Accept {
            invitation: invitation.into(),
            token: token(invitation),
            user,
            email: email.into(),
            affiliation: None,
        };
        self.run(Actor::Invitee, &command).unwrap();
    }

    /// All that happens, refused or not.
    pub(crate) fn play(&mut self, steps: &[Step]) {
        for Step {
            wait,
            actor,
            command,
        } in steps
        {
            self.now = self.now.checked_add(Duration::from_secs(*wait)).unwrap();
            let _ = self.run(*actor, command);
        }
    }
}

pub(crate) fn token(id: u64) -> Token {
    Token::new(format!("token {id}"))
}

pub(crate) fn actor(user: UserId) -> Actor {
    SignIn::new(user).with_proof(SignInProof::FULL).into()
}

/// One command of somebody, some time after the one before.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) wait: u64,
    pub(crate) actor: Actor,
    pub(crate) command: Command,
}

pub(crate) fn steps(most: usize) -> impl Strategy<Value = Vec<Step>> {
    proptest::collection::vec(step(), 0..most)
}

pub(crate) fn step() -> impl Strategy<Value = Step> {
    let actors = prop_oneof![
        4 => Just(Actor::Operator),
        1 => Just(actor(ADA)),
        1 => Just(actor(BEN)),
    ];
    let command = prop_oneof![6 => command(), 1 => batch()];
    (0_u64..4_000, actors, command).prop_map(|(wait, actor, command)| Step {
        wait,
        actor,
        command,
    })
}

fn batch() -> impl Strategy<Value = Command> {
    proptest::collection::vec(command(), 1..4).prop_map(|commands| Command::Batch { commands })
}

fn user() -> impl Strategy<Value = UserId> {
    (1_u64..9).prop_map(UserId::from)
}

fn group() -> impl Strategy<Value = GroupId> {
    (1_u64..4).prop_map(GroupId::from)
}

fn role() -> impl Strategy<Value = RoleId> {
    prop_oneof![
        1 => Just(RoleId::ADMIN),
        2 => Just(RoleId::DATA_ARCHITECT),
        2 => Just(RoleId::REVIEWER),
        4 => (1_u64..5).prop_map(RoleId::from),
    ]
}

fn custom_role() -> impl Strategy<Value = RoleId> {
    (1_u64..5).prop_map(RoleId::from)
}

fn roles() -> impl Strategy<Value = Vec<RoleId>> {
    proptest::collection::vec(role(), 1..3)
}

pub(crate) fn resource() -> impl Strategy<Value = Resource> {
    prop_oneof![
        (1_u64..4).prop_map(model),
        (1_u64..4).prop_map(version),
        (1_u64..5).prop_map(framework),
    ]
}

fn subject() -> impl Strategy<Value = Subject> {
    prop_oneof![
        user().prop_map(Subject::User),
        group().prop_map(Subject::Group)
    ]
}

/// A closed set.
fn permissions() -> impl Strategy<Value = PermissionSet> {
    let bits = (any::<u64>(), any::<u64>()).prop_map(|(one, other)| one & other);
    bits.prop_map(|bits| {
        let set = PermissionSet::from_bits(bits & PermissionSet::ALL.bits()).unwrap();
        set.union(set.missing_prerequisites())
    })
}

fn scope() -> impl Strategy<Value = Scope> {
    prop_oneof![
        Just(Scope::All),
        Just(Scope::Granted),
        proptest::collection::btree_set(resource(), 1..3).prop_map(Scope::Selected),
    ]
}

fn definition() -> impl Strategy<Value = RoleDefinition> {
    let parts = (0_u8..6, permissions(), permissions(), scope());
    parts.prop_map(|(name, defaults, more, scope)| RoleDefinition {
        name: format!("Role {name}"),
        description: String::new(),
        defaults,
        ceiling: Some(defaults.union(more)),
        scope,
    })
}

fn grant() -> impl Strategy<Value = Command> {
    let end = proptest::option::of((0_u64..20_000).prop_map(at));
    let parts = (
        subject(),
        resource(),
        proptest::option::of(role()),
        any::<bool>(),
        end,
    );
    parts.prop_map(|(to, on, role, cascade, expires_at)| {
        let request = GrantRequest::new(to, on);
        Command::Grant(GrantRequest {
            role,
            cascade,
            expires_at,
            ..request
        })
    })
}

fn invite() -> impl Strategy<Value = Command> {
    let parts = (100_u64..120, 1_u8..6, roles(), any::<bool>());
    parts.prop_map(|(id, name, roles, external)| {
        Command::Invite(InvitationRequest {
            invitation: id.into(),
            email: format!("guest{name}@guest.test"),
            roles,
            groups: BTreeSet::new(),
            affiliation: if external {
                Affiliation::External
            } else {
                Affiliation::Internal
            },
            token: token(id).digest(),
            ttl: None,
        })
    })
}

fn settings() -> impl Strategy<Value = Command> {
    let parts = proptest::option::of(any::<bool>());
    (parts.clone(), parts.clone(), parts).prop_map(|(require_sso, require_mfa, domains)| {
        Command::SetSecurity {
            require_sso,
            require_mfa,
            allowed_domains: domains.map(|closed| {
                let all = if closed { vec!["acme.test"] } else { vec![] };
                all.into_iter().map(String::from).collect()
            }),
            allow_external_admins: None,
        }
    })
}

pub(crate) fn command() -> impl Strategy<Value = Command> {
    use Command as C;
    prop_oneof![
        6 => grant(),
        3 => (subject(), resource(), permissions())
            .prop_map(|(from, on, permissions)| C::Restrict { from, on, permissions }),
        1 => (subject(), resource()).prop_map(|(from, on)| C::Revoke { from, on }),
        1 => (subject(), resource()).prop_map(|(from, on)| C::Unrestrict { from, on }),
        3 => (group(), user()).prop_map(|(group, user)| C::AddToGroup { group, user }),
        1 => (group(), user()).prop_map(|(group, user)| C::RemoveFromGroup { group, user }),
        1 => (group(), role()).prop_map(|(group, role)| C::CreateGroup {
            group, name: format!("Group {}", group.value()), role,
        }),
        1 => group().prop_map(|group| C::DeleteGroup { group }),
        3 => (user(), roles()).prop_map(|(user, roles)| C::AssignRoles { user, roles }),
        1 => user().prop_map(|user| C::Suspend { user }),
        1 => user().prop_map(|user| C::Reinstate { user }),
        1 => user().prop_map(|user| C::Remove { user }),
        2 => (user(), roles()).prop_map(|(user, roles)| C::AddServiceUser {
            user, name: "Robot".into(), roles,
        }),
        2 => (custom_role(), definition())
            .prop_map(|(role, definition)| C::DefineRole { role, definition }),
        3 => (custom_role(), definition())
            .prop_map(|(role, definition)| C::RedefineRole { role, definition }),
        1 => (custom_role(), role()).prop_map(|(role, from)| C::CloneRole {
            role, from, name: format!("Clone {}", role.value()),
        }),
        1 => (custom_role(), proptest::option::of(role()))
            .prop_map(|(role, replacement)| C::DeleteRole { role, replacement }),
        2 => (resource(), proptest::option::of(resource()))
            .prop_map(|(resource, parent)| C::Register { resource, parent }),
        1 => resource().prop_map(|resource| C::Unregister { resource }),
        2 => invite(),
        1 => (100_u64..120).prop_map(|id| C::CancelInvitation { invitation: id.into() }),
        1 => settings(),
    ]
}
