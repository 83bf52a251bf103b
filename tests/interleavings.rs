//! One invitation, and everybody at once: exactly one wins, and the losers learn precisely why.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test that panics has failed, which is what it is for"
)]

use std::collections::BTreeSet;
use std::sync::Barrier;

use rolebook::store::MemoryStore;
use rolebook::{
    Actor, Affiliation, Command, Engine, ExecuteError, InvitationId, InvitationRequest,
    InvitationStatus, OrganisationId, OrganisationPermissions, PermissionSet, RoleDefinition,
    RoleId, Scope, SignIn, Timestamp, Token, UserId,
};

const ACME: OrganisationId = OrganisationId::new(1);
const NOW: Timestamp = Timestamp::from_milliseconds(1_000_000);
const ADA: UserId = UserId::new(1);
const HUGO: UserId = UserId::new(2);
const RITA: UserId = UserId::new(3);
const OFFERED: RoleId = RoleId::new(7);
const INVITATION: InvitationId = InvitationId::new(3);

/// What somebody does about the invitation that Hugo sent to Rita.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Deed {
    Accept,
    Cancel,
    Decline,
    Resend,
    DeleteRole,
    RemoveInviter,
}

const DEEDS: [Deed; 6] = [
    Deed::Accept,
    Deed::Cancel,
    Deed::Decline,
    Deed::Resend,
    Deed::DeleteRole,
    Deed::RemoveInviter,
];

fn first_token() -> Token {
    Token::new("sent by Hugo")
}

impl Deed {
    fn actor(self) -> Actor {
        match self {
            Self::Accept | Self::Decline => Actor::Invitee,
            _ => SignIn::new(ADA).into(),
        }
    }

    fn command(self) -> Command {
        let (invitation, token) = (INVITATION, first_token());
        let email = String::from("rita@acme.test");
        match self {
            Self::Accept => Command::Accept {
                invitation,
                token,
                user: RITA,
                email,
                affiliation: None,
            },
            Self::Cancel => Command::CancelInvitation { invitation },
            Self::Decline => Command::Decline {
                invitation,
                token,
                email,
            },
            Self::Resend => Command::Resend {
                invitation,
                token: Token::new("sent by Ada").digest(),
                ttl: None,
            },
            Self::DeleteRole => Command::DeleteRole {
                role: OFFERED,
                replacement: None,
            },
            Self::RemoveInviter => Command::Remove { user: HUGO },
        }
    }

    fn run(self, engine: &Engine<&MemoryStore>) -> &'static str {
        match engine.execute(ACME, &self.actor(), &self.command(), NOW) {
            Ok(executed) if executed.commit.is_some() => "done",
            Ok(_) => "no change",
            Err(ExecuteError::Refused(refusal)) => refusal.code(),
            Err(error) => panic!("{self:?}: {error}"),
        }
    }
}

fn order(engine: &Engine<&MemoryStore>, actor: Actor, command: &Command) {
    engine.execute(ACME, &actor, command, NOW).unwrap();
}

fn join(engine: &Engine<&MemoryStore>, user: UserId, name: &str, role: RoleId) {
    let invitation = InvitationId::new(user.value());
    let token = Token::new(name);
    let email = format!("{name}@acme.test");
    let request = InvitationRequest {
        invitation,
        email: email.clone(),
        roles: vec![role],
        groups: BTreeSet::new(),
        affiliation: Affiliation::Internal,
        token: token.digest(),
        ttl: None,
    };
    order(engine, Actor::Operator, &Command::Invite(request));
    let accept = Command::Accept {
        invitation,
        token,
        user,
        email,
        affiliation: None,
    };
    order(engine, Actor::Invitee, &accept);
}

/// Ada is Admin, Hugo may invite, and has invited Rita with a role of no power.
fn scene(engine: &Engine<&MemoryStore>) {
    let found = Command::Found {
        name: "Acme".into(),
        first_admin: "founder@acme.test".into(),
        invitation: InvitationId::new(99),
        token: Token::new("founder").digest(),
    };
    order(engine, Actor::Operator, &found);
    join(engine, ADA, "ada", RoleId::ADMIN);
    let inviting = OrganisationPermissions::USERS_INVITE
        .union(OrganisationPermissions::USERS_READ)
        .into();
    define(engine, RoleId::new(6), "HR", inviting);
    define(engine, OFFERED, "Newcomer", PermissionSet::EMPTY);
    join(engine, HUGO, "hugo", RoleId::new(6));
    let request = InvitationRequest {
        invitation: INVITATION,
        email: "rita@acme.test".into(),
        roles: vec![OFFERED],
        groups: BTreeSet::new(),
        affiliation: Affiliation::Internal,
        token: first_token().digest(),
        ttl: None,
    };
    order(engine, SignIn::new(HUGO).into(), &Command::Invite(request));
}

fn define(engine: &Engine<&MemoryStore>, role: RoleId, name: &str, defaults: PermissionSet) {
    let definition = RoleDefinition {
        name: name.into(),
        description: String::new(),
        defaults,
        ceiling: None,
        scope: Scope::Granted,
    };
    order(
        engine,
        Actor::Operator,
        &Command::DefineRole { role, definition },
    );
}

/// What came of each deed, and what became of the invitation.
type Outcome = (BTreeSet<(Deed, &'static str)>, InvitationStatus, bool);

fn outcome(engine: &Engine<&MemoryStore>, results: BTreeSet<(Deed, &'static str)>) -> Outcome {
    engine.catch_up(ACME).unwrap();
    let snapshot = engine.snapshot(ACME).unwrap();
    snapshot.check_invariants().unwrap();
    let status = snapshot.invitation(INVITATION).unwrap().status(NOW);
    (results, status, snapshot.user(RITA).is_some())
}

fn in_order(deeds: &[Deed]) -> Outcome {
    let store = MemoryStore::new();
    let engine = Engine::new(&store);
    scene(&engine);
    let results = deeds.iter().map(|deed| (*deed, deed.run(&engine)));
    let results = results.collect();
    outcome(&engine, results)
}

fn permutations(deeds: &[Deed]) -> Vec<Vec<Deed>> {
    if deeds.is_empty() {
        return vec![Vec::new()];
    }
    let first = |at: usize| {
        let mut rest = deeds.to_vec();
        let chosen = rest.remove(at);
        let tails = permutations(&rest).into_iter();
        tails.map(move |tail| [vec![chosen], tail].concat())
    };
    (0..deeds.len()).flat_map(first).collect()
}

/// What the deed must come to, given those before it that were done: the rule told once more.
fn expected(deed: Deed, done: &[Deed]) -> &'static str {
    use Deed::{Accept, Cancel, Decline, DeleteRole, RemoveInviter, Resend};
    let was = |deed| done.contains(&deed);
    let open = !was(Accept) && !was(Cancel) && !was(Decline) && !cancelled_by_removal(done);
    match deed {
        Accept | Decline if was(Resend) => "unavailable",
        Accept if was(Decline) => "invitation_declined",
        Decline if was(Accept) => "unavailable",
        Accept | Decline if !open => "invitation_cancelled",
        Cancel if was(Accept) || was(Decline) => "not_pending",
        Cancel if !open => "no change",
        Resend if !open => "not_pending",
        DeleteRole if open || was(Accept) => "role_in_use",
        RemoveInviter | Accept | Cancel | Decline | Resend | DeleteRole => "done",
    }
}

/// Removing Hugo cancels what he sent, unless Ada answers for it since, or it was answered.
fn cancelled_by_removal(done: &[Deed]) -> bool {
    let position = |deed| done.iter().position(|it| *it == deed);
    let settled = [Deed::Accept, Deed::Cancel, Deed::Decline, Deed::Resend];
    let removed = position(Deed::RemoveInviter);
    removed.is_some_and(|at| {
        !settled
            .iter()
            .any(|deed| position(*deed).is_some_and(|settled| settled < at))
    })
}

#[test]
fn in_every_order_exactly_one_wins_and_the_losers_learn_why() {
    for deeds in permutations(&DEEDS) {
        let (results, status, joined) = in_order(&deeds);
        let mut done = Vec::new();
        for deed in &deeds {
            let code = expected(*deed, &done);
            assert!(
                results.contains(&(*deed, code)),
                "{deeds:?}: {deed:?} should come to {code}: {results:?}"
            );
            if code == "done" {
                done.push(*deed);
            }
        }
        let ends = [Deed::Accept, Deed::Cancel, Deed::Decline];
        let ends = ends.iter().filter(|end| done.contains(end)).count();
        let ends = ends + usize::from(cancelled_by_removal(&done));
        assert_eq!(ends, 1, "{deeds:?}: {done:?}");
        assert_eq!(joined, status == InvitationStatus::Accepted, "{deeds:?}");
    }
}

#[test]
fn at_the_same_time_it_is_one_of_the_orders() {
    let orders: BTreeSet<_> = permutations(&DEEDS).iter().map(|it| in_order(it)).collect();
    for _ in 0..200 {
        let store = MemoryStore::new();
        scene(&Engine::new(&store));
        let barrier = Barrier::new(DEEDS.len());
        // An engine for each, as if each were another process: only the store stands between them.
        let results = std::thread::scope(|scope| {
            let threads = DEEDS.map(|deed| {
                let (store, barrier) = (&store, &barrier);
                scope.spawn(move || {
                    let engine = Engine::new(store);
                    engine.open(ACME).unwrap();
                    barrier.wait();
                    (deed, deed.run(&engine))
                })
            });
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .collect()
        });
        let came = outcome(&Engine::new(&store), results);
        assert!(orders.contains(&came), "no order gives {came:?}");
    }
}
