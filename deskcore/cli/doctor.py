"""``desk doctor``: look at everything that could be wrong, change nothing, show no secrets."""

from __future__ import annotations

import platform
from collections.abc import Iterator

import click
from sqlalchemy.exc import DatabaseError

from deskcore import __version__
from deskcore.cli.data_check import database_file, stored_files
from deskcore.cli.mail_check import mail_checks
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
@click.option("--mail/--no-mail", "with_mail", default=True, help="Sign in to every mailbox.")
@click.option("--data", "with_data", is_flag=True, help="Read the whole database and every file.")
def doctor(*, with_mail: bool, with_data: bool) -> None:
    """Look at configuration, database, disk, clock, worker, and mail in both directions."""
    config = configured()
    click.echo(f"Deskcore {__version__}, Python {platform.python_version()}, {config.instance}")
    is_well = True
    for check in _look(config, with_mail=with_mail, with_data=with_data):
        is_well = is_well and (check.ok or not check.is_known)
        state = "ok  " if check.ok else "BAD " if check.is_known else "?   "
        click.echo(f"{state} {check.name}: {check.message}")
        if check.cure:
            click.echo(f"     {check.cure}")
    raise SystemExit(0 if is_well else 1)


def _look(config: Config, *, with_mail: bool, with_data: bool) -> Iterator[HealthCheck]:
    yield from _plugins(config)
    with open_unchecked(config):
        if with_data and config.is_sqlite:
            whole = database_file(config)
            yield whole
            if not whole.ok:
                return
        yield from _server()
        schema = _schema()
        yield schema
        if not schema.ok:
            return
        yield from health.checks()
        if with_data:
            yield stored_files()
    if with_mail:
        yield from mail_checks()


def _server() -> Iterator[HealthCheck]:
    for check in server_checks():
        cure = " ".join(part for part in (check.fix, check.command) if part)
        yield HealthCheck(name=check.key, ok=check.state != "bad", message=check.title, cure=cure)


def _schema() -> HealthCheck:
    try:
        migrations.check(db.engine, migrations.core())
    except DeskError as error:
        return HealthCheck(name="schema", ok=False, message=str(error))
    except DatabaseError as error:
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
