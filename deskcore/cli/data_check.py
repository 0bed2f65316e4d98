"""Reading everything a desk keeps: whether the database is whole and every stored file is there."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator

import click
from sqlalchemy import select

from deskcore.cli.backup_database import problems_of_sqlite, sqlite_file
from deskcore.config import Config
from deskcore.models import Blob
from deskcore.plugin.channel import HealthCheck
from deskcore.services import files
from deskcore.services.unit import reading

SHOWN = 5


def database_file(config: Config) -> HealthCheck:
    """Read every page of a SQLite database."""
    found = problems_of_sqlite(sqlite_file(config.database))
    return HealthCheck(
        name="database file",
        ok=not found,
        message="; ".join(found[:SHOWN]) or "Every page of the database is whole.",
        cure="Bring the newest backup back: desk restore FILE." if found else "",
    )


def stored_files() -> HealthCheck:
    """Read every stored file and compare it with its digest."""
    wrong = list(_wrong_files())
    return HealthCheck(
        name="stored files",
        ok=not wrong,
        message="; ".join(wrong[:SHOWN]) or "Every stored file is there and unchanged.",
        cure=f"{len(wrong)} files are wrong; take them from a backup." if wrong else "",
    )


def _wrong_files() -> Iterator[str]:
    with reading() as session:
        digests = list(session.scalars(select(Blob.digest).order_by(Blob.digest)))
    with click.progressbar(digests, label="Files", file=sys.stderr) as bar:
        for digest in bar:
            path = files.path_of(digest)
            if not path.is_file():
                yield f"{digest} is missing"
                continue
            with path.open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != digest:
                    yield f"{digest} was changed"
