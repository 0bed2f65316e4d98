"""People: invited, given rights, shut out; and always an owner left."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from deskcore import clock
from deskcore.domain.people import SYSTEM, Actor
from deskcore.errors import Invalid, NotAllowed, NotFound
from deskcore.models import AuditEntry, Ticket
from deskcore.services import access, invitations, sessions, users
from deskcore.services.invitations import Invited
from deskcore.services.unit import reading
from tests.factories import a_mailbox, a_ticket

PASSWORD = "velmi dlouhe heslo"


def join(email: str, role: str) -> Actor:
    """Invite somebody and let them accept."""
    link = invitations.invite(SYSTEM, Invited(email=email, name=email.partition("@")[0], role=role))
    token = invitations.accept_invitation(link.token, name=email, password=PASSWORD)
    user = sessions.resume(token)
    assert user is not None
    return user.actor


@pytest.fixture
def owner(app: Flask) -> Actor:
    return join("owner@example.com", "owner")


def test_an_invitation_makes_an_account_that_its_link_completes(owner: Actor) -> None:
    link = invitations.invite(owner, Invited(email="Petr@ČAJ.cz", name="Petr", role="agent"))
    view = invitations.look_at("invite", link.token)
    assert (view.email, view.issued_by, view.is_expired) == (
        "petr@xn--aj-dma.cz",
        owner.name,
        False,
    )
    assert users.person(owner, view.user_id).state == "invited"
    invitations.accept_invitation(link.token, name="Petr Dvořák", password=PASSWORD)
    assert users.person(owner, view.user_id).state == "active"


def test_an_invitation_can_be_used_once(owner: Actor) -> None:
    link = invitations.invite(owner, Invited(email="p@example.com", name="Petr", role="agent"))
    invitations.accept_invitation(link.token, name="Petr", password=PASSWORD)
    with pytest.raises(NotFound):
        invitations.accept_invitation(link.token, name="Mallory", password=PASSWORD)


def test_looking_at_an_invitation_uses_nothing_up(owner: Actor) -> None:
    link = invitations.invite(owner, Invited(email="p@example.com", name="Petr", role="agent"))
    for _look in range(3):
        invitations.look_at("invite", link.token)
    assert invitations.accept_invitation(link.token, name="Petr", password=PASSWORD)


def test_an_invitation_of_last_week_is_too_old(owner: Actor) -> None:
    link = invitations.invite(owner, Invited(email="p@example.com", name="Petr", role="agent"))
    with time_machine.travel(clock.now() + timedelta(days=7, seconds=1), tick=False):
        assert invitations.look_at("invite", link.token).is_expired
        with pytest.raises(NotFound):
            invitations.accept_invitation(link.token, name="Petr", password=PASSWORD)


def test_a_new_invitation_ends_the_one_before(owner: Actor) -> None:
    first = invitations.invite(owner, Invited(email="p@example.com", name="Petr", role="agent"))
    user_id = invitations.look_at("invite", first.token).user_id
    second = invitations.renew_invitation(owner, user_id)
    with pytest.raises(NotFound):
        invitations.look_at("invite", first.token)
    assert invitations.look_at("invite", second.token).user_id == user_id


@pytest.mark.parametrize("token", ["", "x", "x" * 43])
def test_an_invented_link_is_not_found(owner: Actor, token: str) -> None:
    for purpose in ("invite", "reset"):
        with pytest.raises(NotFound):
            invitations.look_at(purpose, token)


def test_an_invitation_does_not_reset_passwords(owner: Actor) -> None:
    link = invitations.invite(owner, Invited(email="p@example.com", name="Petr", role="agent"))
    with pytest.raises(NotFound):
        invitations.reset_password(link.token, PASSWORD)


def test_a_reset_link_sets_a_password_and_signs_every_browser_out(owner: Actor) -> None:
    petr = join("p@example.com", "agent")
    before = sessions.sign_in("p@example.com", PASSWORD)
    link = invitations.make_reset_link(owner, petr.id)
    invitations.reset_password(link.token, "uplne jine heslo")
    assert sessions.resume(before) is None
    assert sessions.sign_in("p@example.com", "uplne jine heslo")
    with pytest.raises(NotFound):
        invitations.reset_password(link.token, "jeste jine heslo")


def test_a_reset_link_is_good_for_an_hour(owner: Actor) -> None:
    link = invitations.make_reset_link(owner, join("p@example.com", "agent").id)
    with (
        time_machine.travel(clock.now() + timedelta(hours=1, seconds=1), tick=False),
        pytest.raises(NotFound),
    ):
        invitations.reset_password(link.token, "uplne jine heslo")


def test_an_admin_gets_no_hold_of_an_owner(owner: Actor) -> None:
    admin = join("admin@example.com", "admin")
    for attempt in (
        lambda: users.change_role(admin, owner.id, "viewer"),
        lambda: users.change_role(admin, admin.id, "owner"),
        lambda: users.deactivate(admin, owner.id),
        lambda: invitations.make_reset_link(admin, owner.id),
        lambda: invitations.invite(admin, Invited(email="x@example.com", name="X", role="owner")),
    ):
        with pytest.raises(NotAllowed):
            attempt()


@pytest.mark.parametrize("role", ["agent", "viewer"])
def test_agents_and_viewers_manage_nobody(owner: Actor, role: str) -> None:
    actor = join("p@example.com", role)
    for attempt in (
        lambda: users.people(actor),
        lambda: users.deactivate(actor, owner.id),
        lambda: users.change_role(actor, actor.id, "admin"),
        lambda: invitations.make_reset_link(actor, actor.id),
        lambda: users.set_teams(actor, actor.id, []),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_the_last_owner_stays_an_owner(owner: Actor) -> None:
    with pytest.raises(Invalid, match="needs an owner"):
        users.change_role(owner, owner.id, "admin")
    invitations.invite(owner, Invited(email="second@example.com", name="Second", role="owner"))
    with pytest.raises(Invalid, match="needs an owner"):
        users.change_role(owner, owner.id, "admin")  # who was invited has not come in yet
    join("third@example.com", "owner")
    users.change_role(owner, owner.id, "admin")
    assert users.person(SYSTEM, owner.id).role == "admin"


def test_the_last_owner_cannot_be_shut_out(owner: Actor) -> None:
    with pytest.raises(Invalid, match="needs an owner"):
        users.deactivate(SYSTEM, owner.id)
    with pytest.raises(Invalid, match="yourself"):
        users.deactivate(owner, owner.id)


def test_who_leaves_gives_open_tickets_back_and_keeps_solved_ones(owner: Actor) -> None:
    admin, mailbox = join("admin@example.com", "admin"), a_mailbox()
    waiting = a_ticket(mailbox, assignee=admin)
    done = a_ticket(mailbox, assignee=admin, status="solved")
    assert users.deactivate(owner, admin.id) == 1
    with reading() as session:
        holders = dict(session.execute(select(Ticket.number, Ticket.assignee_id)).all())
    assert holders == {waiting: None, done: admin.id}
    with reading() as session:
        assert access.actor_of(session, admin.id) is None


def test_who_comes_back_has_the_role_they_had(owner: Actor) -> None:
    petr = join("p@example.com", "agent")
    users.deactivate(owner, petr.id)
    users.reactivate(owner, petr.id)
    user = sessions.resume(sessions.sign_in("p@example.com", PASSWORD))
    assert user is not None
    assert user.actor.role == "agent"


def test_another_role_signs_out(owner: Actor) -> None:
    petr = join("p@example.com", "agent")
    token = sessions.sign_in("p@example.com", PASSWORD)
    users.change_role(owner, petr.id, "admin")
    assert sessions.resume(token) is None


@pytest.mark.parametrize(
    "email", ["", "nobody", "a@b@c", "@example.com", "a b@example.com", "a@.com", "a@b..c"]
)
def test_what_is_no_address_is_not_invited(owner: Actor, email: str) -> None:
    with pytest.raises(Invalid):
        invitations.invite(owner, Invited(email=email, name="X", role="agent"))


def test_one_address_is_one_person(owner: Actor) -> None:
    with pytest.raises(Invalid, match="already"):
        invitations.invite(owner, Invited(email="OWNER@example.com", name="X", role="agent"))


def test_changes_of_rights_are_in_the_audit_log_with_both_values(owner: Actor) -> None:
    petr = join("p@example.com", "agent")
    users.change_role(owner, petr.id, "viewer")
    with reading() as session:
        line = session.scalars(select(AuditEntry).where(AuditEntry.action == "user.role")).one()
    assert (line.actor_id, line.before, line.after) == (
        owner.id,
        {"role": "agent"},
        {"role": "viewer"},
    )
