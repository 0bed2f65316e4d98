"""``python -m benchmarks [ROW ...]``: measure, print a table, write the JSON file."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from benchmarks import hooks, mail, opening, pages, plugins, shelf
from benchmarks.data import desk_of
from benchmarks.results import Result, save, table

ROWS = [*pages.names(), *opening.NAMES, *mail.NAMES, *hooks.NAMES, *plugins.NAMES, *shelf.NAMES]


@click.command()
@click.argument("rows", nargs=-1, type=click.Choice(ROWS))
@click.option("--tickets", default=100_000, show_default=True, help="How large the desk is.")
@click.option("--runs", default=pages.RUNS, show_default=True, help="The median of these counts.")
@click.option("--requests", default=pages.REQUESTS, show_default=True, help="Asked for in a run.")
@click.option("--database", default="", help="URL of an empty PostgreSQL database for the pages.")
@click.option("--mails", default=mail.MAILS, show_default=True, help="Taken in over IMAP.")
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    default=Path("/var/tmp/deskcore-benchmarks"),  # noqa: S108  large, and kept on purpose
    show_default=True,
    help="Where made desks are kept.",
)
@click.option(
    "--json", "json_file", type=click.Path(path_type=Path), help="Where all figures are written."
)
def main(
    rows: Sequence[str],
    tickets: int,
    data: Path,
    json_file: Path | None,
    **effort: Any,  # noqa: ANN401  click gives them by name
) -> None:
    """Measure the ROWS named, or all of them."""
    wanted = list(rows) or ROWS
    results: list[Result] = []
    for result in _measure(wanted, data, tickets, Effort(**effort)):
        click.echo(f"{result.name}: {result.figure:.2f} {result.unit} {result.verdict}", err=True)
        results.append(result)
    click.echo(table(results))
    save(json_file or data / "last.json", results, _about(tickets, effort["runs"]))


@dataclass(frozen=True, kw_only=True)
class Effort:
    """How long is measured."""

    runs: int
    requests: int
    mails: int
    database: str


def _measure(wanted: list[str], folder: Path, tickets: int, effort: Effort) -> Iterator[Result]:
    if set(wanted) & set(pages.names()):
        data = desk_of(tickets, folder, database_url=effort.database)
        yield from pages.measure(data, wanted, runs=effort.runs, requests=effort.requests)
    if set(wanted) & set(opening.NAMES):
        yield from opening.measure(desk_of(tickets, folder), wanted, runs=effort.runs)
    if set(wanted) & set(mail.NAMES):
        yield from mail.measure(folder, wanted, mails=effort.mails)
    if set(wanted) & set(plugins.NAMES):
        data = desk_of(tickets, folder)
        yield from plugins.measure(data, wanted, runs=effort.runs, requests=effort.requests)
    if set(wanted) & set(shelf.NAMES):
        data = desk_of(tickets, folder)
        yield from shelf.measure(data, wanted, runs=effort.runs, requests=effort.requests)
    if set(wanted) & set(hooks.NAMES):
        yield from hooks.measure(runs=effort.runs)


def _about(tickets: int, runs: int) -> dict[str, object]:
    return {
        "tickets": tickets,
        "runs": runs,
        "python": platform.python_version(),
        "machine": platform.platform(),
        "processors": os.cpu_count(),
        "load": os.getloadavg(),
    }


if __name__ == "__main__":
    main()
