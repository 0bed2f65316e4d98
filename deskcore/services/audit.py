"""Administration's memory: what is written from outside a use case, and how it is read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from deskcore.domain.people import Actor
from deskcore.models import AuditEntry, User
from deskcore.services.access import require
from deskcore.services.unit import reading, unit_of_work

PAGE_SIZE = 50
EXPORT_MOST = 50_000  # what a table program still opens; the newest are kept
EXPORT_COLUMNS = ("at", "who", "what", "about", "before", "after", "from")
# What a table program takes for a formula, in the full-width forms too.
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")


@dataclass(frozen=True, kw_only=True)
class AuditLine:
    """One entry as it is shown; ``changes`` are (what, before, after) in their stored form."""

    id: int
    at: datetime
    actor_name: str
    action: str
    subject: str
    changes: tuple[tuple[str, str, str], ...]
    address: str


@dataclass(frozen=True, kw_only=True)
class AuditPage:
    """One page of the log, newest first; ``older_than`` is 0 on the last page."""

    lines: Sequence[AuditLine]
    older_than: int


@dataclass(frozen=True, kw_only=True)
class AuditWish:
    """Which entries are wanted; what is empty does not narrow.

    ``who`` is the id of a user, 0 the desk itself. ``what`` is an action or all of its area:
    ``plugin`` finds ``plugin.paused``. ``about`` is part of the subject. ``since`` counts,
    ``until`` does not.
    """

    who: int | None = None
    what: str = ""
    about: str = ""
    since: datetime | None = None
    until: datetime | None = None

    @property
    def is_narrow(self) -> bool:
        """Whether anything is left out."""
        return self != AuditWish()


def audit_page(actor: Actor, *, before_id: int = 0, wish: AuditWish | None = None) -> AuditPage:
    """Read the log from the newest entry, or from the one before *before_id*."""
    require(actor, "audit.read")
    rows = _rows(wish or AuditWish(), before_id, PAGE_SIZE + 1)
    lines = [_line(row) for row in rows[:PAGE_SIZE]]
    return AuditPage(lines=lines, older_than=lines[-1].id if len(rows) > PAGE_SIZE else 0)


def people_in_log(actor: Actor) -> list[tuple[int, str]]:
    """Return (id, name) of everybody who may stand in the log, by name."""
    require(actor, "audit.read")
    with reading() as session:
        rows = session.execute(select(User.id, User.name, User.email).order_by(User.name, User.id))
        return [(row.id, row.name or row.email) for row in rows]


def export(actor: Actor, wish: AuditWish) -> Iterator[tuple[str, ...]]:
    """Yield the wanted entries as the rows of a table, the newest first; that it was done is noted.

    No cell begins as a formula would: whose words they are is nobody's promise.
    """
    require(actor, "audit.read")
    with unit_of_work(actor) as unit:
        asked = {name: str(value) for name, value in asdict(wish).items() if value is not None}
        unit.audit("audit.exported", after={name: text for name, text in asked.items() if text})
    before_id, left = 0, EXPORT_MOST
    while rows := _rows(wish, before_id, min(1000, left)):
        yield from (_cells(row) for row in rows)
        before_id, left = rows[-1].id, left - len(rows)
        if not left:
            return


def record_refusal(actor: Actor, *, place: str, address: str) -> None:
    """Write that *actor* was refused at *place*; called when the refused transaction is over."""
    with unit_of_work(actor) as unit:
        unit.audit("access.refused", place, address=address)


def _rows(wish: AuditWish, before_id: int, limit: int) -> list[AuditEntry]:
    statement = select(AuditEntry).where(*_conditions(wish))
    if before_id > 0:
        statement = statement.where(AuditEntry.id < before_id)
    with reading() as session:
        return list(session.scalars(statement.order_by(AuditEntry.id.desc()).limit(limit)))


def _conditions(wish: AuditWish) -> Iterator[ColumnElement[bool]]:
    if wish.who is not None:
        kind = "user" if wish.who else "system"
        yield (AuditEntry.actor_kind == kind) & (AuditEntry.actor_id == wish.who)
    if wish.what:
        area = AuditEntry.action.startswith(f"{wish.what}.", autoescape=True)
        yield (AuditEntry.action == wish.what) | area
    if wish.about:
        yield AuditEntry.subject.icontains(wish.about, autoescape=True)
    if wish.since:
        yield AuditEntry.at >= wish.since
    if wish.until:
        yield AuditEntry.at < wish.until


def _cells(row: AuditEntry) -> tuple[str, ...]:
    values = (
        json.dumps(each, ensure_ascii=False) if each else "" for each in (row.before, row.after)
    )
    cells = (row.at.isoformat(), row.actor_name, row.action, row.subject, *values, row.address)
    return tuple(f"'{cell}" if cell.startswith(_FORMULAS) else cell for cell in cells)


def _line(row: AuditEntry) -> AuditLine:
    keys = sorted({*row.before, *row.after})
    return AuditLine(
        id=row.id,
        at=row.at,
        actor_name=row.actor_name,
        action=row.action,
        subject=row.subject,
        changes=tuple((key, _text(row.before, key), _text(row.after, key)) for key in keys),
        address=row.address,
    )


def _text(values: dict[str, object], key: str) -> str:
    value = values.get(key)
    if value is None:
        return ""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
