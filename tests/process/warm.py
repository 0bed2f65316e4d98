"""Errands and parsers of this process are forked (``forking``), but for tests that start them really."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest

from tests.process.forking import FORKING, STARTING


@pytest.fixture(scope="session", autouse=True)
def _forking() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for module in STARTING:
            patch.setattr(module, "subprocess", FORKING)
        yield


@pytest.fixture
def really_started(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have errands and parsers of a test started as a desk starts them."""
    for module in STARTING:
        monkeypatch.setattr(module, "subprocess", subprocess)
