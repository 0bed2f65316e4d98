"""What the network's events mean. Pure and total: any bytes give something."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from deskcore.api import (
    Address,
    DeliveryReport,
    Ignored,
    Inbound,
    InboundChange,
    InboundMessage,
    ThreadKeys,
)

CHANGES = {"edit": "edit", "delete": "unsend", "reaction": "reaction", "unreaction": "unreaction"}
REPORTS = frozenset({"delivered", "read"})


def meaning(content: bytes) -> Inbound:
    """Say what one event means."""
    event = _event(content)
    kind = text_at(event, "type")
    if event.get("echo") is True:
        return Ignored(reason="A message of ours came back.")
    if kind == "test":
        return Ignored(reason="The network tried the connection.")
    if kind == "message" and text_at(event, "id"):
        return _message(event)
    if kind == "status" and text_at(event, "status") in REPORTS:
        return DeliveryReport(status=text_at(event, "status"), references=(text_at(event, "of"),))
    if kind in CHANGES and text_at(event, "of"):
        return InboundChange(
            kind=CHANGES[kind],
            target=text_at(event, "of"),
            at=_when(event.get("at")),
            content=text_at(event, "text"),
        )
    return Ignored(reason=f"Events of the type {kind[:40]!r} are not understood.")


def _event(content: bytes) -> Mapping[str, object]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def text_at(event: Mapping[str, object], key: str) -> str:
    """Return the text under *key*, fit to be stored; empty when there is none."""
    found = event.get(key)
    if not isinstance(found, str):
        return ""
    return found.replace("\0", "").encode("utf-8", "replace").decode()


def _message(event: Mapping[str, object]) -> InboundMessage:
    sender = event.get("from")
    who = sender if isinstance(sender, dict) else {}
    name, text, answered = text_at(event, "id"), text_at(event, "text"), text_at(event, "reply_to")
    return InboundMessage(
        external_id=name,
        sender=Address(value=text_at(who, "id"), name=text_at(who, "name")),
        text=text,
        visible=text,
        sent_at=_when(event.get("at")),
        keys=ThreadKeys(
            own=name,
            references=(answered,) if answered else (),
            conversation=text_at(event, "chat") or None,
        ),
    )


def _when(stamp: object) -> datetime | None:
    if not isinstance(stamp, int | float) or isinstance(stamp, bool):
        return None
    try:
        return datetime.fromtimestamp(stamp, UTC)
    except (ValueError, OverflowError, OSError):
        return None
