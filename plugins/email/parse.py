"""Inbound mail: the bytes of one mail to what the desk files. Pure and total.

Every step stands behind a fence of its own: what one step cannot read is missing from the result
and named in ``warnings``, the rest is there. The original bytes are kept by core before this runs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

from deskcore.domain.messages import (
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
from plugins.email.forwards import is_forward_subject, is_reply_subject, original_sender
from plugins.email.headers import Headers, shown
from plugins.email.identifiers import thread_keys
from plugins.email.mime_tree import Part, Tree, read_tree
from plugins.email.quotes import Split, split_reply
from plugins.email.sender import NOBODY, Author, find_author

MAX_SUBJECT = 500
_YEARS = range(1980, 9000)
UNREADABLE = "This mail could not be read in full; the original is kept."
_SHOWN_HEADERS = frozenset(
    {
        "from", "sender", "to", "cc", "reply-to", "date", "subject", "message-id", "return-path",
        "delivered-to", "x-original-to", "list-id", "list-unsubscribe", "precedence",
        "auto-submitted", "x-auto-response-suppress", "authentication-results", "user-agent",
        "x-mailer", "importance", "x-priority", "x-spam-flag", "x-spam-status", "content-language",
    }
)  # fmt: skip

Value = TypeVar("Value")


def parse_mail(
    content: bytes, *, meta: Mapping[str, str], own_addresses: frozenset[str], desk_id: str
) -> list[Inbound]:
    """Say what one mail means: a message, or a report about a message of ours.

    Total: never raises for any bytes and takes time in proportion to their number. *meta* holds
    what the bytes do not say (``envelope_from``, ``envelope_to``, ``internal_date``);
    *own_addresses* are canonical. The list has exactly one item today.
    """
    reading = _Reading()
    message, tree, author = _read_message(content, meta, own_addresses, desk_id, reading)
    report = reading.attempt(
        lambda: read_report(tree.root, message.text, author.claimed, meta) if tree else None, None
    )
    if report is None:
        return [message]
    return [_delivery_report(report, message)]


class _Reading:
    """Runs the steps of reading one mail, and remembers what did not work."""

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def attempt(self, step: Callable[[], Value], otherwise: Value) -> Value:
        """Run one step; a mail it cannot read costs that step's result, never the mail."""
        try:
            return step()
        # The fence around foreign bytes: RecursionError, LookupError, MemoryError and what
        # libraries raise for a mail nobody thought of.
        except Exception:
            self.warn(UNREADABLE)
            return otherwise

    def warn(self, sentence: str) -> None:
        if sentence not in self.warnings:
            self.warnings.append(sentence)


def _read_message(
    content: bytes,
    meta: Mapping[str, str],
    own_addresses: frozenset[str],
    desk_id: str,
    reading: _Reading,
) -> tuple[InboundMessage, Tree | None, Author]:
    nobody = Author(claimed=NOBODY, customer=NOBODY)
    tree = reading.attempt(lambda: read_tree(content), None)
    root = tree.root if tree else _empty_part(content)
    for warning in tree.warnings if tree else ():
        reading.warn(warning)
    headers = root.headers
    author = reading.attempt(lambda: find_author(headers, meta, own_addresses), nobody)
    if author.note:
        reading.warn(author.note)
    if author.customer.value == NOBODY.value:
        reading.warn("The mail does not say who sent it.")
    automation = reading.attempt(
        lambda: judge(root, author, meta=meta, own_addresses=own_addresses, desk_id=desk_id),
        Automation(is_auto=True, is_bulk=False, is_own=False),
    )
    subject = reading.attempt(lambda: headers.text("subject")[:MAX_SUBJECT].strip(), "")
    keys = reading.attempt(
        lambda: thread_keys(headers, content, meta.get("envelope_to", "")), ThreadKeys()
    )
    body = reading.attempt(lambda: read_body(root), Body())
    for warning in body.warnings:
        reading.warn(warning)
    text = "\n".join(body.text.lines).strip("\n")
    split = reading.attempt(lambda: _split(body, subject, keys), Split(visible=text, quoted=""))
    message = InboundMessage(
        external_id=keys.own,
        sender=author.customer,
        subject=subject,
        text=text,
        visible=split.visible,
        quoted=split.quoted,
        html=body.html,
        to=_addresses(headers, "to", reading),
        cc=_addresses(headers, "cc", reading),
        reply_to=_addresses(headers, "reply-to", reading),
        files=tuple(body.files),
        sent_at=reading.attempt(lambda: _sent_at(headers), None),
        keys=keys,
        original_sender=reading.attempt(
            lambda: original_sender(subject, body.text.lines, body.files), None
        ),
        is_auto=automation.is_auto,
        is_bulk=automation.is_bulk,
        is_own=automation.is_own,
        warnings=tuple(reading.warnings),
        headers=reading.attempt(lambda: shown(headers, _SHOWN_HEADERS), {}),
    )
    return message, tree, author


def _split(body: Body, subject: str, keys: ThreadKeys) -> Split:
    return split_reply(
        body.text,
        is_reply=bool(keys.references or keys.tokens) or is_reply_subject(subject),
        is_forward=is_forward_subject(subject),
    )


def _addresses(headers: Headers, name: str, reading: _Reading) -> tuple[Address, ...]:
    return reading.attempt(lambda: read_addresses(headers, name), ())


def _sent_at(headers: Headers) -> datetime | None:
    """Read the sender's date in UTC; None when it is none, or no date a clock can have."""
    try:
        moment = parsedate_to_datetime(headers.text("date")[:200])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    try:
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError):
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


def _empty_part(content: bytes) -> Part:
    """Stand in for a mail that could not be cut: no headers, the beginning of it as text."""
    return Part(
        headers=Headers([]),
        content_type="text/plain",
        type_parameters={},
        disposition="",
        disposition_parameters={},
        raw=content,
        start=0,
        end=min(len(content), 100_000),
    )
