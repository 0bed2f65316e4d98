"""Which mails of a mailbox are new. The key of a mail is (folder, UIDVALIDITY, UID).

Never its flags: people read the same mailbox in their mail programs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from deskcore.api import now
from deskcore.plugin import RawItem
from plugins.email.cursor import Place, read_cursor, write_cursor
from plugins.email.imap import Folder, ImapSession, NoFolder
from plugins.email.located import (
    Located,
    contents,
    outlines,
    raw_item,
    search_day,
    server_second,
)
from plugins.email.settings import EmailSettings

UNREAD_FOR = timedelta(days=14)
# Servers may show a lower UID after a higher one, and people move mail back: look again.
LOOK_BACK = timedelta(days=2)
RENUMBERED_LOOK_BACK = timedelta(days=30)


class Intake:
    """The looks at one mailbox, and what they remember of one another while the process lives."""

    def __init__(self, settings: EmailSettings, connected_at: datetime | None) -> None:
        self._settings = settings
        self._connected_at = server_second(connected_at) if connected_at else None
        # Where folders stood that no stored cursor speaks of: an empty folder gives core
        # nothing to store a cursor with.
        self._first_places: dict[str, Place] = {}
        self._highest_uids: dict[str, int] = {}
        self.cannot_remove = False

    def receive(self, session: ImapSession, cursor: str | None) -> Iterator[RawItem]:
        """Yield what is new, folder by folder, oldest first; a missing folder is told last."""
        stored = read_cursor(cursor)
        names = self._settings.folder_names
        places = {name: place for name, place in stored.items() if name in names}
        folders, missing = [], None
        for name in names:
            try:
                folder = session.select(name, fresh=True)
            except NoFolder as error:
                missing = error
                continue
            folders.append(folder)
            places[name] = self._place(folder, stored)
        for folder in folders:
            yield from self._news(session, folder, places)
        if missing is not None:
            raise missing

    def has_news(self, session: ImapSession, folder: Folder) -> bool:
        """Whether a mail came into the selected folder since it was last searched."""
        session.noop()
        start = max(folder.uidnext, self._highest_uids.get(folder.name, 0) + 1)
        return any(uid >= start for uid in session.search(f"UID {start}:*"))

    def _place(self, folder: Folder, stored: dict[str, Place]) -> Place:
        place = stored.get(folder.name) or self._first_places.get(folder.name)
        if place is None:
            # A folder added to a mailbox at work begins now, not when the mailbox did.
            begin = now() if stored else self._connected_at or now()
            place = first_place(folder, self._settings, begin)
        elif place.uidvalidity != folder.uidvalidity:
            place = self._renumbered(folder)
        if folder.name not in stored:
            self._first_places[folder.name] = place
        return place

    def _renumbered(self, folder: Folder) -> Place:
        """Look again at the last weeks: core knows by their content which mails it has."""
        since = now() - RENUMBERED_LOOK_BACK
        return Place(
            uidvalidity=folder.uidvalidity,
            first_uid=folder.uidnext,
            since=max(since, self._connected_at) if self._connected_at else since,
            renumbered=True,
        )

    def _news(
        self, session: ImapSession, folder: Folder, places: dict[str, Place]
    ) -> Iterator[RawItem]:
        name = folder.name
        session.select(name)
        session.noop()
        recent = session.search(f"SINCE {search_day(now() - LOOK_BACK)} UNDELETED")
        place = places[name]
        place = places[name] = replace(place, known=place.known.intersection(recent))
        uids = {uid for uid in recent if uid not in place.known or self._should_be_gone}
        uids.update(_unseen_by_us(session, place))
        self._highest_uids[name] = max(uids, default=0)
        wanted = (
            located for located in outlines(session, folder, sorted(uids)) if counts(place, located)
        )
        for located, content in contents(session, wanted):
            places[name] = places[name].after(located.mail.uid)
            is_again = place.renumbered and located.mail.uid < place.first_uid
            yield raw_item(
                located,
                content,
                cursor=write_cursor(places),
                marks=("renumbered",) if is_again else (),
            )

    @property
    def _should_be_gone(self) -> bool:
        """Whether a stored mail is moved away or deleted, so that one still here comes again.

        Then core died before ``acknowledge``: it knows the mail by its key and acknowledges it.
        """
        return self._settings.after_import in {"move", "delete"} and not self.cannot_remove


def first_place(folder: Folder, settings: EmailSettings, begin: datetime) -> Place:
    """Where a folder stands when the desk first looks at it."""
    return Place(
        uidvalidity=folder.uidvalidity,
        first_uid=folder.uidnext,
        since=server_second(begin),
        unread_since=begin - UNREAD_FOR if settings.start == "unread" else None,
    )


def counts(place: Place, located: Located) -> bool:
    """Whether a mail comes in as news: after the first look all do, before it only some."""
    mail = located.mail
    if mail.uid >= place.first_uid or mail.uid in place.known:
        return True
    if mail.deleted:
        return False
    is_unread_news = (
        place.unread_since is not None
        and mail.uid > place.last_uid
        and not mail.seen
        and located.arrived_at >= place.unread_since
    )
    return is_unread_news or located.arrived_at >= place.since


def _unseen_by_us(session: ImapSession, place: Place) -> set[int]:
    """List UIDs above the last one; of those before the first look only what may count."""
    start = max(place.last_uid + 1, place.first_uid)
    # "n:*" names the last mail even when its UID is below n.
    found = {uid for uid in session.search(f"UID {start}:*") if uid >= start}
    if place.last_uid + 1 < place.first_uid:
        before = f"UID {place.last_uid + 1}:{place.first_uid - 1}"
        found.update(session.search(f"{before} SINCE {search_day(place.since)}"))
        if place.unread_since:
            day = search_day(place.unread_since)
            found.update(session.search(f"{before} UNSEEN SINCE {day}"))
    return found
