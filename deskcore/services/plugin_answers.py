"""Answering customers from a plugin: as somebody who works here, in the plugin's own transaction.

What the plugin writes down about an answer and the answer itself happen together or not at all: who
marks a row as told in the same unit of work tells once, whenever the process dies.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from deskcore.domain.kinds import QUESTION, IdentityKind
from deskcore.domain.people import Actor
from deskcore.domain.writing import ReplyForm
from deskcore.errors import NotFound
from deskcore.i18n import _
from deskcore.models import Identity, Status, Ticket
from deskcore.services import access, plugin_places, replies
from deskcore.services.unit import Unit, reading


@dataclass(frozen=True, kw_only=True)
class ReadyAnswer:
    """An answer that may be sent: nobody objects to it, and it is known whom it goes to."""

    actor: Actor
    number: int
    form: ReplyForm


def colleague(user_id: int) -> Actor | None:
    """Return who works here as who they are now, with their rights; None when they left.

    For work that somebody asked for and a job does: keep their id, and act as they may by then.
    """
    with reading() as session:
        return access.actor_of(session, user_id)


def ready_answer(actor: Actor, number: int, text: str) -> ReadyAnswer:
    """Look whether *actor* may say this to a ticket's customer; outside a transaction.

    Mail goes to the customer's own address, networks to whoever wrote there. The ticket keeps its
    status, unless it is of a kind whose flow says what an answer brings. Raises NotFound, NotAllowed, or Invalid with what a plugin objects to.
    """
    with reading() as session:
        access.require(actor, "ticket.reply", session)
        ticket = _there(access.get_visible(session, actor, number))
        status = session.get_one(Status, ticket.status_id).key if ticket.kind == QUESTION else ""
        theirs = select(Identity.value).where(
            Identity.customer_id == ticket.customer_id, Identity.kind == IdentityKind.EMAIL
        )
        to = session.scalars(theirs.order_by(Identity.is_bouncing, Identity.id).limit(1)).all()
    form = ReplyForm(body=text, to=to, status_key=status)
    plugin_places.check_reply(actor, number, form)
    return ReadyAnswer(actor=actor, number=number, form=form)


def send_ready(unit: Unit, ready: ReadyAnswer) -> None:
    """Queue an answer in a transaction of its actor's; it can be undone as one written by hand.

    Drafts are left alone. Raises ValueError in somebody else's transaction, and as ``ready_answer``.
    """
    if unit.actor != ready.actor:
        message = "An answer is sent in a unit of work of whom it is by."
        raise ValueError(message)
    access.require(unit.actor, "ticket.reply", unit.session)
    ticket = _there(access.get_visible(unit.session, unit.actor, ready.number))
    replies.answer(unit, ticket, ready.form, mode=None)


def _there(ticket: Ticket) -> Ticket:
    if ticket.deleted_at or ticket.spam_at or ticket.merged_into_id:
        raise NotFound(
            _("This ticket was deleted, merged or marked as spam: nobody is told there.")
        )
    return ticket
