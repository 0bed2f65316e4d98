"""What sample data refers to while it is written: mailboxes, people, and each story's ids."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from deskcore.db import Base
from deskcore.models import Customer, Identity
from deskcore.samples.stories import Said, Story
from deskcore.services.unit import Unit, is_sqlite

Row = dict[str, object]


@dataclass(frozen=True, kw_only=True)
class SampleMailbox:
    """A mailbox of sample data with its account."""

    id: int
    account_id: int
    address: str


@dataclass(kw_only=True)
class SampleDesk:
    """What stories refer to, and what was made for them so far."""

    mailboxes: Sequence[SampleMailbox]
    agents: Sequence[tuple[int, str]]
    statuses: Mapping[str, tuple[int, str]]
    customers: dict[str, tuple[int, int]] = field(default_factory=dict)
    companies: dict[str, int] = field(default_factory=dict)
    tags: dict[str, int] = field(default_factory=dict)


@dataclass(kw_only=True)
class Told:
    """One story on its way to rows: the ids it has got."""

    story: Story
    mailbox: SampleMailbox
    agent: tuple[int, str] | None
    customer_id: int
    identity_id: int
    number: int
    ticket_id: int = 0
    leg_id: int = 0
    message_ids: list[int] = field(default_factory=list)


def known_customers(session: Session) -> dict[str, tuple[int, int]]:
    """Return the sample customers there are already, by address."""
    statement = (
        select(Identity.value, Identity.customer_id, Identity.id)
        .join(Customer, Customer.id == Identity.customer_id)
        .where(Customer.is_sample)
    )
    return {row.value: (row.customer_id, row.id) for row in session.execute(statement)}


def said_of(told: Sequence[Told]) -> Iterator[tuple[Told, Said, int]]:
    """Go through every message of some stories, with its id."""
    for one in told:
        for said, message_id in zip(one.story.said, one.message_ids, strict=True):
            yield one, said, message_id


def insert_rows(unit: Unit, model: type[Base], rows: Sequence[Row]) -> list[int]:
    """Insert rows in one go and return their ids in the same order.

    The ids are reserved first: with RETURNING, the order of which nobody promises, the library
    would send one row at a time.
    """
    if not rows:
        return []
    ids = _reserve(unit.session, model, len(rows))
    write_rows(unit, model, [{**row, "id": id_} for row, id_ in zip(rows, ids, strict=True)])
    return ids


def write_rows(unit: Unit, model: type[Base], rows: Sequence[Row]) -> None:
    """Insert rows whose ids nobody asks for, past the bookkeeping of single objects."""
    if rows:
        unit.session.execute(_table(model).insert(), rows)


def _reserve(session: Session, model: type[Base], count: int) -> list[int]:
    table = _table(model)
    if is_sqlite(session):  # this transaction writes alone
        last = session.scalar(select(func.max(table.c.id))) or 0
        return list(range(last + 1, last + count + 1))
    sequence = func.pg_get_serial_sequence(f'"{table.name}"', "id")
    numbers = func.generate_series(1, count).table_valued("n")
    return list(session.scalars(select(func.nextval(sequence)).select_from(numbers)))


def _table(model: type[Base]) -> Table:
    table = model.__table__
    if not isinstance(table, Table):
        raise TypeError(f"{model.__name__} is not a plain table")
    return table
