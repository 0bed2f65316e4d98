"""What plugins add to tickets themselves: declared once, kept and shown by the desk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from sqlalchemy import ColumnElement

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
class TicketColumns:
    """What a condition may say of a ticket: columns of the search's own statement."""

    id: ColumnElement[int]
    number: ColumnElement[int]
    subject: ColumnElement[str]
    customer_id: ColumnElement[int | None]
    created_at: ColumnElement[datetime]


@dataclass(frozen=True, kw_only=True)
class SearchTerm:
    """An operator of the search, as ``stock:low``: a *condition* on tickets for what was typed.

    It gives ``None`` for a value that means nothing. ``example`` and its English ``label`` stand
    beside the search.
    """

    name: str
    label: str
    example: str
    condition: Callable[[str, TicketColumns], ColumnElement[bool] | None]
