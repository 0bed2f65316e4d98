"""Reading what a site gives: JSON, CSV, or a feed (RSS, Atom), each as a list of plain entries."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from typing import Literal

from deskcore.api import _, html_to_text
from deskcore.plugin import TryLater
from plugins.reviews.mapping import entries_in

Format = Literal["json", "csv", "feed"]
_MOST_ENTRIES = 2000


def entries(content: bytes, form: Format, path: str) -> list[Mapping[str, object]]:
    """Return the entries; what is none of them, as a null in a list, is left out.

    Raises ``TryLater`` for what is not of this format at all: sites say such things while they are
    mended.
    """
    found = _READERS[form](content, path)
    return [entry for entry in found if isinstance(entry, Mapping)][:_MOST_ENTRIES]


def plain(html: str) -> str:
    """Return the words of a piece of HTML; what is none is left as it is."""
    return html_to_text(html).strip() if "<" in html or "&" in html else html


def _of_json(content: bytes, path: str) -> list[object]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as failure:
        raise TryLater(_not("JSON")) from failure
    return entries_in(found, path)


def _of_csv(content: bytes, _path: str) -> Iterator[object]:
    text = content.decode("utf-8-sig", "replace").replace("\0", "")
    if text.lstrip().startswith(("<", "{")):
        raise TryLater(_not("CSV"))
    first = text.partition("\n")[0]
    mark = max(",;\t", key=first.count)
    yield from csv.DictReader(io.StringIO(text), delimiter=mark, restkey="", restval="")


def _of_feed(content: bytes, _path: str) -> Iterator[object]:
    import feedparser  # noqa: PLC0415  takes 100 ms, and only whoever has a feed needs it

    found = feedparser.parse(io.BytesIO(content))
    if not found.get("version"):
        raise TryLater(_not("RSS or Atom"))
    for each in found.entries:
        entry = {str(key): value for key, value in each.items() if isinstance(value, str)}
        body = next(iter(each.get("content") or ()), None)
        said = body.get("value", "") if isinstance(body, Mapping) else ""
        yield entry | {"text": plain(said or entry.get("summary", "")), "stars": _stars(entry)}


def _stars(entry: Mapping[str, str]) -> str:
    """Find the stars that shops and app stores put into feeds, under names of their own."""
    names = (name for name in entry if name.endswith(("rating", "stars", "score")))
    return next((entry[name] for name in sorted(names) if entry[name]), "")


def _not(form: str) -> str:
    return _("What is at this address is not %(form)s, perhaps a page for people.", form=form)


_READERS = {"json": _of_json, "csv": _of_csv, "feed": _of_feed}
