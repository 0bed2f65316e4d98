"""Feeds a folder of mails through what the poller calls, and prints what the database then holds."""

from __future__ import annotations

import json
from pathlib import Path

from sqlalchemy import select

from deskcore import clock
from deskcore.domain.html import clean
from deskcore.models import Attachment, InboundItem, Message
from deskcore.plugin.channel import RawItem
from deskcore.services import inbound
from deskcore.services.unit import reading


def outcome(account_id: int, path: Path, name: str) -> dict[str, object]:
    """Receive one mail and read back everything an agent would get of it."""
    item = RawItem(
        external_id=name, cursor=None, received_at=clock.now(), content=path.read_bytes()
    )
    inbound.file_items(inbound.store(account_id, [item]).new_ids)
    with reading() as session:
        row = session.scalars(select(InboundItem).where(InboundItem.external_id == name)).one()
        source = row.duplicate_of_id or row.id
        message = session.get(Message, session.get_one(InboundItem, source).message_id or 0)
        if message is None:
            return {"file": name, "ok": False, "error": f"{row.state}: {row.reason}"}
        files = session.scalars(select(Attachment).where(Attachment.message_id == message.id)).all()
    images = {file.content_id: f"/files/{file.public_id}" for file in files if file.content_id}
    return {
        "file": name,
        "ok": True,
        "ticket": message.ticket_id,
        "from_email": message.author_address,
        "from_name": message.author_name,
        "subject": message.subject,
        "text": message.visible,
        "full_text": f"{message.visible}\n{message.quoted}",
        "html": clean(message.html, images=images) if message.html else "",
        "attachments": [
            {"filename": file.filename, "content_type": file.content_type, "size": file.size}
            for file in files
        ],
        "is_auto": message.takes_no_answer,
        "is_bounce": message.report.get("status") in {"bounced", "delayed"},
        "bounced_recipient": message.report.get("recipients"),
        "message_id": message.external_id,
        "references": message.reference_ids,
        "reply_to": message.reply_to,
        "to": message.to_addresses,
        "cc": message.cc_addresses,
        "forwarded_from": message.forwarded_from or None,
    }


def write(results: list[dict[str, object]], path: Path) -> None:
    """Write one JSON line per mail."""
    path.write_text("".join(json.dumps(result) + "\n" for result in results), encoding="utf-8")
