"""Opening hours: typed as people write them, shown in few lines, asked for a moment."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from deskcore.domain.opening_hours import Span, is_open, parse_day, together

WEEK = ("9-12, 13:30-18", "9-12, 13:30-18", "", "9-24", "9-24", "", "")


@pytest.mark.parametrize(
    "typed", ["9-12, 13:30-18", "9:00–12:00 13:30–18:00", " 9.00-12 ; 13.30-18 "]
)
def test_hours_are_read_however_people_write_them(typed: str) -> None:
    morning, afternoon = Span(start=time(9), end=time(12)), Span(start=time(13, 30), end=time(18))
    assert parse_day(typed) == (morning, afternoon)


@pytest.mark.parametrize(
    "typed", ["18-9", "9-12, 11-14", "nine to five", "9-25", "9:75-10", "9-9", "9-"]
)
def test_what_is_no_hours_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  its words are those of the parts
        parse_day(typed)


def test_neighbouring_days_with_the_same_hours_are_one_line() -> None:
    assert [(line.first, line.last) for line in together(WEEK)] == [(0, 1), (2, 2), (3, 4), (5, 6)]


def test_a_week_without_hours_has_no_lines() -> None:
    assert together(("",) * 7) == ()


@pytest.mark.parametrize(
    ("at", "there"),
    [((16, 9, 0), True), ((16, 12, 0), False), ((18, 10, 0), False), ((19, 23, 59), True)],
)
def test_somebody_is_there_inside_the_hours_of_the_day(
    at: tuple[int, int, int], *, there: bool
) -> None:
    day, hour, minute = at
    assert is_open(WEEK, datetime(2026, 11, day, hour, minute, tzinfo=UTC)) is there
