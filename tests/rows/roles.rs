//! Roles whose scope is selected, roles that come and go, and more roles than an entry has room for.

use rolebook::Corrupt;

use super::*;

impl World {
    pub(crate) fn redefine(&mut self, role: RoleId, change: impl FnOnce(&mut Role)) {
        let before = self.state.role(role).unwrap().clone();
        let mut after = before.clone();
        change(&mut after);
        self.apply(Event::RoleRedefined {
            role,
            before,
            after,
        });
    }

    pub(crate) fn select(&mut self, role: RoleId, on: impl IntoIterator<Item = Resource>) {
        let selected = Scope::Selected(on.into_iter().collect());
        self.redefine(role, |it| it.scope = selected);
    }

    /// The second and the third role give little everywhere, beneath ceilings.
    pub(crate) fn give_roles_scopes(&mut self) {
        let of = |bits: u64| {
            let some = PermissionSet::from_bits(PermissionSet::ALL.bits() & bits).unwrap();
            some | some.missing_prerequisites()
        };
        self.redefine(CUSTOM[1], |it| it.defaults = of(0x5555_5555_5555));
        self.redefine(CUSTOM[2], |it| {
            it.defaults = of(0x1111_1111_1111);
            it.ceiling = of(0x7777_7777_7777);
            it.scope = Scope::All;
        });
        self.redefine(CUSTOM[3], |it| it.defaults = of(0x2222_2222_2222));
    }

    /// Takes a resource out of the scopes that name it.
    pub(crate) fn narrow(&mut self, gone: Resource) {
        for role in CUSTOM {
            let Some(Scope::Selected(them)) = self.state.role(role).map(|it| it.scope.clone())
            else {
                continue;
            };
            let mut left = them.clone();
            if left.remove(&gone) {
                let after = match left.is_empty() {
                    true => Scope::Granted,
                    false => Scope::Selected(left),
                };
                self.apply(Event::RoleScopeNarrowed {
                    role,
                    before: Scope::Selected(them),
                    after,
                });
            }
        }
    }

    pub(crate) fn groups_for(&self, role: RoleId) -> Vec<GroupId> {
        let groups = self.state.groups_for(role).map(|(group, _)| group);
        let groups: Vec<_> = groups.collect();
        let all = self.state.groups().filter(|(_, it)| it.role == role);
        assert_eq!(groups, all.map(|(group, _)| group).collect::<Vec<_>>());
        groups
    }

    /// All users hold these roles.
    fn hold(&mut self, roles: &[RoleId]) {
        for user in self.users.clone() {
            self.assign_roles(user, roles.iter().copied());
        }
    }

    pub(crate) fn refuses(&self, event: Event) {
        let before = self.state.clone();
        let mut state = self.state.clone();
        let revision = state.revision() + 1;
        let commit = Commit {
            revision,
            at: at(0),
            author: Author::Operator,
            events: vec![event],
        };
        let misfit = Corrupt::Event { revision, index: 0 };
        assert_eq!(state.apply(&commit), Err(misfit));
        assert_eq!(state, before);
    }
}

fn selecting(name_of_it: &str, on: impl Into<Resource>) -> Role {
    Role {
        name: name(name_of_it),
        description: String::new(),
        defaults: PermissionSet::ALL,
        ceiling: PermissionSet::ALL,
        scope: Scope::Selected([on.into()].into()),
    }
}

#[test]
fn a_log_selects_only_what_is_registered() {
    let mut world = World::new(users(1), 1);
    let (here, nowhere) = (ModelId::new(1), ModelId::new(2));
    world.register(here.into(), Resource::Organisation);
    let role = RoleId::new(9);
    world.refuses(Event::RoleDefined {
        role,
        definition: selecting("New", nowhere),
    });
    let before = world.state.role(CUSTOM[0]).unwrap().clone();
    let scope = before.scope.clone();
    world.refuses(Event::RoleRedefined {
        role: CUSTOM[0],
        after: selecting("Role 0", nowhere),
        before,
    });
    world.refuses(Event::RoleScopeNarrowed {
        role: CUSTOM[0],
        before: scope,
        after: Scope::Selected([nowhere.into()].into()),
    });
    world.apply(Event::RoleDefined {
        role,
        definition: selecting("New", here),
    });
}

#[test]
fn a_log_unregisters_nothing_that_a_role_selects() {
    let mut world = World::new(users(1), 1);
    let (one, other) = (ModelId::new(1).into(), ModelId::new(2).into());
    world.register(one, Resource::Organisation);
    world.register(other, Resource::Organisation);
    world.select(CUSTOM[0], [one]);
    let unregistered = |resource| Event::ResourceUnregistered {
        resource,
        parent: Resource::Organisation,
    };
    world.refuses(unregistered(one));
    world.unregister(other);
    world.unregister(one);
    assert_eq!(world.state.role(CUSTOM[0]).unwrap().scope, Scope::Granted);
}

#[test]
fn selected_scopes_follow_what_is_selected() {
    let mut random = Random(21);
    let mut world = World::new(users(4), 4);
    world.give_roles_scopes();
    for (number, user) in world.users.clone().into_iter().enumerate() {
        world.assign_roles(user, [CUSTOM[number], CUSTOM[(number + 1) % 4]]);
    }
    for round in 0..12 {
        (0..6).for_each(|_| world.grow(&mut random));
        for role in [CUSTOM[1], CUSTOM[3]] {
            let some = 1 + random.below(if round % 3 == 0 { 40 } else { 4 });
            let resources = world.resources();
            let chosen: Vec<_> = (0..some).map(|_| random.pick(&resources)).collect();
            world.select(role, chosen);
        }
        world.decides_everything_by_the_rule(&[0], &mut random);
        for _ in 0..8 {
            let gone = random.pick(&world.resources());
            world.unregister(gone);
        }
        // Others take the slots of those that are gone.
        (0..3).for_each(|_| world.grow(&mut random));
        world.decides_everything_by_the_rule(&[0], &mut random);
    }
    world.agrees();
    world.goes_through_its_form();
}

#[test]
fn a_role_that_is_deleted_gives_nothing_and_another_of_its_id_what_it_says() {
    let mut random = Random(22);
    let mut world = World::new(users(4), 6);
    (0..4).for_each(|_| world.grow(&mut random));
    world.churn(60, &mut random);
    let on = random.pick(&world.resources());
    for scope in [Scope::Selected([on].into()), Scope::All, Scope::Granted] {
        let role = CUSTOM[0];
        let groups = world.groups_for(role);
        let deleted = Event::RoleDeleted {
            role,
            before: world.state.role(role).unwrap().clone(),
        };
        world.refuses(deleted.clone());
        world.hold(&CUSTOM[1..]);
        world.refuses(deleted.clone());
        groups
            .iter()
            .for_each(|it| world.replace_group_role(*it, CUSTOM[1]));
        world.apply(deleted);
        world.decides_everything_by_the_rule(&[0, 5], &mut random);
        // Another role takes the slot.
        let mut definition = selecting("Other", on);
        world.apply(Event::RoleDefined {
            role: RoleId::new(9),
            definition: definition.clone(),
        });
        definition.name = name("Again");
        definition.scope = scope;
        world.apply(Event::RoleDefined {
            role,
            definition: definition.clone(),
        });
        world.hold(&CUSTOM);
        groups
            .iter()
            .for_each(|it| world.replace_group_role(*it, role));
        world.decides_everything_by_the_rule(&[0, 5], &mut random);
        let before = world.state.role(RoleId::new(9)).unwrap().clone();
        world.apply(Event::RoleDeleted {
            role: RoleId::new(9),
            before,
        });
    }
    world.goes_through_its_form();
}

#[test]
fn roles_that_come_and_go_take_no_more_room() {
    let mut random = Random(25);
    let mut world = World::new(users(3), 3);
    (0..2).for_each(|_| world.grow(&mut random));
    world.churn(40, &mut random);
    let come_and_go = |world: &mut World, numbers: std::ops::Range<u128>| {
        for role in numbers.map(RoleId::new) {
            let mut definition = selecting("Short-lived", ModelId::new(0));
            definition.scope = Scope::Granted;
            world.apply(Event::RoleDefined {
                role,
                definition: definition.clone(),
            });
            world.apply(Event::RoleDeleted {
                role,
                before: definition,
            });
        }
        world.state.footprint()
    };
    let few = come_and_go(&mut world, 100..101);
    let many = come_and_go(&mut world, 101..17_000);
    assert_eq!(few, many);
    let definition = selecting("Last", world.resources()[0]);
    let role = RoleId::new(99);
    world.apply(Event::RoleDefined { role, definition });
    world.assign_roles(world.users[0], [role].into_iter().chain(CUSTOM));
    world.decides_everything_by_the_rule(&[0, 5], &mut random);
}

#[test]
fn there_may_be_more_roles_than_an_entry_has_room_for() {
    const MANY: u128 = (1 << 14) + 20;
    let mut random = Random(23);
    let mut world = World::new(users(6), 6);
    (0..4).for_each(|_| world.grow(&mut random));
    world.churn(60, &mut random);
    for number in 100..MANY {
        let mut definition = selecting(&format!("Many {number}"), ModelId::new(0));
        definition.scope = Scope::Granted;
        if number % 2 == 0 {
            definition.ceiling = PermissionSet::EMPTY;
            definition.defaults = PermissionSet::EMPTY;
        }
        let role = RoleId::new(number);
        world.apply(Event::RoleDefined { role, definition });
    }
    for (number, group) in (1..).zip(world.groups.clone()) {
        world.replace_group_role(group, RoleId::new(MANY - number));
    }
    let of_groups = (1..7).map(|number| RoleId::new(MANY - number));
    for (number, user) in (1..).zip(world.users.clone()) {
        let more = of_groups.clone().filter(|_| number % 2 != 0);
        world.assign_roles(
            user,
            [RoleId::new(MANY - 8 - number)].into_iter().chain(more),
        );
        for group in world.groups.clone() {
            if world.members.contains(&(group, user)) && number % 2 == 0 {
                world.switch_membership(group, user);
            }
        }
        for on in world.resources() {
            world.grant(user.into(), on, &mut random);
        }
    }
    world.decides_everything_by_the_rule(&[0, 5], &mut random);
    for on in world.resources() {
        for permission in PermissionSet::of_kind(on.kind()).iter() {
            let may = |user: &UserId| {
                let roles = world.state.user(*user).unwrap().roles.iter();
                let mut sign_ins = roles.map(|role| SignIn::new(*user).under(role));
                sign_ins.any(|it| {
                    reference::check(&world.state, it, permission.into(), on, at(0)).is_allowed()
                })
            };
            let expected: Vec<_> = world.users.iter().copied().filter(may).collect();
            let found = world.state.users_for(permission, on, at(0));
            assert_eq!(found.collect::<Vec<_>>(), expected);
        }
    }
}

#[test]
fn ids_of_resources_may_collide_whatever_the_seed() {
    let mut random = Random(24);
    let seed = 7_u128;
    let users = (0..100).map(|high| UserId::new(high << 64 | seed));
    let state = State::with_hash_seed(seed as u64);
    let mut world = World::of(state, users.collect(), 5);
    for high in 0..150_u128 {
        let model = ModelId::new(high << 64 | seed ^ 1 << 62).into();
        world.register(model, Resource::Organisation);
        let version = VersionId::new(high << 64 | seed ^ 2 << 62);
        world.register(version.into(), model);
    }
    let mut gone = world.resources();
    gone.reverse();
    world.churn(1_500, &mut random);
    world.is_sound(&mut random);
    gone.iter().filter(|_| random.below(3) == 0).for_each(|it| {
        if world.parents.contains_key(it) {
            world.unregister(*it);
        }
    });
    world.churn(300, &mut random);
    world.is_sound(&mut random);
}
