"""``desk db``: look after the database's schema."""

from __future__ import annotations

import click

from deskcore.cli.setting_up import configured, open_desk
from deskcore.errors import Unavailable
from deskcore.extensions import db as database
from deskcore.plugin import migrations
from deskcore.prepare import upgrade_database


@click.group()
def db() -> None:
    """Look after the database."""


@db.command()
def upgrade() -> None:
    """Bring the database to this version; 'desk run' does so by itself."""
    config = configured()
    upgrade_database(config)
    with open_desk(config):
        click.echo(
            f"The database is at core {migrations.current(database.engine, migrations.core())}."
        )


@db.command()
def current() -> None:
    """Print where the database is."""
    with open_desk(configured()):
        click.echo(migrations.current(database.engine, migrations.core()))


@db.command()
def check() -> None:
    """Compare the database with what this version expects; fails when they differ."""
    with open_desk(configured()):
        core = migrations.core()
        migrations.check(database.engine, core)
        found = migrations.differences(database.engine, core)
        if found:
            raise Unavailable(f"The database differs from this version in {len(found)} places.")
    click.echo("The database is as this version expects it.")
