"""What the tests for authors begin with."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.authors.outside import Author

# What an author writes is tested by an author, outside: test_fifteen_minutes.
collect_ignore = ["acme"]


@pytest.fixture
def author(tmp_path: Path) -> Author:
    """Return somebody in an empty folder outside the desk's own tree."""
    folder = tmp_path / "author"
    folder.mkdir()
    return Author(folder=folder)
