"""Asking for a link: nobody learns who has an account, and nobody's mailbox is filled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, func, select

from deskcore import clock
from deskcore.domain.people import SYSTEM, Actor
from deskcore.errors import NotFound
from deskcore.models import Job, Notice, OneTimeToken
from deskcore.services import invitations, link_requests, secrets, sessions, users
from deskcore.services.invitations import Invited
from deskcore.services.throttle import FREE_TRIES, FREE_TRIES_OF_NETWORK, TooManyTries
from deskcore.services.unit import reading, unit_of_work
from tests import factories
from tests.statements import statements

PASSWORD = "velmi dlouhe heslo"


def join(email: str, role: str = "agent") -> Actor:
    link = invitations.invite(SYSTEM, Invited(email=email, name=email.partition("@")[0], role=role))
    user = sessions.resume(
        invitations.accept_invitation(link.token, name="Petr", password=PASSWORD)
    )
    assert user is not None
    return user.actor


@pytest.fixture(autouse=True)
def people(app: Flask) -> Actor:
    """Make one of each kind of account, then connect a mailbox."""
    owner = join("owner@example.com", "owner")
    join("petr@example.com")
    users.deactivate(owner, join("gone@example.com").id)
    invitations.invite(owner, Invited(email="new@example.com", name="New", role="agent"))
    factories.a_mailbox(address="help@desk.test")
    return owner


HANDLERS: dict[str, Callable[..., None]] = {
    "links.password": link_requests.send_password_link,
    "links.invitation": link_requests.send_invitation_again,
}


def work() -> None:
    """Do the jobs of asking, in their order; the mails they queue are left."""
    with unit_of_work() as unit:
        asked = unit.session.scalars(select(Job).where(Job.name.in_(HANDLERS)).order_by(Job.id))
        jobs = [(job.name, dict(job.args)) for job in asked.all()]
        unit.session.execute(delete(Job).where(Job.name.in_(HANDLERS)))
    for name, args in jobs:
        HANDLERS[name](**args)


def sent() -> list[tuple[str, str]]:
    with reading() as session:
        rows = session.execute(select(Notice.kind, Notice.address).order_by(Notice.id))
        return [(row.kind, row.address) for row in rows]


def link_in(number: int = -1) -> str:
    """Return the token in the mail that was queued."""
    with reading() as session:
        row = session.scalars(select(Notice).order_by(Notice.id)).all()[number]
    text = secrets.decrypt(row.words)["text"]
    return next(line.rpartition("/")[2] for line in text.splitlines() if line.startswith("http"))


def test_asking_does_the_same_work_whoever_the_address_belongs_to() -> None:
    done = []
    for name in ("petr", "nobody", "gone", "new", "x" * 200):
        with statements() as seen:
            link_requests.ask_for_password(f"{name}@example.com", address="192.0.2.1")
        done.append(seen)
    assert done[0]
    assert all(seen == done[0] for seen in done)


def test_only_somebody_who_can_come_in_gets_a_link_and_it_works_once() -> None:
    for name in ("Petr", "nobody", "gone", "new", ""):
        link_requests.ask_for_password(f"{name}@Example.com")
    work()
    assert sent() == [("reset", "petr@example.com")]
    invitations.reset_password(link_in(), "uplne jine heslo")
    assert sessions.sign_in("petr@example.com", "uplne jine heslo")
    with pytest.raises(NotFound):
        invitations.reset_password(link_in(0), "jeste jine heslo")


def test_a_new_link_ends_the_one_before_and_is_good_for_an_hour() -> None:
    for _time in range(2):
        link_requests.ask_for_password("petr@example.com")
        work()
    with pytest.raises(NotFound):
        invitations.look_at("reset", link_in(0))
    with (
        time_machine.travel(clock.now() + timedelta(hours=1, seconds=1), tick=False),
        pytest.raises(NotFound),
    ):
        invitations.reset_password(link_in(), "uplne jine heslo")


def test_only_the_digest_of_a_link_of_256_bits_is_kept() -> None:
    link_requests.ask_for_password("petr@example.com")
    work()
    token = link_in()
    assert len(token) >= 43
    with reading() as session:
        assert token not in session.scalars(select(OneTimeToken.digest)).all()


def test_a_stranger_cannot_fill_somebodys_mailbox() -> None:
    for number in range(link_requests.PER_HOUR + 2):
        link_requests.ask_for_password("petr@example.com", address=f"192.0.2.{number}")
    work()
    assert len(sent()) == link_requests.PER_HOUR
    assert invitations.look_at("reset", link_in()).email == "petr@example.com"


@pytest.mark.parametrize("email", ["petr@example.com", "nobody@example.com"])
def test_asking_is_slowed_down_by_address_alike_for_everybody(email: str) -> None:
    for number in range(FREE_TRIES):
        link_requests.ask_for_password(email, address=f"192.0.2.{number}")
    with pytest.raises(TooManyTries):
        link_requests.ask_for_password(email, address="198.51.100.1")


def test_asking_is_slowed_down_by_network_and_does_not_count_against_signing_in() -> None:
    for number in range(FREE_TRIES_OF_NETWORK):
        link_requests.ask_for_password(f"{number}@example.com", address="192.0.2.1")
    with pytest.raises(TooManyTries):
        link_requests.ask_for_password("petr@example.com", address="192.0.2.1")
    assert sessions.sign_in("petr@example.com", PASSWORD, address="198.51.100.1")


def test_an_invitation_too_old_is_sent_again_to_the_same_address_by_its_holder(
    people: Actor,
) -> None:
    old = invitations.invite(people, Invited(email="late@example.com", name="Late", role="agent"))
    link_requests.ask_for_invitation(old.token)
    work()
    assert len(sent()) == 1  # one that is still good is not sent again
    with time_machine.travel(clock.now() + timedelta(days=8), tick=False):
        for _press in range(2):
            link_requests.ask_for_invitation(old.token)
        work()
        assert sent()[1:] == [("invite", "late@example.com")]
        view = invitations.look_at("invite", link_in())
        assert (view.email, view.issued_by) == ("late@example.com", people.name)
        invitations.accept_invitation(link_in(), name="Late", password=PASSWORD)


def test_asking_with_an_invented_invitation_is_the_same_work_and_sends_nothing() -> None:
    for token in ("", "x" * 43):
        link_requests.ask_for_invitation(token)
    work()
    assert sent() == []
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Job)) == 0
