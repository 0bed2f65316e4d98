"""Days as people write them, in the language of the page."""

from __future__ import annotations

from datetime import date

from babel.dates import format_date

from deskcore.api import page_language


def day_words(day: date) -> str:
    """Write a day: 24 Dec 2026."""
    pattern = "d. M. y" if page_language() == "cs" else "d MMM y"
    return format_date(day, pattern, locale=page_language())
