"""``desk rescue-key``: a way in for whoever runs the server, when nobody can sign in."""

from __future__ import annotations

import click

from deskcore.cli.setting_up import configured, open_unchecked
from deskcore.services.rescue_key import KEY_LIFE, make_key


@click.command()
def rescue_key() -> None:
    """Print a key that opens the page /rescue once, without an account."""
    config = configured()
    with open_unchecked(config):
        key = make_key()
    click.echo(f"  Address:  {config.address}/rescue")
    click.echo(f"  Key:      {key}")
    minutes = KEY_LIFE.total_seconds() // 60
    click.echo(f"It works once, within {minutes:.0f} minutes; a key printed before is dead now.")
