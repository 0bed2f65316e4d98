"""Lists of a shop's day: shelves, restocking, opening, closing; who ticked what, and what was missed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, insert, select, update

from deskcore.api import N_, Actor, Invalid, NotFound, Problem, _
from deskcore.api.data import Unit, insert_into, reading, require, today, unit_of_work
from plugins.stock_notes.places import KEEP, MANAGE
from plugins.stock_notes.tables import ITEMS, LISTS, TICKS

KINDS: Mapping[str, str] = {
    "opening": N_("Opening"),
    "closing": N_("Closing"),
    "shelf": N_("Shelves"),
    "restock": N_("Restocking"),
}
DAYS: Mapping[str, str] = {
    "1": N_("Monday"),
    "2": N_("Tuesday"),
    "3": N_("Wednesday"),
    "4": N_("Thursday"),
    "5": N_("Friday"),
    "6": N_("Saturday"),
    "7": N_("Sunday"),
}
LONGEST_NAME, LONGEST_ITEM, MOST_ITEMS, MOST_LISTS = 120, 200, 100, 100
LOOKED_BACK = 7  # days whose missed items are shown


@dataclass(frozen=True, kw_only=True)
class Written:
    """A list as somebody wants it: ``days`` are digits, 1 for Monday."""

    name: str
    kind: str
    place: str
    days: str
    items: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class ShopList:
    """A list that is kept."""

    id: int
    name: str
    kind: str
    place: str
    days: str
    version: int

    def is_due(self, day: date) -> bool:
        """Whether it is gone through on that day."""
        return str(day.isoweekday()) in self.days


@dataclass(frozen=True, kw_only=True)
class Line:
    """An item of a list on one day; ``by_name`` is "" when nobody ticked it."""

    id: int
    words: str
    by_name: str = ""
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class DayRun:
    """A list on one day: its lines, and whether that day has gone by."""

    shop_list: ShopList
    day: date
    lines: tuple[Line, ...]
    is_over: bool

    @property
    def done(self) -> int:
        """How many lines are ticked."""
        return sum(1 for line in self.lines if line.by_name)

    @property
    def missed(self) -> tuple[Line, ...]:
        """What nobody ticked on a day that has gone by."""
        return tuple(line for line in self.lines if self.is_over and not line.by_name)


def all_lists() -> list[ShopList]:
    """Return all lists, by name."""
    statement = select(LISTS).order_by(LISTS.c.name, LISTS.c.id).limit(MOST_LISTS)
    with reading() as session:
        rows = session.execute(statement).all()
    return [ShopList(**row._mapping) for row in rows]  # noqa: SLF001  SQLAlchemy's public name


def one(list_id: int) -> ShopList:
    """Return one; raises NotFound."""
    with reading() as session:
        row = session.execute(select(LISTS).where(LISTS.c.id == list_id)).one_or_none()
    if row is None:
        raise NotFound(_("There is no such list; somebody may have deleted it meanwhile."))
    return ShopList(**row._mapping)  # noqa: SLF001  as above


def runs(lists: Sequence[ShopList], since: date, until: date) -> list[DayRun]:
    """Return lists on each day on which they were due, newest day first; two questions in all."""
    ids = [each.id for each in lists]
    with reading() as session:
        items = session.execute(
            select(ITEMS)
            .where(ITEMS.c.list_id.in_(ids), ITEMS.c.since <= until)
            .order_by(ITEMS.c.position, ITEMS.c.id)
        ).all()
        ticked = session.execute(
            select(TICKS)
            .join(ITEMS, ITEMS.c.id == TICKS.c.item_id)
            .where(ITEMS.c.list_id.in_(ids), TICKS.c.day.between(since, until))
        ).all()
    ticks = {(row.item_id, row.day): row for row in ticked}
    days = [until - timedelta(days=back) for back in range((until - since).days + 1)]
    now, found = today(), []
    for day in days:
        for each in lists:
            lines = tuple(
                Line(
                    id=row.id,
                    words=row.words,
                    by_name=done.by_name if (done := ticks.get((row.id, day))) else "",
                    at=done.at if done else None,
                )
                for row in items
                if row.list_id == each.id
                and row.since <= day
                and (row.gone_on is None or day < row.gone_on)
            )
            if each.is_due(day) and lines:
                found.append(DayRun(shop_list=each, day=day, lines=lines, is_over=day < now))
    return found


def missed(lists: Sequence[ShopList]) -> list[DayRun]:
    """Return the runs of the last week in which something was not ticked, newest first."""
    now = today()
    past = runs(lists, now - timedelta(days=LOOKED_BACK), now - timedelta(days=1))
    return [run for run in past if run.missed]


def history(shop_list: ShopList, until: date) -> list[DayRun]:
    """Return a list on the days of the last two weeks, newest first."""
    return runs([shop_list], until - timedelta(days=2 * LOOKED_BACK), until)


def tick(actor: Actor, item_id: int, *, is_done: bool) -> None:
    """Tick an item for today, or take the tick back; whoever was first stays. Raises NotFound."""
    require(actor, KEEP)
    day = today()
    with unit_of_work(actor) as unit:
        _require_item(unit, item_id)
        if not is_done:
            gone = delete(TICKS).where(TICKS.c.item_id == item_id, TICKS.c.day == day)
            unit.session.execute(gone)
            return
        values = {"by_id": actor.id, "by_name": actor.name, "at": unit.now}
        statement = insert_into(unit.session, TICKS).values(item_id=item_id, day=day, **values)
        unit.session.execute(statement.on_conflict_do_nothing())


def create(actor: Actor, written: Written) -> int:
    """Keep a new list; returns its id. Raises Invalid."""
    require(actor, MANAGE)
    written = _checked(written)
    with unit_of_work(actor) as unit:
        made = insert(LISTS).values(**_columns(written), version=1).returning(LISTS.c.id)
        list_id: int = unit.session.execute(made).scalar_one()
        _store_items(unit, list_id, written.items)
        unit.audit(N_("wrote a shop list"), written.name)
    return list_id


def change(actor: Actor, list_id: int, written: Written, *, version: int) -> None:
    """Change one; raises Invalid, also when it was changed since *version* was read."""
    require(actor, MANAGE)
    written = _checked(written)
    with unit_of_work(actor) as unit:
        changed = (
            update(LISTS)
            .where(LISTS.c.id == list_id, LISTS.c.version == version)
            .values(**_columns(written), version=version + 1)
            .returning(LISTS.c.id)
        )
        if unit.session.execute(changed).one_or_none() is None:
            message = _(
                "Somebody changed this list meanwhile. Nothing was saved; your text is below. "
                "Open the list in another tab to compare."
            )
            raise Invalid([Problem(field="", message=message)])
        _store_items(unit, list_id, written.items)
        unit.audit(N_("changed a shop list"), written.name)


def remove(actor: Actor, list_id: int) -> str:
    """Delete one with its days; returns its name."""
    require(actor, MANAGE)
    name = one(list_id).name
    with unit_of_work(actor) as unit:
        items = select(ITEMS.c.id).where(ITEMS.c.list_id == list_id)
        unit.session.execute(delete(TICKS).where(TICKS.c.item_id.in_(items)))
        unit.session.execute(delete(ITEMS).where(ITEMS.c.list_id == list_id))
        unit.session.execute(delete(LISTS).where(LISTS.c.id == list_id))
        unit.audit(N_("deleted a shop list"), name)
    return name


def words_of(list_id: int) -> list[str]:
    """Return the items of a list as they are now."""
    now = select(ITEMS.c.words).where(ITEMS.c.list_id == list_id, ITEMS.c.gone_on.is_(None))
    with reading() as session:
        return list(session.scalars(now.order_by(ITEMS.c.position, ITEMS.c.id)))


def _require_item(unit: Unit, item_id: int) -> None:
    there = select(ITEMS.c.id).where(ITEMS.c.id == item_id, ITEMS.c.gone_on.is_(None))
    if unit.session.execute(there).one_or_none() is None:
        raise NotFound(_("This is not on the list any more; somebody may have changed it."))


def _columns(written: Written) -> dict[str, object]:
    return {
        "name": written.name,
        "kind": written.kind,
        "place": written.place,
        "days": written.days,
    }


def _store_items(unit: Unit, list_id: int, words: Sequence[str]) -> None:
    """Keep the items: what stays keeps its ticks, what went goes from today on."""
    day = today()
    now = select(ITEMS.c.id, ITEMS.c.words).where(
        ITEMS.c.list_id == list_id, ITEMS.c.gone_on.is_(None)
    )
    known = {row.words: row.id for row in unit.session.execute(now)}
    for position, text in enumerate(words):
        if text in known:
            place = update(ITEMS).where(ITEMS.c.id == known.pop(text))
            unit.session.execute(place.values(position=position))
        else:
            values = {"list_id": list_id, "position": position, "words": text, "since": day}
            unit.session.execute(insert(ITEMS).values(values))
    gone = update(ITEMS).where(ITEMS.c.id.in_(known.values()))
    unit.session.execute(gone.values(gone_on=day))


def _checked(written: Written) -> Written:
    """Return it tidied; raises Invalid."""
    name = " ".join(written.name.replace("\x00", "").split())
    tidy = (" ".join(line.replace("\x00", "").split()) for line in written.items)
    items = tuple(dict.fromkeys(line for line in tidy if line))
    problems = []
    if not name or len(name) > LONGEST_NAME:
        message = _("Give it a name of at most 120 characters, by which colleagues find it.")
        problems.append(Problem(field="name", message=message))
    if written.kind not in KINDS:
        problems.append(Problem(field="kind", message=_("Choose one of those listed.")))
    if not written.days or set(written.days) - DAYS.keys():
        problems.append(Problem(field="days", message=_("Choose at least one day.")))
    if not items or len(items) > MOST_ITEMS or any(len(line) > LONGEST_ITEM for line in items):
        message = _("Write from 1 to 100 lines of at most 200 characters.")
        problems.append(Problem(field="items", message=message))
    if problems:
        raise Invalid(problems)
    return Written(
        name=name,
        kind=written.kind,
        place=" ".join(written.place.replace("\x00", "").split())[:120],
        days="".join(sorted(set(written.days))),
        items=items,
    )
