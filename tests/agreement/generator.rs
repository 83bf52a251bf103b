//! Random steps that are nearly valid, chosen with an eye on the model.

use std::time::Duration;

use rolebook::{Actor, Command, RoleId, SignIn, SignInProof, Timestamp, UserId};

use super::engine::new_model;
use super::random::Random;
use super::step::Step;
use super::universe::{START, users};
use crate::model::{Acting, Model};

pub(crate) struct Generator {
    pub(crate) random: Random,
    pub(crate) now: Timestamp,
    /// The model as it is before the next step.
    pub(crate) model: Model,
    /// Steps that are to come before random ones, last first.
    pub(crate) planned: Vec<(Actor, Command)>,
    /// Suspended users do not act.
    spare_suspended: bool,
}

/// The right that most of a command's actors should have.
#[derive(Clone, Copy)]
pub(crate) enum Right {
    Organisation(&'static str),
    /// Authority over grants and restrictions somewhere.
    Entitlements,
    /// Whatever; the arguments decide.
    Any,
}

type Make = fn(&mut Generator, &Actor) -> Command;

const INVITE: Right = Right::Organisation("organisation.users_invite");
const USERS: Right = Right::Organisation("organisation.users_manage");
const GROUPS: Right = Right::Organisation("organisation.groups_manage");
const ROLES: Right = Right::Organisation("organisation.roles_manage");
const SECURITY: Right = Right::Organisation("organisation.security_manage");

/// Every command that has an actor, but batches: weight, right, arguments.
const COMMANDS: [(u64, (Right, Make)); 33] = [
    (1, (Right::Any, |it, _| it.found())),
    (7, (SECURITY, |it, _| it.set_security())),
    (6, (SECURITY, |it, _| it.set_limits())),
    (8, (ROLES, |it, actor| it.define_role(actor))),
    (10, (ROLES, |it, actor| it.redefine_role(actor))),
    (5, (ROLES, |it, actor| it.clone_role(actor))),
    (10, (ROLES, |it, actor| it.delete_role(actor))),
    (18, (USERS, |it, actor| it.assign_roles(actor))),
    (6, (USERS, |it, actor| it.suspend(actor))),
    (8, (USERS, |it, actor| it.reinstate(actor))),
    (5, (USERS, |it, actor| it.remove(actor))),
    (2, (Right::Any, |_, _| Command::Leave)),
    (4, (USERS, |it, actor| it.add_service_user(actor))),
    (7, (USERS, |it, actor| it.change_email(actor))),
    (6, (GROUPS, |it, actor| it.create_group(actor))),
    (3, (GROUPS, |it, _| it.rename_group())),
    (5, (GROUPS, |it, _| it.delete_group())),
    (16, (GROUPS, |it, _| it.add_to_group())),
    (12, (GROUPS, |it, _| it.remove_from_group())),
    (3, (Right::Any, |it, actor| it.register(actor))),
    (
        5,
        (
            Right::Organisation("organisation.models_create"),
            |it, actor| it.register(actor),
        ),
    ),
    (
        4,
        (
            Right::Organisation("organisation.frameworks_create"),
            |it, actor| it.register(actor),
        ),
    ),
    (4, (Right::Entitlements, |it, actor| it.register(actor))),
    (4, (Right::Any, |it, _| it.unregister())),
    (34, (Right::Entitlements, |it, actor| it.grant(actor))),
    (9, (Right::Entitlements, |it, actor| it.revoke(actor))),
    (20, (Right::Entitlements, |it, actor| it.restrict(actor))),
    (9, (Right::Entitlements, |it, actor| it.unrestrict(actor))),
    (26, (INVITE, |it, actor| it.invite(actor))),
    (4, (INVITE, |it, actor| it.invite_many(actor))),
    (9, (INVITE, |it, _| it.resend())),
    (9, (INVITE, |it, actor| it.change_invitation(actor))),
    (6, (INVITE, |it, _| it.cancel_invitation())),
];

impl Generator {
    pub(crate) fn new(seed: u64) -> Self {
        let mut generator = Self {
            random: Random::new(seed),
            now: Timestamp::from_seconds(START).unwrap(),
            model: new_model(),
            planned: Vec::new(),
            spare_suspended: true,
        };
        generator.plan_prologue();
        generator
    }

    pub(crate) fn next(&mut self) -> Step {
        if let Some((actor, command)) = self.planned.pop() {
            return Step {
                now: self.now,
                actor,
                command,
            };
        }
        self.pass_time();
        let live = self
            .model
            .invitations
            .values()
            .any(|one| one.is_live(self.now));
        let (actor, command) = match self.random.below(100) {
            0..9 if live => (Actor::Invitee, self.accept()),
            9..11 => (Actor::Invitee, self.accept()),
            11..14 => (Actor::Invitee, self.decline()),
            14..20 => self.batch(),
            _ => self.command(),
        };
        Step {
            now: self.now,
            actor,
            command,
        }
    }

    fn command(&mut self) -> (Actor, Command) {
        let (right, make) = self.random.weighted(&COMMANDS);
        let actor = self.actor(right);
        let command = make(self, &actor);
        (actor, command)
    }

    fn batch(&mut self) -> (Actor, Command) {
        let (right, make) = self.random.weighted(&COMMANDS);
        let actor = self.actor(right);
        let mut commands = Vec::new();
        for _ in 0..self.random.pick(&[0, 1, 2, 2, 2, 3, 3, 4]) {
            let any = self.random.weighted(&COMMANDS).1;
            let make = if self.random.chance(60) { make } else { any };
            commands.push(make(self, &actor));
        }
        if self.random.chance(3) {
            let accept = self.accept();
            let place = self.random.below(commands.len() as u64 + 1);
            commands.insert(usize::try_from(place).unwrap(), accept);
        }
        (actor, Command::Batch { commands })
    }

    /// Mostly a little forward, sometimes to the very end of a grant or invitation, or back.
    fn pass_time(&mut self) {
        let now = self.now.milliseconds();
        self.now = Timestamp::from_milliseconds(match self.random.below(100) {
            0..62 => now,
            62..82 => now + self.random.below(20_000),
            82..89 => now + 3_600_000,
            89 => now + 48 * 3_600_000,
            90..97 => self.some_end().unwrap_or(now),
            _ => now.saturating_sub(self.random.below(100_000)),
        });
    }

    fn some_end(&mut self) -> Option<u64> {
        let grants = self
            .model
            .grants
            .values()
            .filter_map(|grant| grant.expires_at);
        let invitations = self.model.invitations.values().map(|one| one.expires_at);
        let near = self.now.milliseconds()..self.now.milliseconds() + 100 * 3_600_000;
        let ends = grants.chain(invitations).map(Timestamp::milliseconds);
        let ends: Vec<u64> = ends.filter(|end| near.contains(end)).collect();
        let end = self.random.maybe(&ends)?;
        Some(end - self.random.below(2))
    }

    /// A moment at which something may end, or none.
    pub(crate) fn end(&mut self) -> Option<Timestamp> {
        let now = self.now.milliseconds();
        let end = match self.random.below(10) {
            0..5 => return None,
            5 => now + 1,
            6 => now + 10_000,
            7 | 8 => now + 3_600_000 * (1 + self.random.below(3)),
            _ if self.random.chance(60) => return None,
            _ => now.saturating_sub(self.random.below(2)),
        };
        Some(Timestamp::from_milliseconds(end))
    }

    pub(crate) fn ttl(&mut self) -> Option<Duration> {
        match self.random.below(20) {
            0..13 => None,
            13 => Some(Duration::ZERO),
            14 => Some(Duration::from_millis(u64::MAX)),
            15 => Some(Duration::from_millis(1)),
            16 | 17 => Some(Duration::from_secs(10)),
            _ => Some(Duration::from_secs(3_600)),
        }
    }

    pub(crate) fn actor(&mut self, right: Right) -> Actor {
        self.spare_suspended = self.random.chance(85);
        let with_right = self.sign_ins(right);
        let anyone = self.sign_ins(Right::Any);
        let admins: Vec<_> = anyone
            .iter()
            .copied()
            .filter(|(_, role)| *role == RoleId::ADMIN)
            .collect();
        let chosen = match self.random.below(100) {
            0..14 => return Actor::Operator,
            14..27 => self.random.maybe(&admins),
            27..93 => self.random.maybe(&with_right),
            93..98 => self.random.maybe(&anyone),
            _ => Some((self.random.pick(&users()), self.any_role())),
        };
        match chosen {
            Some((user, role)) => Actor::User(self.sign_in(user, role)),
            None => Actor::Operator,
        }
    }

    /// Users under roles other than Admin that have the right.
    fn sign_ins(&self, right: Right) -> Vec<(UserId, RoleId)> {
        let mut pairs = Vec::new();
        for (user, registered) in &self.model.users {
            for role in &registered.roles {
                let acting = Acting::User {
                    user: *user,
                    role: *role,
                };
                if registered.suspended && self.spare_suspended {
                    continue;
                }
                let has = match right {
                    Right::Any => true,
                    Right::Organisation(right) => self.model.has_right(acting, right),
                    Right::Entitlements => !self.places(acting).is_empty(),
                };
                if has && (matches!(right, Right::Any) || *role != RoleId::ADMIN) {
                    pairs.push((*user, *role));
                }
            }
        }
        pairs
    }

    fn sign_in(&mut self, user: UserId, role: RoleId) -> SignIn {
        let primary = self.model.users.get(&user).map(|user| user.roles[0]);
        let unnamed = primary == Some(role) && self.random.chance(50);
        let enough = self.random.chance(93);
        SignIn {
            user,
            role: (!unnamed).then_some(role),
            proof: SignInProof {
                sso: (enough && self.model.security.require_sso) || self.random.chance(60),
                mfa: (enough && self.model.security.require_mfa) || self.random.chance(60),
            },
        }
    }

    /// Whom an actor acts as; nobody where the session does not hold.
    pub(crate) fn acting(&self, actor: &Actor) -> Option<Acting> {
        self.model.session(actor).ok()
    }
}
