"""Answering, noting, starting a ticket, and taking an answer back while it waits."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from deskcore.domain import events
from deskcore.domain.kinds import Audience, Category, DeliveryState, Direction
from deskcore.domain.messages import Address
from deskcore.domain.people import Actor
from deskcore.domain.text import excerpt
from deskcore.domain.writing import DraftView, NewTicketForm, NoteForm, Queued, ReplyForm
from deskcore.errors import Conflict, Invalid, NotFound, Problem
from deskcore.failpoints import failpoint
from deskcore.models import (
    ChannelAccount,
    Customer,
    Delivery,
    Message,
    Status,
    ThreadKey,
    Ticket,
    TicketLeg,
)
from deskcore.services import (
    access,
    counters,
    customers,
    drafts,
    form_keys,
    outgoing,
    plugin_places,
    search,
    tickets,
)
from deskcore.services.unit import Unit, unit_of_work

PREVIEW = 200


def queue_reply(actor: Actor, number: int, form: ReplyForm) -> Queued:
    """Queue an answer to the customer; it leaves when its undo window is over.

    The same form twice gives the first answer again. Raises Conflict when the customer wrote
    something the agent has not seen (unless ``send_anyway``); the draft is untouched then.
    Raises Invalid for an empty text, wrong addresses, or what a plugin objects to.
    """
    plugin_places.check_reply(actor, number, form)
    try:
        with unit_of_work(actor) as unit:
            access.require(actor, "ticket.reply", unit.session)
            ticket = access.get_visible(unit.session, actor, number)
            if (earlier := form_keys.earlier_result(unit, form.form_key)) is not None:
                return _queued(unit, int(earlier))
            _refuse_unseen(unit, ticket, form)
            delivery = _reply(unit, ticket, form)
            form_keys.accept(unit, form.form_key, str(delivery.id))
            queued = _queued(unit, delivery.id)
    except IntegrityError:
        # The same form at the same moment: the other one won, and its answer is ours.
        with unit_of_work(actor) as unit:
            earlier = form_keys.earlier_result(unit, form.form_key)
            if earlier is None:
                raise
            return _queued(unit, int(earlier))
    failpoint("reply.queued")
    return queued


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
        search.index_message(unit.session, ticket, message)
        form_keys.accept(unit, form.form_key, str(message.id))
        return message.id


def start_ticket(actor: Actor, form: NewTicketForm) -> Queued:
    """Write to somebody first: a new ticket whose first message is ours."""
    with unit_of_work(actor) as unit:
        access.require(actor, "ticket.reply", unit.session)
        if (earlier := form_keys.earlier_result(unit, form.form_key)) is not None:
            return _queued(unit, int(earlier))
        to = outgoing.recipients("to", form.to)
        account = _sending_account(unit, actor, form.mailbox_id)
        problems = _missing(to=to, subject=form.subject, body=form.body)
        if problems:
            raise Invalid(problems)
        ticket, leg = _opened(unit, account, to[0], form)
        delivery = _say(
            unit,
            ticket,
            leg,
            ReplyForm(
                body=form.body,
                to=to,
                cc=form.cc,
                status_key=form.status_key,
                files=form.files,
            ),
            mode="new",
        )
        form_keys.accept(unit, form.form_key, str(delivery.id))
        return _queued(unit, delivery.id)


def undo(actor: Actor, delivery_id: int) -> int:
    """Take a queued answer back: it is a draft again, the ticket is as it was before.

    Returns the ticket's number. Raises Conflict once it has left or begun to leave.
    """
    with unit_of_work(actor) as unit:
        delivery = unit.session.get(Delivery, delivery_id)
        ticket = unit.session.get(Ticket, delivery.ticket_id) if delivery else None
        if delivery is None or ticket is None:
            message = "There is no such message."
            raise NotFound(message)
        access.get_visible(unit.session, actor, ticket.number)
        access.require(actor, "ticket.reply", unit.session)
        if delivery.state != DeliveryState.QUEUED or delivery.tries or delivery.is_automatic:
            message = "It is too late to take this back: it has left or is leaving."
            raise Conflict(message)
        delivery.state = DeliveryState.CANCELLED
        said = unit.session.get_one(Message, delivery.message_id)
        said.undone_at = unit.now
        _return_draft(unit, actor, ticket, said)
        _restore(unit, ticket, delivery.previous)
        search.remove_message(unit.session, said.id)
        unit.record(
            events.ReplyUndone(
                ticket_id=ticket.id, mailbox_id=ticket.mailbox_id, message_id=said.id
            )
        )
        return ticket.number


def _reply(unit: Unit, ticket: Ticket, form: ReplyForm) -> Delivery:
    leg = unit.session.scalars(
        select(TicketLeg).where(TicketLeg.ticket_id == ticket.id).order_by(TicketLeg.id.desc())
    ).first()
    if leg is None:
        account = _sending_account(unit, unit.actor, ticket.mailbox_id)
        leg = TicketLeg(ticket_id=ticket.id, account_id=account.id, created_at=unit.now)
        unit.session.add(leg)
        unit.session.flush()
    return _say(unit, ticket, leg, form, mode="reply")


def _say(unit: Unit, ticket: Ticket, leg: TicketLeg, form: ReplyForm, *, mode: str) -> Delivery:
    """Write the outbound message with everything that goes along with it."""
    body = _body(form.body)
    to, cc = outgoing.recipients("to", form.to), outgoing.recipients("cc", form.cc)
    if not to:
        raise Invalid([Problem(field="to", message="Enter who this goes to.")])
    account = unit.session.get_one(ChannelAccount, leg.account_id)
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
            signature=outgoing.signature(unit.session, account.mailbox_id),
            run_at=outgoing.run_at(unit.session, unit.actor, account.mailbox_id, unit.now),
            previous=_state_of(unit, ticket),
        ),
    )
    drafts.take(unit, unit.actor, ticket.id if mode == "reply" else drafts.NEW, mode, message.id)  # type: ignore[arg-type]  # mode is one of DraftMode
    drafts.attach_uploads(unit, form.files, message_id=message.id)
    with counters.changing(unit, ticket):
        tickets.note_message(ticket, message, preview=excerpt(body, PREVIEW), now=unit.now)
        tickets.set_status(
            unit, ticket, tickets.status_of(unit.session, form.status_key), by_reply=True
        )
    unit.record(
        events.ReplyQueued(
            ticket_id=ticket.id,
            mailbox_id=ticket.mailbox_id,
            message_id=message.id,
            delivery_id=delivery.id,
        )
    )
    search.index_message(unit.session, ticket, message)
    return delivery


def _opened(
    unit: Unit, account: ChannelAccount, address: str, form: NewTicketForm
) -> tuple[Ticket, TicketLeg]:
    identity = customers.find_or_create(unit, Address(value=address))
    customer = unit.session.get_one(Customer, identity.customer_id)
    status = tickets.status_of(unit.session, "open")
    ticket = Ticket(
        number=tickets.next_number(unit),
        subject=" ".join(form.subject.split())[: tickets.MAX_SUBJECT],
        mailbox_id=account.mailbox_id,
        status_id=status.id,
        category=Category.OPEN,
        assignee_id=unit.actor.id,
        customer_id=customer.id,
        customer_name=customers.display_name(customer, identity),
        channel=account.channel,
        is_sample=customer.is_sample,
        message_count=0,
        version=1,
        created_at=unit.now,
        updated_at=unit.now,
        list_at=unit.now,
    )
    unit.session.add(ticket)
    unit.session.flush()
    counters.moved(unit.session, None, counters.place(ticket))
    leg = TicketLeg(
        ticket_id=ticket.id, account_id=account.id, identity_id=identity.id, created_at=unit.now
    )
    unit.session.add(leg)
    unit.session.flush()
    customers.participate(unit, ticket, identity, "customer")
    unit.record(
        events.TicketOpened(
            ticket_id=ticket.id,
            mailbox_id=ticket.mailbox_id,
            customer_id=customer.id,
            channel=account.channel,
        )
    )
    search.index_ticket(unit.session, ticket)
    return ticket, leg


def _sending_account(unit: Unit, actor: Actor, mailbox_id: int) -> ChannelAccount:
    if mailbox_id not in access.visible_mailbox_ids(unit.session, actor):
        raise Invalid([Problem(field="mailbox", message="Choose one of the mailboxes listed.")])
    account = outgoing.account_for(unit.session, mailbox_id)
    if account is None:
        problem = "This mailbox has no mail account to send from. Connect one first."
        raise Invalid([Problem(field="mailbox", message=problem)])
    return account


def _refuse_unseen(unit: Unit, ticket: Ticket, form: ReplyForm) -> None:
    if form.send_anyway or not form.seen_upto:
        return
    newer = select(Message.id).where(
        Message.ticket_id == ticket.id,
        Message.id > form.seen_upto,
        Message.direction != Direction.NOTE,
        Message.undone_at.is_(None),
        (Message.author_user_id != unit.actor.id) | Message.author_user_id.is_(None),
    )
    if unit.session.execute(newer.limit(1)).first() is not None:
        message = "There is a newer message you have not seen. Nothing was sent; your text is kept."
        raise Conflict(message)


def _queued(unit: Unit, delivery_id: int) -> Queued:
    delivery = unit.session.get_one(Delivery, delivery_id)
    ticket = unit.session.get_one(Ticket, delivery.ticket_id)
    message = unit.session.get_one(Message, delivery.message_id)
    recipient = ticket.customer_name or ", ".join(message.to_addresses[:1])
    return Queued(
        delivery_id=delivery.id, number=ticket.number, run_at=delivery.run_at, recipient=recipient
    )


def _state_of(unit: Unit, ticket: Ticket) -> dict[str, object]:
    """Keep what a reply changes on its ticket, so that undoing it gives it back."""
    status = unit.session.get_one(Status, ticket.status_id)
    waiting = ticket.waiting_since
    solved = ticket.solved_at
    return {
        "status": status.key,
        "preview": ticket.preview,
        "last_direction": ticket.last_direction,
        "waiting_since": waiting.isoformat() if waiting else None,
        "solved_at": solved.isoformat() if solved else None,
        "list_at": ticket.list_at.isoformat(),
    }


def _restore(unit: Unit, ticket: Ticket, previous: dict[str, object]) -> None:
    with counters.changing(unit, ticket):
        status = tickets.status_of(unit.session, str(previous.get("status", "open")))
        tickets.set_status(unit, ticket, status)
        ticket.preview = str(previous.get("preview", ""))
        ticket.last_direction = str(previous.get("last_direction", ""))
        ticket.message_count = max(0, ticket.message_count - 1)
        for name in ("waiting_since", "solved_at", "list_at"):
            value = previous.get(name)
            if isinstance(value, str):
                setattr(ticket, name, type(unit.now).fromisoformat(value))
            elif name != "list_at":
                setattr(ticket, name, None)


def _return_draft(unit: Unit, actor: Actor, ticket: Ticket, said: Message) -> None:
    like = DraftView(
        body=said.visible,
        to=tuple(said.to_addresses),
        cc=tuple(said.cc_addresses),
        subject=said.subject,
        mailbox_id=ticket.mailbox_id,
    )
    drafts.put_back(unit, actor, ticket.id, "reply", message_id=said.id, like=like)
    unit.session.execute(delete(ThreadKey).where(ThreadKey.message_id == said.id))


def _body(text: str) -> str:
    body = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if not body:
        raise Invalid([Problem(field="body", message="Write something first.")])
    if len(body) > drafts.MAX_BODY:
        problem = f"Use at most {drafts.MAX_BODY} characters; send the rest as a file."
        raise Invalid([Problem(field="body", message=problem)])
    return body


def _missing(*, to: tuple[str, ...], subject: str, body: str) -> list[Problem]:
    problems = []
    if not to:
        problems.append(Problem(field="to", message="Enter who this goes to."))
    if not subject.strip():
        problems.append(Problem(field="subject", message="Enter a subject."))
    if not body.strip():
        problems.append(Problem(field="body", message="Write something first."))
    return problems
