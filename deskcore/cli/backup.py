"""``desk backup`` and ``desk restore``: the whole desk in one file, and back again."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO, cast

import click

from deskcore import __version__, clock
from deskcore.cli import backup_archive, backup_database
from deskcore.cli.backup_archive import Unpacked
from deskcore.cli.backup_database import Snapshot
from deskcore.cli.backup_manifest import DATABASE, FILES, INSTANCE, NAME, Manifest
from deskcore.cli.setting_up import configured, open_desk
from deskcore.cli.settling import settle
from deskcore.config import Config
from deskcore.errors import Unavailable
from deskcore.plugin import migrations
from deskcore.prepare import upgrade_database
from deskcore.services import files, site_health
from deskcore.services.leases import has_living

STAGING = "restore.part"
LONGEST = timedelta(days=2)  # a sweep waits no longer for a backup that died


@click.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True), required=False)
def backup(file: Path | None) -> None:
    """Write the whole desk into FILE, while it works; '-' writes to standard output.

    Without FILE a name is made of the time. The backup holds the keys that encrypt passwords:
    keep it as private as the desk.
    """
    config = configured()
    target = file or Path(f"desk-{clock.now():%Y-%m-%d-%H%M}.tar.gz")
    is_piped = str(target) == "-"
    folder = config.instance if is_piped else target.absolute().parent
    if not os.access(folder, os.W_OK | os.X_OK) or (target.exists() and not target.is_file()):
        raise Unavailable(f"{target} is no place for a file. No backup was made.")
    with (
        open_desk(config),
        _no_sweep(),
        tempfile.TemporaryDirectory(dir=folder) as made,
        _copied(config.database, Path(made)) as database,
        _opened(target, is_piped=is_piped) as output,
    ):
        manifest = _write(output, database, config)
        site_health.note_backup()
    for digest in manifest.missing:
        click.echo(f"A stored file is missing on the disk: {digest}", err=True)
    place = "" if is_piped else f" in {target}"
    click.echo(f"The backup{place} holds {_counted(manifest)}. Keep it private.", err=True)
    raise SystemExit(1 if manifest.missing else 0)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True, exists=True))
@click.option("--check", "is_check", is_flag=True, help="Read the backup through; change nothing.")
@click.option(
    "--moved",
    "is_moved",
    is_flag=True,
    help="The old desk was stopped before the backup, so what waited was not sent since.",
)
def restore(file: Path, *, is_check: bool, is_moved: bool) -> None:
    """Bring a desk back from FILE into an empty place; '-' reads standard input."""
    config = configured()
    staging = config.instance / STAGING
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(mode=0o700)
    try:
        unpacked = _unpack(file, staging, config, is_check=is_check)
        backup_database.check_copy(
            unpacked.database, unpacked.manifest.kind, unpacked.manifest.tables
        )
        if is_check:
            click.echo(f"The backup is whole: {_counted(unpacked.manifest)}.")
            return
        _bring_back(unpacked, config, is_moved=is_moved)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


@contextmanager
def _copied(url: str, folder: Path) -> Iterator[Snapshot]:
    with ExitStack() as stack:
        with click.progressbar(length=1000, label="Database", file=sys.stderr) as bar:
            copied = backup_database.snapshot(url, folder, bar.update)
            database = stack.enter_context(copied)
        yield database


def _write(output: BinaryIO, database: Snapshot, config: Config) -> Manifest:
    """Write manifest, database, stored files and the rest of the instance folder."""
    digests = database.digests()
    missing = tuple(digest for digest in digests if not files.path_of(digest).is_file())
    manifest = Manifest(
        version=__version__,
        made_at=clock.now().isoformat(timespec="seconds"),
        kind="sqlite" if config.is_sqlite else "postgresql",
        revision=database.revision(),
        tables=backup_database.count_rows(database.seen),
        files=len(digests),
        missing=missing,
    )
    stored = [digest for digest in digests if digest not in set(missing)]
    with backup_archive.writing(output) as archive:
        backup_archive.put_bytes(archive, NAME, manifest.to_bytes())
        backup_archive.put_file(archive, DATABASE, database.path)
        for path in backup_archive.of_instance(config.instance):
            name = f"{INSTANCE}{path.relative_to(config.instance).as_posix()}"
            backup_archive.put_file(archive, name, path)
        with click.progressbar(stored, label="Files   ", file=sys.stderr) as bar:
            for digest in bar:
                backup_archive.put_file(archive, f"{FILES}{digest}", files.path_of(digest))
    return manifest


def _unpack(file: Path, staging: Path, config: Config, *, is_check: bool) -> Unpacked:
    def check(manifest: Manifest) -> None:
        if not is_check:
            _refuse_unless_fit(manifest, config)

    # A pipe has no length: the bar then shows that something comes, not how much is left.
    length = 0 if str(file) == "-" else file.stat().st_size
    with (
        click.open_file(str(file), "rb") as source,
        click.progressbar(length=length, label="Backup  ", file=sys.stderr) as bar,
    ):

        def note() -> None:
            bar.update(source.tell() - bar.pos if length else 0)

        return backup_archive.unpack(cast("BinaryIO", source), staging, check, note)


def _refuse_unless_fit(manifest: Manifest, config: Config) -> None:
    """Raise Unavailable, with nothing changed, when this backup cannot come to this place."""
    kind = "sqlite" if config.is_sqlite else "postgresql"
    if manifest.kind != kind:
        raise Unavailable(
            f"The backup is of a desk on {manifest.kind}; this one is configured for {kind}. "
            "Set database_url to a database of that kind. Nothing was changed."
        )
    if not migrations.knows(migrations.core(), manifest.revision):
        raise Unavailable(
            f"The backup is of Deskcore {manifest.version}, which is newer than this one. "
            "Restore it with that version. Nothing was changed."
        )
    if has_living(config.instance / "boot") or not backup_database.is_empty(config.database):
        raise Unavailable(
            f"There is a desk in {config.instance} already. Move it away, or restore into an "
            "empty folder with DESK_INSTANCE=…. Nothing was changed."
        )


def _bring_back(unpacked: Unpacked, config: Config, *, is_moved: bool) -> None:
    """Put everything in its place, the database last: without it there is no desk yet."""
    manifest = unpacked.manifest
    kept = backup_archive.move_into(unpacked, config.files, config.instance)
    backup_database.bring_back(unpacked.database, config.database, manifest.tables)
    upgrade_database(config)
    with open_desk(config):
        doubtful = settle(manifest.made_at, is_moved=is_moved)
    click.echo(f"Restored as of {manifest.moment:%Y-%m-%d %H:%M} UTC: {_counted(manifest)}.")
    if kept:
        click.echo(f"Left as they are here: {', '.join(kept)}.")
    if doubtful:
        click.echo(
            f"{doubtful} answers were waiting then and may have been sent since; "
            "they are in the outbox as perhaps sent."
        )
    click.echo("Everybody signs in again. Mail that is still on its server comes in by itself.")


def _counted(manifest: Manifest) -> str:
    tickets = manifest.tables.get("ticket", 0)
    messages = manifest.tables.get("message", 0)
    return f"{tickets} tickets, {messages} messages and {manifest.files} files"


@contextmanager
def _opened(target: Path, *, is_piped: bool) -> Iterator[BinaryIO]:
    """Open what a backup is written to; a file appears under its name only when it is whole."""
    unfinished = target.with_name(f"{target.name}.part")
    try:
        if is_piped:
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
            return
        with unfinished.open("wb") as output:
            yield output
            output.flush()
            os.fsync(output.fileno())
        unfinished.replace(target)
    except OSError as error:
        raise Unavailable(
            f"The backup could not be written to {target}: {error.strerror}."
        ) from error
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def _no_sweep() -> Iterator[None]:
    """Let no stored file be removed until the backup has it."""
    files.pause_sweep(clock.now() + LONGEST)
    try:
        yield
    finally:
        files.pause_sweep(None)
