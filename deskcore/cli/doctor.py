"""``desk doctor``: look at everything that could be wrong, change nothing, show no secrets."""

from __future__ import annotations

import platform
from collections.abc import Iterator

import click
from sqlalchemy.exc import OperationalError

from deskcore import __version__
from deskcore.cli.setting_up import configured, open_unchecked
from deskcore.config import Config
from deskcore.errors import DeskError
from deskcore.extensions import db
from deskcore.plugin import migrations
from deskcore.plugin.channel import HealthCheck
from deskcore.plugin.recovery import Quarantine, is_safe_mode
from deskcore.services import health
from deskcore.services.server_checks import server_checks


@click.command()
def doctor() -> None:
    """Look at configuration, database, folders, clock, worker and mailboxes."""
    config = configured()
    click.echo(f"Deskcore {__version__}, Python {platform.python_version()}, {config.instance}")
    is_well = True
    for check in _look(config):
        is_well = is_well and check.ok
        click.echo(f"{'ok  ' if check.ok else 'BAD '} {check.name}: {check.message}")
        if check.cure:
            click.echo(f"     {check.cure}")
    raise SystemExit(0 if is_well else 1)


def _look(config: Config) -> Iterator[HealthCheck]:
    yield from _plugins(config)
    with open_unchecked(config):
        for check in server_checks():
            cure = " ".join(part for part in (check.fix, check.command) if part)
            ok = check.state != "bad"
            yield HealthCheck(name=check.key, ok=ok, message=check.title, cure=cure)
        schema = _schema()
        yield schema
        if schema.ok:
            yield from health.checks()


def _schema() -> HealthCheck:
    try:
        migrations.check(db.engine, migrations.core())
    except DeskError as error:
        return HealthCheck(name="schema", ok=False, message=str(error))
    except OperationalError as error:
        reason = str(error.orig).strip().partition("\n")[0]
        return HealthCheck(name="schema", ok=False, message=f"Cannot be read: {reason}")
    return HealthCheck(name="schema", ok=True, message="As this version expects it.")


def _plugins(config: Config) -> Iterator[HealthCheck]:
    if is_safe_mode(config.instance, configured=config.safe_mode):
        cure = "Remove the file SAFE_MODE or the setting safe_mode to use plugins again."
        yield HealthCheck(name="safe mode", ok=False, message="No plugin is used.", cure=cure)
    for blame in Quarantine(config.instance / "boot").blames().values():
        if blame.is_certain:
            yield HealthCheck(name=f"plugin {blame.slug}", ok=False, message=blame.reason)
