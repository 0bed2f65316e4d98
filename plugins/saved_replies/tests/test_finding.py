"""How saved replies are found: folded, fuzzy, and by what a ticket says."""

from __future__ import annotations

import pytest

from plugins.saved_replies.finding import fits, fitting, fold, language_of, score

LANGUAGES = ("en", "ru", "cs")


@pytest.mark.parametrize(
    ("one", "other"), [("Vrácení", "VRACENI"), ("ещё", "ЕЩЕ"), ("Straße", "strasse")]
)
def test_spellings_that_people_take_for_the_same_are_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_the_name_counts_more_than_the_text() -> None:
    assert score("return", "Return by post", "x") > score("return", "x", "how to return it")


@pytest.mark.parametrize("typed", ["retrun", "post ret", "rbp", "RETURN", "parcel"])
def test_slips_beginnings_and_first_letters_find_it(typed: str) -> None:
    assert score(typed, "Return by post", "Send the parcel back.")


@pytest.mark.parametrize("typed", ["teapot", "return teapot", "tsop", "e"])
def test_what_is_not_there_is_not_found(typed: str) -> None:
    assert not score(typed, "Return by post" if typed != "e" else "Now", "Band on hold")


def test_words_that_all_replies_share_say_nothing_of_a_ticket() -> None:
    texts = [("Kettle", "Hello dear customer"), ("Teapot", "Hello dear customer")]
    kettle, teapot = fitting("Hello dear customer, my kettles are broken", texts)
    assert fits(kettle)
    assert not fits(teapot)


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("Здравствуйте, где мой заказ 1042?", "ru"),
        ("Dobrý den, kde je má objednávka?", "cs"),
        ("Hello, where is my order?", ""),
        ("", ""),
    ],
)
def test_the_letters_of_a_text_tell_its_language(said: str, language: str) -> None:
    assert language_of(said, LANGUAGES) == language
    assert language_of(said, ("en",)) == ""
