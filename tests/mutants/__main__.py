"""Try every mutant, or those whose name holds a word: ``python -m tests.mutants [word]``.

Each is made in a copy of the checkout, and its test must fail there, having passed in a copy that
nothing was taken out of. Takes about ten seconds each; exits 1 unless every mutant was noticed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.contract.sources import ROOT
from tests.mutants.catalogue import MUTANTS, Mutant

PARTS = ("deskcore", "plugins", "themes", "tests", "setup.cfg", "pyproject.toml")
AT_ONCE = 2
# Of tests pytest keeps bytecode that says where they lay when they were first run.
_REWRITTEN = shutil.ignore_patterns("__pycache__")
PASSED, SOME_FAILED = 0, 1  # what pytest exits with; its other codes are no verdict
NOTICED = "noticed"


def main() -> int:
    """Try the mutants and say of each whether it was noticed."""
    word = sys.argv[1] if len(sys.argv) > 1 else ""
    chosen = [mutant for mutant in MUTANTS if word in mutant.name]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        tests = sorted({mutant.test for mutant in chosen})
        untouched = dict(zip(tests, pool.map(outcome, tests), strict=True))
        sound = {test for test, code in untouched.items() if code == PASSED}
        verdicts = pool.map(lambda mutant: verdict(mutant, sound), chosen)
        is_good = bool(chosen)
        for mutant, found in zip(chosen, verdicts, strict=True):
            is_good = is_good and found == NOTICED
            sys.stdout.write(f"{found:10} {mutant.name}\n")
            sys.stdout.flush()
    return 0 if is_good else 1


def verdict(mutant: Mutant, sound: set[str]) -> str:
    """Say whether the mutant's test, which must be *sound*, fails where its guard is missing."""
    if mutant.test not in sound or mutant.guard not in (ROOT / mutant.path).read_text():
        return "no verdict"
    code = outcome(mutant.test, (mutant,))
    return {SOME_FAILED: NOTICED, PASSED: "LIVES"}.get(code, "no verdict")


def outcome(test: str, mutants: Sequence[Mutant] = ()) -> int:
    """Run one test in a copy of the checkout with these mutants; returns what pytest exits with."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for part in PARTS:
            source = ROOT / part
            if source.is_dir():
                shutil.copytree(source, copy / part, ignore=_REWRITTEN if part == "tests" else None)
            else:
                shutil.copy2(source, copy / part)
        for mutant in mutants:
            path = copy / mutant.path
            path.write_text(path.read_text().replace(mutant.guard, mutant.instead))
        command = [sys.executable, "-m", "pytest", "-q", "-x", test, "-k", "not postgresql"]
        # The desks a test starts must be those of the copy, too.
        environment = {**os.environ, "PYTHONPATH": str(copy)}
        return subprocess.run(
            command, cwd=copy, env=environment, capture_output=True, check=False
        ).returncode


if __name__ == "__main__":
    sys.exit(main())
