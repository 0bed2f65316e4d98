"""Administration's memory: what is written from outside a use case, and how it is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from deskcore.domain.people import Actor
from deskcore.models import AuditEntry
from deskcore.services.access import require
from deskcore.services.unit import reading, unit_of_work

PAGE_SIZE = 50


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


def audit_page(actor: Actor, *, before_id: int = 0) -> AuditPage:
    """Read the log from the newest entry, or from the one before *before_id*."""
    require(actor, "audit.read")
    statement = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(PAGE_SIZE + 1)
    if before_id > 0:
        statement = statement.where(AuditEntry.id < before_id)
    with reading() as session:
        rows = list(session.scalars(statement))
    lines = [_line(row) for row in rows[:PAGE_SIZE]]
    return AuditPage(lines=lines, older_than=lines[-1].id if len(rows) > PAGE_SIZE else 0)


def record_refusal(actor: Actor, *, place: str, address: str) -> None:
    """Write that *actor* was refused at *place*; called when the refused transaction is over."""
    with unit_of_work(actor) as unit:
        unit.audit("access.refused", place, address=address)


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
