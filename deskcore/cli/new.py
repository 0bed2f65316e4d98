"""``desk new``: the folder that a plugin or a theme begins with."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from deskcore.authoring import scaffold
from deskcore.authoring.scaffold import Begun, Mode

_INTO = click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    default=".",
    help="Where the folder is made; here by default.",
)


@click.group()
def new() -> None:
    """Begin a plugin or a theme: a small folder that passes its check."""


@new.command()
@click.argument("name")
@click.option(
    "--mode",
    type=click.Choice(["push", "poll", "listen"]),
    default="push",
    help="The network tells the desk, is asked by it, or is listened to.",
)
@click.option(
    "--sign",
    type=click.Choice(["hmac-sha256"]),
    help="How the network proves what it pushes; hmac-sha256 by default.",
)
@_INTO
def channel(name: str, mode: Mode, sign: Literal["hmac-sha256"] | None, into: Path) -> None:
    """Begin a channel, by which messages come in and leave."""
    if sign and mode != "push":
        raise click.UsageError(f"Only what is pushed is signed; --mode {mode} needs no --sign.")
    _tell(scaffold.new_channel(into, name, mode))


@new.command()
@click.argument("name")
@_INTO
def plugin(name: str, into: Path) -> None:
    """Begin any other plugin: it shows a box beside every ticket."""
    _tell(scaffold.new_plugin(into, name))


@new.command()
@click.argument("name")
@click.option("--parent", default="linen", help="The theme it stands on; linen by default.")
@_INTO
def theme(name: str, parent: str, into: Path) -> None:
    """Begin a theme: its colours, one style sheet and one page, standing on another theme."""
    _tell(scaffold.new_theme(into, name, parent))


def _tell(begun: Begun) -> None:
    click.echo(f"{begun.folder} is written: {begun.files} files. Next:")
    for command in begun.commands:
        click.echo(f"  {command}")
