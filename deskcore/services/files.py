"""Blobs under their digest: written, forced to disk, then referred to by rows.

The file is complete and durable before any row names it; a crash in between leaves a file that
nobody refers to, which the sweep removes after a grace time.
"""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from deskcore.db import insert_into
from deskcore.domain.filenames import safe_filename
from deskcore.domain.messages import InboundFile
from deskcore.domain.people import Actor
from deskcore.errors import DiskFull, NotFound, Unavailable
from deskcore.extensions import config
from deskcore.i18n import _
from deskcore.models import (
    Attachment,
    Blob,
    DeliveryPayload,
    DeskSetting,
    Draft,
    InboundItem,
    LookDraft,
    LookRevision,
    Message,
    PluginFile,
    Ticket,
)
from deskcore.services.access import visible_tickets
from deskcore.services.rows import put
from deskcore.services.unit import Unit, reading, unit_of_work

GRACE = timedelta(days=1)
_PAUSE_KEY = "sweep_paused_until"


def write(content: bytes) -> str:
    """Put *content* on disk durably and return its digest; harmless when it is there already.

    Raises Unavailable when the disk cannot take it: nothing may be acknowledged then.
    """
    return write_all([content])[0]


def write_all(contents: Sequence[bytes]) -> list[str]:
    """Do the same for many at once, which waits for the disk less often; all of them or none."""
    digests = [hashlib.sha256(content).hexdigest() for content in contents]
    try:
        _write_durably(dict(zip(map(path_of, digests), contents, strict=True)))
    except OSError as error:
        raise _failure(error) from error
    return digests


def _failure(error: OSError) -> Unavailable:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return DiskFull(_("The disk is full: nothing was stored. Free some space."))
    return Unavailable(
        _("The disk did not take a file: %(reason)s. Nothing was stored.", reason=error.strerror)
    )


def refer(session: Session, digest: str, size: int, now: datetime) -> None:
    """Make the blob row of a written file, once."""
    refer_all(session, {digest: size}, now)


def refer_all(session: Session, size_by_digest: Mapping[str, int], now: datetime) -> None:
    """Make the blob rows of written files, each once."""
    rows = [
        {"digest": digest, "size": size, "created_at": now}
        for digest, size in sorted(
            size_by_digest.items()
        )  # in one order: two writers wait, not block
    ]
    if rows:
        session.execute(
            insert_into(session, Blob).on_conflict_do_nothing(index_elements=["digest"]), rows
        )


def read(digest: str) -> bytes:
    """Return the bytes under *digest*; raises NotFound when the file is gone."""
    try:
        return path_of(digest).read_bytes()
    except FileNotFoundError:
        message = _("The file is no longer stored.")
        raise NotFound(message) from None


def path_of(digest: str) -> Path:
    """Return where the bytes of *digest* are."""
    return config().files / digest[:2] / digest[2:4] / digest


def attach(
    unit: Unit,
    file: InboundFile,
    *,
    message_id: int | None = None,
    draft_id: int | None = None,
    is_remote: bool = False,
) -> Attachment:
    """Write a file and make its row, on a message or on a draft."""
    digest = write(file.content)
    refer(unit.session, digest, len(file.content), unit.now)
    row = Attachment(
        public_id=secrets.token_hex(16),
        message_id=message_id,
        draft_id=draft_id,
        digest=digest,
        filename=safe_filename(file.filename),
        content_type=file.content_type[:120],
        size=len(file.content),
        content_id=file.content_id[:255],
        is_inline=file.inline,
        is_remote=is_remote,
        created_at=unit.now,
    )
    return put(unit.session, row)


def open_attachment(actor: Actor, public_id: str) -> tuple[Attachment, Path]:
    """Return an attachment that *actor* may see, with the path of its bytes.

    Files of a draft are their writer's alone. Raises NotFound for everything else.
    """
    with reading() as session:
        on_message = (
            select(Attachment)
            .join(Message, Message.id == Attachment.message_id)
            .join(Ticket, Ticket.id == Message.ticket_id)
            .where(Attachment.public_id == public_id, visible_tickets(actor))
        )
        on_draft = (
            select(Attachment)
            .join(Draft, Draft.id == Attachment.draft_id)
            .where(Attachment.public_id == public_id, Draft.user_id == actor.id)
        )
        row = session.scalars(on_message).one_or_none() or session.scalars(on_draft).one_or_none()
    if row is None or not path_of(row.digest).exists():
        message = _("There is no such file, or it is in a mailbox you cannot see.")
        raise NotFound(message)
    return row, path_of(row.digest)


def pause_sweep(until: datetime | None) -> None:
    """Let no file be removed before *until*, since a backup is reading them; None ends that."""
    with unit_of_work() as unit:
        value = until.isoformat() if until else ""
        unit.session.merge(DeskSetting(key=_PAUSE_KEY, value=value))


def sweep(limit: int = 500) -> int:
    """Remove up to *limit* blobs that nobody refers to any more; returns how many went."""
    with unit_of_work() as unit:
        until = unit.session.scalar(select(DeskSetting.value).where(DeskSetting.key == _PAUSE_KEY))
        if until and datetime.fromisoformat(until) > unit.now:
            return 0
        unused = (
            select(Blob.digest)
            .where(
                Blob.created_at < unit.now - GRACE,
                ~exists().where(Attachment.digest == Blob.digest),
                ~exists().where(InboundItem.digest == Blob.digest),
                ~exists().where(DeliveryPayload.digest == Blob.digest),
                ~exists().where(LookRevision.logo == Blob.digest),
                ~exists().where(LookDraft.logo == Blob.digest),
                ~exists().where(PluginFile.digest == Blob.digest),
            )
            .limit(limit)
        )
        digests = list(unit.session.scalars(unused))
        for digest in digests:
            unit.session.delete(unit.session.get_one(Blob, digest))
        unit.after_commit(lambda: _remove(digests, unit.now - GRACE))
    return len(digests)


def _remove(digests: list[str], before: datetime) -> None:
    for digest in digests:
        path = path_of(digest)
        # A file written again meanwhile is young: somebody is about to refer to it.
        if path.exists() and path.stat().st_mtime < before.timestamp():
            path.unlink(missing_ok=True)


def _write_durably(contents: Mapping[Path, bytes]) -> None:
    """Write, then force each file, then give names, then force each folder.

    In this order the first wait for the disk is most of them: the rest was written along with it.
    """
    folders: set[Path] = set()
    with ExitStack() as opened:
        parts: dict[Path, BinaryIO] = {}
        for path, content in contents.items():
            folders.update(_make_folder(path))
            if path.exists() and path.stat().st_size == len(content):
                os.utime(path)  # young again, so that a sweep under way leaves it
            else:
                parts[path] = opened.enter_context(_part(path))
                parts[path].write(content)
                parts[path].flush()
        for part in parts.values():
            os.fsync(part.fileno())
        for path, part in parts.items():
            Path(part.name).rename(path)
    for folder in folders:
        _force(folder)


def _make_folder(path: Path) -> Iterator[Path]:
    """Make the folder of a file; yields each folder in which a name will be new."""
    yield path.parent
    if not path.parent.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        yield from (path.parent.parent, path.parent.parent.parent)


@contextmanager
def _part(path: Path) -> Iterator[BinaryIO]:
    """Open a file for what will be *path*; it is removed if it does not become that."""
    temporary = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with open(temporary, "xb", opener=_for_us_alone) as file:
            yield file
    finally:
        temporary.unlink(missing_ok=True)


def _for_us_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _force(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
