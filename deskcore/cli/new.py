"""``desk new``: the folder that a plugin begins with."""

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
    """Begin a plugin: a small folder whose tests pass."""


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


def _tell(begun: Begun) -> None:
    click.echo(f"{begun.folder} is written: {begun.files} files. Next:")
    for command in begun.commands:
        click.echo(f"  {command}")
