"""What was written on a page for customers, in the form in which it goes the way of every mail.

An answer is stored as a raw item of the account the ticket is answered by, so the same fence, job
and filing hold for it. No channel is asked what it means: the desk wrote it itself.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from deskcore.domain.messages import Address, Inbound, InboundFile, InboundMessage, ThreadKeys
from deskcore.models import InboundItem, Ticket
from deskcore.plugin.channel import RawItem
from deskcore.services import threading

# The name in an item's notes that says so; no channel gives its items one like it.
_MARK = "written_on_page_of"


def raw_item(message: InboundMessage, *, external_id: str, ticket_id: int, at: datetime) -> RawItem:
    """Return an answer as the item that is stored of it."""
    content = {
        "from": {"value": message.sender.value, "name": message.sender.name},
        "subject": message.subject,
        "conversation": message.keys.conversation,
        "text": message.text,
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
        meta={_MARK: str(ticket_id)},
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
        )
    ]


def find_place(session: Session, item: InboundItem) -> threading.Place | None:
    """Return the ticket on whose page it was written; None for other items, and when it is gone."""
    if not is_one(item.meta):
        return None
    ticket = threading.alive(session, session.get(Ticket, int(str(item.meta[_MARK]))))
    return threading.Place(ticket=ticket) if ticket is not None else None
