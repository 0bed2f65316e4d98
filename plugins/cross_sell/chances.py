"""What became of each chance to make an offer: one row for an offer in a ticket, each step once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Row, delete, insert, select, update

from deskcore.api import SYSTEM, Actor, Invalid, Problem, _
from deskcore.api.data import Unit, insert_into, reading, unit_of_work
from deskcore.plugin import TicketRef
from plugins.cross_sell import links
from plugins.cross_sell.tables import CHANCES, HANDED_IN, OPT_OUTS, SECRET

MOST_AT_ONCE = 10_000
# Why an offer is put away; those who were asked and said no, or have it, are not asked again soon.
REASONS = ("not_fitting", "not_now", "has_it", "declined", "other")
RESTING = frozenset({"has_it", "declined"})


@dataclass(frozen=True, kw_only=True)
class Past:
    """What is known of a customer: the key of the desk, an opt-out, and earlier chances."""

    key: str
    opted_out_at: datetime | None = None
    opted_out_by: str = ""
    chances: Sequence[Row[tuple[object, ...]]] = ()

    def in_ticket(self, ticket_id: int) -> list[Row[tuple[object, ...]]]:
        """Return the chances in one ticket."""
        return [row for row in self.chances if row.ticket_id == ticket_id]

    def rests(self, offer_id: int, product: str, ticket_id: int, *, since: datetime) -> bool:
        """Whether the offer, or its product, was made or declined too short a while ago."""
        for row in self.chances:
            if row.offer_id != offer_id and row.product != product:
                continue
            if row.ticket_id == ticket_id and (row.inserted_at or row.dismissed_at):
                return True
            declined_at = row.dismissed_at if row.dismissed_for in RESTING else None
            if any(at is not None and at > since for at in (row.inserted_at, declined_at)):
                return True
        return False


def past_of(customer_id: int) -> Past:
    """Return what is known of a customer, in one question."""
    statement = (
        select(
            SECRET.c.key,
            OPT_OUTS.c.at.label("opted_out_at"),
            OPT_OUTS.c.by_name.label("opted_out_by"),
            CHANCES,
        )
        .select_from(SECRET)
        .outerjoin(OPT_OUTS, OPT_OUTS.c.customer_id == customer_id)
        .outerjoin(CHANCES, CHANCES.c.customer_id == customer_id)
        .order_by(CHANCES.c.id.desc())
        .limit(200)
    )
    with reading() as session:
        rows = session.execute(statement).all()
    known = rows[0]  # the key is there always, so there is a row without any chance
    return Past(
        key=known.key,
        opted_out_at=known.opted_out_at,
        opted_out_by=known.opted_out_by or "",
        chances=[row for row in rows if row.id is not None],
    )


@dataclass(frozen=True, kw_only=True)
class Chance:
    """An offer of a product in a ticket."""

    offer_id: int
    product: str
    ticket: TicketRef
    token: str
    is_control: bool = False


def show(actor: Actor, seen: Iterable[Chance]) -> None:
    """Note that offers were shown to whoever answers, or would have been to somebody else."""
    with unit_of_work(actor) as unit:
        for chance in seen:
            _ensure(unit, chance)
            _mark(unit, _is(chance), "shown_at")


def put_in(actor: Actor, chance: Chance) -> None:
    """Note that an offer was put into an answer; then it was shown, too."""
    with unit_of_work(actor) as unit:
        _ensure(unit, chance)
        _mark(unit, _is(chance), "shown_at")
        _mark(unit, _is(chance), "inserted_at", inserted_by=actor.name)


def dismiss(actor: Actor, chance: Chance, reason: str) -> None:
    """Put an offer away in this ticket, with a reason out of ``REASONS``."""
    if reason not in REASONS:
        raise Invalid([Problem(field="reason", message=_("Say why it is put away."))])
    with unit_of_work(actor) as unit:
        _ensure(unit, chance)
        _mark(unit, _is(chance), "shown_at")
        values = {"dismissed_by": actor.name, "dismissed_for": reason}
        _mark(unit, _is(chance), "dismissed_at", **values)


def take(actor: Actor, chance: Chance, *, how: str) -> None:
    """Note that a customer took an offer, as a colleague saw it ("mark") or by the code ("code").

    It counts where the customer met the offer last, whichever ticket it is told in.
    """
    with unit_of_work(actor) as unit:
        met = (
            select(CHANCES.c.id)
            .where(
                CHANCES.c.offer_id == chance.offer_id,
                CHANCES.c.customer_id == chance.ticket.customer_id,
                CHANCES.c.shown_at.is_not(None),
            )
            .order_by(CHANCES.c.inserted_at.is_(None), CHANCES.c.id.desc())
            .limit(1)
        )
        chance_id = unit.session.scalars(met).first()
        if chance_id is None:
            _ensure(unit, chance)
        where = CHANCES.c.id == chance_id if chance_id is not None else _is(chance)
        _mark(unit, where, "taken_at", taken_by=actor.name, taken_how=how)


def not_taken(actor: Actor, chance_id: int) -> None:
    """Take such a mark back."""
    with unit_of_work(actor) as unit:
        values = {"taken_at": None, "taken_by": "", "taken_how": ""}
        unit.session.execute(update(CHANCES).where(CHANCES.c.id == chance_id).values(**values))
        left = (CHANCES.c.id == chance_id, CHANCES.c.shown_at.is_(None))
        unit.session.execute(delete(CHANCES).where(*left))


def hand_in(actor: Actor, offer_id: int, amount: int) -> None:
    """Note codes that people handed in without telling who they are."""
    if not 1 <= amount <= MOST_AT_ONCE:
        raise Invalid(
            [Problem(field="amount", message=_("Enter a whole number from 1 to 10,000."))]
        )
    with unit_of_work(actor) as unit:
        row = {"offer_id": offer_id, "amount": amount, "at": unit.now, "by_name": actor.name}
        unit.session.execute(insert(HANDED_IN).values(**row))


def click(token: str) -> None:
    """Note that a person pressed the button behind a link."""
    with unit_of_work(SYSTEM) as unit:
        _mark(unit, CHANCES.c.token == token, "clicked_at")


def sent(text: str) -> None:
    """Note which offers left the desk in a text."""
    tokens = links.tokens_in(text)
    if tokens:
        with unit_of_work(SYSTEM) as unit:
            _mark(unit, CHANCES.c.token.in_(tokens), "sent_at")


def by_token(token: str) -> Row[tuple[object, ...]] | None:
    """Return the chance that a link stands for."""
    with reading() as session:
        return session.execute(select(CHANCES).where(CHANCES.c.token == token)).one_or_none()


def opt_out(actor: Actor, customer_id: int, *, by_name: str) -> None:
    """Keep that a customer wants no offers; told twice, the first time counts."""
    with unit_of_work(actor) as unit:
        row = {"customer_id": customer_id, "at": unit.now, "by_name": by_name}
        statement = insert_into(unit.session, OPT_OUTS).values(**row)
        unit.session.execute(statement.on_conflict_do_nothing(index_elements=["customer_id"]))


def opt_in(actor: Actor, customer_id: int) -> None:
    """Keep that they want them again."""
    with unit_of_work(actor) as unit:
        unit.session.execute(delete(OPT_OUTS).where(OPT_OUTS.c.customer_id == customer_id))


def rest_since(now: datetime, days: int) -> datetime:
    """Return since when what was made still rests."""
    return now - timedelta(days=days)


def _is(chance: Chance) -> ColumnElement[bool]:
    found: ColumnElement[bool] = (CHANCES.c.offer_id == chance.offer_id) & (
        CHANCES.c.ticket_id == chance.ticket.id
    )
    return found


def _ensure(unit: Unit, chance: Chance) -> None:
    row = {
        "offer_id": chance.offer_id,
        "product": chance.product,
        "ticket_id": chance.ticket.id,
        "ticket_number": chance.ticket.number,
        "customer_id": chance.ticket.customer_id,
        "is_control": chance.is_control,
        "token": chance.token,
        **dict.fromkeys(
            ("inserted_by", "dismissed_by", "dismissed_for", "taken_by", "taken_how"), ""
        ),
    }
    statement = insert_into(unit.session, CHANCES).values(**row)
    unit.session.execute(statement.on_conflict_do_nothing(index_elements=["offer_id", "ticket_id"]))


def _mark(unit: Unit, where: ColumnElement[bool], step: str, **more: object) -> None:
    """Note a step once: who does it again changes nothing."""
    is_first = CHANCES.c[step].is_(None)
    values = {step: unit.now, **more}
    unit.session.execute(update(CHANCES).where(where, is_first).values(**values))
