"""An author at work in an empty folder of theirs: commands of the desk, and plain pytest."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.process.launching import Launched

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 500
# The desk of this tree, before any that is installed.
ENVIRONMENT = {"PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
# Whose folder holds what they wrote and nothing else.
_AS_AUTHOR = {**ENVIRONMENT, "PYTHONDONTWRITEBYTECODE": "1"}


@dataclass(frozen=True, kw_only=True)
class Author:
    """Somebody with a desk installed and a folder of their own."""

    folder: Path

    def desk(self, *arguments: str, code: int = 0) -> str:
        """Call ``desk`` and return what it said; its exit code must be *code*.

        What ``python -m deskcore`` does, in a process that need not import it first.
        """
        with TemporaryDirectory() as made:
            out, err = Path(made) / "out", Path(made) / "err"
            environment = {**os.environ, **_AS_AUTHOR}
            command = Launched(arguments, environment, out, err, {}, folder=self.folder)
            ended = command.wait(PATIENCE_S)
            said = out.read_text() + err.read_text()
        assert ended == code, said
        return said

    def pytest(self, *arguments: str, code: int = 0) -> str:
        """Call pytest as an author does; the kit comes with the desk."""
        kit = ("-p", "deskcore.testing.plugin", "-p", "no:cacheprovider")
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", *kit, *arguments],
            cwd=self.folder,
            env={**os.environ, **_AS_AUTHOR},
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_S,
        )
        said = done.stdout + done.stderr
        assert done.returncode == code, said
        return said
