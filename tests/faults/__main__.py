"""``python -m tests.faults [numbers] [--seed 7] [--moments 20] [--database sqlite]``: the ledger.

Without numbers, the full matrix runs; ``--keep`` writes what came of it into ``docs/reliability.md``.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from tests.faults import report, running
from tests.faults.catalogue import Fault, every_fault
from tests.faults.running import Outcome
from tests.servers import rundir


def main(arguments: list[str]) -> int:
    """Run the faults asked for; 1 when a promise was broken, 2 when a program is missing."""
    asked = _parser().parse_args(arguments)
    faults = [
        fault for fault in every_fault() if not asked.numbers or fault.number in asked.numbers
    ]
    if lacking := sorted(
        {name for fault in faults for name in fault.needs if not shutil.which(name)}
    ):
        sys.stderr.write(f"Programs are missing. Run this: apt-get install {' '.join(lacking)}\n")
        return 2
    run = rundir.create()
    try:
        outcomes = _run_all(faults, asked)
    finally:
        rundir.stop_all(run)
        rundir.remove(run)
    return 1 if any(outcome.problem for outcome in outcomes) else 0


def _run_all(faults: list[Fault], asked: argparse.Namespace) -> list[Outcome]:
    outcomes = []
    for fault in faults:
        for database in fault.databases:
            if asked.database in ("", database):
                with tempfile.TemporaryDirectory(prefix="desk-fault-") as folder:
                    outcome = running.run(
                        fault, database, Path(folder), seed=asked.seed, moments=asked.moments
                    )
                outcomes.append(outcome)
                sys.stdout.write(report.lines(outcome))
                sys.stdout.flush()
                if asked.keep:  # at once: a run that is stopped keeps what it saw
                    report.keep([outcome])
    return outcomes


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("numbers", nargs="*", type=int, help="faults of the ledger; all of them")
    parser.add_argument("--seed", type=int, default=7, help="what the random moments follow from")
    parser.add_argument("--moments", type=int, default=20, help="how often each is provoked")
    parser.add_argument("--database", default="", choices=("", "sqlite", "postgresql"))
    parser.add_argument("--keep", action="store_true", help="write them into docs/reliability.md")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
