"""The command ``desk``: every failure is one sentence on standard error and an exit code.

Codes are those of ``sysexits.h``: 78 configuration, 69 something outside is away, 65 the data
belongs to a newer version, 75 try again later.
"""

from __future__ import annotations

import gc
import importlib
import os
import sys
from types import TracebackType

import click
from sqlalchemy.exc import DatabaseError

from deskcore import __version__
from deskcore.errors import ConfigError, DeskError, Unavailable
from deskcore.logs import describe_error, get_logger, set_up_logging

# Each command's module is imported when it is called, so that a pipe starts in no time.
_MODULES = {
    "run": "deskcore.cli.run",
    "dev": "deskcore.cli.dev",
    "web": "deskcore.cli.run",
    "worker": "deskcore.cli.run",
    "resume": "deskcore.cli.run",
    "db": "deskcore.cli.db",
    "user": "deskcore.cli.users",
    "plugins": "deskcore.cli.plugins",
    "themes": "deskcore.cli.themes",
    "rescue-key": "deskcore.cli.rescue_key",
    "new": "deskcore.cli.new",
    "channel": "deskcore.cli.authors",
    "x": "deskcore.cli.x",
    "rotate-key": "deskcore.cli.rotate_key",
    "trace": "deskcore.cli.trace",
    "mail-in": "deskcore.cli.mail_in",
    "demo": "deskcore.cli.demo",
    "doctor": "deskcore.cli.doctor",
    "backup": "deskcore.cli.backup",
    "restore": "deskcore.cli.backup",
}


class Commands(click.Group):
    """The commands, each loaded when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name every command."""
        return list(_MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command; None when there is none of that name."""
        if cmd_name not in _MODULES:
            return None
        gc.disable()  # nothing imported is garbage, and looking for some takes a fifth of the time
        module = importlib.import_module(_MODULES[cmd_name])
        gc.enable()
        command: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return command


@click.command(cls=Commands)
@click.version_option(__version__, prog_name="desk")
def desk() -> None:
    """Deskcore: answer your customers together."""


def main() -> None:
    """Run the command line and end the process."""
    os.umask(0o077)  # whatever the desk writes is nobody else's to read
    sys.excepthook = _sorry
    set_up_logging("auto", "info")  # until the configuration says otherwise
    try:
        desk.main(standalone_mode=False)
    except click.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (DeskError, DatabaseError) as error:
        sentence, code = explain(error)
        click.echo(sentence, err=True)
        sys.exit(code)


def explain(error: DeskError | DatabaseError) -> tuple[str, int]:
    """Say an error in one sentence, with the exit code it leads to."""
    if isinstance(error, DatabaseError):
        reason = str(error.orig).strip().partition("\n")[0]
        return f"The database cannot be used: {reason}", os.EX_UNAVAILABLE
    if isinstance(error, ConfigError):
        return str(error), os.EX_CONFIG
    if isinstance(error, Unavailable):
        code: int = getattr(error, "exit_code", os.EX_UNAVAILABLE)
        return str(error), code
    return str(error), 1


def _sorry(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Report a mistake of the desk itself: one line for people, the places in the log."""
    if issubclass(kind, KeyboardInterrupt):
        return
    get_logger(__name__).critical("mistake in the desk", exc_info=(kind, error, trace))
    click.echo(
        f"The desk made a mistake ({describe_error(error)}). Nothing half was kept.", err=True
    )
