"""How far a mailbox has been read, as the JSON that core keeps for us."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Place:
    """How far one folder has been read.

    Mails with a UID of ``first_uid`` or more came after the folder was first looked at: all of
    them count. Older ones count when they arrived at ``since`` or later, or, unread, at
    ``unread_since`` or later. ``known`` are the recent UIDs that core has stored.
    """

    uidvalidity: int
    first_uid: int
    since: datetime
    unread_since: datetime | None = None
    last_uid: int = 0
    known: frozenset[int] = frozenset()
    renumbered: bool = False

    def after(self, uid: int) -> Place:
        """Give the place as it is once this mail has been stored."""
        return replace(self, last_uid=max(self.last_uid, uid), known=self.known | {uid})


def read_cursor(cursor: str | None) -> dict[str, Place]:
    """Read places by folder; a cursor that cannot be read counts as none."""
    try:
        stored = json.loads(cursor or "{}")
        return {name: _place(values) for name, values in stored.items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}


def write_cursor(places: Mapping[str, Place]) -> str:
    """Write places so that equal ones give equal text."""
    return json.dumps({name: _values(place) for name, place in places.items()}, sort_keys=True)


def _place(values: Mapping[str, object]) -> Place:
    unread_since = values.get("unread_since")
    return Place(
        uidvalidity=int(str(values["uidvalidity"])),
        first_uid=int(str(values["first_uid"])),
        since=datetime.fromisoformat(str(values["since"])),
        unread_since=datetime.fromisoformat(str(unread_since)) if unread_since else None,
        last_uid=int(str(values["last_uid"])),
        known=frozenset(_expand(str(values["known"]))),
        renumbered=bool(values.get("renumbered")),
    )


def _values(place: Place) -> dict[str, object]:
    return {
        "uidvalidity": place.uidvalidity,
        "first_uid": place.first_uid,
        "since": place.since.isoformat(),
        "unread_since": place.unread_since.isoformat() if place.unread_since else None,
        "last_uid": place.last_uid,
        "known": _compress(place.known),
        "renumbered": place.renumbered,
    }


def _compress(uids: Iterable[int]) -> str:
    """Write numbers as ranges, for example ``4:9,12``: mostly they follow one another."""
    ranges: list[list[int]] = []
    for uid in sorted(uids):
        if ranges and uid == ranges[-1][1] + 1:
            ranges[-1][1] = uid
        else:
            ranges.append([uid, uid])
    return ",".join(str(low) if low == high else f"{low}:{high}" for low, high in ranges)


def _expand(text: str) -> Iterable[int]:
    for part in text.split(",") if text else ():
        low, _, high = part.partition(":")
        yield from range(int(low), int(high or low) + 1)
