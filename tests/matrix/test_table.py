"""What the documentation says of who may see what is what the desk answers."""

from __future__ import annotations

import pytest

from tests.contract.sources import ROOT
from tests.matrix.conftest import BOTH
from tests.matrix.survey import Survey
from tests.matrix.table import lines

# The first test waits for all answers; a busy machine takes its time.
pytestmark = pytest.mark.timeout(600)


@pytest.mark.parametrize("survey", BOTH[:1], indirect=True)
def test_the_documentation_shows_the_table_as_it_is(survey: Survey) -> None:
    """``python -m tests.matrix`` prints it anew."""
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    assert [line for line in lines(survey) if line not in page.splitlines()] == []
