"""Inbound mail: the bytes of one mail to what the desk files. Pure and total.

Every step stands behind a fence: what one step cannot read is missing from the result and named in
``warnings``, the rest is there. The original bytes are kept by core before this runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from deskcore.api import (
    N_,
    Address,
    DeliveryReport,
    Inbound,
    InboundMessage,
    ThreadKeys,
)
from plugins.email.addresses import read_addresses
from plugins.email.auto import Automation, judge
from plugins.email.body import Body, read_body
from plugins.email.bounces import Report, read_report
from plugins.email.charsets import decode_text
from plugins.email.fence import Fence
from plugins.email.forwards import is_forward_subject, is_reply_subject, original_sender
from plugins.email.headers import Headers, shown
from plugins.email.identifiers import substitute_id, thread_keys
from plugins.email.markup import MarkedText
from plugins.email.mime_tree import Part, read_tree
from plugins.email.quotes import Split, split_reply
from plugins.email.sender import NOBODY, Author, find_author

MAX_SUBJECT = 500
_MAX_UNREAD = 100_000  # characters shown of a mail no step could read
_YEARS = range(1980, 9000)
_SHOWN_HEADERS = frozenset(
    {
        "from", "sender", "to", "cc", "reply-to", "date", "subject", "message-id", "return-path",
        "delivered-to", "x-original-to", "list-id", "list-unsubscribe", "precedence",
        "auto-submitted", "x-auto-response-suppress", "authentication-results", "user-agent",
        "x-mailer", "importance", "x-priority", "x-spam-flag", "x-spam-status", "content-language",
    }
)  # fmt: skip


def parse_mail(
    content: bytes, *, meta: Mapping[str, str], own_addresses: frozenset[str], desk_id: str
) -> list[Inbound]:
    """Say what one mail means: a message, or a report about a message of ours.

    Total: never raises for any bytes and takes time in proportion to their number. *meta* holds
    what the bytes do not say (``envelope_from``, ``envelope_to``); *own_addresses* are canonical.
    The list has exactly one item today.
    """
    fence = Fence()
    mail = _open(content, meta, own_addresses, desk_id, fence)
    message = _message(mail, fence)
    report = fence.attempt(
        lambda: read_report(mail.root, message.text, mail.author.claimed, meta), None
    )
    message = replace(message, warnings=tuple(fence.warnings))
    return [_delivery_report(report, message) if report else message]


@dataclass(frozen=True, kw_only=True)
class _Mail:
    """One mail taken apart, before its parts are put into a message."""

    root: Part
    subject: str
    author: Author
    automation: Automation
    keys: ThreadKeys
    body: Body


def _open(
    content: bytes,
    meta: Mapping[str, str],
    own_addresses: frozenset[str],
    desk_id: str,
    fence: Fence,
) -> _Mail:
    tree = fence.attempt(lambda: read_tree(content), None)
    root = tree.root if tree else _uncut(content)
    fence.warn(*(tree.warnings if tree else ()))
    headers = root.headers
    nobody = Author(claimed=NOBODY, customer=NOBODY)
    author = fence.attempt(lambda: find_author(headers, meta, own_addresses), nobody)
    if author.note:
        fence.warn(author.note)
    if author.customer.value == NOBODY.value:
        fence.warn(N_("The mail does not say who sent it."))
    body = fence.attempt(lambda: read_body(root), None) or _unread(root)
    fence.warn(*body.warnings)
    return _Mail(
        root=root,
        subject=fence.attempt(lambda: headers.text("subject")[:MAX_SUBJECT], ""),
        author=author,
        automation=fence.attempt(
            lambda: judge(root, author, meta=meta, own_addresses=own_addresses, desk_id=desk_id),
            Automation(is_auto=True, is_bulk=False, is_own=False),
        ),
        keys=fence.attempt(
            lambda: thread_keys(headers, content, meta.get("envelope_to", "")),
            ThreadKeys(own=substitute_id(content)),
        ),
        body=body,
    )


def _message(mail: _Mail, fence: Fence) -> InboundMessage:
    headers, body = mail.root.headers, mail.body
    text = body.text.plain.strip("\n")
    split = fence.attempt(lambda: _split(mail), Split(visible=text, quoted=""))
    return InboundMessage(
        external_id=mail.keys.own,
        sender=mail.author.customer,
        subject=mail.subject,
        text=text,
        visible=split.visible,
        quoted=split.quoted,
        html=body.html,
        to=_addresses(headers, "to", fence),
        cc=_addresses(headers, "cc", fence),
        reply_to=_addresses(headers, "reply-to", fence),
        files=tuple(body.files),
        sent_at=fence.attempt(lambda: _sent_at(headers), None),
        keys=mail.keys,
        original_sender=fence.attempt(
            lambda: original_sender(mail.subject, body.text.lines, body.files), None
        ),
        is_auto=mail.automation.is_auto,
        is_bulk=mail.automation.is_bulk,
        is_own=mail.automation.is_own,
        headers=fence.attempt(lambda: shown(headers, _SHOWN_HEADERS), {}),
    )


def _split(mail: _Mail) -> Split:
    answers = bool(mail.keys.references or mail.keys.tokens) or is_reply_subject(mail.subject)
    return split_reply(
        mail.body.text, is_reply=answers, is_forward=is_forward_subject(mail.subject)
    )


def _addresses(headers: Headers, name: str, fence: Fence) -> tuple[Address, ...]:
    return fence.attempt(lambda: read_addresses(headers, name), ())


def _sent_at(headers: Headers) -> datetime | None:
    """Read the sender's date in UTC; None when it is none, or no date a clock can have."""
    try:
        moment = parsedate_to_datetime(headers.text("date")[:200])
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        moment = aware.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.year in _YEARS else None


def _delivery_report(report: Report, message: InboundMessage) -> DeliveryReport:
    return DeliveryReport(
        status=report.status,
        references=report.references,
        tokens=report.tokens,
        recipients=report.recipients,
        detail=report.detail,
        message=replace(message, is_auto=True),
    )


def _uncut(content: bytes) -> Part:
    """Stand in for a mail that could not be cut into parts: no headers, all of it text."""
    return Part(
        headers=Headers([]),
        content_type="text/plain",
        type_parameters={},
        disposition="",
        disposition_parameters={},
        raw=content,
        start=0,
        end=len(content),
    )


def _unread(root: Part) -> Body:
    """Stand in for a body that could not be read: its beginning as it came."""
    beginning = decode_text(root.raw[root.start : root.end][:_MAX_UNREAD], detect=False)
    return Body(text=MarkedText.of_plain(beginning))
