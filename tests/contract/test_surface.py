"""What plugins may use changes only where a reader of the diff sees it."""

from __future__ import annotations

from tests.upkeep.surface import PAGE, surface


def test_the_list_of_public_names_is_what_the_code_has() -> None:
    told = PAGE.read_text(encoding="utf-8")
    assert told == surface(), "python -m tests.upkeep.surface writes it anew"
