"""Who waits for what: put on the list from a ticket, once for each customer and product."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, func, literal, select, update

from deskcore.api import LANGUAGES, Actor, Invalid, NotFound, Problem, TicketId, _, page_language
from deskcore.api.data import (
    BigId,
    Unit,
    insert_into,
    opening_of,
    read_customer,
    read_ticket,
    read_tickets,
    reading,
    require,
    seen_by,
    today,
    unit_of_work,
)
from deskcore.plugin import TicketRef
from plugins.stock_notes import board
from plugins.stock_notes.languages import language_of
from plugins.stock_notes.notes import check_key
from plugins.stock_notes.places import KEEP
from plugins.stock_notes.tables import REFUSALS, WAITS

OPEN = ("waiting", "failed")
MOST = 10_000  # of anything that somebody waits for
_MOST_READ = 100  # of one customer, the newest


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a customer waits for; ``place`` "" for anywhere, ``until`` None for as long as it takes."""

    product: str
    place: str = ""
    amount: int = 1
    until: date | None = None


@dataclass(frozen=True, kw_only=True)
class Wait:
    """A wish that was written down, with who did and what became of it."""

    id: int
    customer_id: int
    product: str
    place: str
    amount: int
    until: date | None
    language: str
    ticket_id: int
    state: str
    reason: str
    run_id: int | None
    at: datetime
    by_name: str
    ended_at: datetime | None


def is_open() -> ColumnElement[bool]:
    """Return the condition on rows of those who still wait."""
    return WAITS.c.state.in_(OPEN)


def wants_it_still(day: date) -> ColumnElement[bool]:
    """Return the condition on rows whose last day has not gone by."""
    return WAITS.c.until.is_(None) | (WAITS.c.until >= day)


def has_refused() -> ColumnElement[bool]:
    """Return the condition on rows of customers who do not want to be told."""
    return WAITS.c.customer_id.in_(select(REFUSALS.c.customer_id))


def put(actor: Actor, number: int, wish: Wish) -> bool:
    """Have the customer of a ticket wait; False when they do already. Raises Invalid, NotFound.

    The ticket is the one in which they will be told, and its board card is made with it.
    """
    require(actor, KEEP)
    ticket = read_ticket(actor, number)
    _check(wish, ticket)
    language = _language(actor, ticket)
    with unit_of_work(actor) as unit:
        is_new = _write(unit, wish, ticket, language)
        if is_new:
            board.watch(unit, wish.product)
    return is_new


def withdraw(actor: Actor, wait_id: int) -> int:
    """Let a customer wait no longer; returns the number of the ticket. Raises NotFound."""
    require(actor, KEEP)
    with unit_of_work(actor) as unit:
        ended = (
            update(WAITS)
            .where(WAITS.c.id == wait_id, is_open(), WAITS.c.ticket_id.in_(seen_by(actor)))
            .values(state="withdrawn", ended_at=unit.now)
            .returning(WAITS.c.ticket_id)
        )
        ticket_id = unit.session.execute(ended).scalar_one_or_none()
    if ticket_id is None:
        raise NotFound(_("Nobody waits here any more; somebody may have told them meanwhile."))
    return next(iter(read_tickets(actor, [ticket_id]).values())).number


def refuse(actor: Actor, number: int, *, wants_none: bool) -> None:
    """Keep that the customer of a ticket does not want to be told of goods, or that they do again."""
    require(actor, KEEP)
    customer_id = _customer_of(read_ticket(actor, number))
    with unit_of_work(actor) as unit:
        unit.session.execute(delete(REFUSALS).where(REFUSALS.c.customer_id == customer_id))
        if not wants_none:
            return
        values = {"customer_id": customer_id, "at": unit.now, "by_name": actor.name}
        unit.session.execute(insert_into(unit.session, REFUSALS).values(values))
        theirs = update(WAITS).where(WAITS.c.customer_id == customer_id, is_open())
        unit.session.execute(theirs.values(state="refused", ended_at=unit.now))


def has_customer_refused(customer_id: int | None) -> bool:
    """Whether a customer does not want to be told."""
    theirs = select(REFUSALS.c.customer_id).where(REFUSALS.c.customer_id == customer_id)
    with reading() as session:
        return session.execute(theirs).first() is not None


def standing(actor: Actor, customer_id: int) -> tuple[list[Wait], bool]:
    """Return what a customer waits or waited for, newest first, and whether they refuse to be told.

    Only what is in tickets that *actor* may see; in one question.
    """
    them = select(literal(customer_id, BigId).label("id")).subquery()
    theirs = and_(WAITS.c.customer_id == them.c.id, WAITS.c.ticket_id.in_(seen_by(actor)))
    statement = (
        select(REFUSALS.c.customer_id.is_not(None).label("has_refused"), WAITS)
        .select_from(them)
        .outerjoin(REFUSALS, REFUSALS.c.customer_id == them.c.id)
        .outerjoin(WAITS, theirs)
        .order_by(WAITS.c.id.desc())
        .limit(_MOST_READ)
    )
    with reading() as session:
        rows = session.execute(statement).mappings().all()
    waits = [
        Wait(**{column.name: row[column.name] for column in WAITS.c})
        for row in rows
        if row["id"] is not None
    ]
    return waits, bool(rows[0]["has_refused"])


def of_product(
    actor: Actor, key: str, *, since: int = 0, limit: int = 100
) -> list[tuple[Wait, TicketRef]]:
    """Return who waits for a product, the longest waiting first, each with their ticket."""
    waiting = select(WAITS).where(
        WAITS.c.product == key, is_open(), WAITS.c.id > since, WAITS.c.ticket_id.in_(seen_by(actor))
    )
    found = _read(waiting.order_by(WAITS.c.id).limit(limit))
    tickets = read_tickets(actor, [wait.ticket_id for wait in found])
    return [(wait, tickets[TicketId(wait.ticket_id)]) for wait in found]


def counts(keys: Sequence[str]) -> dict[str, int]:
    """Count who waits for each product, whoever may see them: figures name nobody."""
    counted = (
        select(WAITS.c.product, func.count())
        .where(WAITS.c.product.in_(keys), is_open())
        .group_by(WAITS.c.product)
    )
    with reading() as session:
        return {row[0]: row[1] for row in session.execute(counted)}


def _read(statement: Select[*tuple[Any, ...]]) -> list[Wait]:
    with reading() as session:
        rows = session.execute(statement)
        return [Wait(**row._mapping) for row in rows]  # noqa: SLF001  SQLAlchemy's public name


def _check(wish: Wish, ticket: TicketRef) -> None:
    check_key(wish.product)
    problems: list[Problem] = []
    if not 1 <= wish.amount <= MOST:
        problems.append(Problem(field="amount", message=_("Enter a number from 1 to 10,000.")))
    if wish.until is not None and wish.until < today():
        problems.append(Problem(field="until", message=_("This day has gone by.")))
    if has_customer_refused(_customer_of(ticket)):
        message = _("They asked not to be told of goods. Nothing was written down.")
        problems.append(Problem(field="", message=message))
    if problems:
        raise Invalid(problems)


def _customer_of(ticket: TicketRef) -> int:
    if ticket.customer_id is None:
        message = _("This ticket has no customer yet, so nobody could be told.")
        raise Invalid([Problem(field="", message=message)])
    return ticket.customer_id


def _write(unit: Unit, wish: Wish, ticket: TicketRef, language: str) -> bool:
    values = {
        "customer_id": _customer_of(ticket),
        "product": wish.product,
        "place": " ".join(wish.place.split())[:120],
        "amount": wish.amount,
        "until": wish.until,
        "language": language,
        "ticket_id": ticket.id,
        "state": "waiting",
        "reason": "",
        "at": unit.now,
        "by_name": unit.actor.name,
    }
    statement = insert_into(unit.session, WAITS).values(values).on_conflict_do_nothing()
    return unit.session.execute(statement.returning(WAITS.c.id)).first() is not None


def _language(actor: Actor, ticket: TicketRef) -> str:
    """Return the language somebody is told in: what is known of them, else how they wrote."""
    known = read_customer(actor, _customer_of(ticket)).locale[:2]
    if known in LANGUAGES:
        return known
    opening = opening_of(actor, ticket.id)
    guess = language_of(opening.message.text if opening else ticket.subject)
    return guess or page_language()
