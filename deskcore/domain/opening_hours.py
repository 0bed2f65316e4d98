"""When somebody is there to answer: typed by day, shown in few lines, asked for a moment."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from itertools import groupby

DAYS = 7
_SPAN = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*[-\u2013\u2014]\s*(\d{1,2})(?:[:.](\d{2}))?")
_NEXT_SPAN = re.compile(r"\s*[,;]\s*|\s+")
_MIDNIGHT = 24


@dataclass(frozen=True, kw_only=True)
class Span:
    """A stretch of one day; one that ends at midnight ends at ``time.max``."""

    start: time
    end: time


@dataclass(frozen=True, kw_only=True)
class SameDays:
    """Neighbouring days with the same hours: numbers from 0, Monday, and no spans when closed."""

    first: int
    last: int
    spans: tuple[Span, ...]


def parse_day(typed: str) -> tuple[Span, ...]:
    """Read ``9-12, 13:30-18``; empty is closed. Raises ValueError for what is no hours."""
    spans: list[Span] = []
    rest = typed.strip()
    while rest:
        match = _SPAN.match(rest)
        if match is None:
            raise ValueError(typed)
        span = Span(start=_time(match[1], match[2]), end=_time(match[3], match[4], is_end=True))
        if span.start >= span.end or (spans and spans[-1].end > span.start):
            raise ValueError(typed)
        spans.append(span)
        rest = rest[match.end() :]
        rest = rest[len(between[0]) :] if (between := _NEXT_SPAN.match(rest)) else rest
    return tuple(spans)


def together(days: Sequence[str]) -> tuple[SameDays, ...]:
    """Put neighbouring days with the same hours together; none when no day has any."""
    parsed = [parse_day(day) for day in days]
    if not any(parsed):
        return ()
    found, day = [], 0
    for spans, same in groupby(parsed):
        last = day + len(list(same)) - 1
        found.append(SameDays(first=day, last=last, spans=spans))
        day = last + 1
    return tuple(found)


def is_open(days: Sequence[str], local: datetime) -> bool:
    """Whether somebody is there at a moment of the shop's own clock."""
    at = local.time()
    spans = parse_day(days[local.weekday()])
    return any(span.start <= at < span.end for span in spans)


def _time(hour: str, minute: str | None, *, is_end: bool = False) -> time:
    if is_end and int(hour) == _MIDNIGHT and not int(minute or 0):
        return time.max
    return time(int(hour), int(minute or 0))
