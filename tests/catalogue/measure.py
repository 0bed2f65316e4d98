"""Measure what an import costs: time by the clock and of the processor, and whether memory is flat.

    python -m tests.catalogue.measure [--rows 50000] [--database postgresql]

On a SQLite file, or on a PostgreSQL that is started for it. Ends with 1 when taking the file lasts over
a minute, the first time or the second, or memory grows by over 30 MB meanwhile.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Event, Thread

import click

from deskcore.app import create_app
from deskcore.config import load_config
from deskcore.domain.people import SYSTEM
from deskcore.extensions import db
from deskcore.services import jobs
from plugins.catalogue import finding, imports, offer, recognising, shops
from plugins.catalogue.finding import Wish
from plugins.catalogue.imports import Chosen, Import
from tests.databases import copied_postgresql, copy_sqlite
from tests.servers import postgresql, rundir
from tests.servers.postgresql import PostgreSQL

MOST_S, MOST_GROWTH_MB = 60, 30
LOOKS_S = 0.1
HEADERS = "SKU;Name;Price;EAN;Category;Tags;Fits with;In short;Stock Shop;Stock Store\n"
COLOURS = ("red", "blue", "green")


def a_file(rows: int) -> Iterator[str]:
    """Yield a file of which one row in a hundred is broken."""
    yield HEADERS
    for at in range(rows):
        price = "wrong" if at % 100 == 7 else f"{at % 900 + 1},{at % 100:02}"
        other = (at * 7) % rows
        yield (
            f"SKU-{at:06};Product {at} enamel kettle {COLOURS[at % 3]} {at % 7} l;{price};"
            f"{4_000_000_000_000 + at};Category {at % 60};a{at % 9}, b{at % 7};SKU-{other:06};"
            f'"A thing, number {at};\nof two lines";{at % 20};{at % 33}\n'
        )


@dataclass(kw_only=True)
class Watched:
    """What a stretch of work cost; ``megabytes`` are the process's size, looked at again and again."""

    seconds: float = 0.0
    processor_s: float = 0.0
    megabytes: list[float] = field(default_factory=list)

    @property
    def growth_mb(self) -> float:
        """By how much the process was larger than when it began."""
        return max(self.megabytes) - self.megabytes[0]

    @property
    def quarters(self) -> str:
        """How large it was at the begin, at each quarter of the time, and at the end."""
        last = len(self.megabytes) - 1
        return ", ".join(f"{self.megabytes[last * at // 4]:.0f}" for at in range(5))


@click.command()
@click.option("--rows", default=50_000, show_default=True)
@click.option("--database", default="sqlite", type=click.Choice(["sqlite", "postgresql"]))
def main(rows: int, database: str) -> None:
    """Take a file twice, then look for products."""
    run = rundir.create()
    try:
        with tempfile.TemporaryDirectory(prefix="desk-import-") as name:
            if database == "sqlite":
                is_kept = _measured(Path(name), copy_sqlite(Path(name) / "desk.db"), rows)
            else:
                server = rundir.shared("postgresql", PostgreSQL, postgresql.start)
                with copied_postgresql(server) as url:
                    is_kept = _measured(Path(name), url, rows)
    finally:
        rundir.stop_all(run)
        rundir.remove(run)
    promise = f"at most {MOST_S} s and {MOST_GROWTH_MB} MB more"
    click.echo(f"{database}, {rows} rows, {promise}: {'kept' if is_kept else 'BROKEN'}")
    sys.exit(not is_kept)


def _measured(folder: Path, url: str, rows: int) -> bool:
    """Do it all on a migrated database; returns whether the promise was kept."""
    config = load_config(instance=folder, database_url=url, plugins=("catalogue",))
    with create_app(config, has_pages=False).app_context():
        for name in ("Shop", "Store"):
            shops.create(SYSTEM, name, "")
        content = "".join(a_file(rows)).encode("cp1250")
        this = imports.one(SYSTEM, imports.begin(SYSTEM, "big.csv", content))
        kept = {turn: _is_kept(this, turn) for turn in ("first", "again")}
        _searches()
        db.engine.dispose()
    return all(kept.values())


def _is_kept(this: Import, turn: str) -> bool:
    told = {name: getattr(this, name) for name in ("encoding", "delimiter", "columns")}
    imports.choose(SYSTEM, this.id, Chosen(**told, decimal_sign=",", currency="CZK"))
    looked = _worked()
    imports.start(SYSTEM, this.id)
    took = _worked()
    done = imports.one(SYSTEM, this.id)
    counts = f"{done.added} new, {done.changed} changed, {done.same} same, {done.bad} bad"
    click.echo(f"{turn}: looked through in {looked.seconds:.1f} s, taken in {took.seconds:.1f} s")
    click.echo(f"  ({counts}; {took.processor_s:.1f} s of our processor)")
    click.echo(f"  memory at the quarters: {took.quarters} MB")
    return took.seconds <= MOST_S and took.growth_mb <= MOST_GROWTH_MB


def _worked() -> Watched:
    """Let the worker do all there is."""
    began, used = time.monotonic(), time.process_time()
    with _watching() as watched:
        while jobs.run_next("worker"):
            pass
    watched.seconds = time.monotonic() - began
    watched.processor_s = time.process_time() - used
    return watched


@contextmanager
def _watching() -> Iterator[Watched]:
    """Look at the size of this process until the block ends."""
    watched, is_over = Watched(megabytes=[_memory_mb()]), Event()

    def look() -> None:
        while not is_over.wait(LOOKS_S):
            watched.megabytes.append(_memory_mb())

    looking = Thread(target=look, daemon=True)
    looking.start()
    try:
        yield watched
    finally:
        is_over.set()
        looking.join()
        watched.megabytes.append(_memory_mb())


def _memory_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 1e6


def _searches() -> None:
    said = "Hello, do you have product 4711, the red enamel kettle, or SKU-004712? " * 20
    asked: dict[str, Callable[[], object]] = {
        f"list {words!r}": partial(finding.look, SYSTEM, Wish(words=words))
        for words in ("", "kett", "enamel kettle red", "SKU-004711", "4000000004711")
    }
    asked["out of stock"] = partial(finding.look, SYSTEM, Wish(stock="out"))
    asked["products in a text"] = partial(recognising.recognise, said)
    asked["what may stand in"] = partial(offer.similar, "SKU-004711", 5)
    asked["what fits"] = partial(offer.fitting, "SKU-004711", 3)
    for name, call in asked.items():
        took = []
        for _turn in range(5):
            began = time.monotonic()
            call()
            took.append(time.monotonic() - began)
        click.echo(f"{name}: {sorted(took)[2] * 1000:.0f} ms")


if __name__ == "__main__":
    main()
