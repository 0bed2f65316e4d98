"""What users are writing: the server's copy is the draft, one per ticket, user and mode."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from deskcore.domain.filenames import safe_filename
from deskcore.domain.messages import InboundFile
from deskcore.domain.people import Actor
from deskcore.domain.writing import DraftForm, DraftMode, DraftView, FileView, Upload
from deskcore.errors import Conflict, Invalid, NotFound, Problem
from deskcore.extensions import config
from deskcore.i18n import _
from deskcore.models import Attachment, Draft
from deskcore.services import access, files
from deskcore.services.prepared import light
from deskcore.services.unit import Unit, reading, unit_of_work

MAX_BODY = 200_000
NEW = 0

_IS_OWN = (
    Draft.ticket_id == bindparam("ticket_id"),
    Draft.user_id == bindparam("user_id"),
    Draft.mode == bindparam("mode"),
)
_OWN = select(Draft).where(*_IS_OWN)
_FILE_NAMES = (
    select(Attachment.filename)
    .join(Draft, Draft.id == Attachment.draft_id)
    .where(*_IS_OWN)
    .order_by(Attachment.id)
)


def get(actor: Actor, ticket_number: int | None, mode: DraftMode) -> DraftView:
    """Return what *actor* has written so far; an empty view when nothing."""
    with reading() as session:
        ticket_id = _ticket_id(session, actor, ticket_number)
        row = _find(session, actor, ticket_id, mode)
        return view(session, row) if row else DraftView(mode=mode)


def save(actor: Actor, ticket_number: int | None, form: DraftForm) -> DraftView:
    """Store what *actor* has written.

    Raises Conflict when another tab or device saved meanwhile: nothing is overwritten.
    """
    _check_length(form.body)
    with unit_of_work(actor) as unit:
        row = _own(unit, actor, _ticket_id(unit.session, actor, ticket_number), form.mode)
        if form.version and row.version != form.version and row.body != form.body:
            message = _(
                "This draft was changed in another window; that text is kept, and so is this."
            )
            raise Conflict(message)
        row.body, row.subject = form.body, form.subject[:500]
        # A mailbox that went away, or was never theirs, must not cost anybody their text.
        is_theirs = form.mailbox_id in access.visible_mailbox_ids(unit.session, actor)
        row.mailbox_id = form.mailbox_id if is_theirs else None
        row.to_addresses, row.cc_addresses = list(form.to), list(form.cc)
        row.version += 1
        row.updated_at = unit.now
        unit.session.flush()
        return view(unit.session, row)


def file_names(session: Session, actor: Actor, ticket_id: int) -> list[str]:
    """Return what is attached to *actor*'s answer to the customer, in one statement."""
    own = {"ticket_id": ticket_id, "user_id": actor.id, "mode": "reply"}
    return [row.filename for row in light(session, _FILE_NAMES, own)]


def add_text(actor: Actor, ticket_number: int, text: str) -> None:
    """Put *text* below what *actor* has written to the customer so far."""
    with unit_of_work(actor) as unit:
        access.require(actor, "ticket.reply", unit.session)
        row = _own(unit, actor, _ticket_id(unit.session, actor, ticket_number), "reply")
        row.body = f"{row.body.rstrip()}\n\n{text}" if row.body.strip() else text
        _check_length(row.body)
        row.version += 1
        row.updated_at = unit.now


def discard(actor: Actor, ticket_number: int | None, mode: DraftMode) -> None:
    """Throw a draft away with its files."""
    with unit_of_work(actor) as unit:
        remove(unit, actor, _ticket_id(unit.session, actor, ticket_number), mode)


def add_files(
    actor: Actor, ticket_number: int | None, mode: DraftMode, uploads: Sequence[Upload]
) -> None:
    """Keep files with a draft; raises Invalid when one is over the limit, and keeps none then."""
    with unit_of_work(actor) as unit:
        row = _own(unit, actor, _ticket_id(unit.session, actor, ticket_number), mode)
        attach_uploads(unit, uploads, draft_id=row.id)


def remove_file(actor: Actor, public_id: str) -> None:
    """Take a file off one of *actor*'s drafts."""
    with unit_of_work(actor) as unit:
        row = unit.session.scalars(
            select(Attachment)
            .join(Draft, Draft.id == Attachment.draft_id)
            .where(Attachment.public_id == public_id, Draft.user_id == actor.id)
        ).one_or_none()
        if row is None:
            message = _("This file is not on a draft of yours any more.")
            raise NotFound(message)
        unit.session.delete(row)


def attach_uploads(
    unit: Unit,
    uploads: Sequence[Upload],
    *,
    message_id: int | None = None,
    draft_id: int | None = None,
) -> None:
    """Store uploads on a message or a draft; raises Invalid before anything when one is too big."""
    limit = config().max_file_bytes
    big = [safe_filename(upload.filename) for upload in uploads if len(upload.content) > limit]
    if big:
        problem = _(
            "“%(name)s” is over %(limit)d MB; nothing was added.",
            name=big[0],
            limit=limit // (1024 * 1024),
        )
        raise Invalid([Problem(field="files", message=problem)])
    for upload in uploads:
        file = InboundFile(
            filename=upload.filename,
            content_type=sniffed_type(upload.content, upload.filename),
            content=upload.content,
        )
        files.attach(unit, file, message_id=message_id, draft_id=draft_id)


def take(unit: Unit, actor: Actor, ticket_id: int, mode: DraftMode, message_id: int) -> None:
    """Hand the files of a draft to the message made from it, and remove the draft."""
    row = _find(unit.session, actor, ticket_id, mode)
    if row is None:
        return
    for file in unit.session.scalars(select(Attachment).where(Attachment.draft_id == row.id)):
        file.draft_id, file.message_id = None, message_id
    unit.session.flush()
    unit.session.delete(row)


def put_back(
    unit: Unit, actor: Actor, ticket_id: int, mode: DraftMode, *, message_id: int, like: DraftView
) -> None:
    """Make a draft of a message that was undone, its files with it.

    What the writer has typed meanwhile stays, below the text that came back.
    """
    row = _own(unit, actor, ticket_id, mode)
    row.body = f"{like.body}\n\n{row.body}" if row.body.strip() else like.body
    row.to_addresses, row.cc_addresses = list(like.to), list(like.cc)
    row.subject, row.mailbox_id = like.subject, like.mailbox_id
    row.version += 1
    row.updated_at = unit.now
    for file in unit.session.scalars(select(Attachment).where(Attachment.message_id == message_id)):
        file.message_id, file.draft_id = None, row.id


def remove(unit: Unit, actor: Actor, ticket_id: int, mode: DraftMode) -> None:
    """Delete a draft and the rows of its files."""
    row = _find(unit.session, actor, ticket_id, mode)
    if row is not None:
        unit.session.execute(delete(Attachment).where(Attachment.draft_id == row.id))
        unit.session.delete(row)


def view(session: Session, row: Draft) -> DraftView:
    """Return a draft as pages show it."""
    rows = session.scalars(
        select(Attachment).where(Attachment.draft_id == row.id).order_by(Attachment.id)
    )
    return DraftView(
        id=row.id,
        mode=row.mode,  # type: ignore[arg-type]  # only ever written as a DraftMode
        body=row.body,
        to=tuple(row.to_addresses),
        cc=tuple(row.cc_addresses),
        subject=row.subject,
        mailbox_id=row.mailbox_id,
        version=row.version,
        updated_at=row.updated_at,
        files=tuple(
            FileView(
                public_id=file.public_id,
                filename=file.filename,
                content_type=file.content_type,
                size=file.size,
            )
            for file in rows
        ),
    )


def sniffed_type(content: bytes, filename: str) -> str:
    """Return the kind of a file by its bytes, ``application/octet-stream`` when unknown."""
    import puremagic  # noqa: PLC0415  its tables are large, and few processes ever take a file

    try:
        found = puremagic.from_string(content, mime=True, filename=filename)
    except (puremagic.PureError, ValueError):
        found = ""
    if found:
        return str(found)
    return "text/plain" if _is_text(content) else "application/octet-stream"


def _check_length(body: str) -> None:
    if len(body) > MAX_BODY:
        problem = _("Use at most %(count)d characters; send the rest as a file.", count=MAX_BODY)
        raise Invalid([Problem(field="body", message=problem)])


def _is_text(content: bytes) -> bool:
    try:
        return bool(content) and "\x00" not in content.decode("utf-8")
    except UnicodeDecodeError:
        return False


def _ticket_id(session: Session, actor: Actor, number: int | None) -> int:
    return NEW if number is None else access.get_visible(session, actor, number).id


def _find(session: Session, actor: Actor, ticket_id: int, mode: DraftMode) -> Draft | None:
    values = {"ticket_id": ticket_id, "user_id": actor.id, "mode": mode}
    return session.scalars(_OWN, values).one_or_none()


def _own(unit: Unit, actor: Actor, ticket_id: int, mode: DraftMode) -> Draft:
    row = _find(unit.session, actor, ticket_id, mode)
    if row is None:
        row = Draft(
            ticket_id=ticket_id,
            user_id=actor.id,
            mode=mode,
            version=0,
            to_addresses=[],
            cc_addresses=[],
            updated_at=unit.now,
        )
        unit.session.add(row)
        unit.session.flush()
    return row
