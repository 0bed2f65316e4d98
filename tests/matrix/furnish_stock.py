"""What stock notes have something to ask about: a note, who waits, a card, tellings, and a list."""

from __future__ import annotations

from sqlalchemy import insert, select

from deskcore.domain.people import SYSTEM
from deskcore.services.unit import reading, unit_of_work
from plugins.stock_notes import lists, notes, waits
from plugins.stock_notes.lists import Written
from plugins.stock_notes.tables import CARDS, ITEMS, NOTES, RUNS, WAITS
from plugins.stock_notes.waits import Wish
from tests.matrix.world import EVERYBODY, SEES, World

WAITED_FOR = "T-1"


def furnish_stock(world: World) -> None:
    """Have the customer of a ticket of each side wait, and keep a note and a list."""
    for side in SEES:
        number = next(one.key for one in world.things["ticket"] if one.readers == SEES[side])
        waits.put(SYSTEM, int(number), Wish(product=WAITED_FOR))
        with reading() as session:
            newest = select(WAITS.c.id).order_by(WAITS.c.id.desc()).limit(1)
            world.put("stock wait", session.scalars(newest).one(), SEES[side])
    notes.add(SYSTEM, WAITED_FOR, "Two are under the counter")
    written = Written(
        name="Opening", kind="opening", place="", days="1234567", items=("Lights", "Till")
    )
    world.put("shop list", lists.create(SYSTEM, written), EVERYBODY)
    for state in ("going", "stopped"):
        _run(world, state)
    with reading() as session:
        world.put("stock note", session.scalars(select(NOTES.c.id)).one(), EVERYBODY)
        world.put("stock card", session.scalars(select(CARDS.c.id)).one(), EVERYBODY)
        items = session.scalars(select(ITEMS.c.id).order_by(ITEMS.c.id)).all()
    world.put("shop item", items[0], EVERYBODY)
    lists.tick(SYSTEM, items[1], is_done=True)
    world.put("ticked item", items[1], EVERYBODY)


def _run(world: World, state: str) -> None:
    with unit_of_work(SYSTEM) as unit:
        values = {
            "product": f"T-{state}",
            "texts": {"en": "Back", "ru": "Back", "cs": "Back"},
            "total": 1,
            "by_id": world.user_ids["owner"],
            "by_name": "Owner",
            "at": unit.now,
            "state": state,
            "reason": "",
        }
        made = insert(RUNS).values(values).returning(RUNS.c.id)
        world.put(f"{state} run", unit.session.execute(made).scalar_one(), EVERYBODY)
