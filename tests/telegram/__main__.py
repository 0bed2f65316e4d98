"""Live through an hour of Telegram: ``python -m tests.telegram``; see ``hour.py``."""

from __future__ import annotations

import argparse
import itertools
import sys
import tempfile
from pathlib import Path

from sqlalchemy import create_engine

from deskcore.config import load_config
from deskcore.db import prepare_engine
from deskcore.plugin.discovery import discover
from deskcore.plugin.migrations import core, of_plugin, upgrade
from deskcore.plugin.net import network_allowed
from deskcore.services import sending
from deskcore.services.turns import Turns
from tests.databases import opened
from tests.telegram import desk, hour

_MOST_GROWTH_MB = 25.0


def main() -> int:
    """Print what came of it; 1 when the books do not balance or the memory grew."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=18_000)
    parser.add_argument("--share", type=float, default=0.02)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    sending.TURNS = Turns(time=itertools.count(0, 100).__next__)  # an hour's waits are over at once
    with tempfile.TemporaryDirectory(prefix="desk-hour-") as folder:
        url = f"sqlite:///{folder}/desk.db"
        engine = create_engine(url)
        prepare_engine(engine)
        for component in (core(), *map(of_plugin, discover(Path("no-instance")))):
            if component is not None:
                upgrade(engine, component)
        engine.dispose()
        config = load_config(
            instance=Path(folder) / "instance", database_url=url, plugins=desk.PLUGINS
        )
        with opened(config, has_pages=False), network_allowed():
            books = hour.run(
                messages=wanted.messages,
                share=wanted.share,
                seed=wanted.seed,
                tell=lambda line: sys.stdout.write(f"{line}\n") and sys.stdout.flush(),
            )
    sys.stdout.write(report(books))
    return 1 if books.problems or books.growth_mb > _MOST_GROWTH_MB else 0


def report(books: hour.Books) -> str:
    """Write the books down."""
    faults = ", ".join(f"{count} {name}" for name, count in sorted(books.faults.items()))
    memory = ", ".join(f"{each:.0f}" for each in books.memory_mb)
    return (
        f"in:      {books.said.total()} said, {books.filed.total()} filed on {books.tickets} tickets\n"
        f"out:     {books.answered.total()} answers, {books.arrived.total()} arrived, "
        f"{books.settled} settled by a person\n"
        f"faults:  {faults}; {books.deaths} deaths between fetching and storing\n"
        f"memory:  {memory} MB by quarters, grown by {books.growth_mb:.1f}\n"
        f"time:    {books.seconds:.0f} s\n"
        f"ledger:  {', '.join(books.problems) or 'balances'}\n"
    )


if __name__ == "__main__":
    sys.exit(main())
