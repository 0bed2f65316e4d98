"""Placeholders of texts: looked up in a flat dict, never a template language."""

from __future__ import annotations

import pytest

from deskcore.domain.placeholders import fill, names_in

VALUES = {"customer.name": "Jana <b>", "shop.order": "A-1", "agent.name": "{{shop.order}}"}


def test_what_is_known_is_put_in_as_text() -> None:
    filled = fill("Hello {{customer.name}}, order {{ shop.order }}.", VALUES)
    assert filled.text == "Hello Jana <b>, order A-1."
    assert filled.unfilled == ()


def test_what_is_not_known_stays_and_is_told() -> None:
    filled = fill("{{shop.colour}} and {{shop.order}} and {{shop.colour}}", VALUES)
    assert filled.text == "{{shop.colour}} and A-1 and {{shop.colour}}"
    assert filled.unfilled == ("shop.colour",)
    assert [piece.name for piece in filled.pieces if piece.is_filled and piece.name] == [
        "shop.order"
    ]


def test_a_value_is_not_looked_through_again() -> None:
    assert fill("From {{agent.name}}", VALUES).text == "From {{shop.order}}"


@pytest.mark.parametrize(
    "text",
    [
        "{{customer}}",
        "{{customer.name.__class__}}",
        "{{ customer.name | upper }}",
        "{{customer.name()}}",
        "{customer.name}",
        "{{CUSTOMER.NAME}}",
        "{{ 7*7 }}",
        "{% for x in y %}",
        "%(customer.name)s",
        "{{customer.na\nme}}",
        "{{" * 5000,
    ],
)
def test_nothing_else_is_a_placeholder(text: str) -> None:
    assert names_in(text) == ()
    assert fill(text, VALUES).text == text


def test_names_are_told_once_in_order() -> None:
    assert names_in("{{b.b}} {{a.a}} {{ b.b }}") == ("b.b", "a.a")
