"""The rows of kinds of tickets: made when their plugin is activated, let go when it is uninstalled.

Statuses that no flow has any more give their tickets to the built-in status of the same category,
so lists and counts stay as they are. Of a kind that is gone its name stays while tickets bear it.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from deskcore.db import insert_into
from deskcore.domain.kinds import Category
from deskcore.models import Status, Ticket
from deskcore.models import TicketKind as KindRow
from deskcore.plugin.ticket_kinds import TicketKind
from deskcore.services import counters
from deskcore.services.unit import Unit


def keep(unit: Unit, slug: str, kinds: Sequence[TicketKind]) -> None:
    """Bring the rows in line with all kinds that a plugin brings."""
    for kind in kinds:
        write(unit, kind)
    brought = [kind.name for kind in kinds]
    _let_go(unit, KindRow.name.startswith(f"{slug}.", autoescape=True), except_for=brought)


def forget(unit: Unit, slug: str) -> None:
    """Let go of everything that a plugin brought, but for the names its tickets bear."""
    _let_go(unit, KindRow.name.startswith(f"{slug}.", autoescape=True), except_for=())


def write(unit: Unit, kind: TicketKind) -> None:
    """Write a kind and its statuses; those it has no more are let go."""
    session = unit.session
    _upsert(session, KindRow, ("name",), _of_kind(kind))
    _recount(unit, kind)
    for position, status in enumerate(kind.statuses):
        values: dict[str, object] = {
            "key": kind.key(status.name),
            "kind": kind.name,
            "label": status.label[:80],
            "labels": {},
            "category": status.category,
            "position": position,
            "is_builtin": False,
        }
        _upsert(session, Status, ("key",), values)
    kept = [kind.key(status.name) for status in kind.statuses]
    _let_go_statuses(session, kind.name, except_for=kept)


def _of_kind(kind: TicketKind) -> dict[str, object]:
    return {"name": kind.name, "label": kind.label[:80], "is_guarded": kind.is_guarded}


def _upsert(
    session: Session,
    model: type[KindRow | Status],
    named_by: tuple[str, ...],
    values: dict[str, object],
) -> None:
    others = {name: value for name, value in values.items() if name not in named_by}
    made = insert_into(session, model).values(values)
    session.execute(made.on_conflict_do_update(index_elements=named_by, set_=others))


def _recount(unit: Unit, kind: TicketKind) -> None:
    """Count tickets anew whose status means something else now."""
    rows = unit.session.scalars(select(Status).where(Status.kind == kind.name)).all()
    for row in rows:
        now = kind.status(row.key)
        if now is None or now.category == row.category:
            continue
        for ticket in unit.session.scalars(select(Ticket).where(Ticket.status_id == row.id)):
            with counters.changing(unit, ticket):
                ticket.category = now.category
                ticket.solved_at = unit.now if now.category == Category.SOLVED else None


def _let_go(unit: Unit, of_plugin: object, *, except_for: Sequence[str]) -> None:
    session = unit.session
    gone = session.scalars(
        select(KindRow.name).where(of_plugin, KindRow.name.not_in(except_for))  # type: ignore[arg-type]  # a condition
    ).all()
    for name in gone:
        _let_go_statuses(session, name, except_for=())
        has_tickets = session.scalar(select(exists().where(Ticket.kind == name)))
        if has_tickets:
            session.execute(update(KindRow).where(KindRow.name == name).values(is_guarded=False))
        else:
            session.execute(delete(KindRow).where(KindRow.name == name))


def _let_go_statuses(session: Session, kind: str, *, except_for: Sequence[str]) -> None:
    """Delete statuses of a kind; a built-in one's key is its category's name."""
    gone = (Status.kind == kind, Status.key.not_in(except_for))
    for status in session.scalars(select(Status).where(*gone)).all():
        built_in = select(Status.id).where(Status.key == status.category).scalar_subquery()
        session.execute(
            update(Ticket)
            .where(Ticket.status_id == status.id)
            .values(status_id=built_in)
            .execution_options(synchronize_session=False)
        )
        session.delete(status)
    session.flush()
