"""What Acme's events mean. Pure and total: any bytes give something."""

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

CHANGES = {
    "message.edited": "edit",
    "message.deleted": "unsend",
    "reaction.added": "reaction",
    "reaction.removed": "unreaction",
}
REPORTS = frozenset({"delivered", "read"})


def meaning(content: bytes) -> Inbound:
    """Say what one event means."""
    event = _event(content)
    kind, target = text_at(event, "event"), text_at(event, "message")
    if kind == "message" and text_at(event, "id"):
        return _message(event)
    if kind == "delivery" and text_at(event, "status") in REPORTS:
        return DeliveryReport(status=text_at(event, "status"), references=(target,))
    if kind in CHANGES and target:
        return InboundChange(kind=CHANGES[kind], target=target, content=text_at(event, "body"))
    return Ignored(reason=f"Events of the type {kind[:40]!r} are not understood.")


def text_at(event: Mapping[str, object], key: str) -> str:
    """Return the text under *key*, fit to be stored; empty when there is none."""
    found = event.get(key)
    if not isinstance(found, str):
        return ""
    return found.replace("\0", "").encode("utf-8", "replace").decode()


def _event(content: bytes) -> Mapping[str, object]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _message(event: Mapping[str, object]) -> InboundMessage:
    found = event.get("author")
    who = found if isinstance(found, dict) else {}
    name, text, answered = text_at(event, "id"), text_at(event, "body"), text_at(event, "answers")
    return InboundMessage(
        external_id=name,
        sender=Address(value=text_at(who, "handle"), name=text_at(who, "name")),
        text=text,
        visible=text,
        sent_at=_when(text_at(event, "sent")),
        is_own=who.get("is_us") is True,
        keys=ThreadKeys(
            own=name,
            references=(answered,) if answered else (),
            conversation=text_at(event, "room") or None,
        ),
    )


def _when(stamp: str) -> datetime | None:
    try:
        return datetime.fromisoformat(stamp).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
