"""The small operators of a search as conditions on tickets; every value is a bound parameter."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from deskcore.domain.kinds import QUESTION, Category
from deskcore.domain.people import Actor
from deskcore.domain.query import Query
from deskcore.i18n import _
from deskcore.models import (
    Customer,
    Identity,
    Mailbox,
    Tag,
    Ticket,
    TicketParticipant,
    TicketSeen,
    TicketTag,
    User,
)
from deskcore.plugin.ticket_kinds import TicketKind
from deskcore.services import lists, ticket_kinds
from deskcore.services.tickets import fold_tag


def of(actor: Actor, query: Query) -> list[ColumnElement[bool]]:
    """Return what *query* demands of a ticket; spam and deleted ones only when asked for."""
    found = [_state(actor, state) for state in query.states]
    if "deleted" not in query.states:
        found.append(Ticket.deleted_at.is_(None))
    if not {"spam", "deleted"} & set(query.states):
        found.append(Ticket.spam_at.is_(None))
    found.append(Ticket.merged_into_id.is_(None))
    if query.has_files:
        found.append(Ticket.has_files.is_(True))
    if query.after:
        found.append(Ticket.created_at >= _midnight(query.after))
    if query.before:
        found.append(Ticket.created_at < _midnight(query.before))
    found += _named(actor, query)
    return found


def _named(actor: Actor, query: Query) -> list[ColumnElement[bool]]:
    found = [_of_kind(kind) for kind in query.kinds]
    found += [_tagged(tag) for tag in query.tags]
    found += [
        Ticket.mailbox_id.in_(select(Mailbox.id).where(_like(Mailbox.name, name)))
        for name in query.mailboxes
    ]
    found += [_assigned(actor, name) for name in query.assignees]
    found += [_from(sender) for sender in query.sender]
    return found


def _state(actor: Actor, state: str) -> ColumnElement[bool]:
    waiting = (Category.WAITING_CUSTOMER, Category.WAITING_OTHERS)
    seen = select(TicketSeen.ticket_id).where(
        TicketSeen.ticket_id == Ticket.id, TicketSeen.user_id == actor.id
    )
    states: dict[str, ColumnElement[bool]] = {
        "open": Ticket.category == Category.OPEN,
        "waiting": Ticket.category.in_(waiting),
        "solved": Ticket.category == Category.SOLVED,
        "spam": Ticket.spam_at.is_not(None),
        "deleted": Ticket.deleted_at.is_not(None),
        "unassigned": Ticket.assignee_id.is_(None),
        "assigned": Ticket.assignee_id.is_not(None),
        "mine": Ticket.assignee_id == actor.id,
        "unread": ~seen.exists(),
    }
    return states[state]


def _of_kind(typed: str) -> ColumnElement[bool]:
    """Match a kind by its name, its last word or its label; those of plugins that are off, too."""
    wanted = typed.casefold()
    if wanted in {QUESTION, _("Question").casefold()}:
        return Ticket.kind == QUESTION
    called = [kind.name for kind in ticket_kinds.known() if wanted in _names_of(kind)]
    word = _escaped(wanted)
    is_it = or_(
        Ticket.kind.in_(called), Ticket.kind == wanted, Ticket.kind.like(f"%.{word}", escape="\\")
    )
    return and_(is_it, lists.OF_A_PLUGIN)


def _names_of(kind: TicketKind) -> frozenset[str]:
    return frozenset({kind.label.casefold(), _(kind.label).casefold()})


def _tagged(label: str) -> ColumnElement[bool]:
    marked = select(TicketTag.ticket_id).join(Tag).where(Tag.key == fold_tag(label))
    return Ticket.id.in_(marked)


def _assigned(actor: Actor, name: str) -> ColumnElement[bool]:
    if name.lower() == "me":
        return Ticket.assignee_id == actor.id
    return Ticket.assignee_id.in_(
        select(User.id).where(or_(_like(User.name, name), _like(User.email, name)))
    )


def _from(sender: str) -> ColumnElement[bool]:
    called = or_(
        _like(Identity.value, sender), _like(Identity.name, sender), _like(Customer.name, sender)
    )
    return Ticket.id.in_(
        select(TicketParticipant.ticket_id)
        .join(Identity, Identity.id == TicketParticipant.identity_id)
        .join(Customer, Customer.id == Identity.customer_id)
        .where(called)
    )


def _like(named: Any, part: str) -> ColumnElement[bool]:  # noqa: ANN401  any text column
    # SQLite folds the case of ASCII letters only: names in other scripts begin with a capital.
    return or_(*(_contains(named, form) for form in dict.fromkeys((part, part.capitalize()))))


def _contains(named: Any, part: str) -> ColumnElement[bool]:  # noqa: ANN401  any text column
    return named.ilike(f"%{_escaped(part)}%", escape="\\")  # type: ignore[no-any-return]  # a column's own


def _escaped(part: str) -> str:
    return part.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=UTC)
