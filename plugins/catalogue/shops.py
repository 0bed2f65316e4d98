"""Places where things are sold or stored: few, in the shop's own order."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select, update

from deskcore.api import N_, Actor, Invalid, NotFound, Problem, _
from deskcore.api.data import reading, require, unit_of_work
from plugins.catalogue.checking import tidied
from plugins.catalogue.rights import CHANGE, READ
from plugins.catalogue.tables import PLACES, STOCK

MOST = 50
LONGEST_NAME = 80
LONGEST_NOTE = 200


@dataclass(frozen=True, kw_only=True)
class Place:
    """A place; ``counted`` is of how many products somebody wrote down how much is there."""

    id: int
    name: str
    note: str = ""
    counted: int = 0


def listed(actor: Actor) -> list[Place]:
    """Return all places in their order, with how much was counted there."""
    require(actor, READ.name)
    counted = (
        select(STOCK.c.place_id, func.count().label("counted"))
        .group_by(STOCK.c.place_id)
        .subquery()
    )
    asked = (
        select(PLACES.c.id, PLACES.c.name, PLACES.c.note, func.coalesce(counted.c.counted, 0))
        .outerjoin(counted, counted.c.place_id == PLACES.c.id)
        .order_by(PLACES.c.position, PLACES.c.id)
    )
    with reading() as session:
        rows = session.execute(asked).all()
    return [Place(id=row[0], name=row[1], note=row[2], counted=row[3]) for row in rows]


def names() -> dict[int, str]:
    """Return the names of all places by id, in their order."""
    with reading() as session:
        asked = select(PLACES.c.id, PLACES.c.name).order_by(PLACES.c.position, PLACES.c.id)
        return {row.id: row.name for row in session.execute(asked)}


def one(actor: Actor, place_id: int) -> Place:
    """Return a place; raises NotFound."""
    for place in listed(actor):
        if place.id == place_id:
            return place
    raise NotFound(_("There is no such place; somebody may have deleted it meanwhile."))


def create(actor: Actor, name: str, note: str) -> int:
    """Add a place behind the others; returns its id. Raises Invalid."""
    require(actor, CHANGE.name)
    name, note = _checked(actor, name, note, but=0)
    with unit_of_work(actor) as unit:
        last = unit.session.scalar(select(func.max(PLACES.c.position))) or 0
        values = {"name": name, "note": note, "position": last + 1}
        made = insert(PLACES).values(**values).returning(PLACES.c.id)
        place_id: int = unit.session.execute(made).scalar_one()
        unit.audit(N_("added a place of stock"), name)
    return place_id


def change(actor: Actor, place_id: int, name: str, note: str) -> None:
    """Rename a place; raises Invalid."""
    require(actor, CHANGE.name)
    before = one(actor, place_id)
    name, note = _checked(actor, name, note, but=place_id)
    with unit_of_work(actor) as unit:
        values = {"name": name, "note": note}
        unit.session.execute(update(PLACES).where(PLACES.c.id == place_id).values(**values))
        unit.audit(N_("changed a place of stock"), name, before={"name": before.name})


def move_up(actor: Actor, place_id: int) -> None:
    """Put a place before the one above it; the first stays."""
    require(actor, CHANGE.name)
    order = [place.id for place in listed(actor)]
    one(actor, place_id)
    at = order.index(place_id)
    order.insert(max(at - 1, 0), order.pop(at))
    with unit_of_work(actor) as unit:
        for position, each in enumerate(order, start=1):
            unit.session.execute(
                update(PLACES).where(PLACES.c.id == each).values(position=position)
            )


def remove(actor: Actor, place_id: int) -> str:
    """Delete a place with what was counted there; returns its name."""
    require(actor, CHANGE.name)
    place = one(actor, place_id)
    with unit_of_work(actor) as unit:
        unit.session.execute(delete(PLACES).where(PLACES.c.id == place_id))
        unit.audit(N_("deleted a place of stock"), place.name, before={"counted": place.counted})
    return place.name


def _checked(actor: Actor, name: str, note: str, *, but: int) -> tuple[str, str]:
    name, note = tidied(name), tidied(note)
    there = listed(actor)
    problems = []
    if not 0 < len(name) <= LONGEST_NAME:
        message = _("Give it a name of at most 80 characters, as “Shop in Brno”.")
        problems.append(Problem(field="name", message=message))
    elif any(place.name.casefold() == name.casefold() and place.id != but for place in there):
        problems.append(Problem(field="name", message=_("Another place is called so.")))
    elif not but and len(there) >= MOST:
        problems.append(Problem(field="name", message=_("There can be at most 50 places.")))
    if len(note) > LONGEST_NOTE:
        problems.append(Problem(field="note", message=_("Use at most 200 characters.")))
    if problems:
        raise Invalid(problems)
    return name, note
