"""What can be done with the shelves from the server."""

from __future__ import annotations

import click
from sqlalchemy import delete, insert

from deskcore.api.data import unit_of_work

from .tables import SHELVES
from .till import shelves


@click.command(name="shelves")
def show() -> None:
    """Tell what is on the shelves."""
    for tea, count in shelves().items():
        click.echo(f"{tea}: {count}")


@click.command()
@click.argument("tea")
@click.argument("count", type=click.IntRange(min=0))
def fill(tea: str, count: int) -> None:
    """Say how much of a tea there is."""
    if tea == "coffee":
        raise click.ClickException("This is a tea shop.")
    with unit_of_work() as unit:
        unit.session.execute(delete(SHELVES).where(SHELVES.c.tea == tea))
        unit.session.execute(insert(SHELVES).values(tea=tea, count=count))


@click.command(name="break")
def drop() -> None:
    """Drop a pot."""
    raise RuntimeError("The pot is broken.")


COMMANDS = [show, fill, drop]
