"""Mails at their places on the server: first their outlines, then, piece by piece, their bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby

from deskcore.api import _, mail_fingerprint, now
from deskcore.plugin import RawItem, TryLater
from plugins.email.fetched import Fetched
from plugins.email.imap import Folder, ImapSession

# security.md 16; of a larger mail only the header is fetched, and it is marked as cut.
LARGEST_MAIL = 50 * 1024 * 1024
_MAILS_A_FETCH, _BYTES_A_FETCH, _OUTLINES_A_FETCH = 25, 8 * 1024 * 1024, 500
_OUTLINE = "(UID FLAGS INTERNALDATE RFC822.SIZE)"
_WHOLE = "(UID BODY.PEEK[])"
_HEADER = "(UID BODY.PEEK[HEADER]<0.1048576>)"
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


@dataclass(frozen=True, kw_only=True)
class Located:
    """A mail at its place on the server, without its content."""

    folder: Folder
    mail: Fetched
    arrived_at: datetime

    @property
    def external_id(self) -> str:
        """The one name of this mail in its mailbox."""
        return f"{self.folder.name}:{self.folder.uidvalidity}:{self.mail.uid}"

    @property
    def is_too_large(self) -> bool:
        """Whether only the header is fetched."""
        return self.mail.size > LARGEST_MAIL


def search_day(moment: datetime) -> str:
    """Write the day for SEARCH SINCE, one early: the server means days of its own zone."""
    day = (moment.astimezone(UTC) - timedelta(days=1)).date()
    return f"{day.day}-{_MONTHS[day.month - 1]}-{day.year}"


def server_second(moment: datetime) -> datetime:
    """Return the second a mail that arrives at *moment* has arrived in by its server's word.

    INTERNALDATE has whole seconds (RFC 3501 2.3.3): compared with more, mail that came right
    after the mailbox was connected would have come before.
    """
    return moment.replace(microsecond=0)


def outlines(session: ImapSession, folder: Folder, uids: Sequence[int]) -> Iterator[Located]:
    """Ask for flags, dates and sizes, never for content, in ascending order of UID."""
    for start in range(0, len(uids), _OUTLINES_A_FETCH):
        _return_to(session, folder)
        found = session.fetch(uids[start : start + _OUTLINES_A_FETCH], _OUTLINE)
        for mail in sorted(found, key=lambda mail: mail.uid):
            # A date in the future would hide a mail from every look back.
            arrived_at = min(mail.internal_date or now(), now())
            yield Located(folder=folder, mail=mail, arrived_at=arrived_at)


def contents(session: ImapSession, wanted: Iterable[Located]) -> Iterator[tuple[Located, bytes]]:
    """Fetch the bytes of mails in their order, several at once but never many bytes at once.

    Flags stay as they are (PEEK). Mails removed meanwhile are left out.
    """
    for folder, mails in groupby(wanted, key=lambda located: located.folder):
        for piece in _pieces(mails):
            _return_to(session, folder)
            parts = _HEADER if piece[0].is_too_large else _WHOLE
            fetched = session.fetch([located.mail.uid for located in piece], parts)
            content_by_uid = {mail.uid: mail.content for mail in fetched}
            for located in piece:
                if located.mail.uid in content_by_uid:
                    yield located, content_by_uid[located.mail.uid]


def raw_item(
    located: Located, content: bytes, *, cursor: str | None, marks: Sequence[str] = ()
) -> RawItem:
    """Make the item core stores; *marks* are further meta keys that are simply true."""
    meta = {
        "folder": located.folder.name,
        "internal_date": located.arrived_at.isoformat(),
        "size": str(located.mail.size),
        "fingerprint": mail_fingerprint(content),
    }
    if located.mail.seen:
        meta["seen"] = "1"
    if located.is_too_large:
        meta["truncated"] = "1"
    return RawItem(
        external_id=located.external_id,
        cursor=cursor,
        received_at=located.arrived_at,
        content=content,
        meta=meta | dict.fromkeys(marks, "1"),
    )


def _pieces(mails: Iterable[Located]) -> Iterator[list[Located]]:
    """Cut into pieces of few mails and few bytes; a mail that is too large stands alone."""
    piece: list[Located] = []
    size = 0
    for located in mails:
        is_full = len(piece) >= _MAILS_A_FETCH or size + located.mail.size > _BYTES_A_FETCH
        if piece and (is_full or located.is_too_large or piece[-1].is_too_large):
            yield piece
            piece, size = [], 0
        piece.append(located)
        size += located.mail.size
    if piece:
        yield piece


def _return_to(session: ImapSession, folder: Folder) -> None:
    """Select the folder again if something else was done between two pieces."""
    if session.select(folder.name).uidvalidity != folder.uidvalidity:
        raise TryLater(
            _("The folder “%(folder)s” was numbered anew while it was read.", folder=folder.name)
        )
