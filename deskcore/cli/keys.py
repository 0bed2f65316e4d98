"""``desk keys``: change the key that stored passwords are encrypted with."""

from __future__ import annotations

import click

from deskcore.cli.setting_up import configured, open_desk
from deskcore.errors import Unavailable
from deskcore.services import secrets
from deskcore.services.leases import has_living


@click.group()
def keys() -> None:
    """Look after the keys."""


@keys.command()
@click.option("--forget", is_flag=True, help="Then drop the older keys: old backups need them.")
def rotate(*, forget: bool) -> None:
    """Make a new key and encrypt every stored secret with it, while the desk works."""
    config = configured()
    with open_desk(config):
        if forget and has_living(config.instance / "boot"):
            raise Unavailable(
                "Stop the desk first: what it is encrypting right now may need an older key. "
                "Without --forget it may go on. Nothing was changed."
            )
        secrets.add_key()
        count = secrets.encrypt_everything_again()
        if forget:
            secrets.forget_older_keys()
    older = "The older keys are gone." if forget else "The older keys still read old backups."
    click.echo(f"{count} stored secrets are encrypted with a new key. {older}")
