"""The public side as a customer's browser meets it: an open desk, on SQLite."""

from __future__ import annotations

import pytest


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Leave PostgreSQL to the tests of the services: pages do not differ by database."""
    return sqlite_url
