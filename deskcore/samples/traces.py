"""What stories leave behind beside their messages: history, search documents, counters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from deskcore.domain import events
from deskcore.domain.events import DomainEvent
from deskcore.domain.kinds import Audience
from deskcore.models import Event, SearchDocument, TicketCount
from deskcore.samples.desk import Row, SampleDesk, Told, insert_rows, said_of, write_rows
from deskcore.samples.stories import Said
from deskcore.services import counters, search, search_text
from deskcore.services.events import last_position
from deskcore.services.unit import Unit


def leave(unit: Unit, desk: SampleDesk, told: Sequence[Told]) -> None:
    """Write what belongs to stories whose tickets and messages are written."""
    _events(unit, told)
    _search(unit, told)
    _count(unit, desk, told)


def _events(unit: Unit, told: Sequence[Told]) -> None:
    """Write each ticket's history, in its place in the feed: no subscriber hears of samples."""
    rows: list[Row] = []
    for one in told:
        rows.extend(_history(one))
    start = last_position(unit.session) + 1
    for position, row in enumerate(rows, start):
        row["position"] = position
    write_rows(unit, Event, rows)


def _history(one: Told) -> Iterator[Row]:
    ticket_id, mailbox_id = one.ticket_id, one.mailbox.id
    customer: Row = {"actor_kind": "customer", "actor_name": one.story.writer.name}
    agent: Row = {"actor_kind": "user", "actor_name": ""}
    if one.agent:
        agent |= {"actor_id": one.agent[0], "actor_name": one.agent[1]}
    opened = events.TicketOpened(
        channel="email", customer_id=one.customer_id, ticket_id=ticket_id, mailbox_id=mailbox_id
    )
    yield _event(opened, one.story.said[0], customer)
    for place, (said, message_id) in enumerate(zip(one.story.said, one.message_ids, strict=True)):
        if said.kind == "customer":
            received = events.MessageReceived(
                message_id=message_id,
                channel="email",
                first=place == 0,
                customer_id=one.customer_id,
                ticket_id=ticket_id,
                mailbox_id=mailbox_id,
            )
            yield _event(received, said, customer)
        elif said.kind == "note":
            yield _event(
                events.MessageNoted(
                    message_id=message_id, ticket_id=ticket_id, mailbox_id=mailbox_id
                ),
                said,
                agent,
            )
        else:
            yield _event(
                events.ReplySent(message_id=message_id, ticket_id=ticket_id, mailbox_id=mailbox_id),
                said,
                agent,
            )
    if one.story.status != "open":
        changed = events.TicketStatusChanged(
            before="open",
            after=one.story.status,
            category=one.story.status,
            ticket_id=ticket_id,
            mailbox_id=mailbox_id,
        )
        yield _event(changed, one.story.said[-1], agent)


def _event(event: DomainEvent, said: Said, actor: Row) -> Row:
    return {
        "name": event.name,
        "version": event.version,
        "at": said.at,
        "actor_id": 0,
        **actor,
        "ticket_id": event.ticket_id,
        "customer_id": event.customer_id,
        "mailbox_id": event.mailbox_id,
        "data": event.data(),
        "depth": 0,
    }


def _search(unit: Unit, told: Sequence[Told]) -> None:
    rows: list[Row] = []
    bodies: list[str] = []
    for one in told:
        story, writer = one.story, one.story.writer
        names = [file.filename for said in story.said for file in said.files]
        person = f"{writer.name} {writer.address}"
        header = (str(one.number), story.subject, writer.name, person, *names)
        rows.append(_document(one.ticket_id, None, Audience.CUSTOMER, story.said[0]))
        bodies.append(search_text.terms("\n".join(header)))
    for one, said, message_id in said_of(told):
        audience = Audience.INTERNAL if said.kind == "note" else Audience.CUSTOMER
        rows.append(_document(one.ticket_id, message_id, audience, said))
        bodies.append(search_text.terms(f"{one.story.subject}\n{_who(one, said)}\n{said.text}"))
    ids = insert_rows(unit, SearchDocument, rows)
    search.write_terms(unit.session, dict(zip(ids, bodies, strict=True)))


def _who(one: Told, said: Said) -> str:
    """Write the author of a message as search finds them."""
    if said.kind == "customer":
        return f"{one.story.writer.name}\n{one.story.writer.address}"
    return f"{one.agent[1] if one.agent else ''}\n{one.mailbox.address}"


def _document(ticket_id: int, message_id: int | None, audience: Audience, said: Said) -> Row:
    return {
        "ticket_id": ticket_id,
        "message_id": message_id,
        "audience": audience,
        "at": said.at,
    }


def _count(unit: Unit, desk: SampleDesk, told: Sequence[Told]) -> None:
    amounts = Counter(
        (
            one.mailbox.id,
            counters.SPAM if one.story.is_spam else desk.statuses[one.story.status][1],
            one.agent[0] if one.agent else counters.NOBODY,
        )
        for one in told
    )
    write_rows(
        unit,
        TicketCount,
        [
            {"mailbox_id": mailbox_id, "bucket": bucket, "assignee_id": agent, "amount": amount}
            for (mailbox_id, bucket, agent), amount in amounts.items()
        ],
    )
