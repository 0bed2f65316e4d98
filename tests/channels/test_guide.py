"""What the guide says of the kit is so."""

from __future__ import annotations

import re
from pathlib import Path

from deskcore.testing.checks import CHECKS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "plugin-authors" / "testing.md"


def test_the_guide_lists_every_check_with_its_level() -> None:
    listed = re.findall(r"^\| (K\d\d) \| (\w+) \|", PAGE.read_text(), flags=re.MULTILINE)
    assert dict(listed) == {each.id: each.level for each in CHECKS.values()}
