"""What bundled plugins that somebody switched on keep: products, places, imports of every state."""

from __future__ import annotations

from sqlalchemy import update

from deskcore.domain.people import SYSTEM
from deskcore.services.unit import unit_of_work
from plugins.catalogue import imports, products, shops, stock
from plugins.catalogue.stock import Counted
from plugins.catalogue.tables import IMPORTS
from plugins.catalogue.values import Written
from tests.matrix.world import ADMINS, PEOPLE, World

PNG = b"\x89PNG\r\n\x1a\n"


def furnish_shelf(world: World) -> None:
    """Fill the catalogue."""
    written = Written(
        sku=world.mark("product sku", PEOPLE),
        name=world.mark("product name", PEOPLE),
        summary=world.mark("product summary", PEOPLE),
    )
    product = products.create(SYSTEM, written, PNG)
    world.put("product", product, PEOPLE)
    place = shops.create(SYSTEM, world.mark("place", PEOPLE), world.mark("place note", PEOPLE))
    shops.create(SYSTEM, "Second", "")
    world.put("lower place", place + 1, ADMINS)
    world.put("place", place, ADMINS)
    stock.count(SYSTEM, product, {place: Counted(pieces=3)})
    for state in ("columns", "checked", "running", "stopped"):
        name = world.mark(f"import {state}", ADMINS)
        header = world.mark(f"header {state}", ADMINS, is_shown=state == "columns")
        made = imports.begin(SYSTEM, f"{name}.csv", f"SKU,Name,{header}\nA-1,Tea,x\n".encode())
        with unit_of_work(SYSTEM) as unit:
            here = update(IMPORTS).where(IMPORTS.c.id == made)
            unit.session.execute(here.values(state=state, position=state != "columns"))
        world.put(f"import {state}", made, ADMINS)
