"""Prices as people write them, read into minor units. Pure; no float anywhere.

Files of one shop write ``1 234,50 Kč``, ``€1,234.50``, ``12.-`` or ``1'200``. What may mean two
things is read as the file's decimal sign says, else as the currency allows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from babel.numbers import get_currency_symbol, list_currencies

from deskcore.api import LANGUAGES, minor_digits
from deskcore.plugin import Money

_GROUP = 3  # digits of thousands
MOST_DIGITS = 15  # more than any price, less than what a database holds
# Where one sign stands for several currencies, and what people write for one.
_SIGNS = {
    "$": "USD", "£": "GBP", "¥": "JPY", "kč": "CZK", "kc": "CZK", "руб": "RUB", "руб.": "RUB",
    "р.": "RUB", "zł": "PLN", "ft": "HUF",
}  # fmt: skip
_AROUND = re.compile(r"^([^\d+\-.,]*)\s*([-+]?[\d.,]+?)([.,]?[-–—=])?\s*([^\d]*)$")
_BLANKS = re.compile(r"[\s'’_]+")
_CENTS = re.compile(r"\d([.,])\d{1,2}(?!\d)[^\d.,]*$")


class Unreadable(ValueError):
    """A text that is no price; ``why`` is the key of a sentence of ``problems``."""

    def __init__(self, *, why: str) -> None:
        super().__init__(why)
        self.why = why


@cache
def currencies() -> frozenset[str]:
    """Return the codes of all currencies there are or were."""
    return frozenset(list_currencies())


@cache
def _signs() -> dict[str, str]:
    """Return the signs of currencies in the desk's languages, as ``JP¥``."""
    signs = {
        _BLANKS.sub("", get_currency_symbol(code, language)).casefold(): code
        for language in LANGUAGES
        for code in sorted(currencies())
    }
    return {**signs, **_SIGNS}


def read_price(text: str, currency: str, decimal_sign: str = "") -> Money:
    """Read a price; *currency* is that of texts that name none. Raises Unreadable."""
    bare = _BLANKS.sub("", text.replace("\N{MINUS SIGN}", "-"))
    found = _AROUND.match(bare)
    if found is None:
        raise Unreadable(why="price")
    before, number, _dash, after = found.groups()
    named = currency_of(before or after) if before or after else currency
    if (before and after) or not named:
        raise Unreadable(why="currency")
    if number.startswith("-"):
        raise Unreadable(why="negative")
    whole, cents = _parts(number.lstrip("+"), minor_digits(named), decimal_sign)
    digits = minor_digits(named)
    if len(cents) > digits and cents[digits:].strip("0"):
        raise Unreadable(why="decimals")
    written = whole + cents[:digits].ljust(digits, "0")
    if len(written.lstrip("0")) > MOST_DIGITS:
        raise Unreadable(why="price")
    return Money(amount=int(written), currency=named)


def plain(money: Money) -> str:
    """Write an amount for files: digits, and a point before the decimals."""
    digits = minor_digits(money.currency)
    text = str(money.amount).rjust(digits + 1, "0")
    return f"{text[:-digits]}.{text[-digits:]}" if digits else text


def guess_decimal_sign(texts: Iterable[str]) -> str:
    """Guess the decimal sign of a file by its prices; "" when they do not tell, or differ."""
    found = (_CENTS.search(_BLANKS.sub("", text)) for text in texts)
    signs = {match[1] for match in found if match}
    return signs.pop() if len(signs) == 1 else ""


@lru_cache(maxsize=1_000)
def currency_of(text: str) -> str:
    """Return the code that a text before or behind a number means; "" for none."""
    known = _signs().get(text.casefold(), text.upper())
    return known if known in currencies() else ""


def _parts(number: str, digits: int, decimal_sign: str) -> tuple[str, str]:
    """Split a number into its whole part and its decimals, digits only."""
    sign = decimal_sign if decimal_sign in number else ""
    if not sign:
        # Who writes decimals with the other sign may well write thousands with this one.
        sign = _likely_sign(number, 0 if decimal_sign else digits)
    whole, _sign, cents = number.rpartition(sign) if sign else (number, "", "")
    other = {".": ",", ",": "."}.get(sign, ".,")
    groups = re.split(f"[{other}]", whole)
    if len(groups) > 1 and not all(len(group) == _GROUP for group in groups[1:]):
        raise Unreadable(why="price")
    if not all(map(str.isdecimal, groups)):
        raise Unreadable(why="price")
    if cents and not cents.isdecimal():
        raise Unreadable(why="price")
    return "".join(groups), cents


def _likely_sign(number: str, digits: int) -> str:
    """Return which sign stands before the decimals, "" for none of them."""
    signs = [sign for sign in number if sign in ".,"]
    if not signs:
        return ""
    last = signs[-1]
    if len(set(signs)) > 1:
        return last
    behind = len(number) - number.rindex(last) - 1
    is_group = len(signs) > 1 or (behind == _GROUP and digits != _GROUP)
    return "" if is_group else last
