"""The work of a telling: a few customers in each job, each in a transaction of their own.

Whoever is told is marked so in the transaction that queues their answer. A worker that dies anywhere
leaves both or neither, so nobody is told twice and nobody is forgotten.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select, update

from deskcore.api import N_, Actor, DeskError, Invalid, Problem, TicketId
from deskcore.api.data import (
    can,
    colleague,
    fill,
    read_tickets,
    reading,
    ready_answer,
    send_ready,
    unit_of_work,
)
from deskcore.plugin import TicketRef
from plugins.stock_notes import products, runs, waits
from plugins.stock_notes.places import TELL
from plugins.stock_notes.runs import Run
from plugins.stock_notes.tables import CARDS, RUNS, WAITS
from plugins.stock_notes.waits import Wait

UNIT = 20  # customers of one job


def tell(run_id: int) -> None:
    """Tell the next few of a telling, then ask for those after them."""
    run = runs.one(run_id)
    if run.state != "going":
        return
    actor = colleague(run.by_id)
    if actor is None or not can(actor, TELL) or not can(actor, "ticket.reply"):
        runs.hold(
            run_id, N_("Whoever began this may not answer customers any more. Go on yourself.")
        )
        return
    next_ones = _next(run_id, UNIT)
    tickets = read_tickets(actor, [wait.ticket_id for wait in next_ones])
    words = own_words(run.product)
    for wait in next_ones:
        _tell(actor, run, wait, tickets.get(TicketId(wait.ticket_id)), words)
    with unit_of_work(actor) as unit:
        if _next(run_id, 1):
            runs.go_on(unit, run_id, runs.progress(run_id).told + runs.progress(run_id).failed)
            return
        runs.finish(unit, run_id)
        still = select(WAITS.c.id).where(WAITS.c.product == run.product, waits.is_open())
        if runs.one(run_id).state == "done" and unit.session.execute(still).first() is None:
            told = update(CARDS).where(CARDS.c.product == run.product)
            moved = {"lane": "told", "moved_at": unit.now, "moved_by": actor.name}
            unit.session.execute(told.values(**moved, version=CARDS.c.version + 1))


def own_words(key: str) -> dict[str, str]:
    """Return what the plugin's own placeholders stand for."""
    known, _heard = products.by_key([key])
    levels, _heard = products.levels_of([key])
    product = known.get(key)
    return {
        "product.name": product.name if product else products.names([key])[key],
        "product.link": product.url if product else "",
        "product.place": levels[key].where if key in levels else "",
    }


def said(
    actor: Actor, number: int, language: str, text: str, words: Mapping[str, str]
) -> tuple[str, tuple[str, ...]]:
    """Return a text as one customer reads it, and the placeholders for which nothing is known."""
    (filled,) = fill(actor, number, [(language, text)])
    left = tuple(
        piece.name for piece in filled.pieces if not piece.is_filled and not words.get(piece.name)
    )
    whole = "".join(
        piece.text if piece.is_filled else words.get(piece.name) or piece.text
        for piece in filled.pieces
    )
    return whole, left


def _next(run_id: int, most: int) -> Sequence[Wait]:
    left = select(WAITS).where(WAITS.c.run_id == run_id, WAITS.c.state == "waiting")
    with reading() as session:
        rows = session.execute(left.order_by(WAITS.c.id).limit(most)).all()
    return [Wait(**row._mapping) for row in rows]  # noqa: SLF001  SQLAlchemy's public name


def _tell(
    actor: Actor, run: Run, wait: Wait, ticket: TicketRef | None, words: Mapping[str, str]
) -> None:
    """Tell one customer, or note why that cannot be."""
    try:
        if ticket is None or ticket.customer_id != wait.customer_id:
            raise _cannot(N_("Their ticket is gone, hidden, or somebody else's by now."))
        text, left = said(actor, ticket.number, wait.language, run.texts[wait.language], words)
        if left:
            raise _cannot(N_("Nothing is known for a placeholder of the text."))
        _send(actor, run, wait, ticket.number, text)
    except DeskError as failure:
        with unit_of_work(actor) as unit:
            waiting = update(WAITS).where(WAITS.c.id == wait.id, WAITS.c.state == "waiting")
            unit.session.execute(waiting.values(state="failed", reason=str(failure)[:500]))


def _send(actor: Actor, run: Run, wait: Wait, number: int, text: str) -> None:
    ready = ready_answer(actor, number, text)
    with unit_of_work(actor) as unit:
        is_going = select(RUNS.c.id).where(RUNS.c.id == run.id, RUNS.c.state == "going").exists()
        mine = (WAITS.c.id == wait.id, WAITS.c.state == "waiting", WAITS.c.run_id == run.id)
        told = (
            update(WAITS)
            .where(*mine, is_going, ~waits.has_refused())
            .values(state="told", ended_at=unit.now)
            .returning(WAITS.c.id)
        )
        if unit.session.execute(told).one_or_none() is not None:
            send_ready(unit, ready)


def _cannot(reason: str) -> Invalid:
    return Invalid([Problem(field="", message=reason)])
