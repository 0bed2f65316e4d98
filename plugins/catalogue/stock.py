"""How much of a product is where: as somebody counted, with when and by whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from deskcore.api import N_, Actor, Invalid, Problem, _
from deskcore.api.data import insert_into, reading, require, unit_of_work
from plugins.catalogue import products, shops
from plugins.catalogue.rights import COUNT
from plugins.catalogue.tables import PLACES, STOCK

MOST = 1_000_000_000


@dataclass(frozen=True, kw_only=True)
class Level:
    """What was counted of a product at a place; ``pieces`` None where nobody ever counted."""

    place_id: int
    place: str
    pieces: int | None = None
    back_on: date | None = None
    seen_at: datetime | None = None
    seen_by: str = ""


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What somebody counted at a place, and what the page had shown them before."""

    pieces: int | None
    back_on: date | None = None
    shown: int | None = None
    shown_back_on: date | None = None

    @property
    def is_new(self) -> bool:
        """Whether it differs from what was shown."""
        return (self.pieces, self.back_on) != (self.shown, self.shown_back_on)


def levels_of(product_ids: Iterable[int]) -> dict[int, list[Level]]:
    """Return what was counted of products, by product, in the order of the places."""
    asked = (
        select(STOCK, PLACES.c.name)
        .join(PLACES, PLACES.c.id == STOCK.c.place_id)
        .where(STOCK.c.product_id.in_(list(product_ids)))
        .order_by(PLACES.c.position, PLACES.c.id)
    )
    found: defaultdict[int, list[Level]] = defaultdict(list)
    with reading() as session:
        for row in session.execute(asked):
            level = Level(
                place_id=row.place_id,
                place=row.name,
                pieces=row.pieces,
                back_on=row.back_on,
                seen_at=row.seen_at,
                seen_by=row.seen_by,
            )
            found[row.product_id].append(level)
    return found


def everywhere(product_id: int) -> list[Level]:
    """Return what was counted of a product at every place there is."""
    counted = {level.place_id: level for level in levels_of([product_id])[product_id]}
    return [
        counted.get(place_id, Level(place_id=place_id, place=name))
        for place_id, name in shops.names().items()
    ]


def count(actor: Actor, product_id: int, counted: Mapping[int, Counted]) -> int:
    """Write down what was counted, by place; returns how many places that changed.

    Raises Invalid when somebody else counted there since the page was made.
    """
    require(actor, COUNT.name)
    product = products.one(actor, product_id)
    now_there = {level.place_id: level for level in everywhere(product_id)}
    fresh = {place: told for place, told in counted.items() if told.is_new and place in now_there}
    problems = [
        problem for place, told in fresh.items() for problem in _problems(now_there[place], told)
    ]
    if problems:
        raise Invalid(problems)
    if not fresh:
        return 0
    with unit_of_work(actor) as unit:
        for place, told in fresh.items():
            row = (product_id, place, told.pieces, told.back_on, unit.now, actor.name)
            _put(unit.session, [row])
        after: dict[str, object] = {
            now_there[place].place: told.pieces for place, told in fresh.items()
        }
        before: dict[str, object] = {
            now_there[place].place: now_there[place].pieces for place in fresh
        }
        named = f"{product.sku} {product.name}"
        unit.audit(N_("counted stock"), named, before=before, after=after)
    return len(fresh)


Row = tuple[int, int, int | None, date | None, datetime, str]


def _put(session: Session, rows: Sequence[Row]) -> None:
    for product_id, place_id, pieces, back_on, seen_at, seen_by in rows:
        here = (STOCK.c.product_id == product_id) & (STOCK.c.place_id == place_id)
        if pieces is None:
            session.execute(delete(STOCK).where(here))
            continue
        values = {"pieces": pieces, "back_on": back_on, "seen_at": seen_at, "seen_by": seen_by}
        made = insert_into(session, STOCK).values(
            product_id=product_id, place_id=place_id, **values
        )
        session.execute(
            made.on_conflict_do_update(index_elements=["product_id", "place_id"], set_=values)
        )


def _problems(there: Level, told: Counted) -> list[Problem]:
    field = f"place_{there.place_id}"
    if there.pieces != told.shown:
        message = _(
            "%(name)s wrote down %(count)s here meanwhile. Nothing was saved; look again, then save.",
            name=there.seen_by or _("Somebody"),
            count=there.pieces if there.pieces is not None else _("nothing"),
        )
        return [Problem(field=field, message=message)]
    if told.pieces is None and told.back_on is not None:
        message = _("Write how many there are, 0 for none, beside the day when more comes.")
        return [Problem(field=field, message=message)]
    if told.pieces is not None and abs(told.pieces) > MOST:
        return [Problem(field=field, message=_("Write a whole number."))]
    return []
