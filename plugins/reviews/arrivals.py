"""What happened to reviews, told in the worker: they come, change and go; answers arrive or do not."""

from __future__ import annotations

from sqlalchemy import insert, select, update

from deskcore.api import (
    SYSTEM,
    DomainEvent,
    MessageChanged,
    MessageReceived,
    ReplyFailed,
    ReplyReported,
    ReplyUndone,
    TicketMoved,
    TicketStatusChanged,
)
from deskcore.api.data import (
    Unit,
    change_status,
    customer_of,
    opening_of,
    read_ticket,
    told_by,
    unit_of_work,
)
from deskcore.plugin import Subscription, TicketRef
from plugins.reviews import asking, follow_ups
from plugins.reviews.kinds import GONE, PUBLISHED, is_review, state_of
from plugins.reviews.review import Review, moment, review_in
from plugins.reviews.sites import CHANNELS
from plugins.reviews.tables import ANSWERS, REVIEWS, VERSIONS


def subscriptions() -> list[Subscription]:
    """Return what the plugin is told of."""
    return [
        Subscription(name="reviews.came", events=(MessageReceived,), handle=take_in),
        Subscription(name="reviews.gone", events=(MessageChanged,), handle=let_go),
        Subscription(name="reviews.moved", events=(TicketStatusChanged,), handle=follow_status),
        Subscription(name="reviews.mailbox", events=(TicketMoved,), handle=follow_mailbox),
        Subscription(
            name="reviews.answers",
            events=(ReplyFailed, ReplyReported, ReplyUndone),
            handle=follow_answer,
        ),
        Subscription(name="reviews.asking", events=(TicketStatusChanged,), handle=asking.consider),
    ]


def take_in(event: DomainEvent) -> None:
    """Keep a review that came, or what it says now; told twice, it is the same."""
    if not isinstance(event, MessageReceived) or event.channel not in CHANNELS:
        return
    told = told_by(event.message_id)
    review = review_in(told.message) if told else None
    opening = opening_of(SYSTEM, event.ticket_id or 0)
    if told is None or review is None or opening is None:
        return
    ticket = read_ticket(SYSTEM, opening.number)
    if not is_review(ticket.kind):
        return
    customer = customer_of(SYSTEM, review.email) if review.email else None
    with unit_of_work() as unit:
        _keep(unit, told.account_id, ticket, review, customer)
        follow_ups.open_one(unit, ticket.id)


def let_go(event: DomainEvent) -> None:
    """Put a review away whose author has deleted it; nobody needs to answer it any more."""
    if not isinstance(event, MessageChanged) or event.kind not in {"unsend", "redaction"}:
        return
    with unit_of_work() as unit:
        kind = _kind_of(unit, event.ticket_id)
        if kind:
            change_status(unit, event.ticket_id or 0, f"{kind}.{GONE}")


def follow_status(event: DomainEvent) -> None:
    """Bring the list in line with a status, whoever changed it, and note when it was answered."""
    if not isinstance(event, TicketStatusChanged) or not (state := state_of(event.after)):
        return
    with unit_of_work() as unit:
        row = unit.session.execute(
            select(REVIEWS).where(REVIEWS.c.ticket_id == event.ticket_id)
        ).first()
        if row is None:
            return
        values: dict[str, object] = {"state": state}
        if state == PUBLISHED and event.by_reply and row.answered_at is None:
            took = max(0, round((unit.now - row.arrived_at).total_seconds()))
            values |= {"answered_at": unit.now, "took_s": took}
        theirs = REVIEWS.c.id == row.id
        unit.session.execute(update(REVIEWS).where(theirs).values(**values))


def follow_mailbox(event: DomainEvent) -> None:
    """Show a review to those who see its ticket now."""
    if isinstance(event, TicketMoved):
        with unit_of_work() as unit:
            theirs = REVIEWS.c.ticket_id == event.ticket_id
            unit.session.execute(update(REVIEWS).where(theirs).values(mailbox_id=event.mailbox_id))


def follow_answer(event: DomainEvent) -> None:
    """Keep why a site refused an answer; one that was taken back is not published any more."""
    is_refused = isinstance(event, ReplyFailed) or (
        isinstance(event, ReplyReported) and event.status == "bounced"
    )
    if not (is_refused or isinstance(event, ReplyUndone)):
        return
    with unit_of_work() as unit:
        theirs = select(REVIEWS.c.id).where(REVIEWS.c.ticket_id == event.ticket_id)
        review_id = unit.session.scalars(theirs).first()
        if review_id is None:
            return
        answer = ANSWERS.c.review_id == review_id
        unit.session.execute(update(ANSWERS).where(answer).values(published=""))
        first = {"answered_at": None, "took_s": None, "refusal": str(getattr(event, "detail", ""))}
        unit.session.execute(update(REVIEWS).where(REVIEWS.c.id == review_id).values(**first))


def _keep(
    unit: Unit, account_id: int, ticket: TicketRef, review: Review, customer: int | None
) -> None:
    row = unit.session.execute(
        select(REVIEWS)
        .where(REVIEWS.c.account_id == account_id, REVIEWS.c.external_id == review.external_id)
        .with_for_update()
    ).first()
    said = _said(review)
    if row is None:
        unit.session.execute(
            insert(REVIEWS).values(
                account_id=account_id,
                external_id=review.external_id,
                ticket_id=ticket.id,
                number=ticket.number,
                mailbox_id=ticket.mailbox_id,
                kind=ticket.kind,
                state=state_of(ticket.status),
                customer_id=customer or ticket.customer_id,
                arrived_at=unit.now,
                refusal="",
                **said,
            )
        )
    elif row.digest != review.digest:
        before = {name: getattr(row, name) for name in ("tenths", "title", "text")}
        unit.session.execute(insert(VERSIONS).values(review_id=row.id, until=unit.now, **before))
        theirs = REVIEWS.c.id == row.id
        unit.session.execute(
            update(REVIEWS).where(theirs).values(changed_at=unit.now, ticket_id=ticket.id, **said)
        )


def _said(review: Review) -> dict[str, object]:
    names = (
        "tenths",
        "author",
        "email",
        "title",
        "text",
        "product",
        "product_url",
        "link",
        "language",
    )
    return {name: getattr(review, name) for name in names} | {
        "digest": review.digest,
        "written_at": moment(review.written_at),
    }


def _kind_of(unit: Unit, ticket_id: int | None) -> str:
    theirs = select(REVIEWS.c.kind).where(REVIEWS.c.ticket_id == ticket_id)
    return unit.session.scalars(theirs).first() or ""
