"""Asking customers for a review: everybody, or a share that is drawn; never whom somebody chooses.

Who is asked depends on the ticket's number alone: not on what was written, by whom, or how it ended.
Each ticket that came into question is kept with its draw, so that anybody can count again.
"""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

from sqlalchemy import delete, func, insert, select, update

from deskcore.api import (
    SYSTEM,
    Actor,
    DeskError,
    DomainEvent,
    NotFound,
    TicketStatusChanged,
    page_language,
)
from deskcore.api.data import (
    Unit,
    insert_into,
    opening_of,
    read_customer,
    read_ticket,
    reading,
    ready_answer,
    require,
    send_ready,
    settings_of,
    unit_of_work,
)
from deskcore.plugin import JobType, TicketRef
from plugins.reviews.rights import SET_UP, SLUG
from plugins.reviews.settings import LANGUAGES, ReviewsSettings
from plugins.reviews.tables import ASKED, OPTED_OUT

JOB = "reviews.ask"
DUE, SENT, NOT_DRAWN, OPTED, LATELY, NO_ADDRESS, OPENED_AGAIN, FAILED = (
    "due",
    "asked",
    "not_drawn",
    "opted_out",
    "lately",
    "no_address",
    "opened_again",
    "failed",
)
_PERCENT = 100


def draw(number: int) -> int:
    """Return what is drawn for a ticket, 0 to 99: those below the share are asked."""
    return int(sha256(f"reviews.ask {number}".encode()).hexdigest(), 16) % _PERCENT


def consider(event: DomainEvent) -> None:
    """Put down a ticket that was solved, with what was drawn; once, however often it is solved."""
    if not isinstance(event, TicketStatusChanged) or event.category != "solved":
        return
    rules = settings_of(SLUG, ReviewsSettings)
    opening = opening_of(SYSTEM, event.ticket_id or 0) if rules.ask_share else None
    if opening is None or opening.is_spam:
        return
    ticket = read_ticket(SYSTEM, opening.number)
    if ticket.kind != "question" or ticket.customer_id is None:
        return
    address = opening.message.sender.value
    with unit_of_work() as unit:
        outcome = _outcome(unit, ticket, address if "@" in address else "", rules)
        row = {
            "ticket_id": ticket.id,
            "number": ticket.number,
            "customer_id": ticket.customer_id,
            "address": address[:320] if "@" in address else "",
            "at": unit.now,
            "draw": draw(ticket.number),
            "share": rules.ask_share,
            "outcome": outcome,
        }
        kept = (
            insert_into(unit.session, ASKED)
            .values(**row)
            .on_conflict_do_nothing(index_elements=["ticket_id"])
        )
        unit.session.execute(kept)
        if outcome == DUE:
            unit.enqueue(
                JOB,
                {"number": ticket.number},
                run_at=unit.now + timedelta(days=rules.ask_after_days),
                unique_key=f"{JOB} {ticket.number}",
            )


def ask(number: int) -> None:
    """Write to a customer whose turn it is, unless something speaks against it by now."""
    rules = settings_of(SLUG, ReviewsSettings)
    ticket = read_ticket(SYSTEM, number)
    text = rules.ask_text(_language_of(ticket.customer_id or 0))
    try:
        ready = ready_answer(SYSTEM, number, text)
    except DeskError:
        ready = None
    with unit_of_work() as unit:
        row = unit.session.execute(
            select(ASKED).where(ASKED.c.number == number).with_for_update()
        ).first()
        if row is None or row.outcome != DUE:
            return
        outcome = OPTED if _has_opted_out(unit, row.customer_id) else SENT
        outcome = outcome if ticket.category == "solved" else OPENED_AGAIN
        outcome = outcome if rules.ask_share else NOT_DRAWN
        outcome = outcome if ready or outcome != SENT else FAILED
        # What is put down and what is sent happen together: nobody is asked twice, or forgotten.
        unit.session.execute(update(ASKED).where(ASKED.c.id == row.id).values(outcome=outcome))
        if ready and outcome == SENT:
            send_ready(unit, ready)


def opt_out(actor: Actor, customer_id: int, *, wants: bool) -> None:
    """Keep that a customer does not want to be asked, or that they changed their mind."""
    customer = read_customer(actor, customer_id)
    require(actor, "customer.change")
    with unit_of_work(actor) as unit:
        unit.session.execute(delete(OPTED_OUT).where(OPTED_OUT.c.customer_id == customer.id))
        if wants:
            row = {"customer_id": customer.id, "at": unit.now, "by_name": actor.name}
            unit.session.execute(insert(OPTED_OUT).values(**row))
        unit.audit("reviews.opt_out", f"customer {customer.id}", after={"opted_out": wants})


def is_opted_out(customer_id: int) -> bool:
    """Whether a customer does not want to be asked."""
    with reading() as session:
        theirs = select(OPTED_OUT.c.customer_id).where(OPTED_OUT.c.customer_id == customer_id)
        return session.execute(theirs).first() is not None


def ledger(actor: Actor, *, most: int = 100) -> tuple[list[object], dict[str, int]]:
    """Return who came into question lately, and how many there are of each outcome."""
    require(actor, SET_UP)
    with reading() as session:
        rows = session.execute(select(ASKED).order_by(ASKED.c.id.desc()).limit(most)).all()
        counts = session.execute(select(ASKED.c.outcome, func.count()).group_by(ASKED.c.outcome))
        return list(rows), {str(outcome): count for outcome, count in counts}


def job() -> JobType:
    """Return the work that writes to one customer."""
    return JobType(name=JOB, run=ask)


def _outcome(unit: Unit, ticket: TicketRef, address: str, rules: ReviewsSettings) -> str:
    """Decide by the draw first: what comes after can only spare people a mail."""
    if draw(ticket.number) >= rules.ask_share:
        return NOT_DRAWN
    if not address:
        return NO_ADDRESS
    if _has_opted_out(unit, ticket.customer_id or 0):
        return OPTED
    since = unit.now - timedelta(days=rules.ask_again_days)
    lately = select(ASKED.c.id).where(
        ASKED.c.customer_id == ticket.customer_id,
        ASKED.c.outcome.in_((DUE, SENT)),
        ASKED.c.at > since,
        ASKED.c.ticket_id != ticket.id,
    )
    return LATELY if unit.session.execute(lately).first() else DUE


def _has_opted_out(unit: Unit, customer_id: int) -> bool:
    theirs = select(OPTED_OUT.c.customer_id).where(OPTED_OUT.c.customer_id == customer_id)
    return unit.session.execute(theirs).first() is not None


def _language_of(customer_id: int) -> str:
    """Return the language a customer is written to in: theirs, or the desk's."""
    try:
        known = read_customer(SYSTEM, customer_id).locale[:2]
    except NotFound:
        known = ""
    return known if known in LANGUAGES else page_language()
