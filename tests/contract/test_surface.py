"""What plugins may use changes only where a reader of the diff sees it."""

from __future__ import annotations

from difflib import unified_diff

from tests.upkeep.surface import PAGE, surface


def test_the_list_of_public_names_is_what_the_code_has() -> None:
    told, by_the_code = PAGE.read_text(encoding="utf-8").splitlines(), surface().splitlines()
    found = list(unified_diff(told, by_the_code, "as it is", "by the code", n=0, lineterm=""))
    assert found == [], "\n".join(["python -m tests.upkeep.surface writes it anew", *found])
