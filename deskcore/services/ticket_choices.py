"""What can be chosen on a ticket's page, and its short neighbours: one statement for all of them.

Five small lists that would each cost a round trip are read as one union of (list, id, key, label,
extra).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    String,
    Text,
    bindparam,
    cast,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from deskcore.domain.kinds import QUESTION
from deskcore.domain.people import ADMIN, OWNER, VIEWER, Actor
from deskcore.domain.views import Choice, TicketLine
from deskcore.models import (
    Mailbox,
    MailboxTeam,
    Role,
    Status,
    Tag,
    TeamMember,
    Ticket,
    TicketTag,
    User,
)
from deskcore.services import access
from deskcore.services.prepared import Found, light

OTHERS = 6


@dataclass(frozen=True, kw_only=True)
class Choices:
    """Statuses by position, agents and mailboxes by name, tags by word, the customer's tickets."""

    statuses: tuple[Choice, ...]
    agents: tuple[Choice, ...]
    mailboxes: tuple[Choice, ...]
    tags: tuple[str, ...]
    others: tuple[TicketLine, ...]


def read(session: Session, actor: Actor, head: Found) -> Choices:
    """Return the lists for the ticket that *head* is the row of."""
    statement = _statement(everything=access.sees_everything(actor))
    values = access.reach(actor) | {
        "ticket_id": head.id,
        "mailbox_id": head.mailbox_id,
        "customer_id": head.customer_id or 0,
    }
    found: dict[str, list[Any]] = defaultdict(list)
    for row in light(session, statement, values):
        found[row.list].append(row)
    return Choices(
        statuses=_choices(sorted(found["status"], key=lambda row: row.id), head.status_id),
        agents=_choices(sorted(found["agent"], key=_by_label), head.assignee_id),
        mailboxes=_choices(sorted(found["mailbox"], key=_by_label), head.mailbox_id),
        tags=tuple(row.label for row in sorted(found["tag"], key=_by_label)),
        others=tuple(
            TicketLine(number=row.id, subject=row.label, category=row.extra)
            for row in sorted(found["other"], key=lambda row: -row.id)
        ),
    )


@lru_cache(maxsize=2)
def _statement(*, everything: bool) -> CompoundSelect[Any]:
    return union_all(
        _part("status", Status.id, Status.key, Status.label, Status.category).where(
            Status.kind == QUESTION
        ),
        _agents(),
        _part("mailbox", Mailbox.id, null(), Mailbox.name, null()).where(
            Mailbox.archived_at.is_(None), access.mailboxes_in_reach(everything=everything)
        ),
        _part("tag", Tag.id, Tag.key, Tag.label, null())
        .join(TicketTag, TicketTag.tag_id == Tag.id)
        .where(TicketTag.ticket_id == bindparam("ticket_id")),
        _others(everything=everything),
    )


def _part(
    name: str,
    row_id: Any,  # noqa: ANN401  any column
    key: Any,  # noqa: ANN401  any column
    label: Any,  # noqa: ANN401  any column
    extra: Any,  # noqa: ANN401  any column
) -> Any:  # noqa: ANN401  a select
    return select(
        literal(name).label("list"),
        row_id.label("id"),
        cast(key, String).label("key"),
        cast(label, Text).label("label"),
        cast(extra, String).label("extra"),
    )


def _agents() -> Any:  # noqa: ANN401  a select
    by_team = (
        select(TeamMember.user_id)
        .join(MailboxTeam, MailboxTeam.team_id == TeamMember.team_id)
        .where(MailboxTeam.mailbox_id == bindparam("mailbox_id"))
    )
    able: ColumnElement[bool] = Role.key.in_((OWNER, ADMIN)) | User.id.in_(by_team)
    return (
        _part("agent", User.id, null(), User.name, null())
        .join(Role, Role.id == User.role_id)
        .where(User.deactivated_at.is_(None), Role.key != VIEWER, able)
    )


def _others(*, everything: bool) -> Any:  # noqa: ANN401  a select
    nearest = (
        select(Ticket.id)
        .where(
            Ticket.customer_id == bindparam("customer_id"),
            Ticket.id != bindparam("ticket_id"),
            Ticket.deleted_at.is_(None),
            Ticket.spam_at.is_(None),
            Ticket.merged_into_id.is_(None),
            access.tickets_in_reach(everything=everything),
        )
        .order_by(Ticket.id.desc())
        .limit(OTHERS)
        .subquery()
    )
    return _part("other", Ticket.number, null(), Ticket.subject, Ticket.category).where(
        Ticket.id.in_(select(nearest.c.id))
    )


def _choices(rows: list[Any], current_id: int | None) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            id=row.id,
            key=row.key or "",
            label=row.label or "",
            category=row.extra or "",
            is_current=row.id == current_id,
        )
        for row in rows
    )


def _by_label(row: Any) -> str:  # noqa: ANN401  a row of the union
    return str(row.label).casefold()
