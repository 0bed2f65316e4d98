"""Running one fault once: a fresh desk, the scenario, and the oracle's account of it."""

from __future__ import annotations

import subprocess
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.databases import copied_postgresql, copy_sqlite
from tests.faults import oracle
from tests.faults.catalogue import Fault
from tests.faults.stage import Stage
from tests.servers import postgresql, rundir
from tests.servers.postgresql import PostgreSQL


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What one run of a fault came to; ``problem`` is empty when every promise held."""

    fault: Fault
    database: str
    seed: int
    moments: int
    account: oracle.Account
    notes: tuple[str, ...]
    problem: str
    seconds: float


def run(fault: Fault, database: str, folder: Path, *, seed: int, moments: int) -> Outcome:
    """Run a fault on a database of its own, below *folder*; whatever goes wrong is told."""
    folder.mkdir(parents=True, exist_ok=True)
    began, problem = time.monotonic(), ""
    count = fault.fixed_moments or moments
    with (
        _room(fault.room, folder),
        _fresh(database, folder) as url,
        Stage(folder, url, seed=seed, moments=count) as stage,
    ):
        try:
            fault.scenario(stage)
        except Exception as error:  # noqa: BLE001  the outcome tells it, with the ledger
            problem = "".join(traceback.format_exception(error)[-3:]).strip()
        account = oracle.account_for(stage)
        notes = tuple(stage.notes)
    return Outcome(
        fault=fault,
        database=database,
        seed=seed,
        moments=count,
        account=account,
        notes=notes,
        problem=problem or "; ".join(account.wrong),
        seconds=time.monotonic() - began,
    )


@contextmanager
def _room(size: str, folder: Path) -> Iterator[None]:
    if not size:
        yield
        return
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "desk", str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def _fresh(database: str, folder: Path) -> Iterator[str]:
    if database == "sqlite":
        yield copy_sqlite(folder / "desk.db")
        return
    server = rundir.shared("postgresql", PostgreSQL, postgresql.start)
    with copied_postgresql(server) as url:
        yield url
