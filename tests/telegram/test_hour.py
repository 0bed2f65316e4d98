"""A few minutes of the hour that ``python -m tests.telegram`` lives through."""

from __future__ import annotations

from flask import Flask

from tests.telegram import hour


def test_the_books_of_both_sides_balance_whatever_goes_wrong(app: Flask) -> None:
    books = hour.run(messages=400, share=0.06)
    assert books.problems == []
    assert (books.said.total(), books.answered.total()) == (400, 80)
    assert len(books.faults) >= 4, "Too little went wrong to show anything."
    assert books.deaths
