"""What is typed into the search field is always understood, one way or another."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskcore.domain.query import parse


def test_operators_narrow_and_the_rest_are_words() -> None:
    query = parse('is:open from:jana tag:"damaged goods" broken kettle has:file')
    assert query.words == "broken kettle"
    assert (query.states, query.sender, query.tags) == (("open",), ("jana",), ("damaged goods",))
    assert query.has_files


@pytest.mark.parametrize("typed", ["1042", "#1042", "  # 1042 "])
def test_a_bare_number_is_a_ticket(typed: str) -> None:
    assert parse(typed).number == 1042


@pytest.mark.parametrize("typed", ["order 1042", "1042x", "9" * 40])
def test_a_number_among_words_is_a_word(typed: str) -> None:
    assert parse(typed).number is None
    assert parse(typed).words == typed


@pytest.mark.parametrize("typed", ["is:banana", "re: your order", "http://x.example", "after:soon"])
def test_what_is_no_operator_is_a_word(typed: str) -> None:
    assert parse(typed).words == typed


def test_days_are_read_and_impossible_ones_are_words() -> None:
    assert parse("after:2026-02-01 before:2026-3-1").after == date(2026, 2, 1)
    assert parse("after:2026-02-30").words == "after:2026-02-30"


@given(st.text(max_size=700))
def test_nothing_typed_is_an_error(typed: str) -> None:
    parse(typed)
