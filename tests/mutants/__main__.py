"""Try every mutant, or those whose name holds a word: ``python -m tests.mutants [word]``.

Each is made in a copy of the checkout, and its test must fail there. Takes about ten seconds each;
exits 1 when a mutant lives.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.contract.sources import ROOT
from tests.mutants.catalogue import MUTANTS, Mutant

PARTS = ("deskcore", "plugins", "tests", "setup.cfg", "pyproject.toml")
SOME_FAILED = 1  # what pytest exits with when tests failed; other codes are no verdict


def main() -> int:
    """Try the mutants and say of each whether it was noticed."""
    word = sys.argv[1] if len(sys.argv) > 1 else ""
    lived = 0
    for mutant in MUTANTS:
        if word in mutant.name:
            is_dead = killed(mutant)
            lived += not is_dead
            sys.stdout.write(f"{'noticed' if is_dead else 'LIVES':8} {mutant.name}\n")
            sys.stdout.flush()
    return 1 if lived else 0


def killed(mutant: Mutant) -> bool:
    """Tell whether the mutant's test fails where its guard is missing."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for part in PARTS:
            source = ROOT / part
            take = shutil.copytree if source.is_dir() else shutil.copy2
            take(source, copy / part)
        path = copy / mutant.path
        path.write_text(path.read_text().replace(mutant.guard, mutant.instead))
        tests = [sys.executable, "-m", "pytest", "-q", "-x", mutant.test, "-k", "not postgresql"]
        ended = subprocess.run(tests, cwd=copy, capture_output=True, check=False)
    return ended.returncode == SOME_FAILED


if __name__ == "__main__":
    sys.exit(main())
