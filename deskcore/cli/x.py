"""``desk x SLUG COMMAND``: commands that plugins bring, in a process that loads every plugin."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from deskcore.app import create_app
from deskcore.cli.setting_up import configured, standing_in
from deskcore.errors import Conflict, DeskError
from deskcore.plugin.active import plugins
from deskcore.plugin.faults import PluginFailed
from deskcore.plugin.net import network_allowed
from deskcore.prepare import require_schema

# Answers of a command, which are no failures of its plugin.
_ANSWERS = (click.ClickException, click.Abort, click.exceptions.Exit, DeskError)


class _OfPlugin(click.Group):
    """The commands of one plugin, run behind the guard: a failure is recorded and said."""

    def invoke(self, ctx: click.Context) -> object:
        """Run what was called."""
        slug, run = str(self.name), super().invoke
        try:
            with network_allowed():
                return plugins().guard.call(
                    slug, "desk_commands", lambda: run(ctx), through=_ANSWERS
                )
        except PluginFailed as failed:
            raise Conflict(str(failed)) from failed


class _Plugins(click.Group):
    """The plugins that have commands; which those are is known once the desk is open."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name them."""
        _open(ctx)
        return sorted(plugins().hooks.with_commands())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the commands of one plugin; None when it has none."""
        if cmd_name not in self.list_commands(ctx):
            return None
        try:
            commands = plugins().hooks.commands_of(cmd_name)
        except PluginFailed as failed:
            raise Conflict(str(failed)) from failed
        about = f"Commands of the plugin {cmd_name}."
        return _OfPlugin(cmd_name, {str(each.name): each for each in commands}, help=about)


@click.command(cls=_Plugins)
def x() -> None:
    """Run commands that plugins bring."""


def _open(ctx: click.Context) -> None:
    if "desk" not in ctx.meta:
        ctx.meta["desk"] = ctx.with_resource(_desk())


@contextmanager
def _desk() -> Iterator[bool]:
    with standing_in(create_app(configured(), has_pages=False)):
        require_schema()
        yield True
