//! What an administrator reads: explanations and remedies of a small organisation, word for word.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test that panics has failed, which is what it is for"
)]

use std::collections::BTreeSet;

use rolebook::decision::explain::DemandOutcome::{Exempt, Given, Missing};
use rolebook::{
    Actor, Affiliation, Command, GrantRequest, GroupId, InvitationId, InvitationRequest,
    MissingProof, ModelId, Names, Permission, PermissionSet, RemedyStep, Resource, RoleDefinition,
    RoleId, Scope, SignIn, SignInProof, State, Subject, Timestamp, Token, UserId, VersionId,
    decide,
};

const NOW: Timestamp = Timestamp::from_milliseconds(1_767_603_600_000);
const ADA: UserId = UserId::new(1);
const RITA: UserId = UserId::new(2);
const MAX: UserId = UserId::new(3);
const REVIEWERS: GroupId = GroupId::new(1);
const MAKERS: GroupId = GroupId::new(2);

/// The names of the state, and what this host calls its models.
struct Titles<'a>(&'a State);

impl Names for Titles<'_> {
    fn user(&self, id: UserId) -> String {
        Names::user(self.0, id)
    }

    fn group(&self, id: GroupId) -> String {
        Names::group(self.0, id)
    }

    fn role(&self, id: RoleId) -> String {
        Names::role(self.0, id)
    }

    fn resource(&self, resource: Resource) -> String {
        match resource {
            Resource::Organisation => "Acme".to_owned(),
            Resource::Model(_) => "the model Treasury".to_owned(),
            Resource::Version(_) => "the version Treasury 2026".to_owned(),
            Resource::Framework(_) => "the framework Plan".to_owned(),
        }
    }
}

fn run(state: &mut State, actor: Actor, command: Command) {
    let decided = decide(state, &actor, &command, NOW).unwrap();
    let commit = decided.into_commit(state.revision(), NOW).unwrap();
    state.apply(&commit).unwrap();
}

fn operate(state: &mut State, commands: impl IntoIterator<Item = Command>) {
    for command in commands {
        run(state, Actor::Operator, command);
    }
}

fn invite(state: &mut State, user: UserId, name: &str, roles: &[RoleId]) {
    invite_from(Affiliation::Internal, state, user, name, roles);
}

fn invite_from(
    affiliation: Affiliation,
    state: &mut State,
    user: UserId,
    name: &str,
    roles: &[RoleId],
) {
    let token = Token::new(name);
    let invitation = InvitationId::new(user.value());
    let request = InvitationRequest {
        invitation,
        email: format!("{name}@acme.test"),
        roles: roles.to_vec(),
        groups: BTreeSet::new(),
        affiliation,
        token: token.digest(),
        ttl: None,
    };
    if state.is_founded() {
        run(state, Actor::Operator, Command::Invite(request));
    } else {
        let found = Command::Found {
            name: "Acme".to_owned(),
            first_admin: request.email,
            invitation,
            token: request.token,
        };
        run(state, Actor::Operator, found);
    }
    let accept = Command::Accept {
        invitation,
        token,
        user,
        email: format!("{name}@acme.test"),
        affiliation: None,
    };
    run(state, Actor::Invitee, accept);
}

/// Ada owns it, Rita reviews, Max makes and reviews; a model with a version.
fn acme() -> State {
    let mut state = State::new();
    let (architect, reviewer) = (RoleId::DATA_ARCHITECT, RoleId::REVIEWER);
    invite(&mut state, ADA, "ada", &[RoleId::ADMIN]);
    invite(&mut state, RITA, "rita", &[reviewer]);
    invite(&mut state, MAX, "max", &[architect, reviewer]);
    let group = |group, name: &str, role| Command::CreateGroup {
        group,
        name: name.to_owned(),
        role,
    };
    let register = |resource, parent| Command::Register { resource, parent };
    operate(
        &mut state,
        [
            group(REVIEWERS, "Reviewers of Treasury", reviewer),
            group(MAKERS, "Makers", architect),
            register(model(), None),
            register(version(), Some(model())),
        ],
    );
    state
}

fn model() -> Resource {
    ModelId::new(1).into()
}

fn version() -> Resource {
    VersionId::new(1).into()
}

fn permission(name: &str) -> Permission {
    name.parse().unwrap()
}

fn set(names: &[&str]) -> PermissionSet {
    PermissionSet::from_names(names.iter().copied()).unwrap()
}

fn restrict(from: impl Into<Subject>, names: &[&str]) -> Command {
    Command::Restrict {
        from: from.into(),
        on: version(),
        permissions: set(names),
    }
}

#[track_caller]
fn explained(state: &State, sign_in: SignIn, asked: &str, on: Resource, expected: &str) {
    let why = state.explain(sign_in, permission(asked), on, NOW);
    let text = why.describe(&Titles(state)).to_string();
    assert_eq!(text, expected, "\n{text}");
}

#[track_caller]
fn remedied(state: &State, sign_in: SignIn, asked: &str, on: Resource, expected: &str) {
    let remedies = state.remedies(sign_in, permission(asked), on, NOW);
    let text = remedies.describe(&Titles(state)).to_string();
    assert_eq!(text, expected, "\n{text}");
}

#[test]
fn an_allow_by_two_grants() {
    let mut state = acme();
    let join = Command::AddToGroup {
        group: REVIEWERS,
        user: RITA,
    };
    let own = GrantRequest {
        expires_at: NOW.checked_add(std::time::Duration::from_secs(3600)),
        ..GrantRequest::new(RITA, version())
    };
    let group = GrantRequest::new(REVIEWERS, model());
    operate(
        &mut state,
        [join, Command::Grant(own), Command::Grant(group)],
    );
    explained(
        &state,
        SignIn::new(RITA),
        "version.comment_create",
        version(),
        "\
Yes: rita@acme.test, acting as Reviewer, may comment on the version Treasury 2026 (version.comment_create), because it was granted to them.
  Given by
    - a grant of their own on the version Treasury 2026 until 2026-01-05T10:00:00Z  <- a reason, but not the only one
    - a grant to the group Reviewers of Treasury on the model Treasury and all beneath it",
    );
}

#[test]
fn what_a_user_is_told_themselves() {
    let mut state = acme();
    let told = |state: &State, asked: &str, on: Resource| {
        let answer = state.explain_publicly(SignIn::new(RITA), permission(asked), on, NOW);
        answer.to_string()
    };
    let nothing = "This does not exist, or you have no access to it.";
    assert_eq!(told(&state, "version.read", version()), nothing);
    assert_eq!(
        told(&state, "version.read", VersionId::new(9).into()),
        nothing
    );
    let grant = Command::Grant(GrantRequest::new(RITA, model()));
    operate(
        &mut state,
        [grant, restrict(RITA, &["version.comment_create"])],
    );
    assert_eq!(
        told(&state, "version.read", version()),
        "You may see this version."
    );
    assert_eq!(
        told(&state, "version.comment_create", version()),
        "You are not permitted to comment on this version. Ask whoever decides about access to it."
    );
    assert_eq!(
        told(&state, "version.delete", version()),
        "Your role does not allow you to delete this version."
    );
}

#[test]
fn a_permission_of_another_kind() {
    let state = acme();
    let rita = SignIn::new(RITA);
    let told = |asked, on| {
        let why = state.explain(rita, permission(asked), on, NOW);
        let text = why.describe(&Titles(&state)).to_string();
        text.lines().next().unwrap_or_default().to_owned()
    };
    assert_eq!(
        told("organisation.roles_manage", version()),
        "No: rita@acme.test, acting as Reviewer, may not define the roles of the version Treasury 2026 (organisation.roles_manage), because this can be done to the organisation only, and here is a version."
    );
    assert_eq!(
        told("model.read", Resource::Organisation),
        "No: rita@acme.test, acting as Reviewer, may not see Acme (model.read), because this can be done to a model only, and here is the organisation."
    );
}

#[test]
fn a_restriction_wins() {
    let mut state = acme();
    let join = Command::AddToGroup {
        group: REVIEWERS,
        user: RITA,
    };
    let grant = Command::Grant(GrantRequest::new(RITA, model()));
    operate(
        &mut state,
        [
            join,
            grant,
            restrict(
                REVIEWERS,
                &["version.comment_create", "version.export_read"],
            ),
        ],
    );
    remedied(
        &state,
        SignIn::new(RITA),
        "version.comment_create",
        version(),
        "\
No: rita@acme.test, acting as Reviewer, may not comment on the version Treasury 2026 (version.comment_create), because a restriction takes it, and a restriction always wins.
  Given by
    - a grant of their own on the model Treasury and all beneath it
  Taken by
    - a restriction of the group Reviewers of Treasury on the version Treasury 2026  <- the reason
  What would allow it, the smallest change first
    1. lessen the restriction of the group Reviewers of Treasury on the version Treasury 2026 to version.export_manage, version.export_read
       by ada@acme.test (as Admin)
    2. take rita@acme.test out of the group Reviewers of Treasury
       by ada@acme.test (as Admin)
    3. also give rita@acme.test the role Admin, to act as Admin
       by ada@acme.test (as Admin)",
    );
}

#[test]
fn a_ceiling_forbids() {
    let mut state = acme();
    operate(
        &mut state,
        [Command::Grant(GrantRequest::new(RITA, model()))],
    );
    remedied(&state, SignIn::new(RITA), "version.update", version(), "\
No: rita@acme.test, acting as Reviewer, may not change the version Treasury 2026 (version.update), because this role can never do it, whatever is granted.
  Ceiling
    - Reviewer can never have it  <- a reason, but not the only one
  What would allow it, the smallest change first
    1. also give rita@acme.test the role Admin, to act as Admin
       by ada@acme.test (as Admin)");
    let robot = Command::AddServiceUser {
        user: UserId::new(4),
        name: "Nightly export".to_owned(),
        roles: vec![RoleId::REVIEWER],
    };
    operate(&mut state, [robot]);
    remedied(&state, SignIn::new(UserId::new(4)), "version.update", version(), "\
No: the service Nightly export, acting as Reviewer, may not change the version Treasury 2026 (version.update), because this role can never do it, whatever is granted.
  Ceiling
    - Reviewer can never have it  <- a reason, but not the only one
  No single change would allow it: the ceiling of every role they hold forbids it.");
    remedied(
        &state,
        SignIn::new(RITA),
        "organisation.users_read",
        Resource::Organisation,
        "\
No: rita@acme.test, acting as Reviewer, may not see the users of Acme (organisation.users_read), because this role can never do it, whatever is granted.
  Ceiling
    - Reviewer can never have it  <- a reason, but not the only one
  What would allow it, the smallest change first
    1. also give rita@acme.test the role Data Architect, to act as Data Architect
       by ada@acme.test (as Admin)
    2. also give rita@acme.test the role Admin, to act as Admin
       by ada@acme.test (as Admin)",
    );
}

#[test]
fn nothing_is_granted() {
    let mut state = acme();
    let join = Command::AddToGroup {
        group: MAKERS,
        user: MAX,
    };
    operate(
        &mut state,
        [
            join,
            Command::Grant(GrantRequest::new(MAKERS, model())),
            Command::Grant(GrantRequest::new(REVIEWERS, model())),
        ],
    );
    remedied(
        &state,
        SignIn::new(MAX).under(RoleId::REVIEWER),
        "version.read",
        version(),
        "\
No: max@acme.test, acting as Reviewer, may not see the version Treasury 2026 (version.read), because nothing that counts gives it.
  Given by
    - a grant to the group Makers on the model Treasury and all beneath it, which counts only for those who act as Data Architect
  What would allow it, the smallest change first
    1. max@acme.test can act as Data Architect
    2. grant max@acme.test version.read on the version Treasury 2026
       by ada@acme.test (as Admin)
    3. grant max@acme.test version.read on the model Treasury and all beneath it
       by ada@acme.test (as Admin)
    4. add max@acme.test to the group Reviewers of Treasury
       by ada@acme.test (as Admin)
    5. also give max@acme.test the role Admin, to act as Admin
       by ada@acme.test (as Admin)",
    );
    remedied(&state, SignIn::new(RITA), "version.read", version(), "\
No: rita@acme.test, acting as Reviewer, may not see the version Treasury 2026 (version.read), because nothing gives it.
  What would allow it, the smallest change first
    1. grant rita@acme.test version.read on the version Treasury 2026
       by ada@acme.test (as Admin)
    2. grant rita@acme.test version.read on the model Treasury and all beneath it
       by ada@acme.test (as Admin)
    3. add rita@acme.test to the group Reviewers of Treasury
       by ada@acme.test (as Admin)
    4. also give rita@acme.test the role Admin, to act as Admin
       by ada@acme.test (as Admin)");
}

#[test]
fn the_sign_in_is_not_enough() {
    let mut state = acme();
    let settings = Command::SetSecurity {
        require_sso: Some(true),
        require_mfa: Some(true),
        allowed_domains: None,
        allow_external_admins: None,
    };
    operate(
        &mut state,
        [
            settings,
            Command::Suspend { user: RITA },
            Command::Grant(GrantRequest::new(RITA, model())),
        ],
    );
    remedied(&state, SignIn::new(ADA), "model.read", model(), "\
No: ada@acme.test, acting as Admin, may not see the model Treasury (model.read), because the organisation requires single sign-on.
  Given by
    - the role Admin, which may do everything
  Sign-in
    - single sign-on is required and was not given
    - a second factor is required and was not given
  What would allow it, the smallest change first
    1. ada@acme.test can sign in with single sign-on and a second factor");
    remedied(&state, SignIn::new(RITA), "model.read", model(), "\
No: rita@acme.test, acting as Reviewer, may not see the model Treasury (model.read), because they are suspended.
  Given by
    - a grant of their own on the model Treasury
  Sign-in
    - single sign-on is required and was not given
    - a second factor is required and was not given
  No single change would allow it: more than one thing stands in the way.");
    remedied(
        &state,
        SignIn::new(UserId::new(9)),
        "model.read",
        model(),
        "\
No: user 00000000000000000000000000000009 may not see the model Treasury (model.read), because there is no such user.
  Only an invitation makes somebody a user.",
    );
    remedied(
        &state,
        SignIn::new(ADA).with_proof(rolebook::SignInProof::FULL),
        "version.read",
        model(),
        "\
No: ada@acme.test, acting as Admin, may not see the model Treasury (version.read), because this can be done to a version only, and here is a model.
  Sign-in
    - single sign-on is required and was given
    - a second factor is required and was given
  No change would make this possible.",
    );
    remedied(
        &state,
        SignIn::new(ADA).with_proof(rolebook::SignInProof::FULL),
        "model.read",
        model(),
        "\
Yes: ada@acme.test, acting as Admin, may see the model Treasury (model.read), because Admins may do everything.
  Given by
    - the role Admin, which may do everything  <- the reason
  Sign-in
    - single sign-on is required and was given
    - a second factor is required and was given
  Nothing needs to change.",
    );
}

#[test]
fn a_demand_is_given_missing_or_not_for_this_user() {
    let mut state = acme();
    let (eve, nightly) = (UserId::new(5), UserId::new(6));
    let reviewer = vec![RoleId::REVIEWER];
    invite_from(Affiliation::External, &mut state, eve, "eve", &reviewer);
    let settings = Command::SetSecurity {
        require_sso: Some(true),
        require_mfa: Some(true),
        allowed_domains: None,
        allow_external_admins: None,
    };
    let service = Command::AddServiceUser {
        user: nightly,
        name: "Nightly".to_owned(),
        roles: reviewer,
    };
    operate(&mut state, [settings, service]);
    let (read, none) = (permission("model.read"), SignInProof::NONE);
    let (sso, mfa) = (
        SignInProof { sso: true, ..none },
        SignInProof { mfa: true, ..none },
    );
    let outcomes = |sign_in: SignIn, proof| {
        let why = state.explain(sign_in.with_proof(proof), read, model(), NOW);
        let demands = why.sign_in.demands.iter();
        demands.map(|it| (it.proof, it.outcome)).collect::<Vec<_>>()
    };
    let both = |sso, mfa| vec![(MissingProof::Sso, sso), (MissingProof::Mfa, mfa)];
    // Under the primary role, named or not, and under another one.
    for max in [
        SignIn::new(MAX),
        SignIn::new(MAX).under(RoleId::DATA_ARCHITECT),
        SignIn::new(MAX).under(RoleId::REVIEWER),
        SignIn::new(MAX).under(RoleId::ADMIN),
    ] {
        assert_eq!(outcomes(max, none), both(Missing, Missing));
        assert_eq!(outcomes(max, sso), both(Given, Missing));
        assert_eq!(outcomes(max, mfa), both(Missing, Given));
        assert_eq!(outcomes(max, SignInProof::FULL), both(Given, Given));
    }
    assert_eq!(outcomes(SignIn::new(eve), none), both(Exempt, Missing));
    assert_eq!(
        outcomes(SignIn::new(eve), SignInProof::FULL),
        both(Exempt, Given)
    );
    for proof in [none, sso, mfa, SignInProof::FULL] {
        assert_eq!(outcomes(SignIn::new(nightly), proof), both(Exempt, Exempt));
        assert_eq!(outcomes(SignIn::new(UserId::new(99)), proof), []);
    }
}

#[test]
fn another_role_that_they_hold_may_do() {
    let mut state = acme();
    let as_reviewer = SignIn::new(MAX).under(RoleId::REVIEWER);
    remedied(
        &state,
        as_reviewer,
        "model.update",
        model(),
        "\
No: max@acme.test, acting as Reviewer, may not change the model Treasury (model.update), because this role can never do it, whatever is granted.
  Ceiling
    - Reviewer can never have it  <- a reason, but not the only one
  What would allow it, the smallest change first
    1. grant max@acme.test model.update on the model Treasury, to act as Data Architect
       by ada@acme.test (as Admin)
    2. also give max@acme.test the role Admin, to act as Admin
       by ada@acme.test (as Admin)",
    );
    let taken = Command::Restrict {
        from: MAX.into(),
        on: model(),
        permissions: set(&["model.update"]),
    };
    operate(
        &mut state,
        [Command::Grant(GrantRequest::new(MAX, model())), taken],
    );
    let remedies = state.remedies(as_reviewer, permission("model.update"), model(), NOW);
    let lift = Command::Unrestrict {
        from: MAX.into(),
        on: model(),
    };
    assert_eq!(remedies.found[0].step, RemedyStep::Command(lift.clone()));
    assert_eq!(
        remedies.found[0].then,
        SignIn::new(MAX).under(RoleId::DATA_ARCHITECT)
    );
    // Without the restriction the other role is enough: nothing else is a single change.
    operate(&mut state, [lift]);
    let remedies = state.remedies(as_reviewer, permission("model.update"), model(), NOW);
    let then = |at: usize| {
        (
            remedies.found[at].step.clone(),
            remedies.found[at].then.role,
        )
    };
    assert_eq!(then(0), (RemedyStep::SignIn, Some(RoleId::DATA_ARCHITECT)));
    assert_eq!(remedies.found.len(), 2);
    assert_eq!(then(1).1, Some(RoleId::ADMIN));
}

#[test]
fn a_role_that_gives_something_everywhere_is_no_smaller_than_a_grant() {
    let mut state = acme();
    let editor = RoleId::new(9);
    let definition = RoleDefinition {
        name: "Editor".to_owned(),
        description: String::new(),
        defaults: set(&["model.read", "model.update"]),
        ceiling: None,
        scope: Scope::All,
    };
    operate(
        &mut state,
        [Command::DefineRole {
            role: editor,
            definition,
        }],
    );
    let asked = permission("model.update");
    let remedies = state.remedies(SignIn::new(MAX), asked, model(), NOW);
    let roles: Vec<_> = remedies.found.iter().map(|it| it.then.role).collect();
    assert_eq!(roles, [None, Some(editor), Some(RoleId::ADMIN)]);
    let extents: Vec<_> = remedies
        .found
        .iter()
        .map(|it| it.extent.permissions)
        .collect();
    assert_eq!(extents[..2], [2, 2]);
    assert!(extents[2] > 20, "{extents:?}");
}
