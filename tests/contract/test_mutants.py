"""The mutants fit the code as it is; ``python -m tests.mutants`` tries them."""

from __future__ import annotations

import pytest

from tests.contract.sources import ROOT
from tests.mutants.catalogue import MUTANTS, Mutant


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_the_guard_a_mutant_removes_stands_where_it_says(mutant: Mutant) -> None:
    text = (ROOT / mutant.path).read_text(encoding="utf-8")
    assert text.count(mutant.guard) == 1
    file, _, name = mutant.test.partition("::")
    assert f"def {name.partition('[')[0]}" in (ROOT / file).read_text(encoding="utf-8")
