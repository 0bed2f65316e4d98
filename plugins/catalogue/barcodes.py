"""Barcodes: what can be said of one without asking anybody (GS1 General Specifications, 7.9). Pure."""

from __future__ import annotations

LENGTHS = (8, 12, 13, 14)


def is_gtin(text: str) -> bool:
    """Whether a barcode has the length and the check digit of a GTIN (EAN, UPC)."""
    return text.isascii() and text.isdecimal() and len(text) in LENGTHS and _sum(text) % 10 == 0


def expected(text: str) -> str:
    """Return the check digit that a barcode of that length should end with; "" for other texts."""
    if not (text.isascii() and text.isdecimal() and len(text) in LENGTHS):
        return ""
    return str(-_sum(f"{text[:-1]}0") % 10)


def _sum(text: str) -> int:
    """Return the sum of the digits, from the right, every second one three times."""
    return sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(reversed(text)))
