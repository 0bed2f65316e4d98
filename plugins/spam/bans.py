"""Banned senders: an address, or everybody at a domain and below it.

Their mail is stored and filed like any other, but apart: nobody is disturbed by it, and nothing is
answered by itself. A ban says who made it, when and why, and is lifted by anybody with the right.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from deskcore.api import N_, Actor, Invalid, NotFound, Problem, _, canonical_email
from deskcore.api.data import read_customer, read_ticket, reading, require, unit_of_work
from plugins.spam.settings import RIGHT
from plugins.spam.tables import BANS
from plugins.spam.tokens import domain_of, wider

SHOWN = 200
LONGEST_REASON = 300
LONGEST_ADDRESS = 320  # RFC 5321: 64 + 1 + 255
# They give addresses to everybody, so that a ban would hit strangers and customers alike.
FREE_MAIL = frozenset(
    """gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com icloud.com me.com
    aol.com gmx.de gmx.net gmx.at web.de t-online.de proton.me protonmail.com mail.com zoho.com
    seznam.cz email.cz centrum.cz post.cz volny.cz atlas.cz mail.ru bk.ru inbox.ru list.ru
    yandex.ru ya.ru rambler.ru azet.sk wp.pl o2.pl interia.pl orange.fr free.fr libero.it""".split()
)
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@.]+")
_DOMAIN = re.compile(r"(?:[^\s@.,;:/\\]+\.)+[^\s@.,;:/\\]{2,}")


@dataclass(frozen=True, kw_only=True)
class Ban:
    """One ban; ``who`` is an address or a domain in canonical form."""

    id: int
    who: str
    reason: str
    by_name: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Bans:
    """The newest bans, at most 200, and how many there are."""

    newest: Sequence[Ban]
    count: int


def bans(actor: Actor) -> Bans:
    """Return the bans, newest first."""
    require(actor, RIGHT)
    with reading() as session:
        rows = session.execute(select(BANS).order_by(BANS.c.id.desc()).limit(SHOWN))
        newest = [Ban(**row._mapping) for row in rows]  # noqa: SLF001  SQLAlchemy's public name
        count = session.scalar(select(func.count()).select_from(BANS)) or 0
    return Bans(newest=newest, count=count)


def ban(actor: Actor, typed: str, reason: str) -> str:
    """Ban an address or a domain; returns it in canonical form.

    Raises Invalid for what is neither, what is banned already, and a provider of free mail.
    """
    require(actor, RIGHT)
    who, reason = _canonical(typed), " ".join(reason.split())
    if problems := _problems(who, reason):
        raise Invalid(problems)
    try:
        with unit_of_work(actor) as unit:
            values = {"who": who, "reason": reason, "by_name": actor.name, "at": unit.now}
            unit.session.execute(insert(BANS).values(**values))
            unit.audit(N_("banned a sender"), who, after={"reason": reason})
    except IntegrityError:
        problem = _("%(who)s is banned already.", who=who)
        raise Invalid([Problem(field="who", message=problem)]) from None
    return who


def ban_writer(actor: Actor, number: int) -> str:
    """Ban the first mail address of a ticket's customer; returns it. Raises Invalid as ``ban`` does."""
    require(actor, RIGHT)
    ticket = read_ticket(actor, number)
    if ticket.customer_id is None:
        raise NotFound(_("This ticket has no customer yet."))
    addresses = read_customer(actor, ticket.customer_id).addresses
    typed = next((one.value for one in addresses if "@" in one.value), "")
    if not typed:
        problem = _("Whoever wrote this has no mail address that could be banned.")
        raise Invalid([Problem(field="who", message=problem)])
    return ban(actor, typed, _("By one press in ticket #%(number)s", number=number))


def lift(actor: Actor, ban_id: int) -> str:
    """End a ban; returns who may write again. Raises NotFound when it was lifted already."""
    require(actor, RIGHT)
    with unit_of_work(actor) as unit:
        statement = delete(BANS).where(BANS.c.id == ban_id).returning(BANS.c.who, BANS.c.reason)
        row = unit.session.execute(statement).one_or_none()
        if row is None:
            raise NotFound(_("There is no such ban; somebody may have lifted it meanwhile."))
        unit.audit(N_("lifted a ban"), row.who, before={"reason": row.reason})
    return str(row.who)


def ban_of(session: Session, address: str) -> Ban | None:
    """Return the ban that holds for mail from this address, the narrowest first."""
    candidates = [address, *wider(domain_of(address))]
    rows = session.execute(select(BANS).where(BANS.c.who.in_(candidates))).all()
    found = sorted(rows, key=lambda row: candidates.index(row.who))
    return Ban(**found[0]._mapping) if found else None  # noqa: SLF001  as above


def _canonical(typed: str) -> str:
    """Write an address or domain as it is compared: ``@Spam.Example`` is the domain itself."""
    typed = typed.strip().lstrip("@")
    is_address = "@" in typed
    return canonical_email(typed) if is_address else domain_of(canonical_email(f"x@{typed}"))


def _problems(who: str, reason: str) -> list[Problem]:
    found = []
    if len(who) > LONGEST_ADDRESS or not (_ADDRESS.fullmatch(who) or _DOMAIN.fullmatch(who)):
        problem = _("Write an address such as ann@shop.example, or a domain such as shop.example.")
        found.append(Problem(field="who", message=problem))
    elif who in FREE_MAIL:
        problem = _("Everybody can have an address at %(who)s; ban single addresses.", who=who)
        found.append(Problem(field="who", message=problem))
    if not reason or len(reason) > LONGEST_REASON:
        problem = _("Say why, in at most 300 characters; colleagues will wonder.")
        found.append(Problem(field="reason", message=problem))
    return found
