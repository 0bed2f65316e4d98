"""Money in minor units of its currency: never a float, written as each language does."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from decimal import Decimal

from babel import Locale

# ISO 4217, the column "minor unit", where it is not 2.
_DIGITS = {
    **dict.fromkeys(
        "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0
    ),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
    **dict.fromkeys("CLF UYW".split(), 4),
}


@dataclass(frozen=True, kw_only=True)
class Money:
    """An amount in minor units of an ISO 4217 currency."""

    amount: int
    currency: str


def minor_digits(currency: str) -> int:
    """Return how many decimals a currency has: 0 of JPY, 2 of EUR, 3 of KWD."""
    return _DIGITS.get(currency, 2)


def money_text(money: Money, language: str) -> str:
    """Write an amount with all its decimals, as a language does: ``1 234,50 Kč``."""
    digits = minor_digits(money.currency)
    locale = Locale.parse(language)
    # CLDR's own number of decimals is that of cash, which for some currencies is another one.
    pattern = copy(locale.currency_formats["standard"])
    pattern.frac_prec = (digits, digits)
    value = Decimal(money.amount).scaleb(-digits)
    return str(pattern.apply(value, locale, currency=money.currency, currency_digits=False))
