"""Products from and into files, by commands of the server: ``desk x catalogue import FILE``."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from time import sleep
from typing import TextIO

import click

from deskcore.api import SYSTEM
from plugins.catalogue import exporting, importing, imports
from plugins.catalogue.imports import Chosen, Import

_TOLD = 20  # bad rows; all of them are in the report on the import's page
_A_MOMENT_S = 0.2


@click.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--currency", default="", help="Of prices that name none, as EUR.")
@click.option("--look", is_flag=True, help="Look it through, and take nothing.")
def bring(file: Path, currency: str, look: bool) -> None:  # noqa: FBT001  as click hands it over
    """Take products from a CSV FILE; its columns mean what was chosen last time on the page.

    Ends with 1 when rows could not be taken: the others are.
    """
    import_id = imports.begin(SYSTEM, file.name, file.read_bytes())
    this = imports.one(SYSTEM, import_id)
    chosen = Chosen(
        encoding=this.encoding,
        delimiter=this.delimiter,
        decimal_sign=this.decimal_sign,
        currency=currency or this.currency,
        columns=this.columns,
    )
    imports.choose(SYSTEM, import_id, chosen)
    this = _worked(import_id)
    if not look:
        imports.start(SYSTEM, import_id)
        this = _worked(import_id)
    click.echo(f"new {this.added}, changed {this.changed}, as they were {this.same}")
    if this.bad:
        for row, reason in _bad(this):
            click.echo(f"row {row}: {reason}", err=True)
        message = f"Rows that could not be taken: {this.bad}. The page of the import has a report."
        raise click.ClickException(message)


@click.command(name="export")
@click.argument("file", type=click.File("w", encoding="utf-8", atomic=True))
def hand_out(file: TextIO) -> None:
    """Write all products into a CSV FILE, in the form in which an import takes them; - prints them."""
    file.writelines(exporting.as_csv(exporting.product_rows(SYSTEM)))


COMMANDS = [bring, hand_out]


def _worked(import_id: int) -> Import:
    """Do the work here, beside a worker that may be at it already, until it is done."""
    while (this := imports.one(SYSTEM, import_id)).is_at_work:
        importing.work(import_id)
        if imports.one(SYSTEM, import_id).position == this.position:
            sleep(_A_MOMENT_S)  # the worker has it
    return this


def _bad(this: Import) -> list[tuple[str, str]]:
    rows = exporting.report_rows(this)
    next(rows)  # the headers
    return [(row, reason) for row, reason, *_cells in islice(rows, _TOLD)]
