"""The combination of clues: right numbers, no overflow, and doubt where evidence is mixed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.spam.bayes import Seen, chi_squared, clues, combine, probability

TOTALS = Seen(spam=100, ham=100)


@pytest.mark.parametrize(
    ("value", "degrees", "chance"),
    # From a printed table of chi-squared: the value that is exceeded with this chance.
    [(5.991, 2, 0.05), (9.488, 4, 0.05), (18.307, 10, 0.05), (124.342, 100, 0.05), (0, 8, 1)],
)
def test_chi_squared_is_that_of_the_tables(value: float, degrees: int, chance: float) -> None:
    assert chi_squared(value, degrees) == pytest.approx(chance, abs=1e-4)


def test_a_rare_token_says_less_than_a_frequent_one() -> None:
    once, often = Seen(spam=1, ham=0), Seen(spam=50, ham=0)
    assert 0.5 < probability(once, TOTALS) < probability(often, TOTALS) < 1
    assert probability(Seen(spam=0, ham=0), TOTALS) == 0.5


def test_unequal_numbers_of_lessons_do_not_tip_the_scale() -> None:
    assert probability(Seen(spam=10, ham=100), Seen(spam=100, ham=1000)) == pytest.approx(0.5)


def test_clues_of_one_kind_are_certain_and_of_both_kinds_doubt() -> None:
    assert combine([0.99] * 20) > 0.999
    assert combine([0.01] * 20) < 0.001
    assert combine([0.99] * 20 + [0.01] * 20) == pytest.approx(0.5, abs=0.01)
    assert combine([]) == 0.5


def test_only_the_strongest_clues_count_and_the_undecided_none() -> None:
    seen = {f"w{at}": Seen(spam=90, ham=1) for at in range(400)} | {"the": Seen(spam=50, ham=50)}
    found = clues(seen, TOTALS)
    assert len(found) == 150
    assert "the" not in found


@given(st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 1000)), max_size=200))
def test_any_counts_give_a_probability(counts: list[tuple[int, int]]) -> None:
    seen = {at: Seen(spam=spam, ham=ham) for at, (spam, ham) in enumerate(counts)}
    assert 0 <= combine(list(clues(seen, Seen(spam=3, ham=700)).values())) <= 1
