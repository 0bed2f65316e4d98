"""The only source of time: aware, in UTC, replaceable in tests."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """Return this moment in UTC with its zone."""
    return datetime.now(UTC)
