"""Money as people read it."""

from __future__ import annotations

import pytest

from deskcore.domain.money import Money, minor_digits, money_text

SPACE = "\xa0"


@pytest.mark.parametrize(
    ("currency", "digits"), [("JPY", 0), ("EUR", 2), ("CZK", 2), ("RSD", 2), ("KWD", 3)]
)
def test_a_currency_has_the_decimals_of_its_standard(currency: str, digits: int) -> None:
    assert minor_digits(currency) == digits


@pytest.mark.parametrize(
    ("amount", "currency", "language", "text"),
    [
        (123450, "EUR", "en", "€1,234.50"),
        (123450, "CZK", "cs", f"1{SPACE}234,50{SPACE}Kč"),
        (5, "RUB", "ru", f"0,05{SPACE}₽"),
        (1234, "JPY", "en", "¥1,234"),
        (1050, "RSD", "cs", f"10,50{SPACE}RSD"),
        (-1, "KWD", "cs", f"-0,001{SPACE}KWD"),
        (2**63 - 1, "EUR", "en", "€92,233,720,368,547,758.07"),
    ],
)
def test_an_amount_is_written_whole_as_the_language_does(
    amount: int, currency: str, language: str, text: str
) -> None:
    assert money_text(Money(amount=amount, currency=currency), language) == text
