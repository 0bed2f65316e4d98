"""Reports of mail systems about mail of ours: bounced, delayed, delivered, read.

RFC 3464 and RFC 8098 reports are read by their fields; the text bounces of older and odd systems
by ``bounce_texts``. A person who forwards a bounce does not send one: only the outermost
structure of a mail counts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from deskcore.domain.messages import Address
from plugins.email.addresses import addresses_in, canonical
from plugins.email.auto import has_null_sender, is_daemon
from plugins.email.bounce_texts import looks_like_bounce, read_text_bounce
from plugins.email.charsets import clean_text, one_line
from plugins.email.headers import Headers, headers_of, read_headers
from plugins.email.identifiers import ids_of, tokens_in, tokens_of_addresses
from plugins.email.mime_tree import Part
from plugins.email.sender import is_no_reply

MAX_RECIPIENTS = 200
_MAX_GROUPS = 300
_STATUS_TYPES = ("message/delivery-status", "message/global-delivery-status")
_READ_TYPES = ("message/disposition-notification", "message/global-disposition-notification")
_RETURNED_TYPES = (
    "message/rfc822",
    "text/rfc822-headers",
    "message/global",
    "message/global-headers",
    "message/rfc822-headers",
)
_ACTIONS = {
    "failed": "bounced",
    "delayed": "delayed",
    "delivered": "delivered",
    "relayed": "delivered",
    "expanded": "delivered",
}
_GROUP_END = re.compile(rb"(?:\r\n|\n|\r)[ \t]*(?:\r\n|\n|\r)+")
_RECIPIENT_LINE = re.compile(rb"(?im)^(?:final|original)-recipient:[^\r\n]{1,300}")
_DAEMON_NAME = re.compile(r"(?i)mailer-?daemon$|mail delivery (?:sub)?system$")
_HEADER_START = re.compile(r"(?im)^(?:message-id|from|to|subject|received|return-path|date):\s?\S")
_MAX_RETURNED = 200_000
_MAX_TRIES = 20
_WORST_FIRST = ("bounced", "delayed", "delivered", "read")


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a mail system says about earlier mail of ours; ``references`` best first."""

    status: str
    recipients: tuple[str, ...]
    references: tuple[str, ...]
    tokens: tuple[str, ...]
    detail: str


def read_report(root: Part, text: str, sender: Address, meta: Mapping[str, str]) -> Report | None:
    """Read a mail as a report; None when it is an ordinary message.

    *text* is the readable text of the whole mail, *sender* the one in From.
    """
    parts = _own_parts(root)
    returned = _returned(parts, text)
    groups = [
        group for part in parts if part.content_type in _STATUS_TYPES for group in _groups(part)
    ]
    report: tuple[str, list[str], str] | None
    if groups:
        report = _from_groups(groups, text)
    elif any(part.content_type in _READ_TYPES for part in parts):
        report = _from_receipt(parts)
    else:
        report = _from_text(root, text, sender, returned, meta)
    if report is None:
        return None
    status, recipients, detail = report
    references = _references(root.headers, returned)
    return Report(
        status=status,
        recipients=tuple(recipients[:MAX_RECIPIENTS]),
        references=references,
        tokens=_tokens(root.headers, returned, references),
        detail=one_line(detail)[:1000],
    )


def _own_parts(root: Part) -> list[Part]:
    """Return the parts of the report itself; an attached or forwarded report does not count."""
    if root.content_type in (*_STATUS_TYPES, *_READ_TYPES):
        return [root]
    kinds = {part.content_type for part in root.children}
    is_report = root.content_type == "multipart/report" or kinds & {*_STATUS_TYPES, *_READ_TYPES}
    return list(root.walk()) if is_report else []


def _groups(part: Part) -> list[Headers]:
    """Cut a delivery-status part into its groups of fields; encoded ones are decoded first."""
    content = part.content[:1_000_000].strip()
    groups = [
        read_headers(b"\n" + block, 1, len(block) + 1)[0]
        for block in _GROUP_END.split(content)[:_MAX_GROUPS]
    ]
    return [
        group
        for group in groups
        if "action" in group or "final-recipient" in group or "original-recipient" in group
    ]


def _from_groups(groups: list[Headers], text: str) -> tuple[str, list[str], str]:
    """Take the worst that is said; a recipient is named as we wrote to it."""
    by_status: dict[str, list[Headers]] = {}
    for group in groups:
        by_status.setdefault(_status(group), []).append(group)
    status = next(one for one in _WORST_FIRST if one in by_status)
    worst = by_status[status]
    recipients = [address for group in worst if (address := _recipient(group))]
    if not recipients and status == "bounced":
        recipients = list(read_text_bounce(text, None).recipients)
    return status, list(dict.fromkeys(recipients)), _detail(worst[0], text)


def _status(group: Headers) -> str:
    action = re.split(r"[\s(;]", group.text("action").strip().lower() + " ")[0]
    if action in _ACTIONS:
        return _ACTIONS[action]
    code = group.text("status").strip()[:1]
    return {"4": "delayed", "2": "delivered"}.get(code, "bounced")


def _recipient(group: Headers) -> str:
    """Whom we wrote to: forwarders name the address where it died as the final one."""
    for name in ("original-recipient", "x-actual-recipient", "final-recipient"):
        if name == "x-actual-recipient" and group.text("final-recipient"):
            continue
        value = group.text(name)
        kind, mark, address = value.partition(";")
        found = canonical(address if mark else value)
        if not found:
            found = next(iter(addresses_in(value)), "")
        if found and kind.strip().lower() != "unknown":
            return _decoded(found)
    return ""


def _decoded(address: str) -> str:
    """Undo the xtext of RFC 3461 (``+2B`` is a plus sign)."""
    return (
        re.sub(r"\+([0-9a-f]{2})", lambda match: chr(int(match.group(1), 16)), address)
        if re.search(r"\+(?:2b|3d|40)", address)
        else address
    )


def _detail(group: Headers, text: str) -> str:
    diagnostic = group.text("diagnostic-code").partition(";")[2].strip() or group.text(
        "diagnostic-code"
    )
    code = group.text("status")
    said = diagnostic or read_text_bounce(text, None).detail
    return f"{said} ({code})" if code and code not in said else said or code


def _from_receipt(parts: list[Part]) -> tuple[str, list[str], str]:
    """Read a disposition notification (RFC 8098): somebody opened, or deleted, our message."""
    receipt = next(part for part in parts if part.content_type in _READ_TYPES)
    content = receipt.content[:100_000].strip()
    fields = read_headers(b"\n" + content, 1, len(content) + 1)[0]
    recipient = _recipient(fields)
    return "read", [recipient] if recipient else [], fields.text("disposition")


def _from_text(
    root: Part, text: str, sender: Address, returned: Headers | None, meta: Mapping[str, str]
) -> tuple[str, list[str], str] | None:
    """Read a bounce without machine-readable fields; only mail systems are believed."""
    headers = root.headers
    failed = [
        address
        for value in headers.all_text("x-failed-recipients")
        for address in addresses_in(value)
    ]
    from_daemon = (
        is_daemon(sender.value) or bool(_DAEMON_NAME.search(sender.name)) or _is_bare_report(root)
    )
    from_system = from_daemon or has_null_sender(headers, meta) or _gives_back(root)
    subject = headers.text("subject")
    if not failed and not (
        from_system and looks_like_bounce(subject, text, from_daemon=from_daemon)
    ):
        return None
    read = read_text_bounce(f"{subject}\n{text}\n{_nested_text(root)}", returned)
    own = {sender.value, *(addresses_in(headers.text("to")))}
    others = [address for address in read.recipients if address not in own]
    recipients = failed or others or [one for one in read.recipients if one != sender.value]
    return read.status, list(dict.fromkeys(recipients)), read.detail


def _is_bare_report(root: Part) -> bool:
    """Whether a mail calls itself a delivery report although its fields are missing."""
    kind = root.parameter("report-type").lower()
    return root.content_type == "multipart/report" and kind in ("", "delivery-status")


def _gives_back(root: Part) -> bool:
    """Whether a "no reply" system returns the very mail its addressee had sent."""
    if not is_no_reply(root.headers):
        return False
    ours = set(addresses_in(root.headers.text("to")))
    mails = [part for part in root.children if part.content_type == "message/rfc822"]
    returned = [headers_of(part.content.lstrip()) for part in mails]
    return any(
        ours & {*addresses_in(one.text("from")), *addresses_in(one.text("return-path"))}
        for one in returned
    )


def _nested_text(root: Part) -> str:
    """Return the recipient lines of a report inside the report (gateways wrap once more)."""
    mails = [part for part in root.children if part.content_type == "message/rfc822"]
    found = [line for part in mails for line in _RECIPIENT_LINE.findall(part.content[:200_000])]
    return "\n".join(line.decode("utf-8", "replace") for line in found[:MAX_RECIPIENTS])


def _returned(parts: list[Part], text: str) -> Headers | None:
    """Read the headers of our message, as far as the report gives them back."""
    for part in parts:
        if part.content_type in _RETURNED_TYPES:
            headers = headers_of(part.content[:300_000].lstrip(b"\r\n"))
            if headers.names():
                return headers
    for number, match in enumerate(_HEADER_START.finditer(text[:_MAX_RETURNED])):
        if number >= _MAX_TRIES:
            break
        headers = headers_of(
            text[match.start() : match.start() + 20_000].encode("utf-8", "replace")
        )
        if "message-id" in headers or ("to" in headers and "from" in headers):
            return headers
    return None


def _references(headers: Headers, returned: Headers | None) -> tuple[str, ...]:
    """Ids of ours, best first: the returned Message-ID, then what the report itself refers to."""
    found: list[str] = []
    if returned is not None:
        for name in ("message-id", "x-microsoft-original-message-id", "in-reply-to"):
            found += ids_of(returned, name)
        found += reversed(ids_of(returned, "references"))
    found += [*ids_of(headers, "in-reply-to"), *reversed(ids_of(headers, "references"))]
    found += ids_of(headers, "original-message-id")
    return tuple(dict.fromkeys(found))[:100]


def _tokens(
    headers: Headers, returned: Headers | None, references: tuple[str, ...]
) -> tuple[str, ...]:
    found = list(tokens_in(headers, reversed(references)))
    if returned is not None:
        for name in ("reply-to", "from", "return-path", "sender"):
            found += tokens_of_addresses(clean_text(returned.text(name)))
    return tuple(dict.fromkeys(found))
