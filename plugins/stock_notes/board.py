"""The restock board: what the shop gets in again, from watching it to telling those who waited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import delete, func, select, update

from deskcore.api import N_, Actor, Invalid, NotFound, Problem, _
from deskcore.api.data import Unit, insert_into, reading, require, unit_of_work
from plugins.stock_notes import products
from plugins.stock_notes.places import KEEP
from plugins.stock_notes.products import Heard, Levels
from plugins.stock_notes.tables import CARDS, RUNS, WAITS

LANES: Mapping[str, str] = {
    "watching": N_("Watching"),
    "ordered": N_("Ordered"),
    "arrived": N_("Arrived"),
    "told": N_("Told"),
}
SHOWN = 100  # cards of a lane; what was told long ago is left out first


@dataclass(frozen=True, kw_only=True)
class BoardCard:
    """A product on its way back: who waits, what is in by now, who moved it last."""

    id: int
    product: str
    name: str
    lane: str
    expected: date | None
    version: int
    moved_at: datetime
    moved_by: str
    waiting: int
    told: int
    levels: Levels
    run_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Board:
    """The lanes with their cards, the one moved last on top; ``left_out`` are old ones by lane."""

    lanes: Mapping[str, tuple[BoardCard, ...]]
    heard: Heard
    left_out: Mapping[str, int] = field(default_factory=dict)


def read() -> Board:
    """Return the board: one question for cards, one for who waits, one for tellings, one for stock."""
    with reading() as session:
        rows = session.execute(
            select(CARDS).order_by(CARDS.c.moved_at.desc(), CARDS.c.id.desc())
        ).all()
        by_lane = {lane: [row for row in rows if row.lane == lane] for lane in LANES}
        shown = [row for several in by_lane.values() for row in several[:SHOWN]]
        keys = [row.product for row in shown]
        counted = session.execute(
            select(WAITS.c.product, WAITS.c.state, func.count())
            .where(WAITS.c.product.in_(keys))
            .group_by(WAITS.c.product, WAITS.c.state)
        ).all()
        going = session.execute(
            select(RUNS.c.product, func.max(RUNS.c.id))
            .where(RUNS.c.product.in_(keys), RUNS.c.state != "done")
            .group_by(RUNS.c.product)
        ).all()
    waiting: dict[str, int] = {}
    told: dict[str, int] = {}
    for key, state, count in counted:
        if state in {"waiting", "failed"}:
            waiting[key] = waiting.get(key, 0) + count
        elif state == "told":
            told[key] = count
    runs = {row[0]: row[1] for row in going}
    names, (levels, heard) = products.names(keys), products.levels_of(keys)
    cards = [
        BoardCard(
            **row._mapping,  # noqa: SLF001  SQLAlchemy's public name
            name=names[row.product],
            waiting=waiting.get(row.product, 0),
            told=told.get(row.product, 0),
            levels=levels.get(row.product, Levels()),
            run_id=runs.get(row.product),
        )
        for row in shown
    ]
    return Board(
        lanes={lane: tuple(card for card in cards if card.lane == lane) for lane in LANES},
        heard=heard,
        left_out={lane: max(len(several) - SHOWN, 0) for lane, several in by_lane.items()},
    )


def watch(unit: Unit, key: str) -> None:
    """Put a product on the board, or back to its beginning when all who waited had been told."""
    values = {"lane": "watching", "version": 1, "moved_at": unit.now, "moved_by": unit.actor.name}
    statement = insert_into(unit.session, CARDS).values(product=key, **values)
    unit.session.execute(
        statement.on_conflict_do_update(
            index_elements=["product"],
            set_={**values, "version": CARDS.c.version + 1, "expected": None},
            where=CARDS.c.lane == "told",
        )
    )


def begin_watching(actor: Actor, key: str) -> None:
    """Put a product on the board because somebody wants it there."""
    require(actor, KEEP)
    with unit_of_work(actor) as unit:
        watch(unit, key)


def move(actor: Actor, card_id: int, lane: str, *, version: int) -> str:
    """Move a card; returns the name of its product's key. Raises Invalid, also when it was moved since."""
    require(actor, KEEP)
    if lane not in LANES:
        raise Invalid([Problem(field="lane", message=_("Choose one of the columns."))])
    return _change(actor, card_id, {"lane": lane}, version)


def expect(actor: Actor, card_id: int, day: date | None, *, version: int) -> str:
    """Say when a product is expected; raises Invalid, also when the card was changed since."""
    require(actor, KEEP)
    return _change(actor, card_id, {"expected": day}, version)


def remove(actor: Actor, card_id: int) -> str:
    """Take a card off the board; who waits goes on waiting. Returns the product's key."""
    require(actor, KEEP)
    with unit_of_work(actor) as unit:
        gone = delete(CARDS).where(CARDS.c.id == card_id).returning(CARDS.c.product)
        key: str | None = unit.session.execute(gone).scalar_one_or_none()
    if key is None:
        raise _gone()
    return key


def product_of(card_id: int) -> str:
    """Return the key of a card's product; raises NotFound."""
    with reading() as session:
        key: str | None = session.scalars(
            select(CARDS.c.product).where(CARDS.c.id == card_id)
        ).one_or_none()
    if key is None:
        raise _gone()
    return key


def _change(actor: Actor, card_id: int, values: dict[str, object], version: int) -> str:
    with unit_of_work(actor) as unit:
        told = {"version": version + 1, "moved_at": unit.now, "moved_by": actor.name}
        changed = (
            update(CARDS)
            .where(CARDS.c.id == card_id, CARDS.c.version == version)
            .values(**values, **told)
            .returning(CARDS.c.product)
        )
        key: str | None = unit.session.execute(changed).scalar_one_or_none()
        if key is not None:
            return key
        now = unit.session.execute(select(CARDS).where(CARDS.c.id == card_id)).one_or_none()
    if now is None:
        raise _gone()
    message = _(
        "%(name)s changed this card meanwhile: it is in “%(lane)s” now. Nothing else was changed.",
        name=now.moved_by,
        lane=_(LANES[now.lane]),
    )
    raise Invalid([Problem(field="", message=message)])


def _gone() -> NotFound:
    return NotFound(_("This card is not on the board any more; somebody may have removed it."))
