"""Conversations as sample data tells them: who wrote what, when, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from deskcore.domain.messages import InboundFile


@dataclass(frozen=True, kw_only=True)
class Writer:
    """A made-up customer; the address is in a domain that can receive no mail."""

    name: str
    address: str
    company: str = ""
    language: str = "en"


@dataclass(frozen=True, kw_only=True)
class Said:
    """One thing said by the customer, by an agent, or among agents."""

    kind: Literal["customer", "agent", "note"]
    text: str
    at: datetime
    html: str = ""
    quoted: str = ""
    files: tuple[InboundFile, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Story:
    """One ticket, its messages oldest first.

    ``mailbox`` and ``agent`` are places in the lists of those there are, taken round; ``agent``
    None leaves it to nobody.
    """

    writer: Writer
    subject: str
    said: tuple[Said, ...]
    status: str = "open"
    mailbox: int = 0
    agent: int | None = None
    tags: tuple[str, ...] = ()
    priority: int = 3
    is_spam: bool = False
