"""Answering a ticket and noting on it, each in one transaction."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.exc import IntegrityError

from deskcore.db import UTCDateTime
from deskcore.domain import events
from deskcore.domain.kinds import Audience, Direction
from deskcore.domain.people import Actor
from deskcore.domain.text import preview
from deskcore.domain.writing import DraftMode, NoteForm, Queued, ReplyForm
from deskcore.errors import Conflict, Invalid, Problem
from deskcore.failpoints import failpoint
from deskcore.i18n import _
from deskcore.models import (
    ChannelAccount,
    Delivery,
    Identity,
    Mailbox,
    Message,
    Status,
    Ticket,
    TicketLeg,
)
from deskcore.services import (
    access,
    channels,
    counters,
    drafts,
    form_keys,
    outgoing,
    plugin_places,
    search,
    ticket_kinds,
    tickets,
)
from deskcore.services.prepared import light
from deskcore.services.unit import Unit, unit_of_work

_SENDER = (
    select(ChannelAccount, Mailbox)
    .join(Mailbox, Mailbox.id == ChannelAccount.mailbox_id)
    .where(ChannelAccount.id == bindparam("account_id"))
)
_LEG = (
    select(TicketLeg)
    .where(TicketLeg.ticket_id == bindparam("ticket_id"))
    .order_by(TicketLeg.id.desc())
    .limit(1)
)
# A text that was sent so short a time ago is hardly meant to be sent again.
_SAID_LATELY = timedelta(minutes=10)
_UNSEEN_OR_SAID = (
    select(Message.id)
    .where(
        Message.ticket_id == bindparam("ticket_id"),
        Message.direction != Direction.NOTE,
        Message.undone_at.is_(None),
        or_(
            Message.id > bindparam("seen_upto"),
            and_(
                Message.direction == Direction.OUT,
                Message.visible == bindparam("body"),
                Message.created_at > bindparam("since", type_=UTCDateTime()),
            ),
        ),
    )
    .order_by(Message.id.desc())
    .limit(1)
)


def queue_reply(actor: Actor, number: int, form: ReplyForm) -> Queued:
    """Queue an answer to the customer; it leaves when its undo window is over.

    The same form twice gives the first answer again. Raises Conflict when somebody wrote
    something the agent has not seen, be it the agent in another tab, or the same text lately
    (unless ``send_anyway``); the draft is untouched then.
    Raises Invalid for an empty text, wrong addresses, or what a plugin objects to.
    """
    plugin_places.check_reply(actor, number, form)
    try:
        with unit_of_work(actor) as unit:
            access.require(actor, "ticket.reply", unit.session)
            ticket = access.get_visible(unit.session, actor, number)
            if (earlier := form_keys.earlier_result(unit, form.form_key)) is not None:
                return queued(unit, int(earlier))
            _refuse_unseen(unit, ticket, form)
            said = answer(unit, ticket, form)
            form_keys.accept(unit, form.form_key, str(said.delivery_id))
    except IntegrityError:
        # The same form at the same moment: the other one won, and its answer is ours.
        with unit_of_work(actor) as unit:
            earlier = form_keys.earlier_result(unit, form.form_key)
            if earlier is None:
                raise
            return queued(unit, int(earlier))
    failpoint("reply.queued")
    return said


def add_note(actor: Actor, number: int, form: NoteForm) -> int:
    """Write a note for colleagues; returns the message's id. Raises Invalid for an empty one."""
    body = _body(form.body)
    with unit_of_work(actor) as unit:
        access.require(actor, "ticket.note", unit.session)
        ticket = access.get_visible(unit.session, actor, number)
        if (earlier := form_keys.earlier_result(unit, form.form_key)) is not None:
            return int(earlier)
        message = Message(
            ticket_id=ticket.id,
            direction=Direction.NOTE,
            audience=Audience.INTERNAL,
            author_user_id=actor.id,
            author_name=actor.name,
            visible=body,
            warnings=[],
            reply_to=[],
            to_addresses=[],
            cc_addresses=[],
            created_at=unit.now,
        )
        unit.session.add(message)
        unit.session.flush()
        drafts.take(unit, actor, ticket.id, "note", message.id)
        drafts.attach_uploads(unit, form.files, message_id=message.id)
        with counters.changing(unit, ticket):
            tickets.note_message(ticket, message, preview=ticket.preview, now=unit.now)
        unit.record(
            events.MessageNoted(
                ticket_id=ticket.id, mailbox_id=ticket.mailbox_id, message_id=message.id
            )
        )
        search.index_new_message(unit.session, ticket, message)
        form_keys.accept(unit, form.form_key, str(message.id))
        return message.id


def answer(
    unit: Unit, ticket: Ticket, form: ReplyForm, *, mode: DraftMode | None = "reply"
) -> Queued:
    """Answer the way the ticket came; *mode* None leaves what somebody is writing alone."""
    leg = unit.session.scalars(_LEG, {"ticket_id": ticket.id}).one_or_none()
    if leg is None:
        account = sending_account(unit, unit.actor, ticket.mailbox_id)
        leg = TicketLeg(ticket_id=ticket.id, account_id=account.id, created_at=unit.now)
        unit.session.add(leg)
        unit.session.flush()
    return say(unit, ticket, leg, form, mode=mode)


def say(
    unit: Unit, ticket: Ticket, leg: TicketLeg, form: ReplyForm, *, mode: DraftMode | None
) -> Queued:
    """Write the outbound message with everything that goes along with it."""
    body = _body(form.body)
    # Everything is read first and written at the end, in as few steps as ids allow.
    with unit.session.no_autoflush:
        account, mailbox = unit.session.execute(_SENDER, {"account_id": leg.account_id}).one()
        to, cc = _recipients(unit, leg, account, form)
        is_bare = ticket_kinds.is_guarded(unit.session, ticket)  # what is counted or public
        wanted_key = ticket_kinds.wanted_after_reply(unit, ticket, form.status_key)
        status, wanted = tickets.statuses_of(unit.session, ticket, wanted_key)
        message, delivery = outgoing.create(
            unit,
            ticket,
            leg,
            account,
            outgoing.Outgoing(
                to=to,
                cc=tuple(address for address in cc if address not in to),
                subject=ticket.subject,
                body=body,
                signature="" if is_bare else outgoing.signature(mailbox),
                run_at=outgoing.run_at(mailbox, unit.actor, unit.now),
                previous=_state_of(ticket, status, wanted),
            ),
        )
        if mode is not None:
            place = ticket.id if mode == "reply" else drafts.NEW
            drafts.take(unit, unit.actor, place, mode, message.id)
        drafts.attach_uploads(unit, form.files, message_id=message.id)
        with counters.changing(unit, ticket):
            tickets.note_message(ticket, message, preview=preview(body), now=unit.now)
            tickets.set_status(unit, ticket, wanted, cause="reply")
        unit.record(
            events.ReplyQueued(
                ticket_id=ticket.id,
                mailbox_id=ticket.mailbox_id,
                message_id=message.id,
                delivery_id=delivery.id,
            )
        )
        search.index_new_message(unit.session, ticket, message)
    return _told(delivery, ticket, message)


def _recipients(
    unit: Unit, leg: TicketLeg, account: ChannelAccount, form: ReplyForm
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return who is written to: in a network, who wrote there, whatever the form says."""
    if channels.is_mail(account):
        to, cc = outgoing.recipients("to", form.to), outgoing.recipients("cc", form.cc)
    else:
        identity = unit.session.get(Identity, leg.identity_id) if leg.identity_id else None
        to, cc = (identity.value,) if identity else (), ()
    if not to:
        raise Invalid([Problem(field="to", message=_("Enter who this goes to."))])
    return to, cc


def sending_account(unit: Unit, actor: Actor, mailbox_id: int) -> ChannelAccount:
    """Return the account a mailbox writes from; raises Invalid when it has none."""
    if mailbox_id not in access.visible_mailbox_ids(unit.session, actor):
        raise Invalid([Problem(field="mailbox", message=_("Choose one of the mailboxes listed."))])
    account = outgoing.account_for(unit.session, mailbox_id)
    if account is None:
        problem = _("This mailbox has no mail account to send from. Connect one first.")
        raise Invalid([Problem(field="mailbox", message=problem)])
    if not channels.is_mail(account):
        problem = _("This mailbox can only answer who has written to it. Choose another one.")
        raise Invalid([Problem(field="mailbox", message=problem)])
    return account


def _refuse_unseen(unit: Unit, ticket: Ticket, form: ReplyForm) -> None:
    if form.send_anyway or not form.seen_upto:
        return
    seen = {"ticket_id": ticket.id, "seen_upto": form.seen_upto, "body": _body(form.body)}
    found = light(unit.session, _UNSEEN_OR_SAID, seen | {"since": unit.now - _SAID_LATELY})
    if found and found[0].id > form.seen_upto:
        message = _(
            "There is a newer message you have not seen. Nothing was sent; your text is kept."
        )
        raise Conflict(message)
    if found:
        message = _("This very text was sent a few minutes ago. Nothing was sent; it is kept.")
        raise Conflict(message)


def queued(unit: Unit, delivery_id: int) -> Queued:
    """Return what the page says of a message that waits out its undo window."""
    delivery = unit.session.get_one(Delivery, delivery_id)
    ticket = unit.session.get_one(Ticket, delivery.ticket_id)
    return _told(delivery, ticket, unit.session.get_one(Message, delivery.message_id))


def _told(delivery: Delivery, ticket: Ticket, message: Message) -> Queued:
    recipient = ticket.customer_name or ", ".join(message.to_addresses[:1])
    return Queued(
        delivery_id=delivery.id, number=ticket.number, run_at=delivery.run_at, recipient=recipient
    )


def _state_of(ticket: Ticket, status: Status, wanted: Status) -> dict[str, object]:
    """Keep what a reply changes on its ticket, so that undoing it gives it back."""
    waiting = ticket.waiting_since
    solved = ticket.solved_at
    return {
        "status": status.key,
        "status_after": wanted.key,
        "preview": ticket.preview,
        "last_direction": ticket.last_direction,
        "waiting_since": waiting.isoformat() if waiting else None,
        "solved_at": solved.isoformat() if solved else None,
        "list_at": ticket.list_at.isoformat(),
    }


def _body(text: str) -> str:
    body = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if not body:
        raise Invalid([Problem(field="body", message=_("Write something first."))])
    if len(body) > drafts.MAX_BODY:
        problem = _(
            "Use at most %(count)d characters; send the rest as a file.", count=drafts.MAX_BODY
        )
        raise Invalid([Problem(field="body", message=problem)])
    return body
