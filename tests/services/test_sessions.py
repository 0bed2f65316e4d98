"""Signing in: who comes in, in which words others stay out, and when a session ends."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

import pytest
import time_machine
from argon2 import Parameters, PasswordHasher, extract_parameters
from flask import Flask
from sqlalchemy import delete, select

from deskcore import clock
from deskcore.domain.people import SYSTEM
from deskcore.errors import Invalid
from deskcore.models import AuditEntry, UserSession
from deskcore.services import invitations, own_account, passwords, sessions, throttle, users
from deskcore.services.invitations import Invited
from deskcore.services.throttle import TooManyTries
from deskcore.services.unit import reading, unit_of_work

PASSWORD = "velmi dlouhe heslo"
EMAIL = "eva@example.com"


@pytest.fixture
def eva(app: Flask) -> int:
    link = invitations.invite(SYSTEM, Invited(email=EMAIL, name="Eva", role="owner"))
    invitations.accept_invitation(link.token, name="Eva", password=PASSWORD)
    return next(person.id for person in users.people(SYSTEM) if person.email == EMAIL)


def test_the_right_pair_begins_a_session_of_that_user(eva: int) -> None:
    user = sessions.resume(sessions.sign_in(" EVA@Example.com ", PASSWORD))
    assert user is not None
    assert (user.actor.id, user.actor.role, user.email) == (eva, "owner", EMAIL)


@pytest.mark.parametrize(
    ("email", "password"),
    [
        (EMAIL, "something else"),
        ("nobody@example.com", PASSWORD),
        (EMAIL, ""),
        ("", ""),
        (EMAIL, "x" * 500),
    ],
)
def test_every_wrong_pair_is_refused_in_the_same_words(eva: int, email: str, password: str) -> None:
    with pytest.raises(Invalid) as refused:
        sessions.sign_in(email, password)
    assert str(refused.value) == "The address and the password do not belong together."


def test_a_deactivated_user_is_refused_in_the_same_words(eva: int) -> None:
    link = invitations.invite(SYSTEM, Invited(email="p@example.com", name="Petr", role="agent"))
    invitations.accept_invitation(link.token, name="Petr", password=PASSWORD)
    petr = next(person.id for person in users.people(SYSTEM) if person.name == "Petr")
    token = sessions.sign_in("p@example.com", PASSWORD)
    users.deactivate(SYSTEM, petr)
    assert sessions.resume(token) is None
    with pytest.raises(Invalid, match="do not belong together"):
        sessions.sign_in("p@example.com", PASSWORD)


def test_only_the_digest_of_a_session_is_stored(eva: int) -> None:
    token = sessions.sign_in(EMAIL, PASSWORD)
    with reading() as session:
        stored = session.scalars(select(UserSession.digest)).all()
    assert token not in stored
    assert all(len(digest) == 64 for digest in stored)


@pytest.mark.parametrize("token", ["", "x", "x" * 43, "\0" * 43])
def test_an_invented_cookie_is_nobody(eva: int, token: str) -> None:
    assert sessions.resume(token) is None


def test_a_session_that_idles_for_twelve_hours_ends(eva: int) -> None:
    token = sessions.sign_in(EMAIL, PASSWORD)
    with time_machine.travel(clock.now() + timedelta(hours=11), tick=False):
        assert sessions.resume(token) is not None
    with time_machine.travel(clock.now() + timedelta(hours=22), tick=False):
        assert sessions.resume(token) is not None
    with time_machine.travel(clock.now() + timedelta(hours=35), tick=False):
        assert sessions.resume(token) is None


def test_a_session_ends_after_fourteen_days_however_busy(eva: int) -> None:
    token, began = sessions.sign_in(EMAIL, PASSWORD), clock.now()
    for half_days in range(1, 29):
        with time_machine.travel(began + timedelta(hours=12 * half_days - 1), tick=False):
            assert (sessions.resume(token) is not None) == (half_days <= 28)
    with time_machine.travel(began + timedelta(days=14, minutes=1), tick=False):
        assert sessions.resume(token) is None


def test_signing_out_ends_this_browser_only(eva: int) -> None:
    here, there = sessions.sign_in(EMAIL, PASSWORD), sessions.sign_in(EMAIL, PASSWORD)
    user = sessions.resume(here)
    assert user is not None
    sessions.sign_out(user.actor, user.session_id)
    assert sessions.resume(here) is None
    assert sessions.resume(there) is not None


def test_nobody_ends_the_session_of_somebody_else(eva: int) -> None:
    token = sessions.sign_in(EMAIL, PASSWORD)
    user = sessions.resume(token)
    link = invitations.invite(SYSTEM, Invited(email="p@example.com", name="Petr", role="agent"))
    petr = sessions.resume(invitations.accept_invitation(link.token, name="P", password=PASSWORD))
    assert user is not None
    assert petr is not None
    sessions.end_own_session(petr.actor, user.session_id)
    assert sessions.resume(token) is not None


def test_a_new_password_ends_other_browsers_and_keeps_this_one(eva: int) -> None:
    here, there = sessions.sign_in(EMAIL, PASSWORD), sessions.sign_in(EMAIL, PASSWORD)
    user = sessions.resume(here)
    assert user is not None
    own_account.change_own_password(
        user.actor, old=PASSWORD, new="uplne jine heslo", session_id=user.session_id
    )
    assert sessions.resume(here) is not None
    assert sessions.resume(there) is None
    assert sessions.resume(sessions.sign_in(EMAIL, "uplne jine heslo")) is not None


def test_a_new_password_needs_the_old_one(eva: int) -> None:
    user = sessions.resume(sessions.sign_in(EMAIL, PASSWORD))
    assert user is not None
    with pytest.raises(Invalid) as refused:
        own_account.change_own_password(
            user.actor, old="a wrong guess", new="uplne jine heslo", session_id=user.session_id
        )
    assert refused.value.problems[0].field == "old"


def test_guessing_is_slowed_down_alike_for_known_and_unknown_accounts(eva: int) -> None:
    for email in (EMAIL, "nobody@example.com"):
        for _try in range(throttle.FREE_TRIES):
            with pytest.raises(Invalid):
                sessions.sign_in(email, "a wrong guess", address="203.0.113.7")
        with pytest.raises(TooManyTries) as slowed:
            sessions.sign_in(email, PASSWORD, address="203.0.113.7")
        assert 0 < slowed.value.wait_s <= 2


def test_the_wait_grows_and_ends(eva: int) -> None:
    now = clock.now()
    waits = []
    for _round in range(4):
        with time_machine.travel(now, tick=False):
            try:
                while True:
                    with pytest.raises(Invalid):
                        sessions.sign_in(EMAIL, "a wrong guess", address="203.0.113.7")
            except TooManyTries as slowed:
                waits.append(slowed.wait_s)
                now += timedelta(seconds=slowed.wait_s + 1)
    assert waits == [2, 4, 8, 16]
    with time_machine.travel(now, tick=False):
        assert sessions.resume(sessions.sign_in(EMAIL, PASSWORD, address="203.0.113.7"))


def test_strangers_cannot_lock_somebody_out_of_a_network_they_use(eva: int) -> None:
    sessions.sign_in(EMAIL, PASSWORD, address="192.0.2.10")
    for guess in range(throttle.FREE_TRIES):
        with pytest.raises(Invalid):
            sessions.sign_in(EMAIL, "a wrong guess", address=f"203.0.113.{guess}")
    with pytest.raises(TooManyTries):
        sessions.sign_in(EMAIL, PASSWORD, address="203.0.113.99")
    assert sessions.sign_in(EMAIL, PASSWORD, address="192.0.2.10")


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("", ""),
    ],
)
def test_a_network_is_an_address_or_its_v6_half(address: str, network: str) -> None:
    assert throttle.network_of(address) == network


def test_sign_ins_and_failures_are_in_the_audit_log(eva: int) -> None:
    sessions.sign_in(EMAIL, PASSWORD, address="192.0.2.10")
    with pytest.raises(Invalid):
        sessions.sign_in("my password by mistake", "x", address="192.0.2.10")
    with reading() as session:
        lines = [
            (row.action, row.subject, row.actor_id) for row in session.scalars(select(AuditEntry))
        ]
    assert ("sign_in", EMAIL, eva) in lines
    assert ("sign_in.failed", "", 0) in lines


@pytest.mark.parametrize("email", ["a\0@example.com", "\0", "x" * 400, "a@" + "ž" * 400])
def test_an_address_that_no_database_would_take_is_refused_in_the_same_words(
    eva: int, email: str
) -> None:
    with pytest.raises(Invalid, match="do not belong together"):
        sessions.sign_in(email, PASSWORD)


def test_an_unknown_account_costs_as_much_work_as_a_known_one(
    eva: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    hasher = passwords._hasher
    work: list[Parameters] = []

    class Watched(PasswordHasher):
        def verify(self, stored: str | bytes, password: str | bytes) -> Literal[True]:
            work.append(extract_parameters(str(stored)))
            return hasher.verify(stored, password)

    monkeypatch.setattr(passwords, "_hasher", Watched())
    for email in (EMAIL, "nobody@example.com"):
        with pytest.raises(Invalid):
            sessions.sign_in(email, "a wrong guess")
    known, unknown = work
    assert known == unknown


def test_a_session_is_forgotten_when_it_tells_nothing_any_more(eva: int) -> None:
    with unit_of_work() as unit:
        unit.session.execute(delete(UserSession))
    sessions.sign_in(EMAIL, PASSWORD, address="192.0.2.7")
    day = timedelta(days=1)
    for later, kept in ((throttle.KNOWN_FOR - day, 1), (throttle.KNOWN_FOR + day, 0)):
        with time_machine.travel(clock.now() + later, tick=False):
            sessions.forget_old()
        with reading() as session:
            assert len(session.scalars(select(UserSession.id)).all()) == kept
