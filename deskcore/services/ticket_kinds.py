"""What the flow of a ticket's kind allows: asked wherever a status is set or an answer queued.

Tickets of the desk's own kind, questions, are not looked at twice and cost nothing. While the
plugin of a kind is away its tickets can be opened and solved; those whose answers have rules wait
with them, since nobody knows what was allowed.
"""

from __future__ import annotations

from typing import Literal

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from deskcore.domain import events
from deskcore.domain.kinds import QUESTION, Category, DeliveryState, Direction
from deskcore.domain.people import Actor
from deskcore.errors import Conflict, Invalid, NotAllowed, Problem
from deskcore.i18n import _
from deskcore.models import Delivery, Event, Message, Status, Ticket
from deskcore.models import TicketKind as KindRow
from deskcore.plugin.active import plugins
from deskcore.plugin.ticket_kinds import Step, TicketKind
from deskcore.services import access, kind_rows
from deskcore.services.unit import Unit

# What gives a ticket its status: a person's press, its plugin, an answer, what the customer wrote,
# an answer that did not arrive, or one that was taken back.
Cause = Literal["person", "plugin", "reply", "message", "failure", "undo"]
WITHOUT_PLUGIN = ("open", "solved")
_AFTER_ANSWER = "waiting_customer"
_MOST_CHANGES = 20  # that the desk makes by itself in a row; far fewer are meant
# What was not said: there is room in its place.
_UNSAID = (
    DeliveryState.FAILED,
    DeliveryState.BOUNCED,
    DeliveryState.SET_ASIDE,
    DeliveryState.CANCELLED,
)


def of(name: str) -> TicketKind | None:
    """Return a kind that an active plugin brings; None for questions, and while it is away."""
    owned = plugins().registry.ticket_kinds.get(name)
    return owned.item if owned is not None else None


def known() -> list[TicketKind]:
    """Return the kinds of all active plugins, by their names."""
    brought = (owned.item for owned in plugins().registry.ticket_kinds.all())
    return sorted(brought, key=lambda kind: kind.name)


def names() -> frozenset[str]:
    """Return the names of all kinds that lists can be narrowed to; none when nobody brings one."""
    brought = frozenset(kind.name for kind in known())
    return brought | {QUESTION} if brought else brought


def of_channel(channel: str, name: str) -> TicketKind | None:
    """Return the kind that a channel may open tickets of: one of its own plugin."""
    brought = plugins().registry.ticket_kinds.get(name)
    carrier = plugins().registry.channels.get(channel)
    is_own = brought is not None and carrier is not None and brought.slug == carrier.slug
    return brought.item if brought is not None and is_own else None


def require_change(unit: Unit, ticket: Ticket, before: Status, after: Status, cause: Cause) -> None:
    """Raise Invalid, NotAllowed or Conflict unless the ticket's flow leads there."""
    kind = of(ticket.kind)
    if ticket.kind == QUESTION or kind is None:
        _require_built_in(ticket, after, cause)
        return
    if cause in {"message", "failure"}:
        return
    if cause != "undo":
        _lock(unit, ticket)
    if cause in {"person", "plugin"}:
        _require_step(unit, ticket, kind, before.key, after, is_plugin=cause == "plugin")
    elif cause == "reply" and after.key != kind.key(kind.after_reply):
        _require_step(unit, ticket, kind, kind.key(kind.after_reply), after)


def require_answer(
    unit: Unit, ticket: Ticket, body: str, *, is_automatic: bool = False, again: int = 0
) -> None:
    """Raise Invalid or NotAllowed unless an answer may be sent now; *again* is one sent once more.

    Its text, the status of the ticket, the room left and the writer's right are looked at.
    """
    if ticket.kind == QUESTION:
        return
    kind = of(ticket.kind)
    if kind is not None:
        if is_automatic and kind.is_guarded:
            raise _refused(_("Nothing may be sent by itself here."))
        if kind.reply_permission:
            access.require(unit.actor, kind.reply_permission, unit.session)
        _lock(unit, ticket)
    if words := answer_words(unit.session, ticket, body, again=again):
        raise _refused(words)


def answer_words(session: Session, ticket: Ticket, body: str, *, again: int = 0) -> str:
    """Say why this answer may not be sent now, whoever sends it; "" when it may."""
    kind = of(ticket.kind)
    if kind is None:
        return away_words() if is_guarded(session, ticket) else ""
    words = _status_words(session, ticket, kind, is_again=bool(again))
    words = words or too_long(kind, len(body))
    if words or kind.replaces_last:
        return words
    return room_words(kind, answered(session, ticket.id, but=again))


def require_again(unit: Unit, delivery: Delivery) -> None:
    """Raise Invalid or NotAllowed unless an answer that did not arrive may be sent once more."""
    if delivery.message_id is None or delivery.ticket_id is None or delivery.is_automatic:
        return
    ticket = unit.session.get_one(Ticket, delivery.ticket_id)
    if ticket.kind != QUESTION:
        said = unit.session.get_one(Message, delivery.message_id)
        require_answer(unit, ticket, said.visible, again=said.id)


def is_guarded(session: Session, ticket: Ticket) -> bool:
    """Whether answers on a ticket have rules that only its plugin knows."""
    if ticket.kind == QUESTION:
        return False
    kind = of(ticket.kind)
    if kind is not None:
        return kind.is_guarded
    row = session.get(KindRow, ticket.kind)
    return row is not None and row.is_guarded


def is_public(ticket: Ticket) -> bool:
    """Whether everybody reads the answers of a ticket."""
    kind = of(ticket.kind) if ticket.kind != QUESTION else None
    return kind is not None and kind.is_public


def wanted_after_reply(unit: Unit, ticket: Ticket, wanted: str) -> str:
    """Return the key of the status an answer brings: what was asked for, if it is of the flow."""
    if ticket.kind == QUESTION:
        return wanted
    kind = of(ticket.kind)
    if kind is None:
        return wanted if wanted in WITHOUT_PLUGIN else _AFTER_ANSWER
    key = wanted if kind.status(wanted) else kind.key(kind.after_reply)
    row(unit, kind, key)
    return key


def after_message(unit: Unit, ticket: Ticket) -> Status | None:
    """Return the status that a customer's message gives a ticket; None to leave it as it is.

    An answer that may leave already was thought of before they wrote again: it is looked at anew.
    """
    kind = of(ticket.kind) if ticket.kind != QUESTION else None
    is_answered = ticket.category != Category.OPEN
    if kind is None:
        return _built_in(unit.session, "open") if is_answered else None
    now = kind.status(unit.session.get_one(Status, ticket.status_id).key)
    is_ready = kind.has_gate and now is not None and now.takes_answers
    return row(unit, kind, kind.key(kind.after_message)) if is_answered or is_ready else None


def after_failure(unit: Unit, ticket: Ticket) -> Status | None:
    """Return the status that brings a ticket back whose answer did not arrive; None to leave it."""
    kind = of(ticket.kind) if ticket.kind != QUESTION else None
    if kind is None:
        return _built_in(unit.session, "open") if ticket.category != Category.OPEN else None
    was_answered = kind.key(kind.after_reply)
    now = unit.session.get_one(Status, ticket.status_id).key
    if ticket.category == Category.OPEN and now != was_answered:
        return None
    return row(unit, kind, kind.key(kind.after_failure or kind.after_message))


def first_status(unit: Unit, kind: TicketKind, *, is_history: bool) -> Status:
    """Return the status of a new ticket; what is imported from long ago is solved."""
    solved = (each.name for each in kind.statuses if each.category == Category.SOLVED)
    return row(unit, kind, kind.key(next(solved) if is_history else kind.first))


def row(unit: Unit, kind: TicketKind, key: str) -> Status:
    """Return the row of a status; a desk whose plugins are fixed makes it when it is needed."""
    statement = select(Status).where(Status.key == key)
    found = unit.session.scalars(statement).one_or_none()
    if found is None:
        kind_rows.write(unit, kind)
        found = unit.session.scalars(statement).one()
    return found


def answered(session: Session, ticket_id: int, *, but: int = 0) -> int:
    """Count what people have said on a ticket and what did not fail to arrive."""
    unsaid = exists().where(Delivery.message_id == Message.id, Delivery.state.in_(_UNSAID))
    statement = select(func.count()).where(
        Message.ticket_id == ticket_id,
        Message.direction == Direction.OUT,
        Message.is_automatic.is_(False),
        Message.undone_at.is_(None),
        Message.id != but,
        ~unsaid,
    )
    return session.scalars(statement).one()


def brought_by(session: Session, ticket_id: int, key: str) -> int:
    """Return the id of the person who brought a ticket to the status it has; 0 for nobody.

    What the desk did by itself since then, as opening an approval to deputies, makes nobody another.
    """
    changes = session.execute(
        select(Event.actor_kind, Event.actor_id, Event.data)
        .where(Event.ticket_id == ticket_id, Event.name == events.TicketStatusChanged.name)
        .order_by(Event.id.desc())
        .limit(_MOST_CHANGES)
    )
    for change in changes:
        if change.data.get("after") != key:
            return 0
        if change.actor_kind == "user":
            return int(change.actor_id)
        key = str(change.data.get("before", ""))
    return 0


def step_words(
    session: Session,
    actor: Actor,
    ticket_id: int,
    before: str,
    step: Step,
    *,
    is_plugin: bool = False,
) -> str:
    """Say why somebody may not take a step of a flow, "" when they may."""
    if step.by_plugin and not is_plugin:
        return _("This is done where the plugin shows the ticket, not here.")
    if step.permission and not access.can(actor, step.permission, session):
        return right_words(step.permission)
    if not step.by_another:
        return ""
    if actor.kind != "user":
        return _("A person has to do this.")
    if brought_by(session, ticket_id, before) == actor.id:
        return _("Somebody else has to do this: you brought it to this status.")
    return ""


def right_words(permission: str) -> str:
    """Name the right that somebody lacks."""
    declared = access.declared(permission)
    label = _(declared.label) if declared else permission
    return _("This needs the right “%(label)s”.", label=label)


def status_name(key: str) -> str:
    """Return the English label of a status of a flow; of one that is gone, the word of its key."""
    kind_name, _dot, word = key.rpartition(".")
    kind = of(kind_name)
    status = kind.status(key) if kind is not None else None
    return status.label if status is not None else word.replace("_", " ").capitalize()


def too_long(kind: TicketKind, length: int) -> str:
    """Say by how much an answer is too long, "" when it is not."""
    if not kind.longest_answer or length <= kind.longest_answer:
        return ""
    return _(
        "An answer may have %(most)d characters here; this one has %(length)d. Shorten it.",
        most=kind.longest_answer,
        length=length,
    )


def room_words(kind: TicketKind, count: int) -> str:
    """Say that a ticket has room for no further answer, "" while it has."""
    if not kind.most_answers or count < kind.most_answers:
        return ""
    if kind.most_answers == 1:
        return _("This was answered already, and there is room for one answer only.")
    return _(
        "There are %(count)d answers already, and there is room for no more.",
        count=kind.most_answers,
    )


def gate_words(kind: TicketKind, key: str) -> str:
    """Say that no answer leaves from a status, and from which ones it does; "" when it does."""
    now = kind.status(key)
    if now is not None and now.takes_answers:
        return ""
    if now is None and not kind.has_gate:
        return ""
    labels = [_(each.label) for each in kind.statuses if each.takes_answers]
    return _(
        "An answer can be sent once the status is: %(statuses)s. Your text is kept as a draft.",
        statuses=", ".join(labels),
    )


def away_words() -> str:
    """Say why a ticket whose plugin is away cannot be answered."""
    return _(
        "Answers to this kind of ticket have rules, and the plugin that knows them is off. Notes can "
        "be written, and the ticket can be solved."
    )


def _status_words(session: Session, ticket: Ticket, kind: TicketKind, *, is_again: bool) -> str:
    key = session.get_one(Status, ticket.status_id).key
    # What is sent once more had left from the right status, and the ticket went on from there.
    return "" if is_again and key == kind.key(kind.after_reply) else gate_words(kind, key)


def _require_step(
    unit: Unit,
    ticket: Ticket,
    kind: TicketKind,
    before: str,
    after: Status,
    *,
    is_plugin: bool = False,
) -> None:
    step = kind.step(before, after.key)
    if step is None:
        now, then = kind.status(before), kind.status(after.key)
        raise _refused(
            _(
                "From “%(before)s” this does not go to “%(after)s”.",
                before=_(now.label) if now else before,
                after=_(then.label) if then else after.label or after.key,
            ),
            field="status",
        )
    words = step_words(unit.session, unit.actor, ticket.id, before, step, is_plugin=is_plugin)
    if words:
        raise NotAllowed(words, permission=step.permission)


def _require_built_in(ticket: Ticket, after: Status, cause: Cause) -> None:
    is_fit = after.kind == QUESTION
    if ticket.kind != QUESTION:
        is_fit = is_fit and (cause != "person" or after.key in WITHOUT_PLUGIN)
        is_fit = is_fit or (cause == "undo" and after.kind == ticket.kind)
    if not is_fit:
        raise _refused(_("Choose one of the statuses listed."), field="status")


def _lock(unit: Unit, ticket: Ticket) -> None:
    """Make sure that nobody else moves the ticket meanwhile; raises Conflict if somebody has."""
    now = select(Ticket.status_id).where(Ticket.id == ticket.id).with_for_update()
    if unit.session.scalars(now).one() != ticket.status_id:
        raise Conflict(_("Somebody changed the status meanwhile. Nothing was sent or changed."))


def _built_in(session: Session, key: str) -> Status:
    return session.scalars(select(Status).where(Status.key == key)).one()


def _refused(message: str, *, field: str = "body") -> Invalid:
    return Invalid([Problem(field=field, message=message)])
