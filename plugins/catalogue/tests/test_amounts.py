"""Prices in minor units, however they are written, in currencies with 0, 2 and 3 decimals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskcore.api import LANGUAGES, minor_digits, money_text
from deskcore.plugin import Money
from plugins.catalogue.amounts import Unreadable, guess_decimal_sign, plain, read_price

CURRENCIES = ("JPY", "ISK", "EUR", "CZK", "RUB", "USD", "KWD", "BHD")
prices = st.builds(
    Money,
    amount=st.integers(min_value=0, max_value=10**15 - 1),
    currency=st.sampled_from(CURRENCIES),
)


@given(prices)
def test_what_is_written_into_a_file_is_read_back_as_the_same_amount(price: Money) -> None:
    assert read_price(plain(price), price.currency, ".") == price
    assert read_price(plain(price).replace(".", ","), price.currency, ",") == price


@given(prices, st.sampled_from(sorted(LANGUAGES)))
def test_what_a_page_shows_is_read_back_as_the_same_amount(price: Money, language: str) -> None:
    shown = money_text(price, language)
    sign = "" if minor_digits(price.currency) == 0 else "." if language == "en" else ","
    assert read_price(shown, price.currency, sign) == price


@given(prices, prices)
def test_adding_minor_units_adds_the_money(one: Money, other: Money) -> None:
    total = Money(amount=one.amount + other.amount, currency="EUR")
    assert type(total.amount) is int
    if len(str(total.amount)) <= 15:
        assert read_price(plain(total), "EUR", ".").amount == one.amount + other.amount


@given(st.text(max_size=30), st.sampled_from(CURRENCIES))
def test_any_text_is_an_amount_in_whole_minor_units_or_is_refused(text: str, currency: str) -> None:
    try:
        price = read_price(text, currency)
    except Unreadable:
        return
    assert type(price.amount) is int
    assert price.amount >= 0


@pytest.mark.parametrize(
    ("text", "currency", "sign", "amount", "read"),
    [
        ("1 234,50 Kč", "EUR", "", 123450, "CZK"),
        ("€1,234.50", "CZK", "", 123450, "EUR"),
        ("1.234,5", "EUR", "", 123450, "EUR"),
        ("1'200.-", "CHF", "", 120000, "CHF"),
        ("12,-", "CZK", "", 1200, "CZK"),
        ("12.500", "EUR", "", 1250000, "EUR"),
        ("12.500", "EUR", ".", 1250, "EUR"),
        ("12.500", "KWD", "", 12500, "KWD"),
        ("1,234", "JPY", "", 1234, "JPY"),
        ("0,9900", "EUR", "", 99, "EUR"),
        ("1 990 руб.", "EUR", "", 199000, "RUB"),
        ("kwd 0.005", "EUR", "", 5, "KWD"),
    ],
)
def test_people_write_prices_in_many_ways(
    text: str, currency: str, sign: str, amount: int, read: str
) -> None:
    assert read_price(text, currency, sign) == Money(amount=amount, currency=read)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "price"),
        ("free", "price"),
        ("1,2,3", "price"),
        ("1.2.3", "price"),
        ("12,345,67", "price"),
        ("-5", "negative"),
        ("5 quids", "currency"),
        ("$5€", "currency"),
        ("1.999", "decimals"),
        ("1" * 16, "price"),
    ],
)
def test_what_is_no_price_is_refused_with_its_reason(text: str, why: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_price(text, "EUR", ".")
    assert refused.value.why == why


@pytest.mark.parametrize(
    ("texts", "sign"),
    [
        (["12,50", "1 200,00 Kč"], ","),
        (["12.50", "€3.99"], "."),
        (["12.50", "12,50"], ""),
        (["12.500", "100"], ""),
    ],
)
def test_the_prices_of_a_file_tell_its_decimal_sign(texts: list[str], sign: str) -> None:
    assert guess_decimal_sign(texts) == sign
