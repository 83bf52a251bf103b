//! What no command could have made is refused in a log.

use rolebook::{
    Affiliation, Corrupt, Invitation, InvitationId, InvitationState, Inviter, ModelPermissions,
    Offer, Sending, Token,
};

use super::*;

fn commit(revision: u64, event: Event) -> Commit {
    commit_by(Author::Operator, revision, &[&event])
}

fn commit_by(author: Author, revision: u64, events: &[&Event]) -> Commit {
    Commit {
        revision,
        at: at(0),
        author,
        events: events.iter().copied().cloned().collect(),
    }
}

fn sending(end: u64) -> Sending {
    Sending {
        digest: Token::new("a token").digest(),
        sent_at: at(0),
        expires_at: at(end),
    }
}

fn offer(role: RoleId, groups: &[GroupId], inviter: Inviter) -> Offer {
    Offer {
        roles: Roles::new([role]).unwrap(),
        groups: groups.iter().copied().collect(),
        inviter,
    }
}

fn invited(invitation: InvitationId, offer: Offer) -> Event {
    Event::Invited {
        invitation,
        sent: Box::new(Invitation {
            email: "eve@acme.test".parse().unwrap(),
            affiliation: Affiliation::Internal,
            offer,
            sending: sending(1),
            state: InvitationState::Pending,
        }),
    }
}

#[test]
fn an_organisation_is_founded_first_and_once() {
    let misfit = |revision| Corrupt::Event { revision, index: 0 };
    let mut state = State::new();
    let registered = Event::ResourceRegistered {
        resource: ModelId::new(1).into(),
        parent: Resource::Organisation,
    };
    assert_eq!(state.apply(&commit(1, registered.clone())), Err(misfit(1)));
    let founded = Event::Founded { name: name("Acme") };
    state.apply(&commit(1, founded.clone())).unwrap();
    assert_eq!(state.apply(&commit(2, founded)), Err(misfit(2)));
    state.apply(&commit(2, registered)).unwrap();
}

#[test]
fn clipping_takes_away_and_changes_nothing_else() {
    let mut world = World::new(users(1), 1);
    let (to, on) = (
        Subject::User(world.users[0]),
        Resource::from(ModelId::new(1)),
    );
    world.register(on, Resource::Organisation);
    let of = |permissions, expires_at| Grant {
        permissions,
        expires_at,
    };
    let little = PermissionSet::from(ModelPermissions::READ);
    let all = PermissionSet::of_kind(on.kind());
    let before = of(little, Some(at(9)));
    world.apply(Event::Granted {
        to,
        on,
        before: None,
        after: before,
    });
    let clipped = |before, after| Event::GrantClipped {
        to,
        on,
        before,
        after,
    };
    for after in [of(all, Some(at(9))), before, of(little, None)] {
        world.refuses(clipped(before, Some(after)));
    }
    let more = of(all, Some(at(9)));
    world.apply(Event::Granted {
        to,
        on,
        before: Some(before),
        after: more,
    });
    world.refuses(clipped(more, Some(of(little, None))));
    world.apply(clipped(more, Some(before)));
    world.apply(clipped(before, None));
}

#[test]
fn a_scope_that_is_narrowed_selects_less_and_nothing_else() {
    let mut world = World::new(users(1), 1);
    let [one, two, three] = [1, 2, 3].map(|it| Resource::from(ModelId::new(it)));
    [one, two, three]
        .into_iter()
        .for_each(|it| world.register(it, Resource::Organisation));
    world.select(CUSTOM[0], [one, two]);
    let scope = |some: &[Resource]| Scope::Selected(some.iter().copied().collect());
    let narrowed = |after| Event::RoleScopeNarrowed {
        role: CUSTOM[0],
        before: scope(&[one, two]),
        after,
    };
    for after in [
        scope(&[one, two]),
        scope(&[one, two, three]),
        scope(&[three]),
        scope(&[]),
        Scope::All,
    ] {
        world.refuses(narrowed(after));
    }
    let mut to_nothing = world.state.clone();
    to_nothing
        .apply(&commit(
            world.state.revision() + 1,
            narrowed(Scope::Granted),
        ))
        .unwrap();
    world.apply(narrowed(scope(&[two])));
}

#[test]
fn an_invitation_that_is_sent_again_offers_the_same() {
    let mut world = World::new(users(1), 2);
    let invitation = InvitationId::new(1);
    let first = offer(CUSTOM[0], &[], Inviter::Operator);
    world.apply(invited(invitation, first.clone()));
    let resent = |offer_after| Event::InvitationResent {
        invitation,
        before: sending(1),
        after: sending(2),
        offer_before: first.clone(),
        offer_after,
    };
    let user = Inviter::User(world.users[0]);
    world.refuses(resent(offer(CUSTOM[1], &[], user)));
    world.refuses(resent(offer(CUSTOM[0], &[world.groups[0]], user)));
    world.apply(resent(offer(CUSTOM[0], &[], user)));
    assert_eq!(
        world.state.invitation(invitation).unwrap().offer.inviter,
        user
    );
}

#[test]
fn whoever_could_not_act_causes_nothing() {
    let mut world = World::new(users(2), 1);
    let [one, other] = [world.users[0], world.users[1]];
    world.apply(Event::UserSuspended { user: other });
    let revision = world.state.revision() + 1;
    let registered = |number| Event::ResourceRegistered {
        resource: ModelId::new(number).into(),
        parent: Resource::Organisation,
    };
    let joins = Event::GroupJoined {
        group: world.groups[0],
        user: one,
    };
    let author = |user, role| Author::User { user, role };
    for stranger in [
        author(UserId::new(99), CUSTOM[0]),
        author(other, CUSTOM[0]),
        author(one, RoleId::ADMIN),
    ] {
        let mut state = world.state.clone();
        let applied = state.apply(&commit_by(stranger, revision, &[&registered(1)]));
        assert_eq!(applied, Err(Corrupt::Author { revision }));
        assert_eq!(state, world.state);
    }
    let answers = Event::InvitationDeclined {
        invitation: InvitationId::new(1),
    };
    let misfit = |index| Err(Corrupt::Event { revision, index });
    let caused = |author, events: &[&Event]| {
        let commit = commit_by(author, revision, events);
        world.state.clone().apply(&commit)
    };
    let under_either = CUSTOM.map(|role| author(one, role));
    for member in under_either.into_iter().chain([Author::Operator]) {
        assert_eq!(caused(member, &[&registered(1), &answers]), misfit(1));
        assert_eq!(caused(member, &[&registered(1), &registered(2)]), Ok(()));
    }
    for strange in [registered(1), joins] {
        assert_eq!(caused(Author::Invitee, &[&strange]), misfit(0));
    }
}

#[test]
fn who_accepts_joins_as_the_invitation_offers() {
    let mut world = World::new(users(1), 4);
    let (invitation, user) = (InvitationId::new(1), UserId::new(9));
    let offered = offer(CUSTOM[0], &[world.groups[0]], Inviter::Operator);
    world.apply(invited(invitation, offered));
    let registered_at = |user, role, email: &str| Event::UserRegistered {
        user,
        registration: User {
            identity: Identity::Person {
                email: email.parse().unwrap(),
                affiliation: Affiliation::Internal,
            },
            roles: Roles::new([role]).unwrap(),
            status: Status::Active,
        },
    };
    let registered = |user, role| registered_at(user, role, "Eve@acme.test");
    let joined = |group, user| Event::GroupJoined { group, user };
    let accepted = Event::InvitationAccepted { invitation, user };
    let (joins, enters) = (registered(user, CUSTOM[0]), joined(world.groups[0], user));
    let revision = world.state.revision() + 1;
    let answered = |events: &[&Event]| {
        let commit = commit_by(Author::Invitee, revision, events);
        world.state.clone().apply(&commit)
    };
    assert_eq!(answered(&[&accepted, &joins, &enters]), Ok(()));
    assert_eq!(answered(&[&accepted, &joins]), Ok(()));
    assert_eq!(answered(&[&accepted]), Ok(()));
    let misfit = |index| Err(Corrupt::Event { revision, index });
    let other = UserId::new(8);
    assert_eq!(answered(&[&joins, &accepted]), misfit(0));
    for stranger in [
        registered(user, CUSTOM[1]),
        registered(other, CUSTOM[0]),
        registered_at(user, CUSTOM[0], "eva@acme.test"),
    ] {
        assert_eq!(answered(&[&accepted, &stranger]), misfit(1));
    }
    for stranger in [
        joined(world.groups[2], user),
        joined(world.groups[0], world.users[0]),
    ] {
        assert_eq!(answered(&[&accepted, &joins, &stranger]), misfit(2));
    }
    assert_eq!(answered(&[&accepted, &joins, &joins]), misfit(2));
    assert_eq!(answered(&[&accepted, &enters]), misfit(1));
    let declined = Event::InvitationDeclined { invitation };
    assert_eq!(answered(&[&declined, &joins]), misfit(1));
    assert_eq!(answered(&[&declined]), Ok(()));
}

#[test]
fn the_operator_alone_founds() {
    let founded = Event::Founded { name: name("Acme") };
    let applied = State::new().apply(&commit_by(Author::Invitee, 1, &[&founded]));
    assert_eq!(
        applied,
        Err(Corrupt::Event {
            revision: 1,
            index: 0
        })
    );
}
