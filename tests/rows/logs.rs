//! What no command could have made is refused in a log.

use rolebook::{
    Affiliation, Corrupt, Invitation, InvitationId, InvitationState, Inviter, ModelPermissions,
    Offer, Sending, Token,
};

use super::*;

fn commit(revision: u64, event: Event) -> Commit {
    Commit {
        revision,
        at: at(0),
        author: Author::Operator,
        events: vec![event],
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
    let sending = |end| Sending {
        digest: Token::new("a token").digest(),
        sent_at: at(0),
        expires_at: at(end),
    };
    let offer = |role, groups: &[GroupId], inviter| Offer {
        roles: Roles::new([role]).unwrap(),
        groups: groups.iter().copied().collect(),
        inviter,
    };
    let first = offer(CUSTOM[0], &[], Inviter::Operator);
    world.apply(Event::Invited {
        invitation,
        sent: Box::new(Invitation {
            email: "eve@acme.test".parse().unwrap(),
            affiliation: Affiliation::Internal,
            offer: first.clone(),
            sending: sending(1),
            state: InvitationState::Pending,
        }),
    });
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
