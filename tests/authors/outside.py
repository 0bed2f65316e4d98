"""An author at work in an empty folder of theirs: commands of the desk, and plain pytest."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 500
# The desk of this tree, before any that is installed.
ENVIRONMENT = {"PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}


@dataclass(frozen=True, kw_only=True)
class Author:
    """Somebody with a desk installed and a folder of their own."""

    folder: Path

    def desk(self, *arguments: str, code: int = 0) -> str:
        """Call ``desk`` and return what it said; its exit code must be *code*."""
        return self._run([sys.executable, "-m", "deskcore", *arguments], code)

    def pytest(self, *arguments: str, code: int = 0) -> str:
        """Call pytest as an author does; the kit comes with the desk."""
        kit = ("-p", "deskcore.testing.plugin", "-p", "no:cacheprovider")
        return self._run([sys.executable, "-m", "pytest", "-q", *kit, *arguments], code)

    def _run(self, command: list[str], code: int) -> str:
        done = subprocess.run(
            command,
            cwd=self.folder,
            env={**os.environ, **ENVIRONMENT, "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_S,
        )
        said = done.stdout + done.stderr
        assert done.returncode == code, said
        return said
