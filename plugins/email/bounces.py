"""Reports of mail systems about mail of ours: bounced, delayed, delivered, read.

RFC 3464 and RFC 8098 reports are read by their fields; the text bounces of older and odd systems
by ``bounce_texts``. A person who forwards a bounce does not send one: only the outermost
structure of a mail counts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from deskcore.api import Address
from plugins.email.addresses import addresses_in
from plugins.email.auto import has_null_sender, is_daemon
from plugins.email.bounce_texts import looks_like_bounce, read_text_bounce
from plugins.email.charsets import clean_text, one_line
from plugins.email.headers import Headers, headers_of
from plugins.email.identifiers import ids_of, tokens_in, tokens_of_addresses
from plugins.email.mime_tree import Part
from plugins.email.report_fields import RECEIPT_TYPES, STATUS_TYPES, Finding, read_fields
from plugins.email.sender import is_no_reply

MAX_RECIPIENTS = 200
_MAX_REFERENCES = 100
_MAX_DETAIL = 1000
_RETURNED_TYPES = frozenset(
    {
        "message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global",
        "message/global-headers",
    }
)  # fmt: skip
_RECIPIENT_LINE = re.compile(rb"(?im)^(?:final|original)-recipient:[^\r\n]{1,300}")
_DAEMON_NAME = re.compile(r"(?i)mailer-?daemon$|mail delivery (?:sub)?system$")
_HEADER_START = re.compile(r"(?im)^(?:message-id|from|to|subject|received|return-path|date):\s?\S")
_MAX_RETURNED = 200_000
_MAX_TRIES = 20


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
    finding = read_fields(parts)
    if finding is None and not _may_be_bounce(root, text, sender, meta):
        return None
    returned = _returned(parts, text)
    if finding is None or (finding.status == "bounced" and not finding.recipients):
        finding = _from_text(root, text, sender, returned)
    references = tuple(dict.fromkeys([*finding.references, *_references(root.headers, returned)]))
    return Report(
        status=finding.status,
        recipients=finding.recipients[:MAX_RECIPIENTS],
        references=references[:_MAX_REFERENCES],
        tokens=_tokens(root.headers, returned, references),
        detail=one_line(finding.detail)[:_MAX_DETAIL],
    )


def _own_parts(root: Part) -> list[Part]:
    """Return the parts of the report itself; an attached or forwarded report does not count."""
    fields = STATUS_TYPES | RECEIPT_TYPES
    if root.content_type in fields:
        return [root]
    is_report = root.content_type == "multipart/report"
    if is_report or any(part.content_type in fields for part in root.children):
        return list(root.walk())
    return []


def _may_be_bounce(root: Part, text: str, sender: Address, meta: Mapping[str, str]) -> bool:
    """Whether a mail without such fields is a bounce; only mail systems are believed."""
    headers = root.headers
    if headers.text("x-failed-recipients"):
        return True
    is_system = _is_system(root, sender)
    if not (is_system or has_null_sender(headers, meta) or _gives_back(root)):
        return False
    return looks_like_bounce(headers.text("subject"), text, from_daemon=is_system)


def _is_system(root: Part, sender: Address) -> bool:
    named = is_daemon(sender.value) or bool(_DAEMON_NAME.search(sender.name))
    return named or _is_bare_report(root)


def _from_text(root: Part, text: str, sender: Address, returned: Headers | None) -> Finding:
    """Read a bounce's words; our own addresses are named only when nobody else is."""
    headers = root.headers
    read = read_text_bounce(f"{headers.text('subject')}\n{text}\n{_nested_text(root)}", returned)
    own = {sender.value, *(addresses_in(headers.text("to")))}
    failed = [
        address
        for value in headers.all_text("x-failed-recipients")
        for address in addresses_in(value)
    ]
    others = [address for address in read.recipients if address not in own]
    recipients = failed or others or [one for one in read.recipients if one != sender.value]
    return Finding(
        status=read.status, recipients=tuple(dict.fromkeys(recipients)), detail=read.detail
    )


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
    return tuple(dict.fromkeys(found))


def _tokens(
    headers: Headers, returned: Headers | None, references: tuple[str, ...]
) -> tuple[str, ...]:
    found = list(tokens_in(headers, reversed(references)))
    if returned is not None:
        for name in ("reply-to", "from", "return-path", "sender"):
            found += tokens_of_addresses(clean_text(returned.text(name)))
    return tuple(dict.fromkeys(found))
