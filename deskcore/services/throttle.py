"""Slows guessing down: every try is counted by account and by network, before it is judged.

Nobody is locked out by strangers: tries from elsewhere do not count against a network from which
the account has signed in lately.
"""

from __future__ import annotations

import ipaddress
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from deskcore.domain.people import SYSTEM
from deskcore.errors import DeskError
from deskcore.i18n import _
from deskcore.models import SignInAttempt, User, UserSession
from deskcore.services.unit import unit_of_work

FREE_TRIES = 10  # of one account; mistyping is human
FREE_TRIES_OF_NETWORK = 30  # a whole office may share one address
WINDOW = timedelta(hours=1)
KEPT = timedelta(days=1)
KNOWN_FOR = timedelta(days=90)
MINUTE_S = 60
LONGEST_WAIT_S = 15 * MINUTE_S


class TooManyTries(DeskError):
    """Guessing is slowed down: wait this long, then try again."""

    def __init__(self, wait_s: int) -> None:
        minutes = -(-wait_s // MINUTE_S)
        super().__init__(
            _("Too many tries. Wait %(seconds)s s, then try again.", seconds=wait_s)
            if wait_s < MINUTE_S
            else _("Too many tries. Wait %(minutes)s min, then try again.", minutes=minutes)
        )
        self.wait_s = wait_s


def network_of(address: str) -> str:
    """Return what counts as one place: an IPv4 address, or the /64 an IPv6 address is in."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            return str(ip.ipv4_mapped)
        return str(ipaddress.ip_network((ip, 64), strict=False))
    return str(ip)


def count_try(subject: str, address: str) -> None:
    """Count one try for *subject* (a canonical mail address, or what is guessed at).

    Raises TooManyTries, and counts nothing, while the wait after earlier tries lasts. The count
    is written before the secret is looked at, so tries at the same moment gain nothing.
    """
    network = network_of(address)
    with unit_of_work(SYSTEM) as unit:
        wait_s = _wait(unit.session, subject, network, unit.now)
        if wait_s <= 0:
            old = delete(SignInAttempt).where(SignInAttempt.at < unit.now - KEPT)
            unit.session.execute(old)
            unit.session.add(SignInAttempt(email=subject[:320], address=network, at=unit.now))
    if wait_s > 0:
        raise TooManyTries(wait_s)


def count_visit(name: str, address: str, *, most: int, within: timedelta) -> bool:
    """Count a visit to what *name* says; False, counting nothing, when its place had *most*.

    Not among the tries at secrets: customers in a shop's network lock nobody out there.
    """
    place = f"visit {network_of(address)}"[:64]
    with unit_of_work(SYSTEM) as unit:
        counted = select(func.count()).where(
            SignInAttempt.email == name,
            SignInAttempt.address == place,
            SignInAttempt.at > unit.now - within,
        )
        is_within = unit.session.scalars(counted).one() < most
        if is_within:
            unit.session.add(SignInAttempt(email=name[:320], address=place, at=unit.now))
    return is_within


def forget_tries(session: Session, subject: str, address: str) -> None:
    """Forget the tries of an account from one network: it has just signed in from there."""
    mine = (SignInAttempt.email == subject) & (SignInAttempt.address == network_of(address))
    session.execute(delete(SignInAttempt).where(mine))


def _wait(session: Session, subject: str, network: str, now: datetime) -> int:
    """Return how many seconds are still to be waited, 0 when none."""
    recent = SignInAttempt.at > now - WINDOW
    of_account = recent & (SignInAttempt.email == subject)
    if _is_known(session, subject, network, now):
        of_account &= SignInAttempt.address == network
    waits = []
    for condition, free in (
        (of_account, FREE_TRIES),
        (recent & (SignInAttempt.address == network), FREE_TRIES_OF_NETWORK),
    ):
        row = session.execute(
            select(func.count(), func.max(SignInAttempt.at)).where(condition)
        ).one()
        tries, last = row
        if tries >= free and last is not None:
            growing = min(2 ** min(tries - free + 1, 16), LONGEST_WAIT_S)
            waits.append(growing - (now - last).total_seconds())
    return max(0, round(max(waits, default=0) + 0.499))


def _is_known(session: Session, subject: str, network: str, now: datetime) -> bool:
    """Whether this account has signed in from this network lately."""
    statement = (
        select(UserSession.id)
        .join(User, User.id == UserSession.user_id)
        .where(
            User.email == subject,
            UserSession.address == network,
            # Who has only the password is no acquaintance.
            UserSession.awaits == "",
            UserSession.created_at > now - KNOWN_FOR,
        )
        .limit(1)
    )
    return session.execute(statement).first() is not None
