"""``desk plugins``: see and switch plugins from the server, also while no page answers.

Nothing here loads a plugin into this process: whatever one does, it ends a helper.
"""

from __future__ import annotations

import click

from deskcore.cli import authors
from deskcore.cli.setting_up import configured, open_desk
from deskcore.domain.people import SYSTEM
from deskcore.errors import Conflict
from deskcore.plugin.orders import Order, What
from deskcore.services import plugin_errands, plugin_life, plugin_pages


@click.group()
def plugins() -> None:
    """See and switch plugins."""


plugins.add_command(authors.check)
plugins.add_command(authors.pack)


@plugins.command(name="list")
def list_plugins() -> None:
    """List every plugin with its state, and why."""
    with open_desk(configured()):
        for line in plugin_pages.plugin_lines(SYSTEM, is_outside=True):
            click.echo(f"{line.slug:<20} {line.version:<10} {line.state:<13} {line.name}")
            if line.reason:
                click.echo(f"{'':<20} {line.reason}")


@plugins.command()
@click.argument("slug")
def activate(slug: str) -> None:
    """Activate a plugin: try it, make its tables, let it begin."""
    _switch(slug, "activate", "is active")


@plugins.command()
@click.argument("slug")
def resume(slug: str) -> None:
    """Let a paused plugin work again."""
    _switch(slug, "resume", "works again")


@plugins.command()
@click.argument("slug")
def upgrade(slug: str) -> None:
    """Bring a plugin to the version that lies in its folder."""
    _switch(slug, "upgrade", "is upgraded")


@plugins.command()
@click.argument("slug")
def deactivate(slug: str) -> None:
    """Deactivate a plugin; everything it stored stays."""
    _switch(slug, "deactivate", "is inactive")


@plugins.command()
@click.argument("slug")
def pause(slug: str) -> None:
    """Leave a plugin alone at once, without telling it; everything it stored stays."""
    with open_desk(configured()):
        plugin_life.pause(SYSTEM, slug)
    click.echo(f"{slug} is paused. A desk that runs goes on without it in a moment.")


@plugins.command()
@click.argument("slug")
@click.option("--yes", is_flag=True, help="Do not ask.")
def uninstall(slug: str, *, yes: bool) -> None:
    """Remove everything an inactive plugin has stored; its folder is yours to remove."""
    with open_desk(configured()):
        stored = plugin_pages.stored(SYSTEM, slug)
    for name, rows in stored.tables:
        click.echo(f"  table {name}: {rows} rows")
    for what in ("settings", "connections", "grants", "fields", "jobs", "faults"):
        click.echo(f"  {what}: {getattr(stored, what)}")
    if not yes:
        click.confirm("Remove all of this for good?", abort=True)
    _switch(slug, "uninstall", "is uninstalled")


def _switch(slug: str, what: What, done: str) -> None:
    outcome = plugin_errands.run(configured(), Order(what=what, slug=slug))
    if outcome.details:
        click.echo(outcome.details, err=True)
    if not outcome.is_done:
        raise Conflict(outcome.reason)
    if outcome.remark:
        click.echo(outcome.remark, err=True)
    click.echo(f"{slug} {done}. A desk that runs goes on with it so in a moment.")
