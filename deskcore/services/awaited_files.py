"""Files that a network keeps for us: fetched by the worker after their message was filed.

The message never waits for them and never gets lost over them: it says which are still to come,
and which could not be had and why.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from time import monotonic

from sqlalchemy import select

from deskcore.domain.events import MessageChanged
from deskcore.domain.filenames import safe_filename
from deskcore.domain.kinds import AccountState
from deskcore.domain.messages import AttachmentRef, InboundFile
from deskcore.domain.people import Actor
from deskcore.errors import DeskError, NotFound
from deskcore.extensions import config
from deskcore.i18n import N_, _
from deskcore.logs import get_logger
from deskcore.models import AwaitedFile, ChannelAccount, Message, Ticket
from deskcore.plugin.channel import ChannelFailure, Refused, SignInFailed, TryLater
from deskcore.plugin.faults import PluginFailed
from deskcore.services import access, channel_accounts, channels, counters, files, search
from deskcore.services.jobs import RunAgain, job
from deskcore.services.unit import Unit, reading, unit_of_work

log = get_logger(__name__)

MOST_FILES = 20
MOST_TRIES = 8
MOST_SECONDS = 120
# Before the second, third … try: over half a day in all, since platforms have bad nights.
DELAYS = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 3600, 14_400, 28_800))
PAUSED_FOR = timedelta(minutes=10)


def expect(
    unit: Unit, account: ChannelAccount, message: Message, refs: tuple[AttachmentRef, ...]
) -> None:
    """Write down which files of a message are still to be fetched, each with its job."""
    for ref in refs[:MOST_FILES]:
        row = AwaitedFile(
            message_id=message.id,
            account_id=account.id,
            ref=ref.ref,
            filename=safe_filename(ref.filename),
            content_type=ref.content_type[:120],
            created_at=unit.now,
        )
        unit.session.add(row)
        unit.session.flush()
        _enqueue(unit, row)
    message.awaited_files = (message.awaited_files or 0) + len(refs[:MOST_FILES])


def ask_again(actor: Actor, message_id: int) -> int:
    """Try once more for the files of a message that were given up; returns the ticket's number.

    Needs the right to change tickets, as their network may count the tries. Raises NotFound.
    """
    with unit_of_work(actor) as unit:
        access.require(actor, "ticket.change", unit.session)
        number = unit.session.scalars(
            select(Ticket.number)
            .join(Message, Message.ticket_id == Ticket.id)
            .where(Message.id == message_id, access.visible_tickets(actor))
        ).one_or_none()
        if number is None:
            raise NotFound(_("There is no such message, or it is in a mailbox you cannot see."))
        rows = unit.session.scalars(
            select(AwaitedFile).where(
                AwaitedFile.message_id == message_id, AwaitedFile.given_up_at.is_not(None)
            )
        ).all()
        for row in rows:
            row.given_up_at, row.problem, row.tries = None, "", 0
            _enqueue(unit, row)
        if rows:
            _tell(unit, unit.session.get_one(Message, message_id))
        return number


def _enqueue(unit: Unit, row: AwaitedFile) -> None:
    unit.enqueue("files.fetch", {"file_id": row.id}, unique_key=f"files.fetch:{row.id}")


@job("files.fetch")
def fetch(file_id: int) -> None:
    """Fetch one file; harmless to repeat."""
    with reading() as session:
        row = session.get(AwaitedFile, file_id)
        account = session.get(ChannelAccount, row.account_id) if row else None
    if row is None or account is None or row.given_up_at is not None:
        return
    if account.state == AccountState.OFF:
        raise RunAgain(after=PAUSED_FOR)
    ref = AttachmentRef(ref=row.ref, filename=row.filename, content_type=row.content_type)
    try:
        content = _read(account, ref)
    except (ChannelFailure, DeskError, PluginFailed) as error:
        log.warning("a file of a message could not be fetched", exc_info=error, file=file_id)
        if isinstance(error, SignInFailed):
            channel_accounts.pause(account.id, str(error))
        _failed(file_id, error)
    else:
        _keep(file_id, content)


def _read(account: ChannelAccount, ref: AttachmentRef) -> bytes:
    """Return the bytes; Refused as soon as they are too many, TryLater when they dawdle."""
    channel = channels.build(account)
    if not channel.is_fetching:
        raise Refused(N_("This network hands out no files."))
    until, most = monotonic() + MOST_SECONDS, config().max_file_bytes
    content = bytearray()
    chunks: Iterator[bytes] = channel.fetch(ref)
    for chunk in chunks:
        content += chunk
        if len(content) > most:
            raise Refused(N_("It is larger than this desk takes."))
        if monotonic() > until:
            raise TryLater(N_("It came too slowly."))
    return bytes(content)


def _failed(file_id: int, error: Exception) -> None:
    """Count a try, and raise RunAgain while another one is worth it."""
    with unit_of_work() as unit:
        row = unit.session.get(AwaitedFile, file_id, with_for_update=True)
        if row is None:
            return
        row.tries += 1
        is_bug = isinstance(error, PluginFailed)
        row.problem = (
            N_("The channel failed; an administrator can see why.") if is_bug else str(error)
        )
        if isinstance(error, Refused) or row.tries >= MOST_TRIES:
            row.given_up_at = unit.now
            _tell(unit, unit.session.get_one(Message, row.message_id))
            return
        wait = DELAYS[min(row.tries, len(DELAYS)) - 1]
    if isinstance(error, TryLater) and error.after is not None:
        wait = max(wait, error.after)
    raise RunAgain(after=wait)


def _keep(file_id: int, content: bytes) -> None:
    """Make an attachment of what came."""
    files.write(content)  # before a transaction has to wait for the disk
    with unit_of_work() as unit:
        row = unit.session.get(AwaitedFile, file_id, with_for_update=True)
        if row is None:
            return  # the message was redacted meanwhile
        message = unit.session.get_one(Message, row.message_id, with_for_update=True)
        file = InboundFile(
            filename=row.filename,
            content_type=row.content_type or "application/octet-stream",
            content=content,
        )
        files.attach(unit, file, message_id=message.id)
        unit.session.delete(row)
        message.awaited_files = max(0, message.awaited_files - 1)
        ticket = unit.session.get_one(Ticket, message.ticket_id)
        with counters.changing(unit, ticket):
            ticket.has_files = True
        search.index_ticket(unit.session, ticket)
        _tell(unit, message)


def _tell(unit: Unit, message: Message) -> None:
    """Bring open pages in line."""
    ticket = unit.session.get_one(Ticket, message.ticket_id)
    unit.record(
        MessageChanged(
            ticket_id=ticket.id, mailbox_id=ticket.mailbox_id, message_id=message.id, kind="file"
        )
    )
