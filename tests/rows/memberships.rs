//! Users in few and in many groups, and groups that hold little and much in one tree.

use super::decisions::{ENDS, moments};
use super::*;

/// In how many groups the users begin: none, in the entry, listed in one line, in more, in many.
const SIZES: [usize; 8] = [0, 1, 2, 3, 4, 16, 17, 40];

impl World {
    /// A model with two versions, a framework beneath one of them and one beneath the model itself.
    fn tree(&mut self, number: u128) -> Vec<Resource> {
        let model = Resource::from(ModelId::new(number));
        let version = |at: u128| Resource::from(VersionId::new(10 * number + at));
        let framework = |at: u128| Resource::from(FrameworkId::new(10 * number + at));
        self.register(model, Resource::Organisation);
        self.register(version(0), model);
        self.register(version(1), model);
        self.register(framework(0), version(0));
        self.register(framework(1), model);
        vec![model, version(0), version(1), framework(0), framework(1)]
    }

    /// Groups of which those behind the 512th are not told apart by bits.
    fn with_last_groups(users: Vec<UserId>, groups: usize) -> Self {
        let before = 512 - groups / 2;
        let mut world = Self::new(users, before + groups);
        world.groups.drain(..before);
        world
    }

    fn fell(&mut self, tree: &[Resource]) {
        tree.iter().rev().for_each(|it| self.unregister(*it));
    }

    fn join_first(&mut self, user: UserId, count: usize) {
        for group in self.groups.clone().into_iter().take(count) {
            self.switch_membership(group, user);
        }
    }

    fn groups_of(&self, user: UserId) -> Vec<GroupId> {
        let memberships = self.members.iter().filter(|(_, one)| *one == user);
        memberships.map(|(group, _)| *group).collect()
    }

    /// As many groups as before, one of them another.
    fn swap_membership(&mut self, user: UserId, random: &mut Random) {
        let group = random.pick(&self.groups);
        let groups = self.groups_of(user);
        if !groups.is_empty() && !groups.contains(&group) {
            self.switch_membership(random.pick(&groups), user);
            self.switch_membership(group, user);
        }
    }

    fn grant_until(&mut self, to: Subject, on: Resource, end: Option<u64>, random: &mut Random) {
        let within = PermissionSet::at_or_below(on.kind());
        let bits = random.next() & random.next() & within.bits();
        let some = PermissionSet::from_bits(bits).filter(|it| !it.is_empty());
        let after = Grant {
            permissions: some.map_or(within, |it| it | it.missing_prerequisites()),
            expires_at: end.map(at),
        };
        let before = self.grants.insert((to, on), after);
        self.apply(Event::Granted {
            to,
            on,
            before,
            after,
        });
    }

    /// What the groups hold on some resources, in words of eight bytes.
    fn words(&self, tree: &[Resource]) -> usize {
        let of_groups = |(subject, on): &(Subject, Resource)| {
            matches!(subject, Subject::Group(_)) && tree.contains(on)
        };
        let depth = |on: &Resource| usize::from(*on != tree[0]);
        let grants = self.grants.iter().filter(|(key, _)| of_groups(key));
        let grants =
            grants.map(|((_, on), it)| 1 + depth(on) + usize::from(it.expires_at.is_some()));
        let taken = self.restrictions.keys().filter(|key| of_groups(key));
        grants.chain(taken.map(|(_, on)| 1 + depth(on))).sum()
    }

    /// Changes among few resources: more that gives where `filling`, more that takes away where not.
    fn stir(&mut self, changes: usize, filling: bool, random: &mut Random) {
        let ends: Vec<_> = ENDS.into_iter().map(Some).chain([None; 9]).collect();
        for _ in 0..changes {
            let subjects = self.subjects();
            let (subject, on) = (random.pick(&subjects), random.pick(&self.resources()));
            let (user, role) = (random.pick(&self.users), random.pick(&CUSTOM));
            match random.below(20) {
                0..9 if filling => self.grant_until(subject, on, random.pick(&ends), random),
                0..9 => self.release(subject, on),
                9..13 => self.restrict_rarely(subject, on, random),
                13..16 => self.swap_membership(user, random),
                16 => self.switch_membership(self.groups[0], user),
                17 => self.replace_group_role(random.pick(&self.groups), role),
                18 => self.assign_roles(user, [role, random.pick(&CUSTOM)]),
                _ => self.suspend_or_reinstate(user),
            }
        }
    }

    /// Few restrictions, for much of what is asked would be denied by them alone.
    fn restrict_rarely(&mut self, from: Subject, on: Resource, random: &mut Random) {
        if self.restrictions.len() < 12 {
            self.restrict(from, on, random);
        } else if let Some((from, on)) = self.restrictions.keys().next().copied() {
            self.release(from, on);
        }
    }

    pub(crate) fn replace_group_role(&mut self, group: GroupId, after: RoleId) {
        let before = self.state.group(group).unwrap().role;
        if before != after {
            self.apply(Event::GroupRoleReplaced {
                group,
                before,
                after,
            });
        }
    }

    pub(crate) fn assign_roles(&mut self, user: UserId, roles: impl IntoIterator<Item = RoleId>) {
        let before = self.state.user(user).unwrap().roles.clone();
        let after = Roles::new(roles).unwrap();
        self.apply(Event::RolesAssigned {
            user,
            before,
            after,
        });
    }

    fn suspend_or_reinstate(&mut self, user: UserId) {
        let event = match self.state.user(user).unwrap().is_active() {
            true => Event::UserSuspended { user },
            false => Event::UserReinstated { user },
        };
        self.apply(event);
    }

    fn is_right(&self, random: &mut Random) {
        let moments = moments();
        let some = [(); 5].map(|()| random.pick(&moments));
        self.decides_everything_by_the_rule(&some, random);
        self.agrees();
    }
}

#[test]
fn groups_of_every_number_are_weighed_by_the_rule() {
    let users = users(SIZES.len() as u128);
    is_weighed_by_the_rule(World::new(users, 44), Random(11));
}

#[test]
fn the_last_of_many_groups_are_weighed_by_the_rule() {
    let users = users(SIZES.len() as u128);
    is_weighed_by_the_rule(World::with_last_groups(users, 44), Random(15));
}

fn is_weighed_by_the_rule(mut world: World, mut random: Random) {
    world.give_roles_scopes();
    for (user, size) in world.users.clone().into_iter().zip(SIZES) {
        world.join_first(user, size);
        assert_eq!(world.groups_of(user).len(), size);
    }
    let mut most = 0;
    for round in 0..3 {
        let tree = world.tree(round % 2);
        world.select(CUSTOM[1], [tree[0]]);
        world.select(CUSTOM[3], [tree[1], tree[4]]);
        for (changes, filling) in [(60, true), (400, true), (150, false)] {
            world.stir(changes, filling, &mut random);
            most = most.max(world.words(&tree));
            world.is_right(&mut random);
        }
        for subject in world.subjects() {
            tree.iter().for_each(|on| world.release(subject, *on));
        }
        assert_eq!(world.words(&tree), 0, "all is revoked");
        world.stir(30, true, &mut random);
        assert!(
            (9..).contains(&world.words(&tree)),
            "and some granted again"
        );
        world.is_right(&mut random);
        // Slots and the number of the tree are given again.
        world.fell(&tree);
    }
    assert!(most > 8 * 8 * 2, "a row of more than four lines: {most}");
    let few: Vec<_> = world
        .users
        .iter()
        .map(|it| world.groups_of(*it).len())
        .collect();
    assert!(few.contains(&3) || few.contains(&4), "{few:?}");
}

#[test]
fn a_group_that_moves_to_another_role_takes_its_grants_along() {
    takes_its_grants_along(World::new(users(5), 20));
    takes_its_grants_along(World::with_last_groups(users(5), 20));
}

fn takes_its_grants_along(mut world: World) {
    let mut random = Random(14);
    let tree = world.tree(0);
    for (user, size) in world.users.clone().into_iter().zip([1, 3, 4, 17, 20]) {
        world.join_first(user, size);
    }
    for group in world.groups.clone() {
        world.replace_group_role(group, CUSTOM[0]);
    }
    // One by one away, until there is none of the role, and back, until there are no others.
    for role in [CUSTOM[1], CUSTOM[0]] {
        for group in world.groups.clone() {
            world.grant_until(group.into(), random.pick(&tree), None, &mut random);
            world.replace_group_role(group, role);
            let more = world.with_more_models();
            for user in world.users.clone() {
                let sign_in = SignIn::new(user);
                world.decides_for(&more, sign_in, at(0), &mut random);
                world.decides_for(&more, sign_in.under(CUSTOM[1]), at(0), &mut random);
            }
        }
    }
}

#[test]
fn one_group_may_hold_much_in_a_tree_of_many() {
    let mut random = Random(12);
    let mut world = World::new(users(4), 30);
    world.give_roles_scopes();
    let tree = world.tree(0);
    for number in 100..112 {
        world.register(VersionId::new(number).into(), tree[0]);
    }
    for (user, size) in world.users.clone().into_iter().zip([1, 3, 5, 20]) {
        world.join_first(user, size);
    }
    let crowded = Subject::Group(world.groups[0]);
    for on in world.resources() {
        let end = random.pick(&[None, Some(20), Some(1 << 63), Some(3 << 30)]);
        world.grant_until(crowded, on, end, &mut random);
    }
    for group in world.groups.clone() {
        let on = random.pick(&world.resources());
        world.grant_until(group.into(), on, Some(20), &mut random);
    }
    assert!(world.words(&world.resources()) > 64);
    for round in 0..2 {
        let more = world.with_more_models();
        for user in world.users.clone() {
            for now in [19, 20, 1 << 63] {
                world.decides_for(&more, SignIn::new(user), at(now), &mut random);
            }
        }
        if round == 0 {
            let gone = world.resources().into_iter().step_by(2);
            gone.for_each(|on| world.release(crowded, on));
        }
    }
    world.agrees();
    world.goes_through_its_form();
}

#[test]
fn a_list_of_groups_may_be_longer_than_a_page() {
    // Sixteen to a line, 512 lines to a page.
    const MANY: usize = 16 * 512 + 108;
    let mut random = Random(13);
    let mut world = World::new(users(3), MANY);
    let tree = world.tree(0);
    for (user, size) in world.users.clone().into_iter().zip([3, 600, MANY]) {
        world.join_first(user, size);
    }
    let spread = [0, 1, 2, 599, 600, 8_191, 8_192, 8_193, MANY - 1];
    for (number, group) in spread.into_iter().enumerate() {
        let on = tree[number % tree.len()];
        world.grant_until(world.groups[group].into(), on, Some(20), &mut random);
    }
    world.weighs_long_lists(&mut random);
    for group in (0..MANY).step_by(97) {
        let on = random.pick(&tree);
        world.grant_until(world.groups[group].into(), on, None, &mut random);
    }
    let last = world.groups[MANY - 1];
    world.restrict(last.into(), tree[1], &mut random);
    world.weighs_long_lists(&mut random);
    // All groups of one role.
    for number in (1..MANY).step_by(2) {
        let group = world.groups[number];
        if world.state.grants_of(group.into()).next().is_some() {
            world.replace_group_role(group, CUSTOM[0]);
        }
    }
    world.weighs_long_lists(&mut random);
}

impl World {
    fn weighs_long_lists(&self, random: &mut Random) {
        for user in &self.users {
            let sign_in = SignIn::new(*user);
            let session = self.state.session(sign_in).unwrap();
            let other = self.state.session(sign_in.under(CUSTOM[1])).unwrap();
            // The rule is slow for the last of them.
            let step = 1 + self.groups_of(*user).len() / 4_000;
            for on in self.resources().into_iter().step_by(step) {
                let now = at(random.pick(&[19, 20]));
                let all = reference::effective(&session, on, now);
                assert_eq!(session.effective(on, now), all);
                let expected = reference::effective(&other, on, now);
                assert_eq!(other.effective(on, now), expected);
                for permission in PermissionSet::of_kind(on.kind()).iter() {
                    let decision = self.state.check(sign_in, permission, on, now);
                    assert_eq!(decision.is_allowed(), all.holds(permission));
                }
            }
        }
    }
}
