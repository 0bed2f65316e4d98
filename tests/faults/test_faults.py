"""One seeded run of each fault that is cheap; ``python -m tests.faults`` runs all of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults import report, running
from tests.faults.catalogue import Fault, every_fault

SEED = 7
CHEAP = [pytest.param(fault, id=str(fault.number)) for fault in every_fault() if fault.in_ci]


@pytest.mark.kills
@pytest.mark.parametrize("fault", CHEAP)
def test_every_mail_and_answer_is_once_where_it_has_to_be(fault: Fault, tmp_path: Path) -> None:
    outcome = running.run(fault, "sqlite", tmp_path, seed=SEED, moments=1)
    assert not outcome.problem, report.lines(outcome)
