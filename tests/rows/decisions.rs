//! Every user, every role, every resource: the fast decision against the rule.

use std::iter::once;

use rolebook::{Decision, ResourceKind};

use super::*;

/// Ends whose halves have their highest bits set and clear.
pub(crate) const ENDS: [u64; 9] = [
    5,
    20,
    3 << 30,
    (5 << 32) | 7,
    (5 << 32) | (3 << 30),
    (1 << 63) - 1,
    1 << 63,
    (1 << 63) + (9 << 31),
    u64::MAX,
];

/// Before, at and after each end.
pub(crate) fn moments() -> Vec<u64> {
    let around = ENDS.map(|end| [end - 1, end, end.saturating_add(1)]);
    around.into_iter().flatten().chain([0]).collect()
}

type Question = (PermissionSet, Resource);

impl World {
    /// By ids, one by one and many together, and through sessions under each role.
    pub(crate) fn decides_everything_by_the_rule(&self, moments: &[u64], random: &mut Random) {
        let roles: Vec<_> = CUSTOM.into_iter().chain(RoleId::BUILT_IN).collect();
        let more = self.with_more_models();
        for user in self.users.iter().chain([&UserId::new(u128::MAX)]) {
            let named = roles.iter().map(|role| SignIn::new(*user).under(*role));
            for sign_in in once(SignIn::new(*user)).chain(named) {
                let now = at(random.pick(moments));
                self.decides_for(&more, sign_in, now, random);
            }
            for now in moments {
                self.decides_for(&more, SignIn::new(*user), at(*now), random);
            }
        }
    }

    /// The same organisation with so many more models that batches wait for memory together.
    pub(crate) fn with_more_models(&self) -> State {
        let mut state = self.state.clone();
        let models = (0..1_500).map(|number| ModelId::new(u128::MAX - 1 - number));
        let events = models.map(|model| Event::ResourceRegistered {
            resource: model.into(),
            parent: Resource::Organisation,
        });
        let commit = Commit {
            revision: state.revision() + 1,
            at: at(0),
            author: Author::Operator,
            events: events.collect(),
        };
        state.apply(&commit).unwrap();
        state
    }

    pub(crate) fn decides_for(
        &self,
        more: &State,
        sign_in: SignIn,
        now: Timestamp,
        random: &mut Random,
    ) {
        let questions = self.questions(random);
        let rule =
            |(asked, on): &Question| reference::check(&self.state, sign_in, *asked, *on, now);
        let expected: Vec<Decision> = questions.iter().map(rule).collect();
        let single = |(asked, on): &Question| self.state.check(sign_in, *asked, *on, now);
        let found: Vec<Decision> = questions.iter().map(single).collect();
        assert_eq!(found, expected, "{sign_in:?} at {now:?}: {questions:?}");
        let many = questions.iter().map(|(asked, on)| (sign_in, *asked, *on));
        for state in [&self.state, more] {
            assert_eq!(state.check_many(many.clone(), now), expected);
        }
        for ((asked, on), decision) in questions.iter().zip(&expected) {
            let mut one_by_one = asked.iter();
            if let (Some(permission), None) = (one_by_one.next(), one_by_one.next()) {
                let why = self.state.explain(sign_in, permission, *on, now);
                assert_eq!(why.decision(), *decision, "{why:?}");
                self.names_everything(&why);
            }
        }
        if let Ok(session) = self.state.session(sign_in) {
            let single = |(asked, on): &Question| session.check(*asked, *on, now);
            let found: Vec<Decision> = questions.iter().map(single).collect();
            assert_eq!(found, expected, "{sign_in:?} at {now:?}: {questions:?}");
            for session in [session, more.session(sign_in).unwrap()] {
                let many = session.check_many(questions.iter().copied(), now);
                assert_eq!(many.collect::<Vec<_>>(), expected);
                self.gathers(&session, now, random);
            }
        }
    }

    /// What a session may do everywhere, and where it may do one thing.
    fn gathers(&self, session: &rolebook::Session<'_>, now: Timestamp, random: &mut Random) {
        let permission = random.pick(&Permission::all().collect::<Vec<_>>());
        let (mut everything, mut allowed) = (Vec::new(), Vec::new());
        for on in self.places() {
            let expected = reference::effective(session, on, now);
            assert_eq!(session.effective(on, now), expected, "on {on:?} at {now:?}");
            everything.push((on, expected));
            allowed.extend(expected.holds(permission).then_some(on));
        }
        let found = session.effective_many(self.places(), now);
        assert_eq!(found.collect::<Vec<_>>(), everything);
        let found = session.filter(permission, self.places(), now);
        assert_eq!(found.collect::<Vec<_>>(), allowed);
    }

    /// Every resource, the organisation, and one that is not registered.
    fn places(&self) -> impl Iterator<Item = Resource> {
        let others = [Resource::Organisation, ModelId::new(u128::MAX).into()];
        self.resources().into_iter().chain(others)
    }

    fn questions(&self, random: &mut Random) -> Vec<Question> {
        self.places()
            .flat_map(|on| sets(on.kind(), random).map(|asked| (asked, on)))
            .collect()
    }
}

/// One and two of the kind, and now and then nothing, everything, or what is of no one kind.
fn sets(kind: ResourceKind, random: &mut Random) -> [PermissionSet; 3] {
    let of_kind = PermissionSet::of_kind(kind);
    let all: Vec<Permission> = of_kind.iter().collect();
    let mut one = || PermissionSet::from(random.pick(&all));
    let (first, second, third) = (one(), one(), one());
    let rare = [
        PermissionSet::EMPTY,
        of_kind,
        PermissionSet::ALL,
        first,
        first,
    ];
    [first, second | third, random.pick(&rare)]
}
