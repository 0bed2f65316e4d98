"""What was written on a page for customers, in the form in which it goes the way of every mail.

An answer, or what opens a ticket, is stored as a raw item of the account the ticket is answered by, so
the same fence, job and filing hold for it. No channel is asked what it means: the desk wrote it itself.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from deskcore.domain.messages import Address, Inbound, InboundFile, InboundMessage, ThreadKeys
from deskcore.models import InboundItem, Team, Ticket
from deskcore.plugin.channel import RawItem
from deskcore.plugin.ticket_parts import FieldValue, TicketField
from deskcore.services import public_links, threading, ticket_fields, tickets
from deskcore.services.ticket_fields import plain
from deskcore.services.unit import Unit

# The names in an item's notes that say so; no channel gives its items one like these.
_MARK = "written_on_page_of"
_NUMBER = "number_from_page"
# Where such an item says what the ticket is given; a mail that says so as well is not asked.
_GIVES = "desk-page-gives"


@dataclass(frozen=True, kw_only=True)
class Opening:
    """What the owner of a page gives to tickets that are opened there."""

    team_id: int | None = None
    tags: Sequence[str] = ()
    fields: Sequence[tuple[TicketField, FieldValue]] = ()


def raw_item(message: InboundMessage, *, external_id: str, ticket_id: int, at: datetime) -> RawItem:
    """Return an answer as the item that is stored of it."""
    return _item(message, {_MARK: str(ticket_id)}, external_id=external_id, at=at)


def new_item(
    message: InboundMessage, opening: Opening, *, external_id: str, number: int, at: datetime
) -> RawItem:
    """Return what opens a ticket of that number as the item that is stored of it."""
    gives = {
        "team": opening.team_id,
        "tags": opening.tags,
        "fields": [
            {"name": each.name, "label": each.label, "kind": each.kind, "value": plain(value)}
            for each, value in opening.fields
        ],
    }
    noted = {_MARK: "", _NUMBER: str(number)}
    return _item(message, noted, external_id=external_id, at=at, gives=gives)


def _item(
    message: InboundMessage,
    noted: Mapping[str, str],
    *,
    external_id: str,
    at: datetime,
    gives: Mapping[str, object] | None = None,
) -> RawItem:
    content = {
        "from": {"value": message.sender.value, "name": message.sender.name},
        "subject": message.subject,
        "conversation": message.keys.conversation,
        "text": message.text,
        "facts": {**message.headers, **({_GIVES: json.dumps(gives)} if gives else {})},
        "files": [
            {
                "name": file.filename,
                "type": file.content_type,
                "base64": b64encode(file.content).decode("ascii"),
            }
            for file in message.files
        ],
    }
    return RawItem(
        external_id=external_id,
        cursor=None,
        received_at=at,
        content=json.dumps(content, ensure_ascii=False).encode(),
        meta=noted,
    )


def is_one(meta: Mapping[str, object]) -> bool:
    """Whether an item with these notes was written on a page of ours."""
    return _MARK in meta


def parse(raw: RawItem) -> list[Inbound]:
    """Say what such an item means."""
    said = json.loads(raw.content)
    files = tuple(
        InboundFile(
            filename=file["name"], content_type=file["type"], content=b64decode(file["base64"])
        )
        for file in said["files"]
    )
    return [
        InboundMessage(
            external_id="",  # there is no mail that an answer could refer to
            sender=Address(**said["from"]),
            subject=said["subject"],
            text=said["text"],
            visible=said["text"],
            files=files,
            sent_at=raw.received_at,
            keys=ThreadKeys(conversation=said["conversation"]),
            headers=said.get("facts", {}),
        )
    ]


def find_place(session: Session, item: InboundItem) -> threading.Place | None:
    """Return the ticket on whose page it was written; None for other items, and when it is gone.

    What opens a ticket joins none, whatever it says.
    """
    if not is_one(item.meta):
        return None
    if number_in(item.meta):
        return threading.Place()
    ticket = threading.alive(session, session.get(Ticket, int(str(item.meta[_MARK]))))
    return threading.Place(ticket=ticket) if ticket is not None else None


def number_in(meta: Mapping[str, object]) -> int:
    """Return the number that was promised to whoever opened a ticket on a page; 0 for no such item."""
    return int(str(meta.get(_NUMBER, 0)))


def furnish(
    unit: Unit, ticket: Ticket, identity_id: int, item: InboundItem, message: InboundMessage
) -> None:
    """Give a ticket that was opened on a page what that page gives, and its customer a key to it."""
    if not number_in(item.meta):
        return
    gives = json.loads(message.headers[_GIVES])
    if gives["team"] and unit.session.get(Team, gives["team"]) is not None:
        ticket.team_id = gives["team"]
    tickets.tag(unit, ticket, gives["tags"])
    values: dict[str, FieldValue | None] = {}
    fields = {}
    for each in gives["fields"]:
        declared = TicketField(name=each["name"], label=each["label"], kind=each["kind"])
        fields[declared.name] = declared
        values[declared.name] = ticket_fields.read(declared, each["value"])
    ticket_fields.keep(unit, ticket, fields, values)
    public_links.ensure(unit, ticket.id, identity_id)
