"""The machine-readable parts of reports: delivery status (RFC 3464) and receipts (RFC 8098)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from plugins.email.addresses import addresses_in, canonical
from plugins.email.headers import Headers, read_headers
from plugins.email.identifiers import ids_of
from plugins.email.mime_tree import Part

STATUS_TYPES = frozenset({"message/delivery-status", "message/global-delivery-status"})
RECEIPT_TYPES = frozenset(
    {"message/disposition-notification", "message/global-disposition-notification"}
)
_MAX_GROUPS = 300
_MAX_BYTES = 1_000_000
_ACTIONS = {
    "failed": "bounced",
    "delayed": "delayed",
    "delivered": "delivered",
    "relayed": "delivered",
    "expanded": "delivered",
}
_BY_CODE = {"4": "delayed", "2": "delivered"}
_WORST_FIRST = ("bounced", "delayed", "delivered", "read")
_OF_RECIPIENTS = ("action", "final-recipient", "original-recipient")
_GROUP_END = re.compile(rb"(?:\r\n|\n|\r(?!\n))[ \t]*(?:\r\n|\n|\r(?!\n))+")
_XTEXT = re.compile(r"\+(2b|3d|40)")


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a report says: one status, the recipients it concerns, the reason in its words."""

    status: str
    recipients: tuple[str, ...]
    detail: str
    references: tuple[str, ...] = ()


def read_fields(parts: Iterable[Part]) -> Finding | None:
    """Read the fields of a report; the worst status wins. None when there are no such fields.

    A recipient is named as we wrote to it: forwarders call the address where it died the final one.
    """
    by_status: dict[str, list[Headers]] = {}
    references: list[str] = []
    for part in parts:
        is_receipt = part.content_type in RECEIPT_TYPES
        if not is_receipt and part.content_type not in STATUS_TYPES:
            continue
        for group in _groups(part):
            references += ids_of(group, "original-message-id")
            if is_receipt and "disposition" in group:
                by_status.setdefault("read", []).append(group)
            elif any(name in group for name in _OF_RECIPIENTS):
                by_status.setdefault(_status(group), []).append(group)
    if not by_status:
        return None
    status = next(one for one in _WORST_FIRST if one in by_status)
    recipients = (_recipient(group) for group in by_status[status])
    return Finding(
        status=status,
        recipients=tuple(dict.fromkeys(address for address in recipients if address)),
        detail=_detail(by_status[status][0]),
        references=tuple(references),
    )


def _groups(part: Part) -> list[Headers]:
    """Cut a part into its groups of fields; some senders encode it although they must not."""
    blocks = _GROUP_END.split(part.content[:_MAX_BYTES].strip())[:_MAX_GROUPS]
    # The line break in front keeps the block from being taken for the beginning of a mail.
    return [read_headers(b"\n" + block, 1, len(block) + 1)[0] for block in blocks]


def _status(group: Headers) -> str:
    words = re.split(r"[\s(;]+", group.text("action").strip().lower())
    if words[0] in _ACTIONS:
        return _ACTIONS[words[0]]
    return _BY_CODE.get(group.text("status").strip()[:1], "bounced")


def _recipient(group: Headers) -> str:
    for name in ("original-recipient", "final-recipient", "x-actual-recipient"):
        value = group.text(name)
        kind, mark, address = value.partition(";")
        found = canonical(address if mark else value) or next(iter(addresses_in(value)), "")
        if found and kind.strip().lower() != "unknown":
            # RFC 3461 writes a plus sign as "+2B".
            return _XTEXT.sub(lambda code: chr(int(code.group(1), 16)), found)
    return ""


def _detail(group: Headers) -> str:
    diagnostic = group.text("diagnostic-code")
    said = diagnostic.partition(";")[2].strip() or diagnostic or group.text("disposition")
    code = group.text("status")
    return f"{said} ({code})" if said and code and code not in said else said or code
