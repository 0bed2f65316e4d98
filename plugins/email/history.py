"""Mail from before the desk, as solved history; and what happens at the server to mail taken in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

from deskcore.api import _, now
from deskcore.plugin import RawItem, Refused
from plugins.email.imap import Declined, ImapSession
from plugins.email.intake import counts, first_place
from plugins.email.located import (
    Located,
    contents,
    outlines,
    raw_item,
    search_day,
    server_second,
)
from plugins.email.settings import EmailSettings


def backlog(
    session: ImapSession,
    settings: EmailSettings,
    since: datetime | None,
    *,
    connected_at: datetime | None,
) -> Iterator[RawItem]:
    """Yield mail from before the connection by date of arrival.

    Unread mail that counts as news is left to ``receive``. To go on after a stop, give the
    arrival of the last one stored as *since*.
    """
    until = server_second(connected_at or now())
    old: list[Located] = []
    for name in settings.folder_names:
        folder = session.select(name, fresh=True)
        place = first_place(folder, settings, until)
        criteria = f"UNDELETED SINCE {search_day(since)}" if since else "UNDELETED"
        old.extend(
            located
            for located in outlines(session, folder, session.search(criteria))
            if located.arrived_at < until and not counts(place, located)
        )
    old.sort(key=lambda located: (located.arrived_at, located.folder.name, located.mail.uid))
    wanted = (located for located in old if since is None or located.arrived_at >= since)
    for located, content in contents(session, wanted):
        yield raw_item(located, content, cursor=None, marks=("backlog",))


def file_away(session: ImapSession, settings: EmailSettings, items: Sequence[RawItem]) -> None:
    """Mark, move or delete stored mails as the owner chose; imported history stays untouched.

    Raises ``Refused`` when the server does not let that be done.
    """
    if settings.after_import == "leave":
        return
    uids: dict[tuple[str, int], list[int]] = defaultdict(list)
    for item in items:
        if "backlog" not in item.meta:
            name, numbering, uid = item.external_id.rsplit(":", 2)
            uids[name, int(numbering)].append(int(uid))
    for (name, uidvalidity), numbers in uids.items():
        try:
            # Renumbered meanwhile: these numbers belong to other mails now.
            if session.select(name, write=True).uidvalidity == uidvalidity:
                _file(session, settings, numbers)
        except Declined as error:
            raise Refused(
                _(
                    "Mail comes in, but %(host)s does not let it be marked, moved or deleted "
                    "afterwards.",
                    host=settings.imap_host,
                )
            ) from error


def _file(session: ImapSession, settings: EmailSettings, uids: Sequence[int]) -> None:
    if settings.after_import == "seen":
        session.mark_seen(uids)
    elif settings.after_import == "move":
        session.move(uids, settings.move_to.strip())
    else:
        session.delete(uids)
