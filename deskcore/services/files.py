"""Blobs under their digest: written, forced to disk, then referred to by rows.

The file is complete and durable before any row names it; a crash in between leaves a file that
nobody refers to, which the sweep removes after a grace time.
"""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

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
    Message,
    Ticket,
)
from deskcore.services.access import visible_tickets
from deskcore.services.unit import Unit, is_sqlite, reading, unit_of_work

GRACE = timedelta(days=1)
_PAUSE_KEY = "sweep_paused_until"


def write(content: bytes) -> str:
    """Put *content* on disk durably and return its digest; harmless when it is there already.

    Raises Unavailable when the disk cannot take it: nothing may be acknowledged then.
    """
    digest = hashlib.sha256(content).hexdigest()
    path = path_of(digest)
    try:
        if path.exists() and path.stat().st_size == len(content):
            os.utime(path)  # young again, so that a sweep under way leaves it
            return digest
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_durably(path, content)
    except OSError as error:
        raise _failure(error) from error
    return digest


def _failure(error: OSError) -> Unavailable:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return DiskFull(_("The disk is full: nothing was stored. Free some space."))
    return Unavailable(
        _("The disk did not take a file: %(reason)s. Nothing was stored.", reason=error.strerror)
    )


def refer(session: Session, digest: str, size: int, now: datetime) -> None:
    """Make the blob row of a written file, once."""
    insert = sqlite_insert if is_sqlite(session) else postgres_insert
    statement = insert(Blob).values(digest=digest, size=size, created_at=now)
    session.execute(statement.on_conflict_do_nothing(index_elements=["digest"]))


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
        created_at=unit.now,
    )
    unit.session.add(row)
    return row


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


def _write_durably(path: Path, content: bytes) -> None:
    temporary = path.with_name(f".{secrets.token_hex(8)}.part")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
