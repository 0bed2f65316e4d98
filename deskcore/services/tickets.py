"""What people do to a ticket, each in one transaction with its event, counters and search row."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import bindparam, delete, func, or_, select, update
from sqlalchemy.orm import Session

from deskcore.db import insert_into, storable
from deskcore.domain import events
from deskcore.domain.kinds import QUESTION, Category, Direction
from deskcore.domain.people import Actor
from deskcore.domain.views import Choice
from deskcore.errors import Invalid, NotFound, Problem
from deskcore.i18n import _
from deskcore.models import (
    Mailbox,
    Message,
    Status,
    Tag,
    Ticket,
    TicketSeen,
    TicketSequence,
    TicketTag,
)
from deskcore.services import access, counters, search, ticket_kinds
from deskcore.services.prepared import direct
from deskcore.services.unit import Unit, reading, unit_of_work

MAX_SUBJECT = 500
MAX_TAGS = 30
MAX_TAG = 60

_NEXT_NUMBER = (
    update(TicketSequence)
    .where(TicketSequence.id == 1)
    .values(last_number=TicketSequence.last_number + 1)
    .returning(TicketSequence.last_number)
)
_STATUSES = select(Status).where(
    or_(Status.id == bindparam("status_id"), Status.key == bindparam("key"))
)


def next_number(unit: Unit) -> int:
    """Give out the next ticket number; never the same twice, gaps are allowed."""
    number: int = direct(unit.session, _NEXT_NUMBER).scalar_one()
    return number


def status_of(session: Session, key: str) -> Status:
    """Return the status with this key; raises Invalid for an unknown one."""
    return _known(session.scalars(select(Status).where(Status.key == key)).one_or_none())


def statuses() -> list[Choice]:
    """Return the statuses of questions, in order; built-in ones have no label of their own."""
    with reading() as session:
        of_questions = select(Status).where(Status.kind == QUESTION)
        rows = session.scalars(of_questions.order_by(Status.position, Status.id)).all()
        return [
            Choice(id=row.id, key=row.key, label=row.label, category=row.category) for row in rows
        ]


def statuses_of(session: Session, ticket: Ticket, key: str) -> tuple[Status, Status]:
    """Return the status a ticket has and the one with this key; raises Invalid as above."""
    found = session.scalars(_STATUSES, {"status_id": ticket.status_id, "key": key}).all()
    by_id, by_key = {row.id: row for row in found}, {row.key: row for row in found}
    return by_id[ticket.status_id], _known(by_key.get(key))


def set_status(
    unit: Unit, ticket: Ticket, status: Status, *, cause: ticket_kinds.Cause = "person"
) -> None:
    """Give a ticket a status inside ``counters.changing``; records the event when it differs.

    Nothing else gives one to a ticket that is there, so no way leads round the flow of its kind:
    raises Invalid, NotAllowed or Conflict when that does not allow it.
    """
    if ticket.status_id == status.id:
        return
    before = unit.session.get_one(Status, ticket.status_id)
    ticket_kinds.require_change(unit, ticket, before, status, cause)
    was = ticket.category
    ticket.status_id, ticket.category = status.id, status.category
    if status.category != was:
        ticket.list_at = _list_at(ticket, unit.now)
        ticket.solved_at = unit.now if status.category == Category.SOLVED else None
    unit.record(
        events.TicketStatusChanged(
            ticket_id=ticket.id,
            mailbox_id=ticket.mailbox_id,
            before=before.key,
            after=status.key,
            category=status.category,
            by_reply=cause == "reply",
        )
    )


def change_status(actor: Actor, number: int, status_key: str) -> None:
    """Give a ticket another status; its kind says which ones come next, and for whom.

    Raises Invalid, NotAllowed or Conflict, in words for whoever wanted it.
    """
    with _changed(actor, number, "ticket.change") as (unit, ticket):
        move_to(unit, ticket, status_key)


def move_to(
    unit: Unit, ticket: Ticket, status_key: str, *, cause: ticket_kinds.Cause = "person"
) -> None:
    """Give a ticket the status with this key as somebody wants it, inside ``counters.changing``."""
    kind = ticket_kinds.of(ticket.kind)
    if kind is not None and kind.status(status_key):
        set_status(unit, ticket, ticket_kinds.row(unit, kind, status_key), cause=cause)
    else:
        set_status(unit, ticket, status_of(unit.session, status_key), cause=cause)


def assign(actor: Actor, number: int, user_id: int | None) -> None:
    """Give a ticket to a user who can see its mailbox, or to nobody.

    Raises Invalid when that user is not one of them.
    """
    with _changed(actor, number, "ticket.change") as (unit, ticket):
        set_assignee(unit, ticket, user_id)


def set_assignee(unit: Unit, ticket: Ticket, user_id: int | None) -> None:
    """Give a ticket to somebody inside ``counters.changing``."""
    if ticket.assignee_id == user_id:
        return
    name = ""
    if user_id is not None:
        able = dict(access.users_with_access(unit.session, ticket.mailbox_id))
        if user_id not in able:
            problem = _("This person cannot see the mailbox of the ticket.")
            raise Invalid([Problem(field="assignee", message=problem)])
        name = able[user_id]
    before, ticket.assignee_id = ticket.assignee_id, user_id
    unit.record(
        events.TicketAssigned(
            ticket_id=ticket.id,
            mailbox_id=ticket.mailbox_id,
            before_id=before,
            after_id=user_id,
            after_name=name,
        )
    )


def set_tags(actor: Actor, number: int, labels: Sequence[str]) -> None:
    """Make *labels* the tags of a ticket; new words become tags.

    Raises Invalid for too many or too long ones.
    """
    wanted = check_tags(labels)
    with _changed(actor, number, "ticket.change") as (unit, ticket):
        _tag_ticket(unit, ticket, wanted, _tags_of(unit, ticket))


def add_tags(actor: Actor, number: int, labels: Sequence[str]) -> None:
    """Give a ticket *labels* beside the tags it has; raises Invalid as ``set_tags``."""
    wanted = check_tags(labels)
    with _changed(actor, number, "ticket.change") as (unit, ticket):
        current = _tags_of(unit, ticket)
        kept = [tag.label for key, tag in current.items() if key not in wanted]
        _tag_ticket(unit, ticket, check_tags([*kept, *wanted.values()]), current)


def tag(unit: Unit, ticket: Ticket, labels: Sequence[str]) -> None:
    """Give a new ticket its first tags; raises Invalid as ``set_tags``."""
    _tag_ticket(unit, ticket, check_tags(labels), {})


def check_tags(labels: Sequence[str]) -> dict[str, str]:
    """Return tags by the form they are compared in; raises Invalid for too many or too long ones."""
    words = (" ".join(str(storable(label)).split()) for label in labels)
    wanted = {fold_tag(label): label for label in words if label}
    if len(wanted) > MAX_TAGS or any(len(label) > MAX_TAG for label in wanted.values()):
        problem = _(
            "Use at most %(count)d tags of at most %(length)d characters.",
            count=MAX_TAGS,
            length=MAX_TAG,
        )
        raise Invalid([Problem(field="tags", message=problem)])
    return wanted


def rename(actor: Actor, number: int, subject: str) -> None:
    """Give a ticket another subject; raises Invalid for an empty or over-long one."""
    subject = " ".join(subject.split())
    if not subject or len(subject) > MAX_SUBJECT:
        problem = _("Enter a subject of at most %(count)d characters.", count=MAX_SUBJECT)
        raise Invalid([Problem(field="subject", message=problem)])
    with _changed(actor, number, "ticket.change") as (unit, ticket):
        before, ticket.subject = ticket.subject, subject
        if before != subject:
            unit.record(
                events.TicketRenamed(
                    ticket_id=ticket.id,
                    mailbox_id=ticket.mailbox_id,
                    before=before,
                    after=subject,
                )
            )
            search.index_ticket(unit.session, ticket)


def move(actor: Actor, number: int, mailbox_id: int) -> None:
    """Put a ticket into another mailbox that *actor* can see; its answers go the way they did."""
    with _changed(actor, number, "ticket.change") as (unit, ticket):
        target = unit.session.scalars(
            select(Mailbox).where(
                Mailbox.id == mailbox_id,
                Mailbox.archived_at.is_(None),
                access.visible_mailboxes(actor),
            )
        ).one_or_none()
        if target is None:
            problem = _("Choose one of the mailboxes listed.")
            raise Invalid([Problem(field="mailbox", message=problem)])
        before, ticket.mailbox_id = ticket.mailbox_id, target.id
        if before == target.id:
            return
        unit.record(
            events.TicketMoved(
                ticket_id=ticket.id,
                mailbox_id=target.id,
                before_id=before,
                after_name=target.name,
            )
        )
        able = dict(access.users_with_access(unit.session, target.id))
        if ticket.assignee_id is not None and ticket.assignee_id not in able:
            set_assignee(unit, ticket, None)


def mark_spam(actor: Actor, number: int, *, is_spam: bool) -> None:
    """Put a ticket among the spam, or take it out again."""
    with _changed(actor, number, "ticket.change") as (unit, ticket):
        if (ticket.spam_at is not None) != is_spam:
            ticket.spam_at = unit.now if is_spam else None
            _flag(unit, ticket, "spam", is_set=is_spam)


def delete_ticket(actor: Actor, number: int) -> None:
    """Put a ticket away; it can be restored until the purge."""
    with _changed(actor, number, "ticket.delete") as (unit, ticket):
        if ticket.deleted_at is None:
            ticket.deleted_at = unit.now
            _flag(unit, ticket, "deleted", is_set=True)


def restore(actor: Actor, number: int) -> None:
    """Bring a deleted ticket back."""
    with _changed(actor, number, "ticket.delete") as (unit, ticket):
        if ticket.deleted_at is not None:
            ticket.deleted_at = None
            _flag(unit, ticket, "deleted", is_set=False)


def mark_seen(actor: Actor, number: int, message_id: int) -> None:
    """Remember that *actor* has read a ticket up to a message; never goes backwards."""
    with unit_of_work(actor) as unit:
        ticket = access.get_visible(unit.session, actor, number)
        newest = unit.session.scalar(
            select(func.max(Message.id)).where(Message.ticket_id == ticket.id)
        )
        own = {
            "user_id": actor.id,
            "ticket_id": ticket.id,
            "message_id": min(message_id, newest or 0),
        }
        # In one statement: two tabs of one person may tell it at the same moment.
        made = insert_into(unit.session, TicketSeen).values(own)
        unit.session.execute(
            made.on_conflict_do_update(
                index_elements=["user_id", "ticket_id"],
                set_={"message_id": made.excluded.message_id},
                where=TicketSeen.message_id < made.excluded.message_id,
            )
        )


def note_message(ticket: Ticket, message: Message, *, preview: str, now: datetime) -> None:
    """Keep what lists show of a ticket after *message* joined it, inside ``counters.changing``."""
    if message.direction != Direction.NOTE:
        ticket.preview = preview
        ticket.last_direction = message.direction
        ticket.last_message_at = now
    ticket.message_count += 1
    if message.direction == Direction.IN and ticket.waiting_since is None:
        ticket.waiting_since = now
    if message.direction == Direction.OUT:
        ticket.waiting_since = None
    ticket.list_at = _list_at(ticket, now)


def fold_tag(label: str) -> str:
    """Return the form in which two spellings of a tag are the same."""
    return " ".join(unicodedata.normalize("NFKC", label).casefold().split())


def unassign_all(unit: Unit, user_id: int) -> int:
    """Give a leaving user's unsolved tickets to nobody; returns how many."""
    tickets = unit.session.scalars(
        select(Ticket).where(Ticket.assignee_id == user_id, Ticket.category != Category.SOLVED)
    ).all()
    for ticket in tickets:
        with counters.changing(unit, ticket):
            set_assignee(unit, ticket, None)
    return len(tickets)


@contextmanager
def _changed(actor: Actor, number: int, permission: str) -> Iterator[tuple[Unit, Ticket]]:
    with unit_of_work(actor) as unit:
        ticket = access.get_visible(unit.session, actor, number)
        access.require(actor, permission, unit.session)
        if ticket.merged_into_id is not None:
            message = _("This ticket was merged into another; change that one.")
            raise NotFound(message)
        with counters.changing(unit, ticket):
            yield unit, ticket


def _known(status: Status | None) -> Status:
    if status is None:
        raise Invalid([Problem(field="status", message=_("Choose one of the statuses listed."))])
    return status


def _list_at(ticket: Ticket, now: datetime) -> datetime:
    """Return since when a ticket waits: on us since the customer wrote, else since its last change."""
    if ticket.category == Category.OPEN and ticket.waiting_since is not None:
        return ticket.waiting_since
    return now


def _flag(unit: Unit, ticket: Ticket, flag: str, *, is_set: bool) -> None:
    unit.record(
        events.TicketFlagged(
            ticket_id=ticket.id, mailbox_id=ticket.mailbox_id, flag=flag, is_set=is_set
        )
    )


def _tags_of(unit: Unit, ticket: Ticket) -> dict[str, Tag]:
    tags = select(Tag).join(TicketTag).where(TicketTag.ticket_id == ticket.id)
    return {tag.key: tag for tag in unit.session.scalars(tags)}


def _tag_ticket(
    unit: Unit, ticket: Ticket, wanted: Mapping[str, str], current: Mapping[str, Tag]
) -> None:
    added = [key for key in wanted if key not in current]
    removed = [key for key in current if key not in wanted]
    for key in added:
        tag = _tag(unit.session, key, wanted[key])
        unit.session.add(TicketTag(ticket_id=ticket.id, tag_id=tag.id))
    gone = [current[key].id for key in removed]
    unit.session.execute(
        delete(TicketTag).where(TicketTag.ticket_id == ticket.id, TicketTag.tag_id.in_(gone))
    )
    if added or removed:
        unit.record(
            events.TicketTagged(
                ticket_id=ticket.id,
                mailbox_id=ticket.mailbox_id,
                added=tuple(wanted[key] for key in added),
                removed=tuple(current[key].label for key in removed),
            )
        )


def _tag(session: Session, key: str, label: str) -> Tag:
    tag = session.scalars(select(Tag).where(Tag.key == key)).one_or_none()
    if tag is None:
        tag = Tag(key=key, label=label)
        session.add(tag)
        session.flush()
    return tag
