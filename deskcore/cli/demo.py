"""``desk demo``: sample data to try the desk with, and its removal."""

from __future__ import annotations

import click
from sqlalchemy import func, select

from deskcore import clock
from deskcore.cli.demo_bulk import MAILBOXES, bulk_stories
from deskcore.cli.setting_up import configured, open_desk
from deskcore.domain.people import SYSTEM
from deskcore.models import Ticket
from deskcore.samples import filling as samples
from deskcore.services.unit import reading


@click.command()
@click.option(
    "--tickets",
    type=click.IntRange(1, 1_000_000),
    help="This many made-up tickets, always the same, instead of the small shop.",
)
@click.option("--remove", is_flag=True, help="Take all sample data out again.")
def demo(tickets: int | None, *, remove: bool) -> None:
    """Fill the desk with a small shop's tickets in English, Czech and Russian."""
    with open_desk(configured()):
        if remove:
            _remove()
        else:
            _fill(tickets)


def _fill(tickets: int | None) -> None:
    if tickets is None:
        count = samples.fill(SYSTEM)
    else:
        stories = bulk_stories(tickets, clock.now())
        with click.progressbar(length=tickets, label="Tickets") as bar:
            count = samples.fill(SYSTEM, stories, mailboxes=MAILBOXES, on_progress=bar.update)
    click.echo(f"{count} sample tickets are in the desk; 'desk demo --remove' takes them out.")


def _remove() -> None:
    with reading() as session:
        length = session.scalar(select(func.count()).where(Ticket.is_sample)) or 0
    with click.progressbar(length=length, label="Tickets") as bar:
        count = samples.remove(SYSTEM, on_progress=bar.update)
    click.echo(f"{count} sample tickets were removed.")
