"""Marks that mail servers put before subjects of what they take for spam: taken off again.

What they mark is judged here anew, and a customer who was marked wrongly would read the mark in every
answer. The mail as it came is kept with its mark. Written so: ``*****SPAM*****`` by SpamAssassin,
``{Spam?}`` by MailScanner, ``[SPAM]`` and ``***SPAM***`` by many.
"""

from __future__ import annotations

import re
from dataclasses import replace

from deskcore.api import InboundMessage

_MARKS = re.compile(
    r"\s*(?:(?:\*{2,}\s*(?:possible\s+)?spam\s*\*{2,}|\[(?:possible\s+)?spam\??\]|\{spam\?\})\s*)+",
    re.IGNORECASE,
)


def without_marks(message: InboundMessage) -> InboundMessage:
    """Return a message whose subject begins with what its writer wrote; one of marks alone stays."""
    subject = message.subject[found.end() :] if (found := _MARKS.match(message.subject)) else ""
    return replace(message, subject=subject) if subject.strip() else message
