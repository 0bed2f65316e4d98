"""What is new at a site that tells all it has each time: the cursor remembers what was seen.

Sites have no order that could be relied on, and change reviews without a word; so everything is
compared with what was there last time. A cursor that is lost, or none of ours, costs nothing: items
are known by review and state, so what comes again is not filed again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from deskcore.api import now
from deskcore.plugin import RawItem

MOST = 300  # of a site; the oldest are not looked at for changes any more


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing at a site: its id, what differs when it changed, and what is stored of it."""

    id: str
    digest: str
    content: bytes


def news(
    entries: Iterable[Entry], cursor: str | None, *, is_whole: bool = False
) -> Iterator[RawItem]:
    """Yield what is new or changed, oldest first as given; with *is_whole* also what is gone."""
    seen = _seen(cursor)
    found = list(entries)[-MOST:]
    for entry in found:
        was = seen.get(entry.id, "")
        if was == entry.digest:
            continue
        seen[entry.id] = entry.digest
        # Named by what it was before as well: a review that is changed back is news again.
        name = f"{entry.id}@{was}>{entry.digest}" if was else f"{entry.id}@{entry.digest}"
        yield _item(name, entry.content, seen, found)
    if not is_whole or not found:
        return
    here = {entry.id for entry in found}
    for gone in [name for name in seen if name not in here]:
        was = seen.pop(gone)
        content = json.dumps({"gone": f"{gone}@{was}"}).encode()
        yield _item(f"{gone}@{was}#gone", content, seen, found)


def _item(name: str, content: bytes, seen: dict[str, str], found: list[Entry]) -> RawItem:
    """Make an item whose cursor remembers what is there now and was given up to here."""
    keep = {entry.id for entry in found}
    kept = {each: digest for each, digest in seen.items() if each in keep}
    spare = {each: digest for each, digest in seen.items() if each not in keep}
    room = max(0, MOST - len(kept))
    cursor = dict(list(spare.items())[-room:] if room else ()) | kept
    return RawItem(
        external_id=name[:250],
        cursor=json.dumps(cursor, separators=(",", ":")),
        received_at=now(),
        content=content,
    )


def _seen(cursor: str | None) -> dict[str, str]:
    try:
        found = json.loads(cursor or "{}")
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {str(name): str(digest) for name, digest in found.items()}
