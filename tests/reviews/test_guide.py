"""The chapter on approval shows code of the plugin as it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "plugin-authors" / "approval.md").read_text()
CODE = re.findall(r"^`([\w./]+)`\n\n```python\n(.*?)^```$", PAGE, flags=re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize(("name", "code"), CODE)
def test_the_code_of_the_chapter_stands_so_in_the_plugin(name: str, code: str) -> None:
    assert code in (ROOT / name).read_text()


def test_all_of_it_says_where_it_stands() -> None:
    assert len(CODE) == PAGE.count("```python") == 6
