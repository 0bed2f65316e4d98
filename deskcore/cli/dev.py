"""``desk dev``: a desk to make plugins in; fresh processes for each change of a plugin's files."""

from __future__ import annotations

import os
import secrets
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from time import sleep

import click

from deskcore.app import create_app
from deskcore.cli.setting_up import configured
from deskcore.config import DEVELOPER, Config, is_local
from deskcore.domain.people import SYSTEM
from deskcore.errors import ConfigError, DeskError
from deskcore.plugin.discovery import discover
from deskcore.plugin.loader import DROPPED
from deskcore.prepare import say, upgrade_database, without_plugins
from deskcore.samples import filling
from deskcore.serve import Supervisor
from deskcore.services import plugin_records, setup
from deskcore.services.desk_settings import DeskSettings
from deskcore.services.unit import unit_of_work

_LOOK_S = 0.5
_WATCHED = {".py", ".toml", ".html", ".css", ".js", ".po", ".json", ".txt", ".svg"}
_EMAIL = "dev@desk.test"

Files = dict[Path, int]


@click.command()
def dev() -> None:
    """Run the desk for making plugins: sample shop, developer bar, fresh at each change.

    A folder that nobody has set up gets an owner and the sample shop. It listens on this machine
    alone.
    """
    config = configured()
    if not is_local(config):
        raise ConfigError(
            "'desk dev' shows its inside, so it runs on 127.0.0.1 without base_url and "
            "trusted_proxies only. Use 'desk run' for others."
        )
    parent = os.getpid()
    _in_a_child(lambda: _make_ready(config), is_awaited=True)
    _in_a_child(lambda: _watch(config, parent), is_awaited=False)
    os.environ[DEVELOPER] = str(parent)
    raise SystemExit(Supervisor.of_new(config, ("web", "worker")).run())


def _in_a_child(work: Callable[[], None], *, is_awaited: bool) -> None:
    """Do *work* in a process of its own: the parent keeps no connection to the database."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            work()
            code = 0
        except DeskError as error:
            click.echo(str(error), err=True)
        finally:
            os._exit(code)
    if is_awaited and os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]):
        raise SystemExit(os.EX_UNAVAILABLE)


def _make_ready(config: Config) -> None:
    upgrade_database(config)
    with create_app(without_plugins(config), has_pages=False).app_context():
        code = setup.ensure_setup_code()
        if code is None:
            return
        password = secrets.token_urlsafe(12)
        setup.create_owner(
            setup.check_setup_code(code),
            setup.FirstOwner(name="Developer", email=_EMAIL, password=password),
            DeskSettings(name="Sample shop", language="en"),
        )
        filling.fill(SYSTEM)
    say(f"  Sign in as:   {_EMAIL}")
    say(f"  Password:     {password}")


def _watch(config: Config, parent: int) -> None:
    """Have fresh processes made for each change, until the desk ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the parent, and that is enough
    with create_app(without_plugins(config), has_pages=False).app_context():
        before = _files(config)
        while os.getppid() == parent:
            sleep(_LOOK_S)
            after = _files(config)
            changed = {path for path, _ in before.items() ^ after.items()}
            before = after
            if changed:
                say(f"  Changed:      {', '.join(sorted(path.name for path in changed))}")
                _renew(config, parent)


def _renew(config: Config, parent: int) -> None:
    """Raise the generation of the set of plugins; a set that is configured has none."""
    if config.plugins is not None:
        os.kill(parent, signal.SIGHUP)
        return
    with unit_of_work(SYSTEM) as unit:
        plugin_records.set_changed(unit)


def _files(config: Config) -> Files:
    return dict(_each_file(config))


def _each_file(config: Config) -> Iterator[tuple[Path, int]]:
    for found in discover(config.instance / DROPPED):
        for path in found.folder.rglob("*"):
            if path.suffix in _WATCHED:
                try:
                    yield path, path.stat().st_mtime_ns
                except OSError:
                    continue  # an editor has just replaced it; the next look finds it
