"""What plugins add to tickets themselves: declared once, kept and shown by the desk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from sqlalchemy import Select

from deskcore.domain.people import UserRef
from deskcore.plugin.parts import TicketRef

FieldValue = str | float | date


@dataclass(frozen=True, kw_only=True)
class TicketField:
    """A further field of every ticket, named ``slug.field``; ``label`` is English.

    ``options`` are those of the kind ``option``: what is stored, and its English label. Values are
    ``str`` for text and options, ``float`` for numbers, ``date`` for dates.
    """

    name: str
    label: str
    kind: Literal["text", "number", "date", "option"] = "text"
    options: Mapping[str, str] = field(default_factory=dict)
    order: int = 100


@dataclass(frozen=True, kw_only=True)
class SearchTerm:
    """An operator of the search, as ``stock:none``: what was typed after the colon, to ``tickets``.

    That is a select of tickets' ids from the plugin's own tables, or ``None`` for a value that means
    nothing. ``example`` and its English ``label`` stand beside the search.
    """

    name: str
    label: str
    example: str
    tickets: Callable[[str], Select[int] | None]


@dataclass(frozen=True, kw_only=True)
class Placeholder:
    """What ``{{slug.field}}`` stands for in saved replies; ``label`` is English.

    ``value`` says it for a ticket and whoever answers it, as plain text, "" when it is not known.
    ``sample`` stands there where no ticket is at hand.
    """

    name: str
    label: str
    sample: str
    value: Callable[[TicketRef, UserRef], str]
