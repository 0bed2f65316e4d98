"""A worker that is killed twice while it tells: each once, by mail and Telegram.

The 2,000 of the promise have a command of their own: ``python -m tests.stock_notes.many``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.stage import Stage
from tests.stock_notes.many import prepare, tell_many


def test_everybody_is_told_once_though_the_worker_is_killed_twice(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in prepare(tmp_path / "many").items():
        monkeypatch.setenv(name, value)
    with Stage(tmp_path / "many", database_url, seed=7, moments=1) as stage:
        account = tell_many(stage, 60, undo_s=3)
    assert account.wrong == ()
    assert (account.told, account.refused, account.kills) == (56, 4, 2)
    assert account.mails + account.chats + account.unsure >= account.told
    assert account.chats >= 9
