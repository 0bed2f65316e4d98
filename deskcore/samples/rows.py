"""Writing many stories at once: the rows their use cases would have written, in bulk statements."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from sqlalchemy import select, update

from deskcore.domain.kinds import Audience, Category, DeliveryState, Direction, IdentityKind
from deskcore.domain.text import preview
from deskcore.models import (
    Company,
    Customer,
    Delivery,
    DeliveryPart,
    Identity,
    Message,
    Tag,
    ThreadKey,
    Ticket,
    TicketLeg,
    TicketParticipant,
    TicketSequence,
    TicketTag,
)
from deskcore.samples import traces
from deskcore.samples.desk import Row, SampleDesk, Told, insert_rows, said_of, write_rows
from deskcore.samples.stories import Said, Story
from deskcore.services import files
from deskcore.services.outgoing import key_digest
from deskcore.services.tickets import fold_tag
from deskcore.services.unit import Unit

_DIRECTIONS = {"customer": Direction.IN, "agent": Direction.OUT, "note": Direction.NOTE}


def write(unit: Unit, desk: SampleDesk, stories: Sequence[Story]) -> None:
    """Write a batch of stories in the unit's transaction; up to some thousand at a time."""
    _meet(unit, desk, stories)
    told = _begin(unit, desk, stories)
    _tickets(unit, desk, told)
    _ways(unit, told)
    _messages(unit, told)
    _deliveries(unit, told)
    _tags(unit, desk, told)
    traces.leave(unit, desk, told)


def _meet(unit: Unit, desk: SampleDesk, stories: Sequence[Story]) -> None:
    """Make the customers, addresses and companies that are not there yet, as of their first word."""
    first = {
        story.writer.address: story
        for story in sorted(stories, key=lambda story: story.said[0].at, reverse=True)
        if story.writer.address not in desk.customers
    }
    new = [story.writer for story in first.values()]
    since = {address: story.said[0].at for address, story in first.items()}
    firms = sorted({one.company for one in new if one.company} - desk.companies.keys())
    rows: list[Row] = [{"name": name, "domains": [], "created_at": unit.now} for name in firms]
    desk.companies.update(zip(firms, insert_rows(unit, Company, rows), strict=True))
    customer_ids = insert_rows(
        unit,
        Customer,
        [
            {
                "name": one.name,
                "company_id": desk.companies.get(one.company),
                "locale": one.language,
                "is_sample": True,
                "created_at": since[one.address],
            }
            for one in new
        ],
    )
    identity_ids = insert_rows(
        unit,
        Identity,
        [
            {
                "customer_id": customer_id,
                "kind": IdentityKind.EMAIL,
                "value": one.address,
                "name": one.name,
                "created_at": since[one.address],
            }
            for one, customer_id in zip(new, customer_ids, strict=True)
        ],
    )
    for one, customer_id, identity_id in zip(new, customer_ids, identity_ids, strict=True):
        desk.customers[one.address] = customer_id, identity_id


def _begin(unit: Unit, desk: SampleDesk, stories: Sequence[Story]) -> list[Told]:
    last = unit.session.execute(
        update(TicketSequence)
        .where(TicketSequence.id == 1)
        .values(last_number=TicketSequence.last_number + len(stories))
        .returning(TicketSequence.last_number)
    ).scalar_one()
    told = []
    for number, story in enumerate(stories, start=last - len(stories) + 1):
        customer_id, identity_id = desk.customers[story.writer.address]
        agents = desk.agents
        told.append(
            Told(
                story=story,
                mailbox=desk.mailboxes[story.mailbox % len(desk.mailboxes)],
                agent=agents[story.agent % len(agents)]
                if story.agent is not None and agents
                else None,
                customer_id=customer_id,
                identity_id=identity_id,
                number=number,
            )
        )
    return told


def _tickets(unit: Unit, desk: SampleDesk, told: Sequence[Told]) -> None:
    ids = insert_rows(unit, Ticket, [_ticket(desk, one) for one in told])
    for one, ticket_id in zip(told, ids, strict=True):
        one.ticket_id = ticket_id


def _ticket(desk: SampleDesk, one: Told) -> Row:
    story = one.story
    status_id, category = desk.statuses[story.status]
    spoken = [said for said in story.said if said.kind != "note"]
    last = spoken[-1]
    waiting = _waiting_since(spoken)
    return {
        "number": one.number,
        "subject": story.subject,
        "mailbox_id": one.mailbox.id,
        "status_id": status_id,
        "category": category,
        "assignee_id": one.agent[0] if one.agent else None,
        "customer_id": one.customer_id,
        "priority": story.priority,
        "channel": "email",
        "customer_name": story.writer.name,
        "preview": preview(last.text),
        "message_count": len(story.said),
        "has_files": any(said.files for said in story.said),
        "last_direction": _DIRECTIONS[last.kind],
        "is_sample": True,
        "created_at": story.said[0].at,
        "updated_at": story.said[-1].at,
        "list_at": waiting.at if waiting and category == Category.OPEN else story.said[-1].at,
        "last_message_at": last.at,
        "waiting_since": waiting.at if waiting else None,
        "solved_at": story.said[-1].at if category == Category.SOLVED else None,
        "spam_at": story.said[0].at if story.is_spam else None,
    }


def _waiting_since(spoken: Sequence[Said]) -> Said | None:
    """Return the first message that nobody has answered."""
    waiting = None
    for said in spoken:
        if said.kind == "agent":
            waiting = None
        elif waiting is None:
            waiting = said
    return waiting


def _ways(unit: Unit, told: Sequence[Told]) -> None:
    rows: list[Row] = [
        {
            "ticket_id": one.ticket_id,
            "account_id": one.mailbox.account_id,
            "identity_id": one.identity_id,
            "created_at": one.story.said[0].at,
        }
        for one in told
    ]
    for one, leg_id in zip(told, insert_rows(unit, TicketLeg, rows), strict=True):
        one.leg_id = leg_id
    write_rows(
        unit,
        TicketParticipant,
        [
            {"ticket_id": one.ticket_id, "identity_id": one.identity_id, "role": "customer"}
            for one in told
        ],
    )


def _messages(unit: Unit, told: Sequence[Told]) -> None:
    pairs = [(one, said) for one in told for said in one.story.said]
    rows = [_message(one, said) for one, said in pairs]
    ids = insert_rows(unit, Message, rows)
    keys = []
    for (one, said), row, message_id in zip(pairs, rows, ids, strict=True):
        one.message_ids.append(message_id)
        for file in said.files:
            files.attach(unit, file, message_id=message_id)
        if row["external_id"]:
            keys.append(
                {
                    "digest": key_digest(str(row["external_id"])),
                    "mailbox_id": one.mailbox.id,
                    "ticket_id": one.ticket_id,
                    "message_id": message_id,
                    "is_ours": said.kind == "agent",
                }
            )
    write_rows(unit, ThreadKey, keys)


def _message(one: Told, said: Said) -> Row:
    is_in, is_note = said.kind == "customer", said.kind == "note"
    writer, ours = one.story.writer, one.mailbox.address
    agent = one.agent
    return {
        "ticket_id": one.ticket_id,
        "leg_id": one.leg_id,
        "direction": _DIRECTIONS[said.kind],
        "audience": Audience.INTERNAL if is_note else Audience.CUSTOMER,
        "author_user_id": agent[0] if agent and not is_in else None,
        "author_identity_id": one.identity_id if is_in else None,
        "author_name": writer.name if is_in else agent[1] if agent else "",
        "author_address": writer.address if is_in else ours,
        "to_addresses": [] if is_note else [ours if is_in else writer.address],
        "cc_addresses": [],
        "subject": one.story.subject,
        "visible": said.text,
        "quoted": said.quoted,
        "html": said.html or None,
        "external_id": "" if is_note else f"{secrets.token_hex(10)}@sample.invalid",
        "reference_ids": [],
        "warnings": [],
        "reply_to": [],
        "sent_at": None if is_note else said.at,
        "created_at": said.at,
    }


def _deliveries(unit: Unit, told: Sequence[Told]) -> None:
    sent = [
        (one, said, message_id) for one, said, message_id in said_of(told) if said.kind == "agent"
    ]
    rows: list[Row] = [
        {
            "message_id": message_id,
            "ticket_id": one.ticket_id,
            "account_id": one.mailbox.account_id,
            "key": secrets.token_hex(16),
            "token": secrets.token_hex(16),
            "external_id": "",
            "state": DeliveryState.SENT,
            "tries": 1,
            "run_at": said.at,
            "created_at": said.at,
            "sent_at": said.at,
        }
        for one, said, message_id in sent
    ]
    if not rows:
        return
    ids = insert_rows(unit, Delivery, rows)
    write_rows(
        unit,
        DeliveryPart,
        [
            {
                "delivery_id": delivery_id,
                "recipient": one.story.writer.address,
                "state": DeliveryState.SENT,
            }
            for (one, _, _), delivery_id in zip(sent, ids, strict=True)
        ],
    )


def _tags(unit: Unit, desk: SampleDesk, told: Sequence[Told]) -> None:
    labels = {label for one in told for label in one.story.tags}
    for label in sorted(labels - desk.tags.keys()):
        key = fold_tag(label)
        tag_id = unit.session.scalar(select(Tag.id).where(Tag.key == key))
        desk.tags[label] = tag_id or insert_rows(unit, Tag, [{"key": key, "label": label}])[0]
    rows: list[Row] = [
        {"ticket_id": one.ticket_id, "tag_id": desk.tags[label]}
        for one in told
        for label in dict.fromkeys(one.story.tags)
    ]
    write_rows(unit, TicketTag, rows)
