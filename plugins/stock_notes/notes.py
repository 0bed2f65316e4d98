"""Dated notes per product and place: what colleagues know that no stock count says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select

from deskcore.api import Actor, Invalid, NotFound, Problem, _
from deskcore.api.data import reading, require, unit_of_work
from plugins.stock_notes.places import KEEP
from plugins.stock_notes.tables import LONGEST_KEY, NOTES

LONGEST = 2_000
SHOWN = 5  # of each product


@dataclass(frozen=True, kw_only=True)
class Note:
    """What somebody noted; ``place`` is "" for all places."""

    id: int
    product: str
    place: str
    body: str
    by_id: int
    by_name: str
    at: datetime


def notes_of(keys: Sequence[str]) -> dict[str, list[Note]]:
    """Return the newest notes of each product, in one question."""
    statement = (
        select(NOTES)
        .where(NOTES.c.product.in_(keys))
        .order_by(NOTES.c.at.desc(), NOTES.c.id.desc())
        .limit(SHOWN * 20)
    )
    found: defaultdict[str, list[Note]] = defaultdict(list)
    with reading() as session:
        for row in session.execute(statement):
            if len(found[row.product]) < SHOWN:
                found[row.product].append(Note(**row._mapping))  # noqa: SLF001  SQLAlchemy's public name
    return found


def add(actor: Actor, key: str, body: str, *, place: str = "") -> None:
    """Note something about a product, as of today. Raises Invalid."""
    require(actor, KEEP)
    body = body.replace("\x00", "").replace("\r\n", "\n").strip()
    if not body or len(body) > LONGEST:
        message = _("Write at most 2,000 characters.") if body else _("Write something first.")
        raise Invalid([Problem(field="body", message=message)])
    with unit_of_work(actor) as unit:
        values = {
            "product": check_key(key),
            "place": " ".join(place.replace("\x00", "").split())[:120],
            "body": body,
            "by_id": actor.id,
            "by_name": actor.name,
            "at": unit.now,
        }
        unit.session.execute(insert(NOTES).values(values))


def remove(actor: Actor, note_id: int) -> None:
    """Take a note away that holds no longer, whoever wrote it. Raises NotFound."""
    require(actor, KEEP)
    with unit_of_work(actor) as unit:
        gone = delete(NOTES).where(NOTES.c.id == note_id).returning(NOTES.c.id)
        if unit.session.execute(gone).one_or_none() is None:
            raise NotFound(_("There is no such note; somebody may have removed it meanwhile."))


def check_key(key: str) -> str:
    """Return the key of a product as it can be kept; raises Invalid for what is none."""
    if not key or len(key) > LONGEST_KEY or "\x00" in key:
        raise Invalid([Problem(field="product", message=_("Say which product it is about."))])
    return key
