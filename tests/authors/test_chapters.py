"""The code in the chapters of the guide is that of plugins the desk comes with."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.upkeep.chapters import MARKED, chapters, code_of, filled


@pytest.mark.parametrize("page", chapters(), ids=lambda page: page.name)
def test_a_chapter_shows_the_code_that_runs(page: Path) -> None:
    text = page.read_text()
    assert filled(text) == text, "Run: python -m tests.upkeep.chapters"
    # What readers would write in a plugin of their own stands nowhere here: it has no marker.
    assert len(MARKED.findall(text)) == text.count("<!-- code: "), "A marker has no block below it."


def test_code_that_changed_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text("class A:\n    x = 1\n\n    def f(self):\n        return 2\n")
    assert code_of(tmp_path / "one.py", "A.f") == "def f(self):\n    return 2\n"
    assert code_of(tmp_path / "one.py", "A") == "class A:\n    x = 1\n"
    page = chapters()[0].read_text()
    code = MARKED.findall(page)[0][2]
    assert filled(page.replace(code, "pass\n", 1)) == page
