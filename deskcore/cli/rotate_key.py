"""``desk rotate-key``: a new key for the secrets at rest, and every stored secret under it."""

from __future__ import annotations

import os
from collections.abc import Iterator

import click
from sqlalchemy import LargeBinary, Table, select, update
from sqlalchemy.sql.schema import Column

from deskcore.cli.setting_up import configured, open_desk
from deskcore.db import Base
from deskcore.services import secrets
from deskcore.services.unit import Unit, unit_of_work


@click.command(name="rotate-key")
@click.option("--drop-old", is_flag=True, help="Make no new key; drop the older ones.")
def rotate_key(*, drop_old: bool) -> None:
    """Encrypt mailbox passwords and second factors with a new key.

    The older key stays for what was being saved at that moment; drop it with a second call.
    """
    with open_desk(configured()):
        if not drop_old:
            secrets.add_key()
        with unit_of_work() as unit:
            count = sum(_encrypt_again(unit, table, column) for table, column in _encrypted())
            unit.audit("key.rotated", after={"secrets": count})
        click.echo(f"{count} secrets are encrypted with the newest key. Back up the key file.")
        if drop_old:
            click.echo(f"{_forget_older_keys()} older keys are gone.")
        else:
            click.echo("Run 'desk rotate-key --drop-old' in a minute to drop the older ones.")


def _forget_older_keys() -> int:
    """Leave only the newest key in the file; returns how many went."""
    path = secrets.key_file()
    newest, *older = path.read_text(encoding="ascii").split()
    fresh = path.with_suffix(".new")
    with fresh.open("w", encoding="ascii") as file:
        fresh.chmod(0o600)
        file.write(f"{newest}\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    return len(older)


def _encrypted() -> Iterator[tuple[Table, Column[bytes]]]:
    """Name every column with bytes in it: core keeps nothing in such but secrets."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, LargeBinary):
                yield table, column


def _encrypt_again(unit: Unit, table: Table, column: Column[bytes]) -> int:
    key = [*table.primary_key]
    # Locked, so that a password changed at this moment is not overwritten by the one before it.
    rows = unit.session.execute(select(*key, column).where(column != b"").with_for_update()).all()
    for *identity, stored in rows:
        row = [part == value for part, value in zip(key, identity, strict=True)]
        unit.session.execute(
            update(table).where(*row).values({column: secrets.encrypt_again(stored)})
        )
    return len(rows)
