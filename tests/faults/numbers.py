"""The numbers by which every mail is known: questions that come in, answers that go out."""

from __future__ import annotations

import re

_QUESTION = re.compile(rb"question-(\d+)-")
_ANSWER = re.compile(rb"answer-(\d+)-")


def question(number: int, *, size: int = 0, message_id: str | None = None) -> bytes:
    """Write a customer's mail; no two numbers share an address, an id or a text."""
    named = f"<q{number}@customer.test>" if message_id is None else message_id
    head = f"From: c{number}@customer.test\r\nSubject: question-{number}-\r\n"
    head += f"Message-ID: {named}\r\n" if named else ""
    filling = b"".join(b"%060d\r\n" % line for line in range(size // 62))
    return head.encode() + b"\r\nHello.\r\n" + filling


def question_in(content: bytes) -> int | None:
    """Read which question this is, wherever its number stands."""
    return _number(_QUESTION.search(content))


def answer_in(content: bytes) -> int | None:
    """Read which answer this is."""
    return _number(_ANSWER.search(content))


def _number(found: re.Match[bytes] | None) -> int | None:
    return int(found[1]) if found else None
