"""Measure what an import costs: time by the clock and of the processor, and how memory grows.

    python -m tests.catalogue.measure [--rows 50000] [--database URL]

Ends with 1 when taking the file lasts over a minute, or memory grows by over 30 MB meanwhile. A database
has to be empty; without one it is a SQLite file of its own.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import click
from sqlalchemy import create_engine

import deskcore.models  # noqa: F401  the migrations need every table in the metadata
from deskcore.app import create_app
from deskcore.config import load_config
from deskcore.db import prepare_engine
from deskcore.domain.people import SYSTEM
from deskcore.plugin.discovery import discover
from deskcore.plugin.migrations import core, of_plugin, upgrade
from deskcore.services import jobs
from plugins.catalogue import finding, imports, recognising, shops
from plugins.catalogue.finding import Wish
from plugins.catalogue.imports import Chosen, Import

MOST_S, MOST_GROWTH_MB = 60, 30
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


@click.command()
@click.option("--rows", default=50_000, show_default=True)
@click.option("--database", default="", help="URL of an empty database.")
def main(rows: int, database: str) -> None:
    """Take a file twice, then look for products."""
    folder = Path(tempfile.mkdtemp(prefix="desk-import-"))
    url = database or f"sqlite:///{folder / 'desk.db'}"
    _migrate(url)
    app = create_app(
        load_config(instance=folder, database_url=url, plugins=("catalogue",)), has_pages=False
    )
    with app.app_context():
        for name in ("Shop", "Store"):
            shops.create(SYSTEM, name, "")
        content = "".join(a_file(rows)).encode("cp1250")
        this = imports.one(SYSTEM, imports.begin(SYSTEM, "big.csv", content))
        worst = max(_took(this, turn) for turn in ("first", "again"))
        _searches()
    sys.exit(worst > MOST_S)


def _took(this: Import, turn: str) -> float:
    told = {name: getattr(this, name) for name in ("encoding", "delimiter", "columns")}
    imports.choose(SYSTEM, this.id, Chosen(**told, decimal_sign=",", currency="CZK"))
    looked, _growth = _worked()
    imports.start(SYSTEM, this.id)
    took, growth = _worked()
    done = imports.one(SYSTEM, this.id)
    counts = f"{done.added} new, {done.changed} changed, {done.same} same, {done.bad} bad"
    click.echo(f"{turn}: looked through in {looked:.1f} s, taken in {took:.1f} s ({counts}),")
    click.echo(f"  memory grew by {growth:.0f} MB; the processor had {time.process_time():.1f} s")
    return took if growth <= MOST_GROWTH_MB else float("inf")


def _worked() -> tuple[float, float]:
    """Let the worker do all there is; returns seconds, and by how many MB the process grew."""
    began, before = time.monotonic(), _memory_mb()
    most = before
    while jobs.run_next("worker"):
        most = max(most, _memory_mb())
    return time.monotonic() - began, most - before


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
    for name, call in asked.items():
        took = []
        for _turn in range(5):
            began = time.monotonic()
            call()
            took.append(time.monotonic() - began)
        click.echo(f"{name}: {sorted(took)[2] * 1000:.0f} ms")


def _migrate(url: str) -> None:
    engine = create_engine(url)
    prepare_engine(engine)
    for component in (core(), *map(of_plugin, discover(Path("no-instance")))):
        if component is not None:
            upgrade(engine, component)
    engine.dispose()


if __name__ == "__main__":
    main()
