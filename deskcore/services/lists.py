"""The ready views: which tickets stand in each, in what order, a page at a time.

Pages go by key, not by offset, so the last page costs what the first does. Rows are read from the
ticket's own columns; only small lookups by primary key are joined.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from deskcore.db import UTCDateTime
from deskcore.domain.kinds import QUESTION, Category, Direction
from deskcore.domain.people import Actor
from deskcore.domain.views import Place, TicketList, TicketRow
from deskcore.errors import NotFound
from deskcore.i18n import _
from deskcore.models import Draft, Message, Status, Ticket, TicketSeen, User
from deskcore.services import access
from deskcore.services.prepared import direct, light
from deskcore.services.unit import reading

PAGE = 50
VIEWS = ("unassigned", "mine", "open", "waiting", "solved", "spam")
NEWEST_FIRST = frozenset({"solved", "spam"})
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

LISTED = and_(
    Ticket.spam_at.is_(None), Ticket.deleted_at.is_(None), Ticket.merged_into_id.is_(None)
)


# Said in the words of the index that holds these tickets, so that it is used.
OF_A_PLUGIN = Ticket.kind != literal_column(f"'{QUESTION}'")


@dataclass(frozen=True, kw_only=True)
class Cursor:
    """The key of a row: what comes after it, or with ``is_back`` before it, is the next page."""

    at: datetime
    id: int
    is_back: bool = False

    def __str__(self) -> str:
        microseconds = (self.at - EPOCH) // timedelta(microseconds=1)
        return f"{'b' if self.is_back else 'a'}{microseconds:x}-{self.id:x}"


def parse_cursor(text: str) -> Cursor | None:
    """Read a cursor from a URL; None (the first page) for anything that is not one."""
    moment, _, number = text[1:40].partition("-")
    try:
        at = EPOCH + timedelta(microseconds=int(moment, 16))
        ticket_id = int(number, 16)
    except (ValueError, OverflowError):
        return None
    if not 0 <= ticket_id < 1 << 63:
        return None
    return Cursor(at=at, id=ticket_id, is_back=text[0] == "b")


def page(
    actor: Actor, view: str, *, cursor: str = "", newest_first: bool = False, kind: str = ""
) -> TicketList:
    """Return one page of a view; raises NotFound for a view that does not exist."""
    with reading() as session:
        access.require(actor, "ticket.read", session)
        return read_page(
            session, actor, view, cursor=cursor, newest_first=newest_first, size=PAGE, kind=kind
        )


def read_page(
    session: Session,
    actor: Actor,
    view: str,
    *,
    cursor: str = "",
    newest_first: bool = False,
    size: int = PAGE,
    kind: str = "",
) -> TicketList:
    """Return one page of a view, with one statement; *kind* leaves all other kinds out."""
    asked = _asked(view, cursor, newest_first=newest_first, kind=kind)
    found, has_more = _found(session, actor, asked, size)
    rows: list[TicketRow] = found
    has_before = has_more if asked.is_back else asked.start is not None
    has_after = asked.is_back or has_more
    return TicketList(
        view=view,
        newest_first=asked.newest_first,
        rows=tuple(rows),
        before=_cursor_of(rows[0], is_back=True) if rows and has_before else "",
        after=_cursor_of(rows[-1], is_back=False) if rows and has_after else "",
        kind=kind,
    )


def heading(view: str, *, newest_first: bool = False, kind: str = "") -> TicketList:
    """Return a view without its rows, for where only its name and order are shown."""
    newest_first = newest_first or view in NEWEST_FIRST
    return TicketList(view=view, newest_first=newest_first, rows=(), kind=kind)


def place_of(listed: TicketList, number: int) -> Place:
    """Return where a ticket stands in a page of a view, and its neighbours there."""
    numbers = [row.number for row in listed.rows]
    return _place(listed.view, numbers, number, has_more=bool(listed.after))


def find_place(
    actor: Actor,
    view: str,
    number: int,
    *,
    cursor: str = "",
    newest_first: bool = False,
    kind: str = "",
) -> Place:
    """Return what ``place_of`` does for a page of a view whose rows nobody is shown."""
    asked = _asked(view, cursor, newest_first=newest_first, kind=kind)
    with reading() as session:
        access.require(actor, "ticket.read", session)
        numbers, has_more = _found(session, actor, asked, PAGE, only_numbers=True)
    has_after = asked.is_back or has_more
    return _place(view, [row.number for row in numbers], number, has_more=has_after)


def _place(view: str, numbers: list[int], number: int, *, has_more: bool) -> Place:
    if number not in numbers:
        first = numbers[0] if numbers else 0
        return Place(view=view, count=len(numbers), has_more=has_more, next_number=first)
    at = numbers.index(number)
    return Place(
        view=view,
        count=len(numbers),
        has_more=has_more,
        position=at + 1,
        previous_number=numbers[at - 1] if at else 0,
        next_number=numbers[at + 1] if at + 1 < len(numbers) else 0,
    )


def rows_of(session: Session, actor: Actor, ticket_ids: Sequence[int]) -> list[TicketRow]:
    """Return the rows of these tickets that *actor* may see, in the order given."""
    if not ticket_ids:
        return []
    statement = _rows_statement(everything=access.sees_everything(actor))
    values = {**access.reach(actor), "ticket_ids": ticket_ids}
    by_id = {row.id: row for row in light(session, statement, values, into=TicketRow)}
    return [by_id[ticket_id] for ticket_id in ticket_ids if ticket_id in by_id]


def newest_where(
    session: Session, actor: Actor, *conditions: ColumnElement[bool], limit: int = PAGE
) -> list[TicketRow]:
    """Return the newest tickets that meet *conditions* and that *actor* may see."""
    statement = (
        _row_columns(Ticket.list_at)
        .where(*conditions, access.visible_tickets(actor))
        .order_by(Ticket.id.desc())
        .limit(limit)
    )
    found = direct(session, statement, access.reach(actor))
    return [TicketRow._make(row) for row in found]


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """A page of a view as it was asked for; without a ``start`` it is the first."""

    view: str
    newest_first: bool
    start: Cursor | None
    kind: str

    @property
    def is_back(self) -> bool:
        return self.start is not None and self.start.is_back


def _asked(view: str, cursor: str, *, newest_first: bool, kind: str) -> _Asked:
    if view not in VIEWS:
        message = _("There is no such list.")
        raise NotFound(message)
    newest_first = newest_first or view in NEWEST_FIRST
    return _Asked(view=view, newest_first=newest_first, start=parse_cursor(cursor), kind=kind)


def _found(
    session: Session, actor: Actor, asked: _Asked, size: int, *, only_numbers: bool = False
) -> tuple[list[Any], bool]:
    """Return the rows of a page, first to last, and whether more follow the way it was asked."""
    statement = _page_statement(
        asked.view,
        size,
        everything=access.sees_everything(actor),
        is_first=asked.start is None,
        backwards=asked.newest_first != asked.is_back,
        only_numbers=only_numbers,
        of_kind=asked.kind if asked.kind in {"", QUESTION} else "other",
    )
    values = access.reach(actor)
    if asked.kind:
        values |= {"kind": asked.kind}
    if asked.start is not None:
        values |= {"start_at": asked.start.at, "start_id": asked.start.id}
    found = light(session, statement, values, into=None if only_numbers else TicketRow)
    rows = found[:size]
    return rows[::-1] if asked.is_back else rows, len(found) > size


# Building a statement costs more than running it. There are a few dozen, and each is made once.
@lru_cache(maxsize=256)
def _page_statement(
    view: str,
    size: int,
    *,
    everything: bool,
    is_first: bool,
    backwards: bool,
    only_numbers: bool = False,
    of_kind: str = "",
) -> Select[*tuple[Any, ...]]:
    at = Ticket.spam_at if view == "spam" else Ticket.list_at
    order = (at.desc(), Ticket.id.desc()) if backwards else (at, Ticket.id)
    bounds = [access.tickets_in_reach(everything=everything)]
    if of_kind:
        bounds.append(Ticket.kind == bindparam("kind"))
    if of_kind not in {"", QUESTION}:
        bounds.append(OF_A_PLUGIN)
    if not is_first:
        given = tuple_(bindparam("start_at", type_=UTCDateTime()), bindparam("start_id"))
        key = tuple_(at, Ticket.id)
        bounds.append(key < given if backwards else key > given)
    columns = select(Ticket.number) if only_numbers else _row_columns(at)
    statement = columns.order_by(*order).limit(size + 1)
    conditions = _conditions(view)
    if len(conditions) == 1:
        return statement.where(*conditions[0], *bounds)
    branches = [
        select(Ticket.id).where(*condition, *bounds).order_by(*order).limit(size + 1).subquery()
        for condition in conditions
    ]
    # An index is in order within one category only: take a page of each, then merge.
    either = union_all(*(select(branch.c.id) for branch in branches))
    return statement.where(Ticket.id.in_(either))


@lru_cache(maxsize=2)
def _rows_statement(*, everything: bool) -> Select[*tuple[Any, ...]]:
    return _row_columns(Ticket.list_at).where(
        Ticket.id.in_(bindparam("ticket_ids", expanding=True)),
        access.tickets_in_reach(everything=everything),
    )


def _conditions(view: str) -> list[tuple[ColumnElement[bool], ...]]:
    is_open = Ticket.category == Category.OPEN
    if view == "unassigned":
        return [(is_open, Ticket.assignee_id.is_(None), LISTED)]
    if view == "mine":
        return [(is_open, Ticket.assignee_id == bindparam("actor_id"), LISTED)]
    if view == "open":
        return [(is_open, LISTED)]
    if view == "solved":
        return [(Ticket.category == Category.SOLVED, LISTED)]
    if view == "spam":
        return [(Ticket.spam_at.is_not(None), Ticket.deleted_at.is_(None))]
    waiting = (Category.WAITING_CUSTOMER, Category.WAITING_OTHERS)
    return [(Ticket.category == category, LISTED) for category in waiting]


def _row_columns(
    at: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None],
) -> Select[*tuple[Any, ...]]:
    reader: BindParameter[int] = bindparam("actor_id")
    seen = and_(TicketSeen.ticket_id == Ticket.id, TicketSeen.user_id == reader)
    news = exists().where(
        Message.ticket_id == Ticket.id,
        Message.id > func.coalesce(TicketSeen.message_id, 0),
        Message.direction == Direction.IN,
    )
    draft = exists().where(Draft.ticket_id == Ticket.id, Draft.user_id == reader)
    return (
        select(
            Ticket.id,
            Ticket.number,
            Ticket.subject,
            Ticket.customer_name,
            Ticket.preview,
            Ticket.channel,
            Ticket.category,
            Ticket.message_count,
            Ticket.has_files,
            Ticket.spam_at.is_not(None).label("is_spam"),
            Ticket.deleted_at.is_not(None).label("is_deleted"),
            at.label("at"),
            Status.key.label("status"),
            Status.label.label("own_status"),
            func.coalesce(User.name, "").label("assignee_name"),
            news.label("is_unread"),
            draft.label("has_draft"),
            Ticket.kind,
        )
        .join(Status, Status.id == Ticket.status_id)
        .outerjoin(User, User.id == Ticket.assignee_id)
        .outerjoin(TicketSeen, seen)
    )


def _cursor_of(row: TicketRow, *, is_back: bool) -> str:
    return str(Cursor(at=row.at, id=row.id, is_back=is_back))
