"""Previews, subjects and what may be stored."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskcore.domain.text import excerpt, fold_subject, is_about_same


def test_an_excerpt_is_one_line_cut_at_a_word() -> None:
    assert excerpt("Hello\n  there,  my friend", 100) == "Hello there, my friend"
    assert excerpt("Hello there, my friend", 14) == "Hello there…"


def test_the_filling_of_newsletters_is_left_out() -> None:
    assert excerpt("Hi\u200c \u00ad\u200c \u034f", 20) == "Hi"


@given(st.text(), st.integers(1, 50))
def test_an_excerpt_is_never_longer_than_asked(text: str, length: int) -> None:
    short = excerpt(text, length)
    assert len(short) <= length
    assert "\n" not in short


@pytest.mark.parametrize(
    ("subject", "core"),
    [
        ("Re: Bill", "Bill"),
        ("RE: AW: Fwd: Re[2]: Bill", "Bill"),
        ("Re: [#12] Re: Bill", "[#12] Bill"),
        ("Odp: Pd: Rachunek", "Rachunek"),
        ("Re：回复：账单", "账单"),
        ("Regards to all", "Regards to all"),
        ("  two   words ", "two words"),
        ("Re:", ""),
    ],
)
def test_prefixes_are_folded_away(subject: str, core: str) -> None:
    assert fold_subject(subject) == core


def test_subjects_are_compared_by_what_they_are_about() -> None:
    assert is_about_same("Re: Bill", "AW: bill")
    assert not is_about_same("Bill", "Bills")
