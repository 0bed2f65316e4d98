"""Writing to somebody first: a new ticket whose first message is ours."""

from __future__ import annotations

from deskcore.domain import events
from deskcore.domain.kinds import Category
from deskcore.domain.messages import Address
from deskcore.domain.people import Actor
from deskcore.domain.writing import NewTicketForm, Queued, ReplyForm
from deskcore.errors import Invalid, Problem
from deskcore.i18n import _
from deskcore.models import ChannelAccount, Ticket, TicketLeg
from deskcore.services import access, counters, customers, form_keys, outgoing, search, tickets
from deskcore.services.replies import queued, say, sending_account
from deskcore.services.unit import Unit, unit_of_work


def start_ticket(actor: Actor, form: NewTicketForm) -> Queued:
    """Write to somebody first: a new ticket whose first message is ours."""
    with unit_of_work(actor) as unit:
        access.require(actor, "ticket.reply", unit.session)
        if (earlier := form_keys.earlier_result(unit, form.form_key)) is not None:
            return queued(unit, int(earlier))
        to = outgoing.recipients("to", form.to)
        account = sending_account(unit, actor, form.mailbox_id)
        problems = _missing(to=to, subject=form.subject, body=form.body)
        if problems:
            raise Invalid(problems)
        ticket, leg = _opened(unit, account, to[0], form)
        answer = say(
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
        form_keys.accept(unit, form.form_key, str(answer.delivery_id))
        return answer


def _opened(
    unit: Unit, account: ChannelAccount, address: str, form: NewTicketForm
) -> tuple[Ticket, TicketLeg]:
    identity, customer = customers.find_or_create(unit, Address(value=address))
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


def _missing(*, to: tuple[str, ...], subject: str, body: str) -> list[Problem]:
    problems = []
    if not to:
        problems.append(Problem(field="to", message=_("Enter who this goes to.")))
    if not subject.strip():
        problems.append(Problem(field="subject", message=_("Enter a subject.")))
    if not body.strip():
        problems.append(Problem(field="body", message=_("Write something first.")))
    return problems
