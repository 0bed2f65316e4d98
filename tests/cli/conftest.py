"""The command ``desk`` as its user calls it, on a desk of the test's own.

Called in this process, since starting a Python for each call costs more than the call; how the
installed command starts and ends is in ``tests/process``.
"""

from __future__ import annotations

import io
import logging
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from deskcore import cli


@dataclass(frozen=True, kw_only=True)
class Done:
    """What became of one call."""

    code: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def desk(
    tmp_path: Path,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> Iterator[Run]:
    """Give a function that calls ``desk`` with arguments; keywords are environment variables."""
    monkeypatch.setenv("DESK_INSTANCE", str(tmp_path / "instance"))
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    # The command makes files private from then on; servers that this process starts must not be.
    umask = os.umask(0o022)
    os.umask(umask)
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level

    def run(*arguments: str, stdin: bytes = b"", **environment: str) -> Done:
        with monkeypatch.context() as patch:
            patch.setattr(sys, "argv", ["desk", *arguments])
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
            for name, value in {"DESK_DATABASE_URL": database_url, **environment}.items():
                patch.setenv(name, value)
            capfd.readouterr()
            code = 0
            try:
                cli.main()
            except SystemExit as ended:
                code = int(ended.code or 0)
            os.umask(umask)
        told = capfd.readouterr()
        assert "Traceback" not in told.err
        return Done(code=code, out=told.out, err=told.err)

    yield run
    root.handlers[:] = handlers
    root.setLevel(level)
