"""The practice corpus lies beside a developer's checkout; a user's clone has none, nor this test."""

from __future__ import annotations

from pathlib import Path

import pytest

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpora" / "email"
collect_ignore = [] if (CORPUS / "cases.jsonl").exists() else ["test_corpus.py"]


@pytest.fixture
def corpus() -> Path:
    """Return the folder with the mails, their expectations and the scorer."""
    return CORPUS
