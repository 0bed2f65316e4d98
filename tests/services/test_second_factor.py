"""The second factor: what lets somebody in, once, and that no other way goes round it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache

import pyotp
import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from deskcore import clock
from deskcore.domain.accounts import HalfWay
from deskcore.domain.people import SYSTEM, Actor
from deskcore.errors import Invalid, NotAllowed, NotFound
from deskcore.models import AuditEntry, RecoveryCode, SecondFactor, User, UserSession
from deskcore.services import (
    coming_in,
    invitations,
    own_factor,
    second_factor,
    sessions,
    throttle,
    users,
)
from deskcore.services.invitations import Invited
from deskcore.services.passwords import hash_password
from deskcore.services.throttle import TooManyTries
from deskcore.services.unit import reading, unit_of_work

PASSWORD = "velmi dlouhe heslo"
EMAIL = "eva@example.com"


@pytest.fixture
def now() -> datetime:
    """Give a moment in the middle of a code's half minute."""
    moment = clock.now() + timedelta(hours=1)
    return moment.replace(second=15, microsecond=0)


@cache
def password_hash() -> str:
    return hash_password(PASSWORD)


def join(email: str, role: str) -> Actor:
    with unit_of_work() as unit:
        user = users.add_user(
            unit, email=email, name=email, role=role, password_hash=password_hash()
        )
        return Actor(kind="user", id=user.id, role=role, name=email)


def password_shown(email: str = EMAIL) -> str:
    """Begin a session as every door does; the work of checking a password is spared."""
    with unit_of_work() as unit:
        user_id = unit.session.scalars(select(User.id).where(User.email == email)).one()
        return sessions.begin_session(unit, user_id)


@pytest.fixture
def eva(app: Flask) -> Actor:
    return join(EMAIL, "owner")


def half_way(token: str) -> HalfWay:
    who = coming_in.half_way(token)
    assert who is not None
    return who


def let_in(typed: str) -> str:
    return coming_in.pass_code(half_way(password_shown()), typed)


def seed_of(session_id: int) -> str:
    seed, _address = coming_in.set_up_of(session_id)
    assert seed
    return seed


def turned_on(actor: Actor, email: str = EMAIL) -> tuple[Callable[[], str], list[str]]:
    """Turn somebody's second factor on; returns what their phone shows now, and recovery codes."""
    user = sessions.resume(password_shown(email))
    assert user is not None
    own_factor.begin_set_up(actor, user.session_id)
    seed = seed_of(user.session_id)
    phone = pyotp.TOTP(seed)
    earlier = phone.at(clock.now() - timedelta(seconds=30))
    _token, codes = coming_in.finish_set_up(user.session_id, earlier)
    return lambda: phone.at(clock.now()), codes


def test_the_password_alone_opens_nothing(eva: Actor, now: datetime) -> None:
    with time_machine.travel(now, tick=False):
        shown, _codes = turned_on(eva)
        token = sessions.sign_in(EMAIL, PASSWORD)
        assert sessions.resume(token) is None
        fresh = coming_in.pass_code(half_way(token), shown())
        user = sessions.resume(fresh)
        assert fresh != token
        assert (user and user.actor.id) == eva.id
        assert coming_in.half_way(token) is None
        assert coming_in.half_way(fresh) is None


def test_a_code_works_once(eva: Actor, now: datetime) -> None:
    with time_machine.travel(now, tick=False):
        shown, _codes = turned_on(eva)
        assert let_in(shown())
        with pytest.raises(Invalid):
            let_in(shown())


def test_an_earlier_code_does_not_work_after_a_later_one(eva: Actor, now: datetime) -> None:
    with time_machine.travel(now, tick=False):
        shown, _codes = turned_on(eva)
    with time_machine.travel(now + timedelta(minutes=5), tick=False):
        before = shown()
    with time_machine.travel(now + timedelta(minutes=5, seconds=30), tick=False):
        assert let_in(shown())
        with pytest.raises(Invalid):
            let_in(before)


@pytest.mark.parametrize(("off_s", "works"), [(-60, False), (-30, True), (30, True), (60, False)])
def test_a_phones_clock_may_be_half_a_minute_off(
    eva: Actor, now: datetime, off_s: int, *, works: bool
) -> None:
    with time_machine.travel(now, tick=False):
        shown, _codes = turned_on(eva)
    later = now + timedelta(minutes=10)
    with time_machine.travel(later + timedelta(seconds=off_s), tick=False):
        typed = shown()
    with time_machine.travel(later, tick=False):
        if works:
            assert let_in(f"{typed[:3]} {typed[3:]}")
        else:
            with pytest.raises(Invalid, match="not right"):
                let_in(typed)


def test_a_recovery_code_works_once_however_it_is_typed(eva: Actor) -> None:
    _shown, codes = turned_on(eva)
    assert len(set(codes)) == 10
    assert let_in(f" {codes[0].upper().replace('-', '')} ")
    with pytest.raises(Invalid):
        let_in(codes[0])
    assert let_in(codes[1])
    assert own_factor.factor_view(eva).codes_left == 8


def test_new_recovery_codes_end_the_old_ones(eva: Actor) -> None:
    _shown, codes = turned_on(eva)
    fresh = own_factor.renew_recovery_codes(eva)
    with pytest.raises(Invalid):
        let_in(codes[0])
    assert let_in(fresh[0])


def test_neither_seed_nor_recovery_code_can_be_read_from_the_database(eva: Actor) -> None:
    _shown, codes = turned_on(eva)
    with reading() as session:
        seed = session.scalars(select(SecondFactor.seed)).one()
        digests = session.scalars(select(RecoveryCode.digest)).all()
    plain = second_factor.opened(seed)
    assert len(plain) == 32
    assert plain.encode() not in seed
    assert not {second_factor.plain(code) for code in codes} & set(digests)


def test_ten_wrong_codes_end_the_attempt(eva: Actor, now: datetime) -> None:
    with time_machine.travel(now, tick=False) as clock_of_test:
        shown, _codes = turned_on(eva)
        who = half_way(password_shown())
        for attempt in range(coming_in.MOST_CODES):
            clock_of_test.shift(timedelta(seconds=40))
            last = attempt == coming_in.MOST_CODES - 1
            with pytest.raises(NotFound if last else Invalid):
                coming_in.pass_code(who, "000000", address=f"192.0.2.{attempt}")
        clock_of_test.shift(timedelta(seconds=40))
        with pytest.raises(NotFound, match="Begin again"):
            coming_in.pass_code(who, shown(), address="192.0.2.99")


def test_codes_are_slowed_down_like_passwords_and_the_password_forgives_none(
    eva: Actor, now: datetime
) -> None:
    with time_machine.travel(now, tick=False):
        turned_on(eva)
        where = {"address": "203.0.113.7"}
        for _round in range(throttle.FREE_TRIES // 2):
            token = sessions.sign_in(EMAIL, PASSWORD, **where)
            with pytest.raises(Invalid):
                coming_in.pass_code(half_way(token), "000000", **where)
        with pytest.raises(TooManyTries):
            coming_in.pass_code(half_way(token), "000000", **where)


def test_who_has_only_the_password_does_not_become_an_acquaintance(
    eva: Actor, now: datetime
) -> None:
    with time_machine.travel(now, tick=False):
        turned_on(eva)
        sessions.sign_in(EMAIL, PASSWORD, address="203.0.113.7")
        for guess in range(1, throttle.FREE_TRIES):
            with pytest.raises(Invalid):
                sessions.sign_in(EMAIL, "a wrong guess", address=f"198.51.100.{guess}")
        with pytest.raises(TooManyTries):
            sessions.sign_in(EMAIL, PASSWORD, address="203.0.113.7")


def test_a_reset_link_does_not_go_round_it(eva: Actor) -> None:
    shown, _codes = turned_on(eva)
    link = invitations.make_reset_link(SYSTEM, eva.id)
    token = invitations.reset_password(link.token, "uplne jine heslo")
    assert sessions.resume(token) is None
    assert sessions.resume(coming_in.pass_code(half_way(token), shown())) is not None


def test_an_attempt_lasts_a_quarter_of_an_hour(eva: Actor) -> None:
    turned_on(eva)
    token = password_shown()
    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=False):
        assert coming_in.half_way(token) is None


def test_a_new_password_and_deactivating_end_attempts_too(eva: Actor) -> None:
    turned_on(eva)
    token = password_shown()
    link = invitations.make_reset_link(SYSTEM, eva.id)
    invitations.reset_password(link.token, "uplne jine heslo")
    assert coming_in.half_way(token) is None
    petr = join("p@example.com", "agent")
    turned_on(petr, "p@example.com")
    half = password_shown("p@example.com")
    users.deactivate(SYSTEM, petr.id)
    assert coming_in.half_way(half) is None


def test_turning_it_on_ends_every_browser_from_before(eva: Actor) -> None:
    other = password_shown()
    turned_on(eva)
    assert sessions.resume(other) is None


def test_another_phone_replaces_the_first_only_with_its_own_code(eva: Actor, now: datetime) -> None:
    with time_machine.travel(now, tick=False):
        shown, codes = turned_on(eva)
    with time_machine.travel(now + timedelta(minutes=5), tick=False):
        user = sessions.resume(let_in(codes[0]))
        assert user is not None
        own_factor.begin_set_up(eva, user.session_id)
        with pytest.raises(Invalid):
            coming_in.finish_set_up(user.session_id, "000000")
        assert let_in(shown())
        fresh = pyotp.TOTP(seed_of(user.session_id))
        coming_in.finish_set_up(user.session_id, fresh.at(clock.now()))
    with time_machine.travel(now + timedelta(minutes=9), tick=False):
        with pytest.raises(Invalid):
            let_in(shown())
        assert let_in(fresh.at(clock.now()))


def test_a_role_that_needs_it_is_led_to_set_up_and_nothing_else_opens(eva: Actor) -> None:
    turned_on(eva)
    petr = join("p@example.com", "agent")
    inside = password_shown("p@example.com")
    own_factor.change_compulsory_roles(eva, {"agent", "admin", "nobody"})
    assert own_factor.compulsory_roles(eva) == ("admin", "agent")
    assert sessions.resume(inside) is None
    token = password_shown("p@example.com")
    assert sessions.resume(token) is None
    who = half_way(token)
    assert who.awaits == "set_up"
    with pytest.raises(NotFound):
        coming_in.pass_code(who, "000000")
    with pytest.raises(Invalid):
        coming_in.finish_set_up(who.session_id, "000000")
    code = pyotp.TOTP(seed_of(who.session_id)).at(clock.now())
    fresh, codes = coming_in.finish_set_up(who.session_id, code)
    assert sessions.resume(fresh) is not None
    assert len(codes) == 10
    with pytest.raises(Invalid, match="Your role needs"):
        own_factor.turn_off(petr)


def test_of_two_browsers_that_set_up_at_once_the_second_needs_the_code_of_the_first(
    eva: Actor,
) -> None:
    turned_on(eva)
    own_factor.change_compulsory_roles(eva, {"agent"})
    link = invitations.invite(SYSTEM, Invited(email="p@example.com", name="P", role="agent"))
    one = half_way(invitations.accept_invitation(link.token, name="P", password=PASSWORD))
    two = half_way(password_shown("p@example.com"))
    assert seed_of(one.session_id) != seed_of(two.session_id)
    for who, kind in ((one, None), (two, NotFound)):
        code = pyotp.TOTP(seed_of(who.session_id)).at(clock.now())
        if kind is None:
            coming_in.finish_set_up(who.session_id, code)
        else:
            with pytest.raises(kind):
                coming_in.finish_set_up(who.session_id, code)


def test_only_an_owner_with_a_second_factor_makes_it_compulsory_for_owners(eva: Actor) -> None:
    with pytest.raises(Invalid, match="your own second factor first"):
        own_factor.change_compulsory_roles(eva, {"owner"})
    turned_on(eva)
    own_factor.change_compulsory_roles(eva, {"owner"})
    with pytest.raises(NotAllowed):
        own_factor.change_compulsory_roles(join("a@example.com", "admin"), ())


def test_an_admin_resets_a_lost_one_and_everybody_can_read_that(eva: Actor) -> None:
    petr = join("p@example.com", "agent")
    turned_on(petr, "p@example.com")
    admin = join("a@example.com", "admin")
    with pytest.raises(NotAllowed):
        own_factor.reset(petr, eva.id)
    assert own_factor.reset(admin, petr.id)
    assert not own_factor.reset(admin, petr.id)
    assert sessions.resume(password_shown("p@example.com")) is not None
    turned_on(eva)
    with pytest.raises(NotAllowed):
        own_factor.reset(admin, eva.id)
    with pytest.raises(Invalid):
        own_factor.reset(eva, eva.id)
    with reading() as session:
        lines = {(row.action, row.subject) for row in session.scalars(select(AuditEntry))}
    assert ("second_factor.reset", "p@example.com") in lines


def test_the_seed_of_a_set_up_is_gone_once_it_is_in_use(eva: Actor) -> None:
    turned_on(eva)
    with unit_of_work() as unit:
        assert unit.session.scalars(
            select(UserSession.seed).where(UserSession.ended_at.is_(None))
        ).all() == [b""]
