"""Print who may see what, for docs/security.md: ``python -m tests.matrix``."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.databases import copy_sqlite
from tests.matrix.surveying import opened
from tests.matrix.table import lines
from tests.servers import rundir


def main() -> None:
    """Ask a furnished desk everything and print the table and the counts."""
    run = rundir.create()
    try:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            with opened(folder, copy_sqlite(folder / "desk.db")) as survey:
                sys.stdout.write("\n".join(lines(survey)) + "\n")
                sys.stderr.write(f"{survey.counts()}\n")
    finally:
        rundir.remove(run)


main()
